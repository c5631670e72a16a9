"""An exploration as rows of files: what the page shows, in full precision."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from reports.explore.answer import Answer
from reports.explore.labels import row_label
from reports.explore.metrics import Metric, Value
from reports.explore.page import segment_names
from reports.explore.question import Known
from reports.explore.rows import Values, flat
from reports.exports import MICROS, Cell, Share, share


def rows(answer: Answer, known: Known) -> list[list[Cell]]:
    """Give a head, the total, and a row for each that is open: its level's number, and a column for each level."""
    asked = answer.asked
    head: list[Cell] = [_("Level"), *(str(each.label) for each in asked.by)]
    names = segment_names(asked, known)
    for metric in answer.columns:
        for name in names:
            title = f"{metric.label} · {name}" if len(names) > 1 else metric.label
            head += [f"{title}{part}" for part in _parts(metric)]
    found = [head, [0, *_padded([_("Total")], len(asked.by)), *_cells(answer, answer.total)]]
    trail: list[str] = []
    for row in flat(answer.rows):
        trail = [*trail[: row.level - 1], row_label(row, asked, known.sites)]
        found.append([row.level, *_padded(trail, len(asked.by)), *_cells(answer, row.values)])
    return found


def _padded(trail: Sequence[str], levels: int) -> list[Cell]:
    return [*trail[:levels], *([None] * (levels - len(trail)))]


def _cells(answer: Answer, values: Values) -> Iterator[Cell]:
    for place, metric in enumerate(answer.columns):
        for segment in values:
            yield from _written(metric, segment[place])


def _parts(metric: Metric) -> list[str]:
    """Give what each column's heads end with."""
    if metric.figure.unit == "share":
        ends = (_("numerator"), _("denominator (%(of)s)") % {"of": metric.figure.whole}, _("from"), _("to"))
        return ["", *(f", {each}" for each in ends)]
    if metric.figure.unit == "duration":
        return [f" ({_('seconds')})"]
    if metric.currencies:
        return [f" ({currency})" for currency in metric.currencies]
    return [""]


def _written(metric: Metric, value: Value) -> list[Cell]:
    if metric.figure.unit == "share":
        rate = value.rate
        ends = (share(rate.low), share(rate.high)) if rate else (None, None)
        return [Share(rate.value) if rate else None, value.part, value.whole, *ends]
    if metric.figure.unit == "percent":
        return [share(value.number)]
    if metric.currencies:
        amounts = dict(value.amounts)
        missing = None if value.number is None else 0
        micros = [amounts.get(currency, missing) for currency in metric.currencies]
        return [None if each is None else each / MICROS for each in micros]
    return [value.number]
