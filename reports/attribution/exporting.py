"""The attribution table as CSV: what the page shows, in full precision."""

from django.utils.translation import gettext as _

from reports.attribution.answer import Answer, Cell, Row
from reports.attribution.page import Column, columns
from reports.dimensions import DIMENSIONS
from reports.exports import MICROS
from reports.exports import Cell as Text


def table_rows(answer: Answer) -> list[list[Text]]:
    """Give the table: a head, a row for each value, (none) last, and the total."""
    groups = columns(answer.asked)
    head: list[Text] = [str(DIMENSIONS[answer.asked.breakdown].label)]
    for group in groups:
        head += [f"{group.label}: {name}" for name in _names(answer, group)]
    rows = answer.found.rows if answer.found else ()
    return [[*head, _("Influenced")], *(_row(row, groups) for row in rows), _total(answer, groups)]


def _names(answer: Answer, group: Column) -> list[str]:
    currency = {"currency": answer.currency}
    names = [
        _("Conversions"), _("Share"), _("Value (%(currency)s)") % currency,
        _("Value after refunds (%(currency)s)") % currency,
    ]  # fmt: skip
    return names if group.is_base else [*names, _("Difference")]


def _row(row: Row, groups: tuple[Column, ...]) -> list[Text]:
    cells = {cell.model: cell for cell in row.cells}
    return [row.label, *(text for group in groups for text in _texts(cells[group.model], group)), row.influenced]


def _texts(cell: Cell, group: Column) -> list[Text]:
    texts: list[Text] = [cell.conversions, cell.share, cell.value / MICROS, cell.value_net / MICROS]
    return texts if group.is_base else [*texts, cell.change]


def _total(answer: Answer, groups: tuple[Column, ...]) -> list[Text]:
    totals = answer.totals
    texts: list[Text] = [_("Total")]
    for group in groups:
        texts += [totals.conversions, None, totals.value / MICROS, totals.value_net / MICROS]
        texts += [] if group.is_base else [0]
    return [*texts, None]
