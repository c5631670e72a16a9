"""Annotations as a chart has them: flags and shades, a column of its table, and lines below it. Pure but for words."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from reports.annotations.reading import Annotated
from reports.chart_shapes import Column, Note, Remark, Shade
from reports.periods import DAY

BETWEEN = " · "  # several on one day, or in one cell


def notes(annotations: Sequence[Annotated], days: Sequence[date]) -> list[Note]:
    """Give a flag for each day on which something happened or began; one for all of a day.

    days   those that the chart has points on, in their order: of weeks and months their first
    """
    flags: dict[tuple[date, date, date], list[str]] = defaultdict(list)
    for each in annotations:
        flags[_within(each.since, days), each.since, each.until].append(each.text)
    return [
        Note(at, BETWEEN.join(texts), since, until if until - since > DAY else None)
        for (at, since, until), texts in flags.items()
    ]


def shades(annotations: Sequence[Annotated], days: Sequence[date]) -> list[Shade]:
    """Give the shading of what took more than a day, as far as the chart reaches."""
    first, after = days[0], days[-1] + DAY
    return [
        Shade(max(each.since, first), min(each.until, after), "")
        for each in annotations
        if not each.is_day and each.touches(first, after)
    ]


def remarks(annotations: Sequence[Annotated]) -> tuple[Remark, ...]:
    """Give the lines below the chart."""
    return tuple(Remark(each.days, each.text) for each in annotations)


def column() -> Column:
    """Give the head of the column."""
    return Column(_("Annotations"), is_number=False)


def cell(annotations: Sequence[Annotated], since: date, until: date) -> str:
    """Write what happened on the days [since, until); with its days, where it is not about exactly these."""
    return BETWEEN.join(
        each.text if (each.since, each.until) == (since, until) else f"{each.days}: {each.text}"
        for each in annotations
        if each.touches(since, until)
    )


def _within(day: date, days: Sequence[date]) -> date:
    """Give where the chart has the day: not before its first point, and not after its last, a bucket's first day."""
    return min(max(day, days[0]), days[-1])
