import json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracking.event import Drop, DropReason
from tracking.protocols.json_items import Decoded, decode_exactly, decode_item, decode_plainly

texts = st.text(alphabet=st.sampled_from('ab":\\ {}[],ø\u0000\ud800😀\n'), max_size=8) | st.text(max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)
layouts = st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : "), (",\n", "\t:\r\n")])


@given(st.dictionaries(texts, values, max_size=6), layouts, st.booleans())
def test_the_plain_way_says_what_the_exact_way_says(item, separators, is_ascii):
    raw = json.dumps(item, separators=separators, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    if not is_ascii:
        raw = raw.decode("utf-8", "replace").encode()
    plain = decode_plainly(raw)
    assert plain is None or plain == decode_exactly(raw)


@given(st.lists(st.tuples(st.sampled_from(["a", "b", ":", '\\"', "a:"]), values), min_size=1, max_size=5), layouts)
@example([("a", 1), ("a", ":")], (",", " :"))
def test_no_doubled_key_passes_the_plain_way(pairs, separators):
    comma, colon = separators
    raw = "{" + comma.join(f'"{key}"{colon}{json.dumps(value)}' for key, value in pairs) + "}"
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        assert decode_plainly(raw.encode()) is None
        assert decode_exactly(raw.encode()).reason is DropReason.DUPLICATE_KEY


@pytest.mark.parametrize(
    "raw",
    [b'{"a": 1, "b": {"c": [1.5, null, true]}}', b'{"title":"bl\\u00e5 kopp"}', '{"title":"blå"}'.encode()],
    ids=["python's layout", "escaped letters", "utf-8"],
)
def test_ordinary_items_go_the_plain_way(raw):
    assert decode_plainly(raw) is not None


@pytest.mark.parametrize(
    ("raw", "reason", "pointer"),
    [
        (b'{"a":1,"a":1}', DropReason.DUPLICATE_KEY, ""),
        (b'{"a":1,"\\u0061":2}', DropReason.DUPLICATE_KEY, ""),
        (b'{"a" :1,"a":":"}', DropReason.DUPLICATE_KEY, ""),
        (b'{"x":{"p/q":[{"a":1,"a":2}]}}', DropReason.DUPLICATE_KEY, "/x/p~1q/0"),
        (b'{"a\\u0000":1,"a\\ud800":2}', DropReason.DUPLICATE_KEY, ""),
        (b'{"a":NaN}', DropReason.NUMBER_NOT_FINITE, "/a"),
        (b'{"a":[1,-Infinity]}', DropReason.NUMBER_NOT_FINITE, "/a/1"),
        (b'{"a":1e400}', DropReason.NUMBER_NOT_FINITE, "/a"),
        (b'{"a":1e99999999999999999999}', DropReason.NUMBER_NOT_FINITE, "/a"),
        (b"[1]", DropReason.NOT_AN_OBJECT, ""),
        (b"5", DropReason.NOT_AN_OBJECT, ""),
        (b'{"a":"' + b"x" * 32_768 + b'"}', DropReason.EVENT_TOO_LARGE, ""),
    ],
    ids=[
        "doubled",
        "doubled by an escape",
        "doubled with space and colon",
        "doubled deep inside",
        "doubled after mending",
        "NaN",
        "infinity in a list",
        "1e400",
        "an exponent beyond Decimal",
        "a list",
        "a number",
        "32 kB",
    ],
)
def test_a_faulty_item_is_dropped_with_its_reason_and_place(raw, reason, pointer):
    drop = decode_item(raw)
    assert isinstance(drop, Drop)
    assert (drop.reason, drop.pointer) == (reason, pointer)


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (b'{"a\\u0000":"b\\u0000"}', {"a\ufffd": "b\ufffd"}),
        (b'{"a":["\\ud800x"]}', {"a": ["\ufffdx"]}),
    ],
    ids=["NUL in key and value", "lone surrogate"],
)
def test_broken_characters_are_replaced_and_noted(raw, fields):
    assert decode_item(raw) == Decoded(fields, is_mended=True)


def test_a_surrogate_pair_is_a_character():
    assert decode_item(b'{"a":"\\ud83d\\ude00"}') == Decoded({"a": "😀"})


def test_numbers_with_a_point_are_exact():
    decoded = decode_item(b'{"a":0.10,"b":12345678901234567890.123456789}')
    assert decoded == Decoded({"a": Decimal("0.10"), "b": Decimal("12345678901234567890.123456789")})


def test_an_integer_of_ten_thousand_digits_stays_text():
    decoded = decode_item(b'{"a":' + b"7" * 10_000 + b"}")
    assert decoded == Decoded({"a": "7" * 10_000})
