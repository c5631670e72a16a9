"""Distinct persons of any range, from daily sums."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reports import uniques
from reports.periods import LONGEST_DAYS

START = date(2026, 1, 1)
person_days = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 30)), max_size=80)


def days_of(pairs: list[tuple[int, int]]) -> dict[date, uniques.DayPersons]:
    person = np.array([who for who, _ in pairs], dtype=np.int64)
    day = np.array([when for _, when in pairs], dtype=np.int64)
    return {START + timedelta(days=n): row for n, row in uniques.by_day(person, day).items()}


@given(person_days, st.integers(0, 31), st.integers(0, 31))
def test_any_range_counts_each_person_once(pairs: list[tuple[int, int]], since: int, until: int) -> None:
    expected = len({who for who, when in pairs if since <= when < until})
    counted = uniques.distinct(days_of(pairs), START + timedelta(days=since), START + timedelta(days=until))
    assert counted == expected


def test_a_person_of_two_days_counts_on_both_days_and_once_over_them() -> None:
    days = days_of([(1, 0), (1, 1), (1, 1)])
    assert [row.total for row in days.values()] == [1, 1]
    assert uniques.distinct(days, START, START + timedelta(days=2)) == 1


def test_a_gap_longer_than_any_range_is_a_first_day() -> None:
    days = days_of([(1, 0), (1, LONGEST_DAYS + 1)])
    assert days[START + timedelta(days=LONGEST_DAYS + 1)].gaps == (uniques.FIRST,)


def test_no_persons_give_no_days() -> None:
    assert days_of([]) == {}
