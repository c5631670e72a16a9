"""The rows of files that hold exactly what a page shows; as CSV, where no cell starts a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _

from analysis.rates import Rate
from reports.annotations import drawing
from reports.answer import Answer
from reports.boards import BoardRow, Section
from reports.breakdown import Row
from reports.dimensions import DIMENSIONS
from reports.gaps import days_out
from reports.metrics import PER
from reports.statuses import STATUSES
from reports.trends import metric_label, value_of

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what spreadsheets read as the start of one, or skip before it
MICROS = 1_000_000


class Share(float):
    """A fraction that a spreadsheet shows in per cent."""


Cell = str | int | float | date | None  # a float that is a Share is one of something


def share(value: float | None) -> Share | None:
    """Mark a fraction as a share."""
    return None if value is None else Share(value)


def as_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """Write rows as CSV, in UTF-8 with a mark that spreadsheets need to see it; numbers with a point."""
    out = io.StringIO()
    out.write("\ufeff")
    csv.writer(out, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def defused(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run."""
    return f"'{text}" if text.startswith(FORMULA) else text


def breakdown_rows(answer: Answer) -> list[list[Cell]]:
    """Give the table of the breakdown: a head, a row for each value, (none) last, and the true total."""
    question, per = answer.question, PER[answer.question.per]
    head: list[Cell] = [
        str(DIMENSIONS[question.breakdown].label), _("Conversions"), _("Share"), _("Rate, numerator"),
        _("Rate, denominator (%(of)s)") % {"of": per.label}, _("Rate"), _("Rate, from"), _("Rate, to"),
        _("Value (%(currency)s)") % {"currency": answer.currency},
        _("Value after refunds (%(currency)s)") % {"currency": answer.currency},
    ]  # fmt: skip
    rows = answer.breakdown.rows if answer.breakdown else ()
    return [head, *(_row(row) for row in rows), _total(answer)]


def trend_rows(answer: Answer) -> list[list[Cell]]:
    """Give the table of the trend."""
    question = answer.question
    head: list[Cell] = [_("From"), _("To"), metric_label(question), _("Days without data"), _("Annotations")]
    rows: list[list[Cell]] = [
        [
            bucket.since,
            bucket.until,
            _number(answer, value_of(bucket.figures, question.metric, question.per)),
            answer.days_without(bucket),
            drawing.cell(answer.annotations, bucket.since, bucket.until),
        ]
        for bucket in answer.buckets
    ]
    return [head, *rows]


def board_rows(sections: Iterable[Section]) -> list[list[Cell]]:
    """Give the KPI board, one row a KPI and target; money in whole units, rates as fractions."""
    head: list[Cell] = [
        _("Objective"), _("KPI"), _("Goal"), _("Actual"), _("Target"), _("Expected to date"), _("Status"),
        _("Forecast, from"), _("Forecast, to"), _("Needed per day"), _("Numerator"), _("Denominator"),
        _("Target from"), _("Target to"), _("Currency"), _("Days without data"),
        _("Restatements"),
    ]  # fmt: skip
    return [head, *(_board_row(section.name, row) for section in sections for row in section.rows)]


def _board_row(objective: str, shown: BoardRow) -> list[Cell]:
    row = shown.progress
    scale = MICROS if row.kind == "money" else 1
    low, high = (row.forecast[1], row.forecast[2]) if row.forecast else (None, None)
    amounts = (row.actual, row.target, row.expected, low, high, row.needed_per_day)
    is_rate = row.kind == "percent"
    scaled = (None if each is None else each / scale for each in amounts)
    actual, target, expected, low, high, needed = (share(each) if is_rate else each for each in scaled)
    return [
        objective, row.kpi.name, row.goal.name, actual, target, expected, str(STATUSES[row.status].word), low, high,
        needed, row.part if row.is_share else None, row.whole if row.is_share else None,
        row.span.since if row.aim else None, row.span.last if row.aim else None,
        row.currency if row.kind == "money" else None, len(days_out(row.outages)),
        "; ".join(shown.restated),
    ]  # fmt: skip


def _row(row: Row) -> list[Cell]:
    rate = row.rate
    return [
        row.label, row.conversions, share(row.share), row.units, row.denominator,
        *_rate(rate), row.value / MICROS, row.value_net / MICROS,
    ]  # fmt: skip


def _total(answer: Answer) -> list[Cell]:
    totals, per = answer.totals, answer.question.per
    rate = totals.rate(per)
    return [
        _("Total"), totals.conversions, None, totals.part(per), totals.whole(per),
        *_rate(rate), totals.value / MICROS, totals.value_net / MICROS,
    ]  # fmt: skip


def _rate(rate: Rate | None) -> tuple[Cell, Cell, Cell]:
    return (Share(rate.value), Share(rate.low), Share(rate.high)) if rate else (None, None, None)


def _number(answer: Answer, value: float | None) -> float | None:
    if answer.question.metric == "rate":
        return share(value)
    is_money = answer.question.metric in {"value", "value_net", "average"}
    return value / MICROS if value is not None and is_money else value


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return defused(value)
    if isinstance(value, date):
        return value.isoformat()
    return re.sub(r"\.0$", "", repr(value))
