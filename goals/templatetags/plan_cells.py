"""The cells of the plan's table as HTML.

Written here and not as a template: a plan of 200 goals has five thousand cells, for which a template's nodes took four
times as long as all the rest of the page (bench/plan_page.py).
"""

from collections.abc import Callable, Mapping
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from goals import figures
from goals.models import Format, Target
from goals.plan_page import Cell, SheetRow
from workspaces.languages import short_day

register = template.Library()
EMPTY: Final = SafeString("")
_TD: Final = '<td data-col="{}" data-label="{}"{}>{}</td>'
_NUMBER: Final = SafeString(' class="num"')


@register.simple_tag
def plan_cells(row: SheetRow, base_url: str, can_edit: bool) -> SafeString:
    """Give all cells of a row beside its name."""
    return SafeString("".join(_cell(row, cell, base_url if can_edit else "") for cell in row.cells[1:]))


@register.simple_tag
def tracking_words(row: SheetRow) -> SafeString:
    """Give the place of a goal's tracking state where the page shows it; "" for other rows."""
    cell = next((cell for cell in row.cells if cell.show == "tracking"), None)
    return _tracking(row, cell) if cell and row.kind == "goal" else EMPTY


@register.simple_tag
def target_words(target: Target) -> SafeString:
    """Write what a target asks for and by when; money with its currency's letters."""
    kpi = target.kpi
    amount = " – ".join(
        figures.shown(figures.figure_of(value, kpi.format))
        for value in (target.value, target.value_high)
        if value is not None
    )
    unit = f"\N{NO-BREAK SPACE}{kpi.workspace.currency}" if kpi.format is Format.MONEY else ""
    by = _("by %(day)s") % {"day": short_day(target.ends_on)}
    return format_html('<span class="target">{}{} <span class="soft small">{}</span></span>', amount, unit, by)


def _cell(row: SheetRow, cell: Cell, base_url: str) -> SafeString:
    key = cell.field.key
    shown = _SHOWN[cell.show](row, cell)
    if base_url and cell.is_open:
        shown = _link(row, cell, shown, base_url)
    elif shown and cell.show not in {"now", "tracking"}:
        shown = format_html('<span class="cell-text">{}</span>', shown)
    return format_html(_TD, key, cell.field.label, _NUMBER if key == "now" else EMPTY, shown)


def _link(row: SheetRow, cell: Cell, shown: str, base_url: str) -> SafeString:
    typed = EMPTY if cell.typed is None else format_html(' data-typed="{}"', cell.typed)
    label = EMPTY if shown else format_html(' aria-label="{}"', cell.field.label)
    link = '<a class="cell" href="{}cell/{}/{}/"{}{}>{}</a>'
    return format_html(link, base_url, row.id, cell.field.key, typed, label, shown)


def _now(row: SheetRow, _cell: Cell) -> SafeString:
    return format_html('<span id="now-{}" class="live faint" data-keep>…</span>', row.id)


def _tracking(row: SheetRow, cell: Cell) -> SafeString:
    dot = format_html('<span class="tone-{}"><span class="dot"></span>{}</span>', cell.tone, cell.text)
    return format_html('<span id="track-{}" class="track">{}</span>', row.id, dot if cell.text else "")


def _counts(row: SheetRow, cell: Cell) -> str:
    if not cell.text:
        return ""
    if row.line.code:
        return format_html('<code title="{}">{}</code>', row.line.words, cell.text)
    return format_html('<span class="small">{}</span>', cell.text)


def _target(row: SheetRow, _cell: Cell) -> str:
    return target_words(row.line.target) if row.line.target else ""


def _day(row: SheetRow, cell: Cell) -> str:
    return short_day(row.line.target.ends_on) if row.line.target else cell.text


def _text(_row: SheetRow, cell: Cell) -> str:
    return cell.text


_SHOWN: Final[Mapping[str, Callable[[SheetRow, Cell], str]]] = {
    "now": _now, "tracking": _tracking, "counts": _counts, "target": _target, "day": _day, "text": _text,
    "name": _text,
}  # fmt: skip
