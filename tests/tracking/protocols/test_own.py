import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.event import DropReason, Event, Status, is_cookieless
from tracking.protocols.own import Opened, open_batch, open_single, parse
from tracking.protocols.parsed import Parsed
from tracking.rules import Sender, SourceRules

NOW_US = 1_795_297_679_000_000  # 2026-11-21 21:47:59 UTC
BROWSER = SourceRules(source_id=7)
SERVER = SourceRules(source_id=7, is_server=True)
SENDER = Sender(ip="198.51.100.7", user_agent="Mozilla/5.0 (Windows NT 10.0) Firefox/130.0", language="nb")


def batch(*items: Any, rules: SourceRules = BROWSER, historical: bool = False, **envelope: Any) -> Parsed:
    body = json.dumps({"events": items, **envelope}).encode()
    return parse(open_batch(body), rules=rules, sender=SENDER, salt=b"salt", now_us=NOW_US, historical=historical)


def single(body: bytes, rules: SourceRules = BROWSER) -> Parsed:
    return parse(open_single(body), rules=rules, sender=SENDER, salt=b"salt", now_us=NOW_US)


def event(rules: SourceRules = BROWSER, **fields: Any) -> Event:
    parsed = batch({"name": "n", **fields}, rules=rules)
    assert not parsed.quarantine, parsed.results
    return parsed.arrivals[0].event


REJECTIONS: dict[str, tuple[dict[str, Any], DropReason, str]] = {
    "no name": ({"name": None}, DropReason.NAME_REQUIRED, "/name"),
    "blank name": ({"name": " \t "}, DropReason.NAME_REQUIRED, "/name"),
    "a number for a name": ({"name": 5}, DropReason.NAME_REQUIRED, "/name"),
    "control characters in the name": ({"name": "a\x07b"}, DropReason.NAME_REQUIRED, "/name"),
    "129 characters of name": ({"name": "n" * 129}, DropReason.NAME_TOO_LONG, "/name"),
    "65 characters of id": ({"event_id": "i" * 65}, DropReason.EVENT_ID_TOO_LONG, "/event_id"),
    "amount with groups and a comma": (
        {"value": "1.234,50", "currency": "EUR"},
        DropReason.AMOUNT_FORMAT,
        "/value",
    ),
    "amount as text with an exponent": ({"value": "1e3", "currency": "EUR"}, DropReason.AMOUNT_FORMAT, "/value"),
    "amount as true": ({"value": True, "currency": "EUR"}, DropReason.AMOUNT_FORMAT, "/value"),
    "a hundred trillion": ({"value": 1e14, "currency": "EUR"}, DropReason.AMOUNT_FORMAT, "/value"),
    "yen with decimals": ({"value": 5.5, "currency": "JPY"}, DropReason.AMOUNT_FORMAT, "/value"),
    "negative, no refund": ({"value": -5, "currency": "EUR"}, DropReason.AMOUNT_NEGATIVE, "/value"),
    "no currency": ({"value": 5}, DropReason.CURRENCY_REQUIRED, "/value"),
    "unknown currency": ({"value": 5, "currency": "EURO"}, DropReason.CURRENCY_UNKNOWN, "/currency"),
    "unknown currency without a value": ({"currency": "XXX"}, DropReason.CURRENCY_UNKNOWN, "/currency"),
    "a word for a time": ({"time": "yesterday"}, DropReason.TIME_FORMAT, "/time"),
    "a bare date": ({"time": "2026-11-21"}, DropReason.TIME_FORMAT, "/time"),
    "a number between the ranges": ({"time": 12345}, DropReason.TIME_FORMAT, "/time"),
    "six minutes ahead": ({"time": "2026-11-21T21:54:00Z"}, DropReason.TIME_IN_FUTURE, "/time"),
    "61 days old": ({"time": "2026-09-21T20:00:00Z"}, DropReason.TOO_OLD, "/time"),
    "url no text": ({"url": 5}, DropReason.FIELD_TYPE, "/url"),
    "type unknown": ({"type": "purchase"}, DropReason.FIELD_TYPE, "/type"),
    "sequence negative": ({"sequence": -1}, DropReason.FIELD_TYPE, "/sequence"),
    "properties no object": ({"properties": []}, DropReason.FIELD_TYPE, "/properties"),
    "items no objects": ({"items": ["SKU"]}, DropReason.FIELD_TYPE, "/items"),
    "consent not understood": ({"consent": {"analytics": "maybe"}}, DropReason.FIELD_TYPE, "/consent"),
    "visitor of 257 characters": ({"visitor_id": "v" * 257}, DropReason.FIELD_TOO_LONG, "/visitor_id"),
    "33 kB": ({"note": "x" * 33_000}, DropReason.EVENT_TOO_LARGE, ""),
}


@pytest.mark.parametrize(("fields", "reason", "pointer"), REJECTIONS.values(), ids=REJECTIONS.keys())
def test_a_faulty_item_is_rejected_alone(fields, reason, pointer):
    good = {"name": "page_view", "event_id": "good"}
    parsed = batch(good, {"name": "n", "event_id": "bad", **fields}, good)
    assert [result.status for result in parsed.results] == [Status.ACCEPTED, Status.REJECTED, Status.ACCEPTED]
    assert (parsed.results[1].code, parsed.results[1].pointer) == (reason, pointer)
    assert parsed.results[1].message
    assert [arrival.index for arrival in parsed.arrivals] == [0, 2]
    assert [(kept.index, kept.reason) for kept in parsed.quarantine] == [(1, reason)]
    assert parsed.quarantine[0].raw.startswith(b'{"name"')
    assert len(parsed.quarantine[0].raw) <= 2_048


WARNINGS: dict[str, tuple[dict[str, Any], str, tuple[str, ...]]] = {
    "a NUL": ({"title": "a\x00b"}, "characters_replaced", ()),
    "a lone surrogate in a key": ({"properties": {"a\ud800": 1}}, "characters_replaced", ()),
    "an integer above 2^53": ({"properties": {"order": 2**53 + 1}}, "number_as_text", ("order",)),
    "an integer of 31 digits": ({"properties": {"a": {"b": 10**30}}}, "number_as_text", ("a",)),
    "51 properties": ({"properties": {f"p{i}": i for i in range(51)}}, "properties_left_out", ("p50",)),
    "a key of 65 characters": ({"properties": {"k" * 65: 1}}, "properties_left_out", ("k" * 64,)),
    "a text of 1,025 characters": ({"properties": {"long": "x" * 1_025}}, "properties_left_out", ("long",)),
    "a title of 1,025 characters": ({"title": "x" * 1_025}, "fields_left_out", ("title",)),
    "a field of another tool": ({"hostname": "x"}, "unknown_fields_left_out", ("hostname",)),
    "an address from a browser": ({"ip": "192.0.2.1"}, "unknown_fields_left_out", ("ip",)),
    "seven decimals": ({"value": 0.30000000000000004, "currency": "EUR"}, "amount_rounded", ("value",)),
    "a time without zone": ({"time": "2026-11-21T21:00:00"}, "time_without_zone", ("time",)),
}


@pytest.mark.parametrize(("fields", "code", "keys"), WARNINGS.values(), ids=WARNINGS.keys())
def test_what_is_kept_otherwise_than_sent_is_said(fields, code, keys):
    parsed = batch({"name": "n", **fields})
    assert parsed.results[0].status is Status.ACCEPTED
    assert parsed.results[0].code == code
    assert [(warning.code, warning.keys) for warning in parsed.results[0].warnings] == [(code, keys)]


def test_beyond_the_limits_the_rest_is_kept():
    sent = {f"p{i}": i for i in range(60)} | {"p0": "x" * 2_000, "big": 1}
    kept = json.loads(event(properties=sent).properties)
    assert kept == {f"p{i}": i for i in range(1, 51)}


def test_numbers_in_properties_stay_exact():
    parsed = single(b'{"name":"n","properties":{"a":0.10,"b":[12345678901234567890],"c":1.5}}')
    assert parsed.arrivals[0].event.properties == '{"a":0.10,"b":["12345678901234567890"],"c":1.5}'


@pytest.mark.parametrize(
    ("value", "currency", "micros"),
    [
        (149.5, "NOK", 149_500_000),
        ("149.50", "nok", 149_500_000),
        (0, "EUR", 0),
        (1500, "JPY", 1_500_000_000),
        (0.000001, "EUR", 1),
        (12.345, "KWD", 12_345_000),
        ("123456789012.123456", "EUR", 123_456_789_012_123_456),
    ],
)
def test_amounts_are_exact_millionths(value, currency, micros):
    kept = event(value=value, currency=currency)
    assert (kept.value_micros, kept.currency) == (micros, currency.upper())


def test_a_value_takes_the_sources_currency():
    rules = SourceRules(source_id=7, currency="SEK")
    assert event(rules, value=10).currency == "SEK"
    assert event(rules, value=10, currency="EUR").currency == "EUR"


@pytest.mark.parametrize("fields", [{"type": "refund"}, {"name": "refund"}], ids=["by its type", "by its name"])
@pytest.mark.parametrize("value", [25, -25])
def test_a_refund_is_negative_however_it_was_sent(fields, value):
    kept = event(value=value, currency="EUR", **fields)
    assert (kept.refund, kept.value_micros) == (True, -25_000_000)


@pytest.mark.parametrize(
    ("time", "kept_us"),
    [
        (None, NOW_US),
        ("2026-11-21T21:47:56.249Z", NOW_US - 2_751_000),
        ("2026-11-21T22:47:56.249+01:00", NOW_US - 2_751_000),
        ("2026-11-21 22:47:56+0100", NOW_US - 3_000_000),
        (1_795_297_676, NOW_US - 3_000_000),
        (1_795_297_676.5, NOW_US - 2_500_000),
        (1_795_297_676_500, NOW_US - 2_500_000),
    ],
    ids=["missing", "ISO", "with an offset", "with a space", "seconds", "with a fraction", "milliseconds"],
)
def test_times_are_read(time, kept_us):
    assert event(time=time).time_us == kept_us


@pytest.mark.parametrize(
    ("sent_at", "time_us", "client_us"),
    [
        ("2026-11-21T21:46:58Z", NOW_US - 8_000_000, NOW_US - 69_000_000),
        ("2026-11-21T22:47:59Z", NOW_US - 3_669_000_000, NOW_US - 69_000_000),
        ("2026-11-21T21:47:00Z", NOW_US - 69_000_000, None),
    ],
    ids=["61 s behind", "an hour ahead", "59 s behind"],
)
def test_a_clock_that_is_off_is_corrected_and_both_times_are_kept(sent_at, time_us, client_us):
    parsed = batch({"name": "n", "time": "2026-11-21T21:46:50Z"}, sent_at=sent_at)
    kept = parsed.arrivals[0].event
    assert (kept.time_us, kept.client_time_us) == (time_us, client_us)
    assert parsed.results[0].code == ("clock_corrected" if client_us else "")


def test_an_unreadable_sent_at_refuses_the_request():
    parsed = batch({"name": "n"}, sent_at="soon")
    assert parsed.problem is not None
    assert (parsed.problem.status, parsed.problem.code, parsed.problem.pointer) == (400, "time_format", "/sent_at")
    assert not parsed.arrivals


def test_an_import_may_be_old_and_the_web_is_not_older_than_1990():
    parsed = batch(
        {"name": "n", "time": "2015-05-17T10:05:03Z"}, {"name": "n", "time": "0001-01-01T00:00:00Z"}, historical=True
    )
    assert [result.code for result in parsed.results] == ["", "too_old"]


def test_the_address_gives_host_path_campaign_and_click_id():
    kept = event(url="https://www.Shop.example:443/s%C3%B8k?UTM_Source=Nyhetsbrev&utm_medium=email&gclid=abc#x")
    assert (kept.host, kept.path) == ("www.shop.example", "/søk")
    assert (kept.utm_source, kept.utm_medium, kept.utm_campaign) == ("Nyhetsbrev", "email", None)
    assert (kept.click_id_type, kept.click_id) == ("gclid", "abc")


def test_fields_that_are_sent_win_over_the_address():
    kept = event(url="https://s.example/?utm_source=a&utm_medium=m&gclid=abc", utm_source="b", fbclid="f")
    assert (kept.utm_source, kept.utm_medium) == ("b", "m")
    assert (kept.click_id_type, kept.click_id) == ("fbclid", "f")


def test_a_visitor_without_an_id_is_the_same_for_the_day_and_no_address_is_kept():
    first, second = event(), event()
    assert first.visitor_id == second.visitor_id
    assert is_cookieless(first.visitor_id)
    assert not is_cookieless(event(visitor_id="v1").visitor_id)
    assert "198.51.100" not in repr(first)


def test_a_browser_describes_itself():
    kept = event()
    assert (kept.device, kept.browser, kept.os, kept.language) == ("desktop", "Firefox", "Windows", "nb")


def test_a_server_speaks_for_its_visitors():
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1"
    kept = event(SERVER, event_id="e", ip="203.0.113.9", user_agent=iphone)
    assert (kept.device, kept.os) == ("mobile", "iOS")
    assert is_cookieless(kept.visitor_id)
    assert kept.visitor_id != event().visitor_id
    assert event(SERVER, event_id="e", user_id="u1").visitor_id == "u.u1"
    alone = [event(SERVER, event_id=name).visitor_id for name in ("e1", "e2", "e1")]
    assert alone[0] != alone[1]
    assert alone[0] == alone[2]
    assert event(SERVER, event_id="e").device is None


def test_a_server_must_send_ids_and_a_browser_gets_them():
    parsed = batch({"name": "a"}, {"name": "b", "event_id": ""}, {"name": "c", "event_id": "x"}, rules=SERVER)
    assert [result.code for result in parsed.results] == ["event_id_required", "event_id_required", ""]
    made = batch({"name": "a"}, {"name": "a"})
    ids = {result.id for result in made.results}
    assert len(ids) == 2
    assert all(name and len(name) <= 64 for name in ids)


@pytest.mark.parametrize(
    ("body", "rules", "code"),
    [
        (b'{"name":"n"}', SERVER, "event_id_required"),
        (b'{"name":"n","name":"m"}', BROWSER, "duplicate_key"),
    ],
)
def test_alone_in_its_request_the_item_refuses_it(body, rules, code):
    parsed = single(body, rules)
    assert parsed.problem is not None
    assert (parsed.problem.status, parsed.problem.code) == (400, code)
    assert parsed.count(Status.REJECTED) == parsed.received == 1
    assert parsed.quarantine[0].raw == body


def test_a_single_has_its_envelope_beside_its_fields():
    opened = open_single(
        b'{"name":"n","write_key":"wk","sent_at":"2026-11-21T20:47:59Z","time":"2026-11-21T20:47:59Z"}'
    )
    assert isinstance(opened, Opened)
    assert opened.write_key == "wk"
    parsed = parse(opened, rules=BROWSER, sender=SENDER, salt=b"s", now_us=NOW_US)
    assert parsed.arrivals[0].event.time_us == NOW_US
    assert parsed.results[0].code == "clock_corrected"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"[" + b"1," * 2_000 + b"1]", 413, "too_many_events"),
        (b"x" * 5_000_001, 413, "body_too_large"),
        (gzip.compress(b" " * 20_000_001), 413, "body_too_large"),
        (b"{", 400, "invalid_json"),
        (b"[" * 100_000, 400, "too_deep"),
        (b'{"name":"n"}', 400, "invalid_shape"),
    ],
)
def test_a_refused_request_processes_nothing(body, status, code):
    parsed = parse(open_batch(body), rules=BROWSER, sender=SENDER, salt=b"s", now_us=NOW_US)
    assert parsed.problem is not None
    assert (parsed.problem.status, parsed.problem.code) == (status, code)
    assert not parsed.arrivals
    assert parsed.received == 0
    assert bool(parsed.quarantine) == (status == 400)


def test_a_list_at_the_single_door_is_refused():
    assert single(b'[{"name":"n"}]').problem.code == "invalid_shape"


def test_two_thousand_events_are_taken():
    assert len(batch(*[{"name": "n"}] * 2_000).arrivals) == 2_000


def test_the_key_may_stand_in_the_batch():
    opened = open_batch(b'{"write_key":"wk_1","events":[]}')
    assert isinstance(opened, Opened)
    assert opened.write_key == "wk_1"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["name", "event_id", "time", "value", "currency", "type", "url", "properties", "items", "consent", "ip"]
items = st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=5), json_values, max_size=6) | json_values


@given(st.lists(items, max_size=5), st.sampled_from([BROWSER, SERVER]))
def test_every_item_is_accepted_or_rejected_and_none_is_lost(sent, rules):
    parsed = batch(*sent, rules=rules)
    assert parsed.problem is None
    assert parsed.received == len(sent)
    assert parsed.count(Status.ACCEPTED) + parsed.count(Status.REJECTED) == len(sent)
    assert len(parsed.arrivals) == parsed.count(Status.ACCEPTED)
    assert len(parsed.quarantine) == parsed.count(Status.REJECTED)
    assert [result.index for result in parsed.results] == list(range(len(sent)))


@given(st.binary(max_size=80), st.booleans())
def test_any_bytes_are_answered(body, is_single):
    opened = open_single(body) if is_single else open_batch(body)
    parsed = parse(opened, rules=BROWSER, sender=SENDER, salt=b"s", now_us=NOW_US)
    assert parsed.problem is not None or parsed.received == len(parsed.arrivals) + len(parsed.quarantine)
