"""Events in an inbox row: what goes in comes out, small or large."""

import pytest

from tests.tracking.makers import make_event
from tracking.event import pack
from tracking.packed import LEAST_BYTES, Packed, events_in, packed


@pytest.mark.parametrize(("count", "is_compressed"), [(0, False), (1, False), (500, True)])
def test_what_goes_in_comes_out(count: int, is_compressed: bool) -> None:
    events = [make_event(f"e{n}", url=f"https://shop.example/{n}") for n in range(count)]
    row = packed(events)
    assert events_in(row) == events
    assert (row.size is not None) == is_compressed
    assert row.size in {None, len(pack(events))}


def test_many_events_become_much_smaller_and_few_stay_as_they_are() -> None:
    many = packed([make_event(f"e{n}", url="https://shop.example/tea") for n in range(500)])
    assert many.size is not None
    assert len(many.data) * 4 < many.size
    assert packed([make_event("a")]) == Packed(pack([make_event("a")]))


def test_what_is_cut_off_is_a_fault_and_never_fewer_events() -> None:
    data, size = packed([make_event(f"e{n}" * 10) for n in range(200)])
    assert size is not None
    assert size > LEAST_BYTES
    with pytest.raises(OSError, match="Lz4"):
        events_in(Packed(data[: len(data) // 2], size))
