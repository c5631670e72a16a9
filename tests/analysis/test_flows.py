"""Trails: by hand, against a slow reference over events, and what always holds."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.flows import NOTHING, Starts, Things, first_of_each, moves, trails

Event = tuple[int, int, int]  # group, time, node; NOTHING for an event that is no step
EVENTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12), st.integers(-1, 3)), max_size=24)
WINDOWS = st.sampled_from([0, 1, 3, 6, 100])


def things(events: list[Event]) -> Things:
    columns = np.array(events, np.int64).reshape(-1, 3)
    return Things(columns[:, 0], columns[:, 1], columns[:, 2])


def ordered(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event[:2])


def followed(
    events: list[Event], window: int, steps: int, *, collapse: bool, backwards: bool = False
) -> list[list[int]]:
    """Follow every event."""
    n = len(events)
    found = things(events)
    place = np.arange(n) + (0 if backwards else 1)
    until = found.time_us - window if backwards else found.time_us + window
    starts = Starts(place, found.group, found.node, until)
    return trails(found, starts, steps=steps, collapse=collapse, backwards=backwards).tolist()


def reference(
    events: list[Event], window: int, steps: int, *, collapse: bool, backwards: bool = False
) -> list[list[int]]:
    """Walk on from every event, one by one."""
    rows = []
    for place, (group, time, node) in enumerate(events):
        walk = events[:place][::-1] if backwards else events[place + 1 :]
        row, last = [], node
        for other, moment, thing in walk:
            if other != group or abs(moment - time) > window or thing == NOTHING:
                continue
            if not (collapse and thing == last):
                row.append(thing)
            last = thing
        rows.append((row + [NOTHING] * steps)[:steps])
    return rows


@given(EVENTS, WINDOWS, st.integers(1, 5), st.booleans(), st.booleans())
def test_every_trail_equals_a_walk_over_the_events(
    events: list[Event], window: int, steps: int, collapse: bool, backwards: bool
) -> None:
    events = ordered(events)
    wanted = reference(events, window, steps, collapse=collapse, backwards=backwards)
    assert followed(events, window, steps, collapse=collapse, backwards=backwards) == wanted


@given(EVENTS, WINDOWS, st.booleans())
def test_more_steps_change_none_before(events: list[Event], window: int, collapse: bool) -> None:
    events = ordered(events)
    few, many = (followed(events, window, steps, collapse=collapse) for steps in (2, 5))
    assert [row[:2] for row in many] == few


@given(EVENTS, WINDOWS, st.booleans())
def test_every_step_holds_those_who_went_on_at_the_one_before(events: list[Event], window: int, collapse: bool) -> None:
    rows = followed(ordered(events), window, 4, collapse=collapse)
    counted = moves(np.array(rows, np.int64).reshape(-1, 4), nodes=4)
    before = len(rows)
    for step, (pair, count) in enumerate(counted):
        assert int(count.sum()) == before, step
        pairs = [(rows[n][step - 1] if step else NOTHING, rows[n][step]) for n in range(len(rows))]
        here = Counter(each for each, row in zip(pairs, rows, strict=True) if not step or row[step - 1] != NOTHING)
        assert {(p // 5 - 1, p % 5 - 1): n for p, n in zip(pair.tolist(), count.tolist(), strict=True)} == here
        before = int(count[pair % 5 != 0].sum())


def test_repeats_are_one_step_where_they_are_taken_together() -> None:
    events = [(0, 0, 7), (0, 1, 7), (0, 2, 1), (0, 3, -1), (0, 4, 1), (0, 5, 2)]
    assert followed(events, 9, 3, collapse=True)[0] == [1, 2, NOTHING]
    assert followed(events, 9, 4, collapse=False)[0] == [7, 1, 1, 2]


def test_a_start_that_is_no_step_repeats_nothing() -> None:
    events = [(0, 0, 1), (0, 1, -1), (0, 2, 1)]
    assert followed(events, 9, 2, collapse=True)[1] == [1, NOTHING]


def test_the_window_holds_both_ends() -> None:
    events = [(0, 0, 1), (0, 5, 2)]
    assert followed(events, 5, 1, collapse=False)[0] == [2]
    assert followed(events, 4, 1, collapse=False)[0] == [NOTHING]
    assert followed(events, 5, 1, collapse=False, backwards=True)[1] == [1]
    assert followed(events, 4, 1, collapse=False, backwards=True)[1] == [NOTHING]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12), st.booleans())
def test_of_each_unit_one_start_is_chosen(starts: list[tuple[int, int]], backwards: bool) -> None:
    columns = np.array(starts, np.int64).reshape(-1, 2)
    chosen = first_of_each(columns[:, 0], columns[:, 1], backwards=backwards).tolist()
    wanted = {}
    for place, (unit, time) in enumerate(starts):
        key = (-time, -place) if backwards else (time, place)
        wanted[unit] = min(wanted.get(unit, (key, place)), (key, place))
    assert chosen == [wanted[unit][1] for unit in sorted(wanted)]


@pytest.mark.parametrize("steps", [0, 21])
def test_a_trail_has_one_to_twenty_steps(steps: int) -> None:
    with pytest.raises(ValueError, match="1 to 20"):
        followed([], 1, steps, collapse=True)
