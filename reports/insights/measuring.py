"""Measures a metric over cells, days by what they are told apart by: whole numbers in, exact whole numbers out."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Ints, unique
from reports.insights.metrics import How

NOBODY = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Rows:
    """What a metric is measured of: n rows.

    day      int64[n], days since 1970-01-01
    count    int64[n], how many conversions or events each stands for
    value    int64[n], micros
    person   int64[n], codes; empty where nobody asks for persons
    group    int64[n], what they are told apart by; below 0 what is left out
    """

    day: Ints
    count: Ints
    value: Ints
    person: Ints
    group: Ints

    def some(self, which: Bools) -> "Rows":
        """Give some of them."""
        person = self.person[which] if len(self.person) else NOBODY
        return Rows(self.day[which], self.count[which], self.value[which], person, self.group[which])


def measured(how: How, rows: Rows, cell: Ints, cells: int) -> list[int | None]:
    """Give the metric of each cell.

    cell      int64[n], 0 to cells - 1; below 0 a row is in none
    returns   counts, micros or persons; an average is None where a cell has no row
    """
    inside = cell >= 0
    cell = cell[inside]
    if how == "persons":
        # A pair is one number while it is sorted: rows of two would take many times as long.
        width = int(rows.person.max(initial=0)) + 1
        pairs = unique(cell * width + rows.person[inside])
        persons: list[int | None] = np.bincount(pairs // width, minlength=cells).tolist()
        return persons
    counts = _summed(rows.count[inside], cell, cells)
    if how == "count":
        return list(counts)
    values = _summed(rows.value[inside], cell, cells)
    if how == "value":
        return list(values)
    return [round(value / count) if count else None for value, count in zip(values, counts, strict=True)]


def _summed(amounts: Ints, cell: Ints, cells: int) -> list[int]:
    sums = np.zeros(cells, np.int64)
    np.add.at(sums, cell, amounts)  # whole numbers stay exact, which bincount's floats would not
    found: list[int] = sums.tolist()
    return found
