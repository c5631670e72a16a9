import json
from ipaddress import ip_network

import msgspec
import pytest

from tracking.event import DropReason, Event, Result, Status, is_cookieless
from tracking.pipeline import REASONS, STEPS, is_in, run_all
from tracking.protocols.own import open_batch, parse
from tracking.protocols.parsed import Arrival, Parsed
from tracking.rules import Sender, SourceRules

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
HOME = ip_network("198.51.100.0/24")


def passed(fields: dict[str, object] | None = None, *, rules: SourceRules | None = None, **sender: object) -> Parsed:
    rules = rules or SourceRules(source_id=1)
    known = Sender(**{"ip": "203.0.113.5", "user_agent": FIREFOX, **sender})
    body = json.dumps([{"name": "n", "event_id": "e", **(fields or {})}]).encode()
    parsed = parse(open_batch(body), rules=rules, sender=known, salt=b"s", now_us=1_795_297_679_000_000)
    assert not parsed.quarantine
    return run_all(parsed, rules=rules, sender=known)


CASES = {
    "a person": ({}, {}, {}, None),
    "a crawler": ({}, {"user_agent": GOOGLEBOT}, {}, DropReason.BOT),
    "an AI crawler": ({}, {"user_agent": "Mozilla/5.0 (compatible; GPTBot/1.1)"}, {}, DropReason.BOT),
    "a headless browser": ({}, {"user_agent": "Mozilla/5.0 HeadlessChrome/120.0 Safari/537.36"}, {}, DropReason.BOT),
    "a headless browser that is allowed": (
        {},
        {"user_agent": "Mozilla/5.0 HeadlessChrome/120.0 Safari/537.36"},
        {"keeps_bots": True},
        None,
    ),
    "a prefetch by the old header": ({}, {"purpose": "prefetch"}, {}, DropReason.PREFETCH),
    "a library": ({}, {"user_agent": "python-requests/2.32"}, {}, DropReason.BOT),
    "no user agent": ({}, {"user_agent": ""}, {}, None),
    "a crawler where bots are kept": ({}, {"user_agent": GOOGLEBOT}, {"keeps_bots": True}, None),
    "a server's library": ({}, {"user_agent": "python-requests/2.32"}, {"is_server": True}, None),
    "a server for a crawler": ({"user_agent": GOOGLEBOT}, {}, {"is_server": True}, None),
    "a link preview": ({}, {"user_agent": "facebookexternalhit/1.1"}, {}, DropReason.PREVIEW),
    "a prefetch": ({}, {"purpose": "prefetch;prerender"}, {}, DropReason.PREFETCH),
    "safari's top sites": ({}, {"purpose": "preview"}, {}, DropReason.PREFETCH),
    "our own office": ({}, {"ip": "198.51.100.9"}, {"own_networks": (HOME,)}, DropReason.OWN_ADDRESS),
    "our own office over IPv6": ({}, {"ip": "::ffff:198.51.100.9"}, {"own_networks": (HOME,)}, DropReason.OWN_ADDRESS),
    "analytics denied": ({"consent": {"analytics": False}}, {}, {}, DropReason.CONSENT_DENIED),
    "analytics denied to a server": (
        {"consent": {"analytics": "denied"}},
        {},
        {"is_server": True},
        DropReason.CONSENT_DENIED,
    ),
    "do not track, not honoured": ({}, {"has_dnt": True}, {}, None),
    "do not track, honoured": ({}, {"has_dnt": True}, {"honours_do_not_track": True}, DropReason.DO_NOT_TRACK),
    "privacy control is measured": ({}, {"has_gpc": True}, {}, None),
}


@pytest.mark.parametrize(("fields", "sender", "rules", "reason"), CASES.values(), ids=CASES.keys())
def test_an_event_passes_or_is_filtered_with_its_reason(fields, sender, rules, reason):
    outcome = passed(fields, rules=SourceRules(source_id=1, **rules), **sender)
    assert outcome.received == 1
    assert len(outcome.arrivals) == (reason is None)
    assert outcome.results[0].status is (Status.ACCEPTED if reason is None else Status.FILTERED)
    assert outcome.results[0].code == (reason or "")
    assert outcome.results[0].id == "e"
    assert not outcome.quarantine, "filtered is no fault of the sender"


@pytest.mark.parametrize(
    ("fields", "sender"),
    [({"consent": {"ads": False}}, {}), ({}, {"has_gpc": True})],
    ids=["ads denied", "privacy control"],
)
def test_without_ads_consent_the_campaign_stays_and_the_click_id_goes(fields, sender):
    url = "https://s.example/?utm_source=google&utm_medium=cpc&gclid=secret"
    event = passed({"url": url, **fields}, **sender).arrivals[0].event
    assert (event.utm_source, event.click_id_type, event.click_id) == ("google", "gclid", None)
    assert "secret" not in repr(event)


def test_privacy_control_is_written_into_the_consent():
    event = passed({"consent": {"analytics": True}}, has_gpc=True).arrivals[0].event
    assert json.loads(event.consent)["gpc"] is True
    assert json.loads(event.consent)["ads"] is False


DENIED_BY_CONSENT_MODE = '{"ads":true,"analytics":false,"said":{"analytics":["consent_mode",5]}}'


def denied_by_consent_mode(event: Event, *, sender: Sender | None = None, salt: bytes = b"s") -> Event:
    event = msgspec.structs.replace(event, consent=DENIED_BY_CONSENT_MODE)
    parsed = Parsed(arrivals=[Arrival(0, event, FIREFOX)], results=[Result(0, event.event_id, Status.ACCEPTED)])
    known = sender or Sender(ip="203.0.113.5", user_agent=FIREFOX)
    (arrival,) = run_all(parsed, rules=SourceRules(source_id=1), sender=known, salt=salt).arrivals
    return arrival.event


def test_after_a_denial_by_consent_mode_the_visit_counts_and_nobody_is_known_again():
    url = "https://s.example/?utm_source=google&gclid=secret"
    event = passed({"visitor_id": "v1", "user_id": "u1", "session_id": "s1", "url": url}).arrivals[0].event
    assert event.user_id, "needs ids to take away"
    nobody = denied_by_consent_mode(event)
    assert is_cookieless(nobody.visitor_id)
    assert (nobody.user_id, nobody.session_id, nobody.click_id) == (None, None, None)
    assert (nobody.utm_source, nobody.name) == ("google", "n")
    assert "secret" not in repr(nobody)


def test_nobody_holds_for_the_day_where_the_address_is_known_and_stands_alone_elsewhere():
    first, second = (passed({"event_id": each}).arrivals[0].event for each in ("a", "b"))
    assert denied_by_consent_mode(first).visitor_id == denied_by_consent_mode(second).visitor_id
    assert denied_by_consent_mode(first).visitor_id != denied_by_consent_mode(first, salt=b"t").visitor_id
    without = Sender(user_agent=FIREFOX)
    assert denied_by_consent_mode(first, sender=without) == denied_by_consent_mode(first, sender=without)
    assert len({denied_by_consent_mode(each, sender=without).visitor_id for each in (first, second)}) == 2


def test_the_steps_stand_in_their_order():
    assert list(REASONS) == ["own_address", "prefetch", "preview", "bot", "do_not_track"]
    assert list(STEPS) == ["gpc", "consent"]


def test_what_is_no_address_is_in_no_network():
    assert not is_in("unix:", (HOME,))
    assert not is_in(None, (HOME,))
    assert not is_in("2001:db8::1", (HOME,))
