"""What Matomo's requests say, in the words of our own events."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.tracking.protocols.matomo.requests import get
from tests.tracking.protocols.senders import BROWSER, answering_to, arrived, only, properties
from tracking.models import Kind, Quarantined, Source
from workspaces import scope
from workspaces.models import Workspace


@pytest.fixture
def site(shop: Workspace) -> Source:
    return answering_to(shop, "matomo", "7", currency="EUR")


@pytest.fixture
def server(shop: Workspace) -> Source:
    return answering_to(shop, "matomo", "7:secret", slug="server", kind=Kind.SERVER, currency="EUR")


def test_an_order_has_its_value_in_the_sites_currency_and_its_lines(site: Source) -> None:
    lines = [["SKU-1", "Blue mug", ["Kitchen", "Mugs"], 24.75, 2], ["SKU-2", "Tea", "Drinks", "50", "1"]]
    get(idgoal=0, ec_id="O1", revenue="149.50", ec_tx="29.90", ec_sh="5", ec_items=json.dumps(lines))
    event = only(site)
    assert (event.name, event.transaction_id, event.value_micros, event.currency) == (
        "purchase",
        "O1",
        149_500_000,
        "EUR",
    )
    assert properties(event) == {"tax": 29.9, "shipping": 5}
    kitchen = {"item_category": "Kitchen", "item_category2": "Mugs"}
    assert json.loads(event.items or "") == [
        {"item_id": "SKU-1", "item_name": "Blue mug", "price": 24.75, "quantity": 2} | kitchen,
        {"item_id": "SKU-2", "item_name": "Tea", "item_category": "Drinks", "price": 50, "quantity": 1},
    ]


def test_an_order_counts_once_however_often_it_is_sent(site: Source) -> None:
    for rand in ("1", "2"):
        get(idgoal=0, ec_id="O1", revenue="149.50", rand=rand)
    assert only(site).transaction_id == "O1"


@pytest.mark.parametrize(
    ("told", "name", "kept"),
    [
        ({"idgoal": 0, "revenue": "10"}, "cart_update", {}),
        ({"idgoal": 3, "revenue": "10"}, "matomo_goal_3", {}),
        ({"ping": 1}, "engagement", {}),
        (
            {"e_c": "Account", "e_a": "Signed Up", "e_n": "footer", "e_v": "2.5", "ca": 1},
            "Signed Up",
            {"event_category": "Account", "event_name": "footer", "event_value": 2.5},
        ),
        (
            {"search": "green tea", "search_cat": "Drinks", "search_count": "0"},
            "search",
            {"search_term": "green tea", "search_category": "Drinks", "search_count": 0},
        ),
        (
            {"download": "https://shop.example/list.PDF?v=2"},
            "file_download",
            {"link_url": "https://shop.example/list.PDF", "file_name": "list.PDF", "file_extension": "pdf"},
        ),
        (
            {"link": "https://maker.example/mugs?x=1"},
            "outbound_click",
            {"link_url": "https://maker.example/mugs", "link_domain": "maker.example"},
        ),
        ({"c_n": "Ad", "c_p": "a.png"}, "content_impression", {"content_name": "Ad", "content_piece": "a.png"}),
        (
            {"c_n": "Ad", "c_i": "click"},
            "content_interaction",
            {"content_name": "Ad", "content_interaction": "click"},
        ),
        ({"ca": 1, "fa_name": "contact"}, "custom_action", {}),
        (
            {"_pks": "SKU-1", "_pkp": "24.75", "dimension1": "member"},
            "page_view",
            {"product_sku": "SKU-1", "product_price": 24.75, "dimension1": "member"},
        ),
        (
            {"cvar": json.dumps({"1": ["plan", "pro"]}), "_cvar": json.dumps({"http_method": "GET", "2": ["x"]})},
            "page_view",
            {"plan": "pro", "http_method": "GET"},
        ),
    ],
    ids=[
        "cart",
        "goal",
        "heartbeat",
        "event",
        "search",
        "download",
        "link",
        "content seen",
        "content used",
        "plugin",
        "product and dimension",
        "variables",
    ],
)
def test_what_happened_has_a_name_and_what_belongs_to_it(
    site: Source, told: dict[str, Any], name: str, kept: dict[str, Any]
) -> None:
    get(**told)
    event = only(site)
    assert (event.name, properties(event)) == (name, kept)
    assert event.value_micros == (10_000_000 if "revenue" in told else None)


def test_a_goal_without_a_currency_counts_without_value_and_an_order_waits_for_one(shop: Workspace) -> None:
    source = answering_to(shop, "matomo", "7")
    get(idgoal=3, revenue="10")
    assert get(idgoal=0, ec_id="O1", revenue="10").status_code == 400
    event = only(source)
    assert (event.value_micros, properties(event)) == (None, {"revenue": 10})
    with scope.in_workspace(shop.pk):
        assert Quarantined.objects.get(source=source).code == "currency_required"


@pytest.mark.parametrize(
    ("query", "told", "tags"),
    [
        ("mtm_campaign=tea&mtm_source=avisa&mtm_medium=email&mtm_kwd=mug", {}, ("avisa", "email", "tea", "mug")),
        ("pk_cpn=tea&pk_keyword=mug&utm_campaign=other", {}, (None, None, "tea", "mug")),
        ("x=1#piwik_campaign=tea", {}, (None, None, "tea", None)),
        ("x=1", {"_rcn": "tea", "_rck": "mug"}, (None, None, "tea", "mug")),
        ("x=1", {"_rcn": "tea", "_refts": "NOW"}, (None, None, "tea", None)),
        ("x=1", {"_rcn": "tea", "_refts": "1700000000"}, (None, None, None, None)),
        ("utm_source=avisa", {"_rcn": "avisa", "_refts": "NOW"}, ("avisa", None, None, None)),
    ],
    ids=["matomo", "piwik before utm", "fragment", "told", "told now", "remembered", "address wins"],
)
def test_what_brought_the_visitor(site: Source, query: str, told: dict[str, str], tags: tuple[str | None, ...]) -> None:
    now = str(int(timezone.now().timestamp()))
    given_now = {name: now if value == "NOW" else value for name, value in told.items()}
    get(url=f"https://shop.example/tea?{query}", **given_now)
    event = only(site)
    assert (event.utm_source, event.utm_medium, event.utm_campaign, event.utm_term) == tags


@pytest.mark.parametrize(
    ("told", "visitor"),
    [
        ({"cid": "FEDCBA9876543210"}, "fedcba9876543210"),
        ({"_id": "0123456789abcdef0123"}, "0123456789abcdef"),
        ({"_id": "no id at all, really"}, None),
        ({"_id": ""}, None),
    ],
    ids=["forced", "cut", "no id", "none"],
)
def test_who_it_was(site: Source, told: dict[str, str], visitor: str | None) -> None:
    get(**told)
    event = only(site)
    assert event.visitor_id == visitor or (visitor is None and event.visitor_id.startswith("d."))


def test_only_a_server_with_the_secret_speaks_of_others_and_of_long_ago(server: Source, site: Source) -> None:
    old = (timezone.now() - timedelta(days=3)).strftime("%Y-%m-%d %H:%M:%S")
    told = {"cdt": old, "cip": "192.0.2.7", "ua": BROWSER, "_id": ""}
    assert get(token_auth="secret", **told).status_code == 200
    assert get(token_auth="secret", **told | {"cip": "192.0.2.8"}).status_code == 200
    assert get(**told).status_code == 400
    first, second = arrived(server)
    assert first.time_us // 1_000_000 == second.time_us // 1_000_000
    assert first.received_us - first.time_us > 2 * 86_400_000_000
    assert first.visitor_id != second.visitor_id
    assert first.browser == "Firefox"
    assert arrived(site) == []


@pytest.mark.parametrize("ago", [{"cdo": "3600"}, {"cdt": "EPOCH"}], ids=["offset", "epoch"])
def test_a_recent_time_needs_no_secret(site: Source, ago: dict[str, str]) -> None:
    hour_ago = str(int(timezone.now().timestamp()) - 3_600)
    get(**{name: value.replace("EPOCH", hour_ago) for name, value in ago.items()})
    event = only(site)
    assert 3_599_000_000 <= event.received_us - event.time_us <= 3_605_000_000


def test_the_page_of_an_image_without_words_is_the_one_that_it_stands_on(site: Source) -> None:
    get(url="", headers={"Referer": "https://shop.example/mail"})
    assert only(site).path == "/mail"
