"""TABLES: each table of conversion insights as rows of a file, in full precision."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.annotations import drawing
from reports.exports import MICROS, Cell, share
from reports.insights.answer import Answer
from reports.insights.contents import COLUMNS
from reports.insights.metrics import METRICS
from reports.insights.page import others_label, split_label, steps
from reports.insights.totals import PARTS, SPLIT_METRICS, UNTOLD

Rows = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name, and its rows, the head first."""

    label: Promise
    rows: Callable[[Answer], Rows]


def _figures(answer: Answer) -> Rows:
    head: list[Cell] = [_("Metric"), _("All"), _("Paid"), _("Organic"), _("Unit"), _("Note")]
    found = answer.found.figures if answer.found else ()
    rows: Rows = [
        [
            str(METRICS[each.metric].label),
            *(_number(each.metric, value) for value in (each.all, each.paid, each.organic)),
            answer.currency if METRICS[each.metric].unit == "money" else None,
            each.why or each.note,
        ]
        for each in found
    ]
    return [head, *rows]


def _split(answer: Answer) -> Rows:
    rows = {row.key: row.values for row in answer.found.parts} if answer.found else {}
    body: Rows = [
        [split_label(key), *_numbers(SPLIT_METRICS, rows[key])] for key in (*PARTS, "total", UNTOLD) if key in rows
    ]
    return [[_("Part"), *_heads(SPLIT_METRICS, answer)], *body]


def _trend(answer: Answer) -> Rows:
    trend = answer.found.trend if answer.found else None
    lines = trend.lines if trend else ()
    head: list[Cell] = [_("From"), _("To"), *(line.label for line in lines), _("Annotations")]
    rows: Rows = [
        [
            bucket.since,
            bucket.until,
            *(_number(line.metric, line.values[place]) for line in lines),
            drawing.cell(answer.annotations, bucket.since, bucket.until),
        ]
        for place, bucket in enumerate(trend.buckets if trend else ())
    ]
    whole: Rows = (
        [[_("Whole range"), None, *(_number(line.metric, line.whole) for line in lines), None]] if lines else []
    )
    return [head, *rows, *whole]


def _activity(answer: Answer) -> Rows:
    head: list[Cell] = [_("Step"), _("Persons"), _("Share of the audience")]
    rows: Rows = []
    if answer.found:
        rows = [
            [each.label, each.persons, share(each.share.value if each.share else None)] for each in steps(answer.found)
        ]
    return [head, *rows]


def _content(answer: Answer) -> Rows:
    rows: Rows = []
    if answer.found:
        contents = answer.found.contents
        rows = [[each.label, *_numbers(COLUMNS, each.values)] for each in contents.rows]
        if contents.others:
            rows.append([others_label(contents.others.stands_for), *_numbers(COLUMNS, contents.others.values)])
        rows.append([_("Total"), *_numbers(COLUMNS, contents.total)])
    return [[_("Content"), *_heads(COLUMNS, answer)], *rows]


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        "figures": Table(gettext_lazy("Figures"), _figures),
        "split": Table(gettext_lazy("Paid and organic"), _split),
        "trend": Table(gettext_lazy("Trend"), _trend),
        "activity": Table(gettext_lazy("Activity funnel"), _activity),
        "content": Table(gettext_lazy("Top converting content"), _content),
    }
)


def _heads(names: Sequence[str], answer: Answer) -> list[str]:
    return [
        f"{METRICS[name].label} ({answer.currency})" if METRICS[name].unit == "money" else str(METRICS[name].label)
        for name in names
    ]


def _numbers(names: Sequence[str], values: Sequence[int | None]) -> list[float | None]:
    return [_number(name, value) for name, value in zip(names, values, strict=True)]


def _number(metric: str, value: int | None) -> float | None:
    """Give money in whole units, and everything else as it is."""
    return value / MICROS if value is not None and METRICS[metric].unit == "money" else value
