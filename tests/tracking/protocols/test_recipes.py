"""Ids for events whose clients give none."""

from datetime import timedelta

import pytest

from tests.tracking.makers import NOON, make_event, us
from tracking.protocols.parsed import Arrival
from tracking.protocols.recipes import WINDOW_US, named


def ids(*, at_us: int = us(NOON), content: bytes = b"x", says_when: bool = False, **fields: object) -> list[str | None]:
    """Give the ids that an event holds when it is received then."""
    event = make_event("", received_us=at_us, **({"time_us": at_us} | fields))
    arrival = named(Arrival(0, event, ""), content=content, says_when=says_when)
    return [arrival.event.event_id, arrival.also_holds]


@pytest.mark.parametrize("began", [0, 1, WINDOW_US // 2 - 1, 7_654_321])
@pytest.mark.parametrize(
    ("later_us", "is_one"), [(0, True), (WINDOW_US // 2, True), (WINDOW_US, False), (10 * WINDOW_US, False)]
)
def test_the_same_content_is_one_event_for_half_a_window_and_two_after_it(
    began: int, later_us: int, is_one: bool
) -> None:
    first = us(NOON) + began
    assert (ids(at_us=first + later_us)[0] in ids(at_us=first)) is is_one


@pytest.mark.parametrize(
    "other",
    [{"content": b"y"}, {"name": "search"}, {"visitor": "v2"}, {"url": "https://shop.example/b"}],
    ids=["content", "name", "visitor", "address"],
)
def test_what_differs_is_another_event(other: dict[str, object]) -> None:
    assert ids(**other)[0] not in ids()


def test_an_event_with_a_time_is_known_by_its_second_whenever_it_is_received() -> None:
    said = us(NOON)
    again = ids(at_us=said + 3_600_000_000, time_us=said, says_when=True)
    assert again == ids(at_us=said, time_us=said, says_when=True)
    assert again[1] is None
    assert ids(time_us=said + 1_000_000, says_when=True) != again


def test_a_corrected_clock_does_not_change_the_id() -> None:
    first = ids(time_us=us(NOON), client_time_us=us(NOON) - 90_000_000, says_when=True)
    assert ids(time_us=us(NOON) + 1_500_000, client_time_us=us(NOON) - 90_000_000, says_when=True) == first


def test_a_purchase_is_known_by_its_transaction_for_ever() -> None:
    bought = {"name": "purchase", "transaction_id": "O-1"}
    first = ids(**bought)
    later = us(NOON + timedelta(days=400))
    assert ids(at_us=later, visitor="v9", content=b"other", **bought) == first == [first[0], None]
    assert ids(name="purchase", transaction_id="O-2") != first
    assert ids(name="refund", transaction_id="O-1") != first
