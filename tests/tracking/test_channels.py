import csv
from pathlib import Path

import pytest

from tracking import channel_hosts
from tracking.campaign import CLICK_IDS
from tracking.channel_hosts import kind_of_source, place_of
from tracking.channel_rules import KEYS, PAID_CHANNELS, RULES
from tracking.channels import Channel, classify, is_own, origin_of, touch_of

SITE = "https://www.shop.example/"
OWN = frozenset({"shop.example"})


# One case or more for each rule, in the rules' order.
BY_TAGS = {
    "nothing known": (None, None, None, "direct"),
    "placeholders of an export": ("(direct)", "(none)", "(not set)", "direct"),
    "cross-network by campaign": ("google", "cpc", "Cross-network", "cross_network"),
    "a shop, paid": ("amazon", "cpc", None, "paid_shopping"),
    "a campaign of a shop, paid": ("google", "cpc", "spring_shop", "paid_shopping"),
    "eshop in the campaign": ("google", "ppc", "eshop2026", "paid_shopping"),
    "workshop is no shop": ("google", "cpc", "workshop", "paid_search"),
    "search, cpc": ("google", "cpc", None, "paid_search"),
    "capitals": ("Google", "CPC", None, "paid_search"),
    "ads account names": ("adwords", "ppc", None, "paid_search"),
    "a host as the source": ("www.bing.com", "paidsearch", None, "paid_search"),
    "retargeting at a search engine": ("bing", "retargeting", None, "paid_search"),
    "social, paid": ("facebook", "paid-social", None, "paid_social"),
    "cpm at a social network": ("linkedin", "cpm", None, "paid_social"),
    "short names": ("ig", "cpc", None, "paid_social"),
    "video, paid": ("youtube", "cpv_cpc", None, "paid_video"),
    "display": ("adnetwork", "display", None, "display"),
    "cpm elsewhere": ("adnetwork", "cpm", None, "display"),
    "a banner": ("partner", "Banner", None, "display"),
    "paid elsewhere": ("taboola", "cpc", None, "paid_other"),
    "a shop": ("prisjakt", "comparison", None, "organic_shopping"),
    "a shopping campaign without payment": ("partner", "web", "shopping", "organic_shopping"),
    "social by its medium": ("someone", "social", None, "organic_social"),
    "social by its source": ("facebook", None, None, "organic_social"),
    "video by its medium": ("player", "embedded-video", None, "organic_video"),
    "assistant by its medium": ("bot", "ai-assistant", None, "ai_assistant"),
    "assistant by its source": ("chatgpt.com", None, None, "ai_assistant"),
    "search by its medium": ("obscure", "organic", None, "organic_search"),
    "mail by its medium": ("nyhetsbrev", "email", None, "email"),
    "mail with a hyphen": ("crm", "E-Mail", None, "email"),
    "newsletter": ("newsletter", None, None, "email"),
    "affiliates": ("awin", "affiliate", None, "affiliates"),
    "a referral": ("blog.example", "referral", None, "referral"),
    "a link in an app": ("app", "link", None, "referral"),
    "audio": ("podcast", "audio", None, "audio"),
    "text message": ("sms", None, None, "sms"),
    "push": ("app", "web-push", None, "mobile_push"),
    "a notification": ("app", "mobile_notification", None, "mobile_push"),
    "firebase": ("firebase", "x", None, "mobile_push"),
    "none of them": ("foo", "bar", None, "unassigned"),
}


@pytest.mark.parametrize(("source", "medium", "campaign", "key"), BY_TAGS.values(), ids=BY_TAGS.keys())
def test_tags_give_the_channel_by_the_first_rule(source, medium, campaign, key):
    assert classify(source=source, medium=medium, campaign=campaign) == Channel(key, key in PAID_CHANNELS)


def test_every_channel_has_a_case():
    assert {key for _, _, _, key in BY_TAGS.values()} == set(KEYS)
    assert [rule.channel for rule in RULES] == list(KEYS[:-1])


# Landing page's query, referrer, then channel, source, medium.
BY_ADDRESS = {
    "no referrer": ("", None, "direct", "(direct)", "(none)"),
    "an empty referrer": ("", "", "direct", "(direct)", "(none)"),
    "search": ("", "https://www.google.no/", "organic_search", "google", "organic"),
    "search in another country": ("", "https://google.co.uk/search?q=x", "organic_search", "google", "organic"),
    "picture search": ("", "https://www.google.com/imgres?x", "organic_search", "google", "organic"),
    "search without a listed name": ("", "https://search.free.fr/", "organic_search", "search.free.fr", "organic"),
    "an impostor of a search engine": ("", "https://google.com.evil.ru/", "referral", "google.com.evil.ru", "referral"),
    "webmail before search": ("", "https://mail.google.com/mail/u/0/", "email", "gmail", "referral"),
    "documents are no search": ("", "https://docs.google.com/d/1", "referral", "docs.google.com", "referral"),
    "an app as the referrer": ("", "android-app://com.google.android.gm/", "email", "gmail", "referral"),
    "assistant before search": ("", "https://chatgpt.com/", "ai_assistant", "chatgpt", "ai-assistant"),
    "you.com is both, the assistant wins": ("", "https://you.com/search", "ai_assistant", "you.com", "ai-assistant"),
    "assistant by path": ("", "https://x.com/i/grok?c=1", "ai_assistant", "grok", "ai-assistant"),
    "social on the same host": ("", "https://x.com/someone", "organic_social", "twitter", "referral"),
    "social by a link host": ("", "https://l.facebook.com/l.php?u=x", "organic_social", "facebook", "referral"),
    "one source for all its hosts": ("", "https://www.pinterest.se/", "organic_social", "pinterest", "referral"),
    "video, not social": ("", "https://www.youtube.com/watch", "organic_video", "youtube", "referral"),
    "a shop": ("", "https://www.amazon.de/", "organic_shopping", "amazon", "referral"),
    "any site": ("", "https://www.blog.example/a", "referral", "blog.example", "referral"),
    "our own site": ("", "https://www.shop.example/a", "direct", "(direct)", "(none)"),
    "our own subdomain": ("", "https://kasse.shop.example/a", "direct", "(direct)", "(none)"),
    "a namesake is not ours": ("", "https://myshop.example/a", "referral", "myshop.example", "referral"),
    "a payment page": ("", "https://www.paypal.com/checkout", "direct", "(direct)", "(none)"),
    "a payment subdomain": ("", "https://pay.klarna.com/x", "direct", "(direct)", "(none)"),
    "a sign-in page": ("", "https://accounts.google.com/", "direct", "(direct)", "(none)"),
    "campaign over referrer": (
        "?utm_source=avisa&utm_medium=email",
        "https://www.google.com/",
        "email",
        "avisa",
        "email",
    ),
    "campaign over a payment page": (
        "?utm_source=bank&utm_medium=cpc",
        "https://paypal.com/",
        "paid_other",
        "bank",
        "cpc",
    ),
    "paid search is not organic": (
        "?utm_source=google&utm_medium=cpc",
        "https://www.google.com/",
        "paid_search",
        "google",
        "cpc",
    ),
    "click id alone": ("?gclid=1", None, "paid_search", "google", "cpc"),
    "click id over referrer": ("?gclid=1", "https://www.google.com/", "paid_search", "google", "cpc"),
    "click id from video": ("?wbraid=1", "https://www.youtube.com/", "paid_video", "youtube", "cpc"),
    "click id of another engine": ("?msclkid=1", None, "paid_search", "bing", "cpc"),
    "click id of a display network": ("?dclid=1", None, "display", "google", "display"),
    "click id of a social network": ("?li_fat_id=1", None, "paid_social", "linkedin", "paid-social"),
    "click id of an affiliate network": ("?awc=1", None, "affiliates", "awin", "affiliate"),
    "facebook's id proves no payment": ("?fbclid=1", "https://l.facebook.com/", "organic_social", "facebook", "social"),
    "tags over click id": (
        "?utm_source=facebook&utm_medium=social&gclid=1",
        None,
        "organic_social",
        "facebook",
        "social",
    ),
    "click id gives the missing medium": ("?utm_source=google&gclid=1", None, "paid_search", "google", "cpc"),
    "not another platform's": ("?utm_source=facebook&gclid=1", None, "organic_social", "facebook", "(not set)"),
    "medium alone takes the referrer's source": (
        "?utm_medium=cpc",
        "https://www.bing.com/",
        "paid_search",
        "bing",
        "cpc",
    ),
    "capitals in the tags' names": ("?UTM_SOURCE=google&Utm_Medium=cpc", None, "paid_search", "google", "cpc"),
    "tags behind the hash": ("#/?utm_source=google&utm_medium=cpc", None, "paid_search", "google", "cpc"),
    "empty tags are none": ("?utm_source=&utm_medium=", "https://www.bing.com/", "organic_search", "bing", "organic"),
}


@pytest.mark.parametrize(("query", "referrer", "key", "source", "medium"), BY_ADDRESS.values(), ids=BY_ADDRESS.keys())
def test_an_address_and_its_referrer_give_the_origin(query, referrer, key, source, medium):
    origin = touch_of(SITE + query, referrer, OWN)
    assert (origin.channel.key, origin.source, origin.medium) == (key, source, medium)
    assert origin.is_direct == (key == "direct")
    assert origin.channel.paid == (key in PAID_CHANNELS)


def test_an_origin_keeps_the_campaign_as_it_was_written():
    origin = touch_of(SITE + "?utm_source=A&utm_medium=cpc&utm_campaign=H%C3%B8st+salg&utm_term=t&utm_content=c", None)
    assert (origin.source, origin.campaign, origin.term, origin.content) == ("A", "Høst salg", "t", "c")


def test_a_search_after_a_campaign_is_a_search():
    """matomo#20515: an earlier campaign won over the visitor's later search."""
    assert touch_of(SITE + "?utm_source=a&utm_medium=email", None).channel.key == "email"
    assert touch_of(SITE, "https://www.google.com/").channel.key == "organic_search"


def test_every_click_id_gives_a_channel():
    for click_id, click in CLICK_IDS.items():
        origin = origin_of(click_id_type=click_id)
        assert origin.channel.key != "unassigned", click_id
        assert origin.channel.paid == click.proves_paid, click_id


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [("shop.example", True), ("www.shop.example", True), ("a.b.shop.example", True), ("shop.example.com", False)],
)
def test_own_hosts_include_their_subdomains(host, is_ours):
    assert is_own(host, OWN) is is_ours


def test_the_host_table_is_whole():
    text = Path(channel_hosts.__file__).with_name("channel_hosts.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    assert len(rows) > 800
    assert len({(row["host"], row["path"]) for row in rows}) == len(rows)
    kinds = {"ai", "search", "social", "video", "shopping", "email", "referral", "passage"}
    assert {row["kind"] for row in rows} == kinds
    assert all(row["host"] == row["host"].lower().strip() and not row["host"].startswith("www.") for row in rows)
    names: dict[str, str] = {}
    for row in rows:
        for name in row["names"].split():
            assert names.setdefault(name, row["kind"]) == row["kind"], f"{name} is two kinds"


def test_every_source_name_in_a_report_has_the_kind_of_its_host():
    for host, places in channel_hosts.PLACES.by_host.items():
        for place in places:
            assert place.name is None or kind_of_source(place.name) == place.kind, host


def test_hosts_are_found_by_their_parents_but_not_by_their_ends():
    assert place_of("search.seznam.cz").kind == "search"
    assert place_of("old.reddit.com").name == "reddit"
    assert place_of("netflix.com").kind == "video"
    assert place_of("notreddit.com") is None
    assert place_of("co.uk") is None
