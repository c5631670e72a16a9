"""The quick way to an event says what the exact way says, or nothing."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.event import Drop
from tracking.protocols.json_items import decode_item
from tracking.protocols.own import open_batch, parse
from tracking.protocols.own_event import Reading, event_of, reading_of
from tracking.protocols.own_plain import plain_reader, said_in, said_in_all
from tracking.protocols.parsed import Arrival
from tracking.rules import Sender, SourceRules

SENDER = Sender(ip="203.0.113.5", user_agent="Mozilla/5.0", language="nb")
NOW_US = 1_795_297_679_000_000
ORDINARY = {"event_id": "e", "name": "page_view", "url": "https://shop.example/tea?utm_source=avisa"}


def reading(*, is_server: bool = False) -> Reading:
    return reading_of(
        rules=SourceRules(source_id=1, is_server=is_server),
        sender=SENDER,
        salt=b"s",
        received_us=NOW_US,
    )


def plain_event(item: bytes, terms: Reading, *, index: int) -> Arrival | None:
    said = said_in(item)
    return said and plain_reader(terms)(said, index)


def raw(**fields: object) -> bytes:
    return json.dumps(ORDINARY | fields).encode()


VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=30)
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "event_id": st.text(max_size=70),
        "name": st.text(max_size=130) | VALUES,
        "visitor_id": st.text(max_size=5) | VALUES,
        "url": st.sampled_from(["", "/tea", "https://shop.example/?gclid=g&utm_id=1#a"]) | VALUES,
        "title": st.text(max_size=5) | VALUES,
        "language": st.text(max_size=5),
        "time": st.sampled_from(["2026-11-21T21:47:56Z", "2026-11-21T21:47:56", "2036-01-01T00:00:00Z"]) | VALUES,
        "properties": st.dictionaries(st.text(max_size=5), VALUES | st.lists(VALUES, max_size=2), max_size=3) | VALUES,
        "value": VALUES,
        "unknown": VALUES,
    },
)


@given(fields=FIELDS, is_server=st.booleans(), is_ascii=st.booleans())
def test_both_ways_make_the_same_event(fields: dict[str, Any], is_server: bool, is_ascii: bool) -> None:
    text = json.dumps({"event_id": "e", "name": "page_view", **fields}, ensure_ascii=is_ascii)
    try:
        item = text.encode()
    except UnicodeEncodeError:  # a lone surrogate is no UTF-8: such a body goes no further than the door
        return
    plain = plain_event(item, reading(is_server=is_server), index=3)
    exact = decode_item(item)
    assert plain is None or plain == event_of(exact, reading(is_server=is_server), index=3)


@pytest.mark.parametrize(
    "item",
    [
        raw(),
        raw(time="2026-11-21T21:47:56Z", title="Te på nett"),
        raw(properties={"list": "spring", "position": 3, "is_new": True, "price": 24.75, "none": None}),
        raw(properties={}),
    ],
    ids=["a page view", "with a time", "with properties", "with none of them"],
)
def test_ordinary_items_go_the_quick_way(item: bytes) -> None:
    assert plain_event(item, reading(), index=0) is not None


@pytest.mark.parametrize(
    "item",
    [
        raw().replace(b'"url"', b'"name"'),
        raw(properties={"a": 1, "b": 2}).replace(b'"b"', b'"a"'),
        raw(properties={"a": 1, "b": "x"}).replace(b'"b"', b'"a"'),
        raw(unknown=1),
        raw(title='a "quoted" one'),
        raw(value=1, currency="EUR"),
        raw(time="2026-11-21T21:47:56"),
        raw(properties={"id": 2**60}),
        raw(properties={"deep": [1]}),
        raw(event_id=""),
        raw(name=" "),
        raw()[:-1],
    ],
    ids=[
        "a doubled key", "a doubled property", "one of two kinds", "an unknown field", "a quote in a text", "money",
        "a time without zone", "a number too large", "a nested property", "no id", "a blank name", "cut off",
    ],
)  # fmt: skip
def test_all_others_are_left_to_the_exact_way(item: bytes) -> None:
    assert plain_event(item, reading(), index=0) is None


ODD = {
    "a doubled key": raw().replace(b'"url"', b'"name"'),
    "a doubled property": raw(properties={"a": 1, "b": "x"}).replace(b'"b"', b'"a"'),
    "an unknown field": raw(unknown=1),
    "a null": raw(title=None),
    "a quote": raw(title='a "quoted" one'),
    "a quote in disguise": raw().replace(b"page_view", b"page\\u0022view"),
    "a NUL": raw(title="\0"),
    "money": raw(value=1, currency="EUR"),
    "a number as name": raw(name=5),
    "a nested property": raw(properties={"deep": [[[]]]}),
    "no object": b"[]",
    "more space than an event may take": raw().replace(b":", b":" + b" " * 32_768, 1),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_of_a_list_the_odd_item_alone_is_left_to_the_exact_way(odd: bytes) -> None:
    text = b"[" + b", ".join([raw(), odd, raw(title="Te")]) + b"]"
    ordinary, other, last = said_in_all(text, msgspec.json.decode(text, type=list[msgspec.Raw]))
    assert (ordinary, other, last) == (said_in(raw()), None, said_in(raw(title="Te")))
    assert ordinary is not None
    assert last is not None


@given(
    items=st.lists(FIELDS, max_size=4),
    odd=st.sampled_from([b"{}", *ODD.values()]),
    is_server=st.booleans(),
    in_envelope=st.booleans(),
)
def test_a_batch_is_read_as_its_items_are_by_themselves(
    items: list[dict[str, Any]], odd: bytes, is_server: bool, in_envelope: bool
) -> None:
    said = [json.dumps({"event_id": "e", "name": "page_view", **fields}).encode() for fields in items]
    texts = [*said, *([odd] if is_server else [])]  # a page may leave its id out, which is then made up
    body = b"[" + b",".join(texts) + b"]"
    terms = {"rules": SourceRules(source_id=1, is_server=is_server), "sender": SENDER, "salt": b"s", "now_us": NOW_US}
    parsed = parse(open_batch(b'{"events": %b}' % body if in_envelope else body), **terms)
    assert parsed.received == len(texts)
    for index, text in enumerate(texts):
        decoded = decode_item(text)
        exact = decoded if isinstance(decoded, Drop) else event_of(decoded, reading(is_server=is_server), index=index)
        found = next((arrival for arrival in parsed.arrivals if arrival.index == index), None)
        if isinstance(exact, Drop):
            assert (found, parsed.results[index].code) == (None, exact.reason)
        elif exact.event.event_id in {"e", fields_of(text).get("event_id")}:
            assert found == exact


def fields_of(text: bytes) -> dict[str, Any]:
    found = json.loads(text)
    return found if isinstance(found, dict) else {}
