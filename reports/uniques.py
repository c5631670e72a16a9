"""How many different persons a range of days had, from daily sums alone.

Uniques do not add over days. But a person is counted once in [S, U) exactly on their first day in it, and that day
is known by the one before: a person-day counts when the same person's previous day lies before S. So each day keeps
its persons by how long ago their previous day was, and any range is answered exactly by a sum.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.arrays import Ints, unique
from reports.periods import LONGEST_DAYS

FIRST = 0  # the gap of a person without an earlier day, or with one so long ago that no range holds both


@dataclass(frozen=True, slots=True)
class DayPersons:
    """The persons of one day, by the days since their previous one.

    gaps      ascending, FIRST or 1 to LONGEST_DAYS
    persons   as long as gaps
    """

    gaps: tuple[int, ...]
    persons: tuple[int, ...]

    @property
    def total(self) -> int:
        """Give the persons of the day."""
        return sum(self.persons)

    def new_since(self, since_gap: int) -> int:
        """Give the persons whose previous day is more than `since_gap` days back, or who have none."""
        # Gaps ascend, so those above it are the end of the list; FIRST stands before them all.
        first = self.persons[0] if self.gaps and self.gaps[0] == FIRST else 0
        return first + sum(self.persons[bisect_right(self.gaps, since_gap) :])


NOBODY = DayPersons((), ())


def by_day(person: Ints, day: Ints) -> dict[int, DayPersons]:
    """Sort person-days out by day and gap.

    person, day   int64[n], any codes; days as ordinals; pairs may repeat and stand in any order
    returns       day ordinal to DayPersons; days without persons are left out
    """
    if not len(person):
        return {}
    # A pair is one number while it is sorted: rows of two would take two to four times as long.
    first, width = int(day.min()), int(day.max() - day.min()) + 1
    owner, since = np.divmod(unique(person * width + (day - first)), width)
    gap = np.diff(since, prepend=since[0])
    gap[(np.diff(owner, prepend=owner[0] - 1) != 0) | (gap > LONGEST_DAYS)] = FIRST
    rows, counts = np.unique(since * (LONGEST_DAYS + 1) + gap, return_counts=True)
    days, gaps = np.divmod(rows, LONGEST_DAYS + 1)
    return grouped((days + first).tolist(), gaps.tolist(), counts.tolist())


def grouped(days: Iterable[int], gaps: Iterable[int], persons: Iterable[int]) -> dict[int, DayPersons]:
    """Gather rows of (day, gap, persons), ascending by day and gap, into one DayPersons a day."""
    found: dict[int, tuple[list[int], list[int]]] = {}
    for day, gap, count in zip(days, gaps, persons, strict=True):
        mine = found.setdefault(day, ([], []))
        mine[0].append(gap)
        mine[1].append(count)
    return {day: DayPersons(tuple(gaps), tuple(persons)) for day, (gaps, persons) in found.items()}


def distinct(days: Mapping[date, DayPersons], since: date, until: date) -> int:
    """Count the different persons of [since, until)."""
    return sum(persons.new_since((day - since).days) for day, persons in days.items() if since <= day < until)
