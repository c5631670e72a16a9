"""The tables of a record as a mail has room for them: fewer columns, and of long ones the rows that matter.

A cell says what the snapshot's and the file's say, in words. What a mail leaves out stands in the report and its files.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from reports.exports import Cell
from reports.snapshots.record import Sheet
from reports.snapshots.showing import text_of

MOST_ROWS: Final = 40  # of a table in a mail; of days the newest
MOST_COLUMNS: Final = 5  # beside each other on a phone
HEAD_WIDTH: Final = 14  # letters of a column's name in a line of text; longer ones take several lines
BOARD: Final[Sequence[Promise]] = (
    _("Objective"), _("Goal"), _("Expected to date"), _("Forecast, from"), _("Forecast, to"), _("Needed per day"),
    _("Numerator"), _("Denominator"), _("Target from"), _("Target to"), _("Restatements"),
)  # fmt: skip
# Columns for those who compute on, by report; a reader of mails misses none of them. What a rate counts from stays.
LEFT_OUT: Final[Mapping[str, Sequence[Promise]]] = {
    "overview": BOARD,
    "goal": (
        *BOARD, _("Share"), _("Rate, numerator"), _("Rate, from"), _("Rate, to"),
        _("Value after refunds (%(currency)s)"), _("To"),
    ),
    # Of each model: what is compared are its conversions.
    "attribution": (
        _("Share"), _("Value (%(currency)s)"), _("Value after refunds (%(currency)s)"), _("Share, from"),
        _("Share, to"), _("Standard error"), _("Difference"),
    ),
    "insights": (_("To"), _("Note")),
    "funnel": (
        _("Step"), _("Of the start, from"), _("Of the start, to"), _("Median seconds"), _("Lost"), _("Biggest drop"),
        _("To"), _("Rate, from"), _("Rate, to"),
    ),
    "paths": (_("Kind"), _("Stands for")),
    "cohorts": (
        _("From"), _("To"), _("Visitors of one day"), _("Period from"), _("Period to"), _("Period is over"),
        _("Share, from"), _("Share, to"),
    ),
    "explore": (_("Level"), _("numerator"), _("denominator (%(of)s)"), _("from"), _("to")),
    "evidence": (
        _("In the plan"), _("People with it"), _("Reached with it"), _("People without it"), _("Reached without it"),
        _("Raw ratio"), _("Raw ratio, from"), _("Raw ratio, to"), _("More people needed"),
    ),
}  # fmt: skip
IF_ANY: Final[Sequence[Promise]] = (_("Days without data"),)  # said where there are some


@dataclass(frozen=True, slots=True)
class Text:
    """One cell in words."""

    text: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table in words.

    columns     the places of what is shown among the record's columns
    notes       sentences that stand below it
    """

    title: str
    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    columns: tuple[int, ...]
    notes: tuple[str, ...] = ()


def table_of(report: str, sheet: Sheet) -> Table:
    """Give a report's sheet for a mail, in the language at work, which is the record's."""
    head, *lines = sheet.rows
    rows = [row for row in lines if len(row) == len(head)]
    whole = _of_whole_periods(head, rows)
    columns = _columns(head, rows, LEFT_OUT.get(report, ()))
    shown, left = _shown(whole)
    numbers = [any(isinstance(row[place], int | float) for row in rows) for place in columns]
    notes = [text_of(row[0]) for row in lines if len(row) < len(head)]  # a row of one cell tells of the others
    return Table(
        title=sheet.title,
        head=tuple(Text(str(head[place]), is_number) for place, is_number in zip(columns, numbers, strict=True)),
        rows=tuple(tuple(_text(row[place]) for place in columns) for row in shown),
        columns=columns,
        notes=(*_left(left + len(rows) - len(whole)), *notes),
    )


def _left(rows: int) -> list[str]:
    """Say how many rows are left out."""
    if not rows:
        return []
    return [ngettext("%(n)s more row is in the report.", "%(n)s more rows are in the report.", rows) % {"n": rows}]


def _of_whole_periods(head: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    """Leave out what can still grow: a mail has no room for the column that says so."""
    if gettext("Period is over") not in head:
        return rows
    place = head.index(gettext("Period is over"))
    return [row for row in rows if row[place] == gettext("yes")]


def _columns(head: Sequence[Cell], rows: Sequence[Sequence[Cell]], left_out: Sequence[Promise]) -> tuple[int, ...]:
    """Give the places of the first columns that are not left out and have something in them."""
    told = []
    for place, name in enumerate(map(str, head)):
        nothing = (None, "", 0) if _is_one(name, IF_ANY) else (None, "")
        if not _is_left_out(name, left_out) and any(row[place] not in nothing for row in rows):
            told.append(place)
    return tuple(told[:MOST_COLUMNS])


def _is_left_out(name: str, names: Sequence[Promise]) -> bool:
    """Say whether it is one of the names, by itself, of a model, or as the part of another column."""
    own = name.partition(" (")[0]  # whatever the currency behind it
    _column, comma, part = own.rpartition(", ")
    return any(_is_one(each, names) for each in (own, own.rpartition(": ")[2], part if comma else own))


def _is_one(name: str, names: Sequence[Promise]) -> bool:
    """Say whether it is one of the names, whatever the currency behind it."""
    return name.partition(" (")[0] in {str(each).partition(" (")[0] for each in names}


def _shown(rows: Sequence[Sequence[Cell]]) -> tuple[Sequence[Sequence[Cell]], int]:
    left = max(0, len(rows) - MOST_ROWS)
    is_of_days = bool(rows) and isinstance(rows[0][0], date)
    return (rows[left:] if is_of_days else rows[:MOST_ROWS]), left


def _text(cell: Cell) -> Text:
    return Text(text_of(cell), isinstance(cell, int | float))


def as_lines(table: Table) -> list[str]:
    """Write the table in letters of one width: names to the left, numbers to the right, long heads in several lines."""
    rows = [[" ".join(cell.text.split()) for cell in row] for row in table.rows]
    heads = [wrap(cell.text, HEAD_WIDTH) for cell in table.head]
    columns = range(len(table.head))
    widths = [max(map(len, [*heads[place], *(row[place] for row in rows)])) for place in columns]
    height = max(map(len, heads))
    head = [[""] * (height - len(name)) + name for name in heads]
    lines = [_line([name[n] for name in head], table.head, widths) for n in range(height)]
    rule = "-" * (sum(widths) + 2 * (len(widths) - 1))
    return [*lines, rule, *(_line(row, table.head, widths) for row in rows)]


def _line(row: Sequence[str], head: Sequence[Text], widths: Sequence[int]) -> str:
    cells = zip(row, head, widths, strict=True)
    written = (text.rjust(width) if column.is_number else text.ljust(width) for text, column, width in cells)
    return "  ".join(written).rstrip()
