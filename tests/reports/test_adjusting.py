"""Days adjusted by some persons' share: as if everybody had been counted anew."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import adjusting, uniques
from reports.daily import GoalDay, VisitDay
from reports.uniques import DayPersons

MONDAY = date(2026, 11, 2)


def test_what_they_were_is_taken_off_and_what_they_are_is_put_on() -> None:
    stored = {MONDAY: GoalDay(5, 4, 500, -50, DayPersons((0, 3), (2, 2)))}
    before = {MONDAY: GoalDay(2, 1, 200, -50, DayPersons((3,), (1,)))}
    after = {MONDAY: GoalDay(1, 1, 70, 0, DayPersons((0,), (1,)))}
    assert adjusting.goal_days(stored, before, after) == {
        MONDAY: GoalDay(4, 4, 370, 0, DayPersons((0, 3), (3, 1))),
    }


def test_days_on_which_they_are_as_they_were_are_left_out() -> None:
    same = GoalDay(1, 1, 10, 0, DayPersons((0,), (1,)))
    assert adjusting.goal_days({}, {MONDAY: same}, {MONDAY: same}) == {}


def test_a_day_of_which_nothing_is_left_is_empty() -> None:
    day = VisitDay(1, 2, 3, DayPersons((0,), (1,)))
    assert adjusting.visit_days({MONDAY: day}, {MONDAY: day}, {}) == {MONDAY: VisitDay()}


def test_more_than_there_is_cannot_be_taken_off() -> None:
    with pytest.raises(adjusting.Contradiction):
        adjusting.goal_days({}, {MONDAY: GoalDay(conversions=1)}, {})


def test_a_currency_of_which_none_is_left_is_forgotten() -> None:
    assert adjusting.counts({"NOK": 3, "EUR": 1}, {"EUR": 1}, {"SEK": 2}) == {"NOK": 3, "SEK": 2}


person_days = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 12)), max_size=30)


@given(others=person_days, before=person_days, after=person_days)
def test_adjusted_persons_are_those_counted_anew(
    others: list[tuple[int, int]], before: list[tuple[int, int]], after: list[tuple[int, int]]
) -> None:
    rest = [(person + 10, day) for person, day in others]
    adjusted = _goal_days(rest + before) | adjusting.goal_days(
        _goal_days(rest + before), _goal_days(before), _goal_days(after)
    )
    assert {day: row for day, row in adjusted.items() if row != GoalDay()} == _goal_days(rest + after)


def _goal_days(pairs: list[tuple[int, int]]) -> dict[date, GoalDay]:
    person, day = (np.array([pair[n] for pair in pairs], dtype=np.int64) for n in (0, 1))
    found = uniques.by_day(person, day)
    return {date.fromordinal(date(2026, 1, 1).toordinal() + n): GoalDay(persons=row) for n, row in found.items()}
