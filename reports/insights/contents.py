"""Top converting content: what the ads and posts were that conversions are credited to."""

from dataclasses import dataclass

import numpy as np

from reports.dimensions import label_of
from reports.insights.measuring import measured
from reports.insights.metrics import METRICS
from reports.insights.sources import Sources

MOST = 20  # rows that have names; all others are one
COLUMNS = ("checkouts", "revenue", "visits", "carts")


@dataclass(frozen=True, slots=True)
class ContentRow:
    """What one content was credited with, by COLUMNS; None where the metric has no goal.

    stands_for   how many contents the row is of: more than one in the last alone
    """

    key: str
    label: str
    values: tuple[int | None, ...]
    stands_for: int = 1


@dataclass(frozen=True, slots=True)
class Contents:
    """The greatest by the question's order; the others as one row, None where there are none; and all together."""

    rows: tuple[ContentRow, ...]
    others: ContentRow | None
    total: tuple[int | None, ...]


def contents_of(sources: Sources) -> Contents:
    """Give the table, sorted as the question asks; where equal, by name."""
    columns = {name: _by_content(sources, name) for name in COLUMNS}
    keys = sorted({key for column in columns.values() if column for key in column})

    def row(key: str) -> ContentRow:
        values = tuple(None if column is None else column.get(key, 0) for column in columns.values())
        return ContentRow(key, label_of("content", key), values)

    place = COLUMNS.index(sources.asked.sort)
    ordered = sorted((row(key) for key in keys), key=lambda each: (-(each.values[place] or 0), each.key))
    left = ordered[MOST:]
    return Contents(
        rows=tuple(ordered[:MOST]),
        others=ContentRow("", "", _summed(left), len(left)) if left else None,
        total=_summed(ordered) if ordered else tuple(None if column is None else 0 for column in columns.values()),
    )


def _by_content(sources: Sources, name: str) -> dict[str, int] | None:
    metric = METRICS[name]
    if not sources.has(metric):
        return None
    rows = sources.rows(metric, sources.asked.content, "content")
    names = sources.labels(metric, "content")
    values = measured(metric.how, rows, rows.group, len(names))
    counts = np.bincount(rows.group, minlength=len(names))
    return {key: value or 0 for key, value, n in zip(names, values, counts, strict=True) if n}


def _summed(rows: list[ContentRow]) -> tuple[int | None, ...]:
    columns = zip(*(row.values for row in rows), strict=True)
    return tuple(None if None in column else sum(value or 0 for value in column) for column in columns)
