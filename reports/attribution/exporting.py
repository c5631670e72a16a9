"""The attribution table as rows of a file: what the page shows, in full precision."""

from django.utils.translation import gettext as _

from reports.attribution import of_a_day
from reports.attribution.answer import Answer
from reports.attribution.page import Column, columns
from reports.attribution.rows import Cell, Row
from reports.attribution.still_open import sentence
from reports.dimensions import DIMENSIONS
from reports.exports import MICROS, share
from reports.exports import Cell as Text
from workspaces.models import Workspace


def table_rows(answer: Answer, workspace: Workspace) -> list[list[Text]]:
    """Give the table: a head, a row for each value, (none) last, the total, and what has to be known of it."""
    groups = columns(answer)
    head: list[Text] = [str(DIMENSIONS[answer.asked.breakdown].label)]
    for group in groups:
        head += [f"{group.label}: {name}" for name in _names(answer, group)]
    rows = answer.found.rows if answer.found else ()
    return [[*head, _("Influenced")], *(_row(row, groups) for row in rows), _total(groups), *_notes(answer, workspace)]


def _notes(answer: Answer, workspace: Workspace) -> list[list[Text]]:
    found = answer.found
    said = [
        sentence(answer.still_open, workspace) if answer.still_open else "",
        of_a_day.sentence(found.of_a_day, of=found.conversions) if found else "",
    ]
    return [[each] for each in said if each]


def _names(answer: Answer, group: Column) -> list[str]:
    currency = {"currency": answer.currency}
    names = [
        _("Conversions"), _("Share"), _("Value (%(currency)s)") % currency,
        _("Value after refunds (%(currency)s)") % currency,
    ]  # fmt: skip
    if group.has_interval:
        names += [_("Share, from"), _("Share, to")]
    if group.has_error:
        names.append(_("Standard error"))
    return names if group.is_base else [*names, _("Difference")]


def _row(row: Row, groups: tuple[Column, ...]) -> list[Text]:
    cells = {cell.model: cell for cell in row.cells}
    return [row.label, *(text for group in groups for text in _texts(cells[group.model], group)), row.influenced]


def _texts(cell: Cell, group: Column) -> list[Text]:
    texts: list[Text] = [cell.conversions, share(cell.share), cell.value / MICROS, cell.value_net / MICROS]
    texts += [share(cell.low), share(cell.high)] if group.has_interval else []
    texts += [cell.error] if group.has_error else []
    return texts if group.is_base else [*texts, cell.change]


def _total(groups: tuple[Column, ...]) -> list[Text]:
    texts: list[Text] = [_("Total")]
    for group in groups:
        conversions, value, value_net = group.totals
        texts += [conversions, None, value / MICROS, value_net / MICROS]
        texts += [None] * (2 * group.has_interval + group.has_error)
        texts += [] if group.is_base else [conversions - groups[0].totals[0]]
    return [*texts, None]
