"""CSV of exactly what a page shows. No cell starts a formula in the program that opens it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from analysis.rates import Rate
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
Cell = str | int | float | None


def as_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """Write rows as CSV, in UTF-8 with a mark that spreadsheets need to see it; numbers with a point."""
    out = io.StringIO()
    out.write("\ufeff")
    csv.writer(out, lineterminator="\r\n").writerows([_cell(value) for value in row] for row in rows)
    return out.getvalue()


def file_of(rows: Iterable[Sequence[Cell]], name: str) -> HttpResponse:
    """Give rows as a file to keep."""
    response = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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
    head: list[Cell] = [_("From"), _("To"), metric_label(question), _("Days without data")]
    rows = [
        [
            bucket.since.isoformat(),
            bucket.until.isoformat(),
            _number(answer, value_of(bucket.figures, question.metric, question.per)),
            answer.days_without(bucket),
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
    actual, target, expected, low, high, needed = (None if each is None else each / scale for each in amounts)
    is_rate = row.kind == "percent"
    return [
        objective, row.kpi.name, row.goal.name, actual, target, expected, str(STATUSES[row.status].word), low, high,
        needed, row.part if is_rate else None, row.whole if is_rate else None,
        row.span.since.isoformat() if row.aim else None, row.span.last.isoformat() if row.aim else None,
        row.currency if row.kind == "money" else None, len(days_out(row.outages)),
        "; ".join(shown.restated),
    ]  # fmt: skip


def _row(row: Row) -> list[Cell]:
    rate = row.rate
    return [
        row.label, row.conversions, row.share, row.units, row.denominator,
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
    return (rate.value, rate.low, rate.high) if rate else (None, None, None)


def _number(answer: Answer, value: float | None) -> float | None:
    is_money = answer.question.metric in {"value", "value_net", "average"}
    return value / MICROS if value is not None and is_money else value


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return defused(value)
    return re.sub(r"\.0$", "", repr(value))
