"""The quick way to an event says what the exact way says, or nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.protocols.json_items import decode_item
from tracking.protocols.own_event import Reading, event_of, reading_of
from tracking.protocols.own_plain import plain_event
from tracking.rules import Sender, SourceRules

NOW_US = 1_795_297_679_000_000
ORDINARY = {"event_id": "e", "name": "page_view", "url": "https://shop.example/tea?utm_source=avisa"}


def reading(*, is_server: bool = False) -> Reading:
    return reading_of(
        rules=SourceRules(source_id=1, is_server=is_server),
        sender=Sender(ip="203.0.113.5", user_agent="Mozilla/5.0", language="nb"),
        salt=b"s",
        received_us=NOW_US,
        sent_us=NOW_US,
    )


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
