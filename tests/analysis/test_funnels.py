"""Ways of several steps: by hand, against a slow reference, and what always holds."""

from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.funnels import Happened, Tries, Way, furthest, reached, tries, waits

Event = tuple[int, int, int, int]  # person, session, time, bits of the steps it meets
EVENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 12), st.integers(0, 15)), max_size=24)
WINDOWS = st.sampled_from([None, 0, 1, 3, 6, 100])


def happened(events: list[Event]) -> Happened:
    """Put events, which are in their order, into arrays."""
    columns = np.array(events, np.int64).reshape(-1, 4)
    sessions = columns[:, 0] * 10 + columns[:, 1]
    return Happened(columns[:, 0], sessions, columns[:, 2], columns[:, 3].astype(np.uint32))


def ordered(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda event: (event[0], event[2]))


def followed(events: list[Event], way: Way, since: int = 0) -> Tries:
    found = happened(events)
    return tries(found, way, found.time_us >= since)


def depths(events: list[Event], way: Way, since: int = 0) -> dict[int, int]:
    """Give how far each person got."""
    found = followed(events, way, since)
    person = happened(events).person[found.start]
    best = furthest(found, person)
    return dict(zip(person[best].tolist(), found.depth[best].tolist(), strict=True))


def reference(events: list[Event], way: Way, since: int = 0) -> dict[int, int]:
    """Try every choice of events for every step; no thought is spent on speed."""

    def deepest(start: int, last: int, step: int) -> int:
        best = step
        for after in range(last + 1, len(events)):
            same = [event for event in range(last + 1, after) if is_followed(start, event)]
            if not is_followed(start, after) or not events[after][3] >> step & 1:
                continue
            if way.window_us is not None and events[after][2] - events[start][2] > way.window_us:
                continue
            if way.strict and same:
                continue
            best = max(best, deepest(start, after, step + 1) if step + 1 < way.steps else way.steps)
        return best

    def is_followed(start: int, other: int) -> bool:
        together = events[start][:2] == events[other][:2]
        return together if way.window_us is None else events[start][0] == events[other][0]

    found: dict[int, int] = {}
    for start, (person, _, time, bits) in enumerate(events):
        if bits & 1 and time >= since:
            found[person] = max(found.get(person, 0), deepest(start, start, 1))
    return found


@given(EVENTS, st.integers(2, 4), WINDOWS, st.booleans(), st.integers(0, 6))
def test_who_gets_how_far_equals_a_search_through_all_choices(
    events: list[Event], steps: int, window: int | None, strict: bool, since: int
) -> None:
    events, way = ordered(events), Way(steps, window, strict)
    assert depths(events, way, since) == reference(events, way, since)


@given(EVENTS, WINDOWS, st.booleans())
def test_steps_never_rise(events: list[Event], window: int | None, strict: bool) -> None:
    found = list(depths(ordered(events), Way(4, window, strict)).values())
    counts = reached(np.array(found, np.int64), 4).tolist()
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == len(found)


@given(EVENTS, st.integers(0, 8), st.integers(0, 8), st.booleans())
def test_a_wider_window_loses_nobody(events: list[Event], window: int, more: int, strict: bool) -> None:
    events = ordered(events)
    narrow, wide = (depths(events, Way(3, width, strict)) for width in (window, window + more))
    assert all(wide[person] >= depth for person, depth in narrow.items())


@given(EVENTS)
def test_whoever_takes_the_steps_strictly_takes_them_in_order(events: list[Event]) -> None:
    events = ordered(events)
    loose, strict = depths(events, Way(3, 6)), depths(events, Way(3, 6, strict=True))
    assert all(loose[person] >= depth for person, depth in strict.items())


def test_the_window_holds_both_ends() -> None:
    events = [(1, 0, 0, 1), (1, 0, 5, 2)]
    assert depths(events, Way(2, 5)) == {1: 2}
    assert depths(events, Way(2, 4)) == {1: 1}


def test_one_event_is_one_step() -> None:
    assert depths([(1, 0, 0, 3)], Way(2, 5)) == {1: 1}
    assert depths([(1, 0, 0, 3), (1, 0, 0, 3)], Way(2, 5)) == {1: 2}


def test_a_later_start_comes_to_the_end_where_the_first_had_no_time() -> None:
    events = [(1, 0, 0, 1), (1, 0, 8, 1), (1, 0, 10, 2)]
    assert depths(events, Way(2, 5)) == {1: 2}


def test_within_a_session_another_one_does_not_count() -> None:
    events = [(1, 0, 0, 1), (1, 1, 1, 2)]
    assert depths(events, Way(2, None)) == {1: 1}
    assert depths(events, Way(2, 1)) == {1: 2}


def test_of_equally_far_tries_the_earliest_says_how_long_it_took() -> None:
    events = [(1, 0, 0, 1), (1, 0, 2, 1), (1, 0, 6, 2), (2, 0, 0, 1), (2, 0, 1, 2), (3, 0, 0, 1)]
    found = followed(events, Way(2, 10))
    best = furthest(found, happened(events).person[found.start])
    [took] = waits(found, best, happened(events).time_us)
    assert sorted(took.tolist()) == [1, 6]
    assert median(took.tolist()) == 3.5


def test_nothing_happened_is_nobody() -> None:
    assert depths([], Way(2, 5)) == {}
    assert depths([], Way(2, None, strict=True)) == {}
    assert reached(np.empty(0, np.int64), 3).tolist() == [0, 0, 0]


@pytest.mark.parametrize("steps", [0, 1, 21])
def test_a_way_has_two_to_twenty_steps(steps: int) -> None:
    with pytest.raises(ValueError, match="2 to 20"):
        Way(steps, 5)
