"""What people read for the rows, conditions and segments of an exploration."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.utils import dates
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import figures
from reports.explore.conditions import OPERATORS, Condition
from reports.explore.dimensions import Dimension, value_label
from reports.explore.question import Asked, Known
from reports.explore.rows import REST, Row


def row_label(row: Row, asked: Asked, sites: Mapping[str, str]) -> str:
    """Name a row; the rest says of how many values it is."""
    if row.kind == REST:
        return ngettext("and %(n)s more", "and %(n)s more", row.count) % {"n": figures.number(row.count)}
    return label_of(asked.by[row.level - 1], row.key, sites)


def label_of(dimension: Dimension, key: str, sites: Mapping[str, str]) -> str:
    """Name a value of a dimension.

    sites   names of sources by their short names
    """
    written = _TIMES.get(dimension.key)
    try:
        return written(key) if written else value_label(dimension, key, sites)
    except (ValueError, KeyError):
        return key  # somebody typed a day into a condition that is none


def condition_label(condition: Condition, known: Known) -> str:
    """Write a condition as people read it."""
    if condition.is_of_column:
        values = [label_of(condition.dimension, value, known.sites) for value in condition.values]
    else:
        named = known.goals if condition.is_of_goal else known.segments
        values = [named[value].name if value in named else value for value in condition.values]
    told = f" {_('or')} ".join(values)
    return f"{condition.dimension.label} {OPERATORS[condition.operator]} {told}"


def segment_label(conditions: Sequence[Condition], known: Known) -> str:
    """Name a segment by its conditions."""
    return f" {_('and')} ".join(condition_label(each, known) for each in conditions)


def _month(key: str) -> str:
    first = date.fromisoformat(key)
    return f"{dates.MONTHS[first.month]} {first.year}".capitalize()


def _week(key: str) -> str:
    return _("Week from %(day)s") % {"day": figures.day(date.fromisoformat(key))}


_TIMES: Mapping[str, Callable[[str], str]] = {
    "day": lambda key: figures.day(date.fromisoformat(key)),
    "week": _week,
    "month": _month,
    "weekday": lambda key: str(dates.WEEKDAYS[int(key) - 1]).capitalize(),
    "hour": lambda key: f"{int(key):02}:00",
}
