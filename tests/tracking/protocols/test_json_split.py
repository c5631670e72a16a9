import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.event import MAX_BODY_BYTES, MAX_UNPACKED_BYTES, DropReason, Problem
from tracking.protocols.json_split import Split, depth_of, split, split_single, unpack


def split_events(body: bytes) -> Split | Problem:
    return split(body, items_key="events", known=("sent_at", "write_key"))


@pytest.mark.parametrize(
    ("body", "items", "members"),
    [
        (b'[{"a":1},2]', [b'{"a":1}', b"2"], {}),
        (b' {"events" : [ {"a":1} , {"b":2} ] , "sent_at":"x"} ', [b'{"a":1}', b'{"b":2}'], {"sent_at": b'"x"'}),
        (b'{"events":[{"a":NaN},{"b":2}]}', [b'{"a":NaN}', b'{"b":2}'], {}),
        (b'\xef\xbb\xbf{"events":[]}', [], {}),
        (b'{"events":[{"a":"\\u0065vents"}]}', [b'{"a":"\\u0065vents"}'], {}),
    ],
    ids=["bare list", "spaced envelope", "NaN of one item", "byte order mark", "an escaped letter in a value"],
)
def test_a_batch_splits_into_its_items(body, items, members):
    parts = split_events(body)
    assert isinstance(parts, Split)
    assert (parts.items, parts.members) == (items, members)


@pytest.mark.parametrize(
    ("body", "code", "position"),
    [
        (b"", DropReason.INVALID_JSON, 0),
        (b'{"events":[{"a":1},]}', DropReason.INVALID_JSON, 19),
        (b'{"events":[{"a":1}', DropReason.INVALID_JSON, 18),
        (b'{"events":[]} x', DropReason.INVALID_JSON, 14),
        (b'{"events":["\xff"]}', DropReason.INVALID_JSON, 12),
        (b'\xef\xbb\xbf["\xff"]', DropReason.INVALID_JSON, 5),
        ('{"ø":}'.encode(), DropReason.INVALID_JSON, 6),
        ('{"events":[]}'.encode("utf-16"), DropReason.INVALID_JSON, 0),
        ('{"events":[]}'.encode("utf-16-le"), DropReason.INVALID_JSON, 1),
        (b"5", DropReason.INVALID_SHAPE, None),
        (b"{}", DropReason.INVALID_SHAPE, None),
        (b'{"events":{}}', DropReason.INVALID_SHAPE, None),
        (b'{"events":[1],"events":[2]}', DropReason.DUPLICATE_KEY, None),
        (b'{"events":[1],"\\u0065vents":[2]}', DropReason.DUPLICATE_KEY, None),
        (b'{"events":[1],"sent_at":1,"sent_at":2}', DropReason.DUPLICATE_KEY, None),
    ],
    ids=[
        "nothing",
        "trailing comma",
        "cut off",
        "more behind it",
        "bad utf-8",
        "bad utf-8 behind a mark",
        "position in bytes, not characters",
        "utf-16",
        "utf-16 without a mark",
        "a number",
        "no events",
        "events no list",
        "events twice",
        "events twice, hidden",
        "sent_at twice",
    ],
)
def test_a_body_that_is_no_batch_is_refused_with_its_place(body, code, position):
    problem = split_events(body)
    assert isinstance(problem, Problem)
    assert (problem.status, problem.code, problem.position) == (400, code, position)


@pytest.mark.parametrize("depth", [21, 900, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")], ids=["lists", "objects"])
@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "cut off"])
def test_too_deep_is_an_answer_and_no_crash(depth, opening, closing, is_closed):
    inner = opening * (depth - 2) + (b"1" + closing * (depth - 2) if is_closed else b"")
    problem = split_events(b'{"events":[' + inner + (b"]}" if is_closed else b""))
    assert isinstance(problem, Problem)
    expected = DropReason.TOO_DEEP if is_closed or depth > 1_000 else DropReason.INVALID_JSON
    assert problem.code is expected


def test_twenty_levels_are_allowed_and_brackets_in_strings_do_not_count():
    assert isinstance(split_events(b'{"events":[' + b"[" * 18 + b"]" * 18 + b"]}"), Split)
    assert isinstance(split_events(b'{"events":[{"a":"' + b"[{" * 30 + b'\\"["}]}'), Split)
    assert isinstance(split_single(b"[" * 20 + b"]" * 20), Split)
    assert isinstance(split_single(b"[" * 21 + b"]" * 21), Problem)


def test_depth_beside_the_events_counts_too():
    problem = split_events(b'{"events":[],"x":' + b"[" * 20 + b"]" * 20 + b"}")
    assert isinstance(problem, Problem)
    assert problem.code is DropReason.TOO_DEEP


def test_depth_is_counted_outside_strings():
    assert depth_of(b'{"a":["]]]", {"b\\"}":[]}]}') == 4


@pytest.mark.parametrize(
    ("body", "status", "limit"),
    [
        (b" " * (MAX_BODY_BYTES + 1), 413, MAX_BODY_BYTES),
        (gzip.compress(b" " * (MAX_UNPACKED_BYTES + 1)), 413, MAX_UNPACKED_BYTES),
        (gzip.compress(b"[]")[:-4], 400, None),
        (gzip.compress(b"[]") + b"x", 400, None),
        (b"\x1f\x8b rubbish", 400, None),
    ],
    ids=["5 MB", "a gzip bomb", "cut off gzip", "gzip and more", "no gzip after all"],
)
def test_what_cannot_be_unpacked_is_refused(body, status, limit):
    problem = unpack(body)
    assert isinstance(problem, Problem)
    assert (problem.status, problem.limit) == (status, limit)


def test_gzip_is_told_by_its_first_bytes():
    assert unpack(gzip.compress(b"[1]")) == b"[1]"


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,\\ua1 eE-.ntrfx', max_size=60).map(str.encode))
def test_any_bytes_get_an_answer(body):
    assert isinstance(split_events(body), (Split, Problem))
    assert isinstance(split_single(body), (Split, Problem))
