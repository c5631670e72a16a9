"""Claims and costs as rows of files: what the pages show, in full; a row for each currency of what has several."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from reports.dimensions import DIMENSIONS
from reports.exports import MICROS, Cell
from reports.reconciliation.answer import Answer, Line, Money, Reconciled
from reports.reconciliation.crediting import Credit
from reports.reconciliation.page import cost_label, platform_label
from reports.reconciliation.spending import Spending, Spent


def claim_rows(result: Answer) -> list[list[Cell]]:
    """Give the campaigns of all platforms, what is no platform's, and the total, which adds up by column."""
    value = _("Value credited (%(currency)s)") % {"currency": result.attributed.currency}
    head: list[Cell] = [
        _("Platform"), _("Campaign"), _("Claimed"), _("Credited"), _("Difference"), _("Also claimed by another"), value,
        _("Cost"), _("Claimed value"), _("Currency"), _("In a report"), _("Anybody came by it"),
    ]  # fmt: skip
    return [head, *_lines(result.found)] if result.found else [head]


def _lines(found: Reconciled) -> list[list[Cell]]:
    rows = [row for lines in found.lines.values() for line in lines for row in _of_line(line)]
    others = [
        _of_credit(_("Of several platforms"), found.several),
        _of_credit(_("Other touches"), found.other),
        _of_credit(_("(none): no touch in the window"), found.untouched),
    ]
    return [*rows, *others]


def _of_line(line: Line) -> list[list[Cell]]:
    """Give a row, and for each further currency one that has its amounts alone."""
    costs, worths = _by_currency(line.cost), _by_currency(line.claimed_value)
    currencies = sorted(costs | worths) or [""]
    claimed = None if line.claimed is None else float(line.claimed)
    told: list[Cell] = [claimed, line.credited, line.difference, line.also_claimed, line.value / MICROS]
    ends: list[Cell] = [_yes(line.is_reported), _yes(line.has_touches)]
    rows = []
    for number, currency in enumerate(currencies):
        counts = told if number == 0 else [None] * len(told)
        amounts: list[Cell] = [costs.get(currency), worths.get(currency), currency]
        rows.append([platform_label(line.platform), line.label, *counts, *amounts, *ends])
    return rows


def _of_credit(label: str, credit: Credit) -> list[Cell]:
    return [label, "", None, credit.conversions, None, None, credit.value / MICROS, None, None, "", "", ""]


def cost_rows(found: Spending | None, breakdown: str) -> list[list[Cell]]:
    """Give the table of costs, the total last."""
    currency = found.currency if found else ""
    head: list[Cell] = [
        str(DIMENSIONS[breakdown].label), _("Cost"), _("Currency"), _("Conversions"), _("Of campaigns in reports"),
        _("Value (%(currency)s)") % {"currency": currency}, _("Cost per conversion"), _("Return on spend"),
    ]  # fmt: skip
    spent = (*found.rows, found.total) if found else ()
    return [head, *(line for row in spent for line in _of_spent(row, currency))]


def _of_spent(row: Spent, currency: str) -> list[list[Cell]]:
    counts: list[Cell] = [row.conversions, row.reported, row.value / MICROS]
    each = row.cost_per_conversion
    ratios: list[Cell] = [None if each is None else each.micros / MICROS, row.return_on_spend(currency)]
    rows: list[list[Cell]] = []
    for number, money in enumerate(row.cost or (Money("", 0),)):
        amount = money.micros / MICROS if money.currency else None
        ends = [*counts, *ratios] if number == 0 else [None] * (len(counts) + len(ratios))
        rows.append([cost_label(row), amount, money.currency, *ends])
    return rows


def _by_currency(amounts: Sequence[Money]) -> dict[str, float]:
    return {money.currency: money.micros / MICROS for money in amounts}


def _yes(is_so: bool) -> str:
    return _("yes") if is_so else _("no")
