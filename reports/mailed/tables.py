"""The tables of a record as a mail has room for them: fewer columns, and of long ones the rows that matter.

A cell says what the snapshot's and the file's say, in words. What a mail leaves out stands in the report and its files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reports.exports import Cell
from reports.snapshots.record import Sheet
from reports.snapshots.showing import text_of

MOST_ROWS: Final = 40  # of a table in a mail; of days the newest
MOST_COLUMNS: Final = 6  # beside each other in 600 pixels
# Columns for those who compute on, by their name without model and currency; a reader of mails misses none of them.
LEFT_OUT: Final[Sequence[Promise]] = (
    # the KPI board
    _("Objective"), _("Goal"), _("Forecast, from"), _("Forecast, to"), _("Needed per day"), _("Numerator"),
    _("Denominator"), _("Target from"), _("Target to"), _("Restatements"),
    # a goal, a funnel
    _("Rate, numerator"), _("Rate, from"), _("Rate, to"), _("To"), _("Step"), _("Of the start, from"),
    _("Of the start, to"), _("Median seconds"), _("Lost"), _("Biggest drop"),
    # attribution
    _("Value after refunds (%(currency)s)"), _("Share, from"), _("Share, to"), _("Standard error"), _("Difference"),
    # evidence
    _("In the plan"), _("People with it"), _("Reached with it"), _("People without it"), _("Reached without it"),
    _("Raw ratio"), _("Raw ratio, from"), _("Raw ratio, to"), _("More people needed"),
)  # fmt: skip
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
    left_rows   how many rows are not shown
    """

    title: str
    head: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    columns: tuple[int, ...]
    left_rows: int = 0

    @property
    def note(self) -> str:
        """Say how many rows are left out; "" for none."""
        if not self.left_rows:
            return ""
        words = ngettext("%(n)s more row is in the report.", "%(n)s more rows are in the report.", self.left_rows)
        return words % {"n": self.left_rows}


def table_of(sheet: Sheet) -> Table:
    """Give the sheet for a mail, in the language at work, which is the record's."""
    head, *rows = sheet.rows
    columns = _columns(head, rows)
    shown, left = _shown(rows)
    numbers = [any(isinstance(_at(row, place), int | float) for row in rows) for place in columns]
    cells = zip(columns, numbers, strict=True)
    return Table(
        title=sheet.title,
        head=tuple(Text(str(head[place]), is_number) for place, is_number in cells),
        rows=tuple(tuple(_text(_at(row, place)) for place in columns) for row in shown),
        columns=columns,
        left_rows=left,
    )


def _columns(head: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> tuple[int, ...]:
    """Give the places of the first columns that are not left out and have something in them."""
    left_out, if_any = ({_plain(str(each)) for each in names} for names in (LEFT_OUT, IF_ANY))
    told = []
    for place, name in enumerate(map(str, head)):
        nothing = (None, "", 0) if _plain(name) in if_any else (None, "")
        if _plain(name) not in left_out and any(_at(row, place) not in nothing for row in rows):
            told.append(place)
    return tuple(told[:MOST_COLUMNS])


def _plain(name: str) -> str:
    """Give a column's name without the model before it and the unit behind it."""
    return name.rpartition(": ")[2].partition(" (")[0]


def _shown(rows: Sequence[Sequence[Cell]]) -> tuple[Sequence[Sequence[Cell]], int]:
    left = max(0, len(rows) - MOST_ROWS)
    is_of_days = bool(rows) and not isinstance(rows[0][0], str | int | float | None)
    return (rows[left:] if is_of_days else rows[:MOST_ROWS]), left


def _at(row: Sequence[Cell], place: int) -> Cell:
    return row[place] if place < len(row) else None  # a note below a table is a row of one cell


def _text(cell: Cell) -> Text:
    return Text(text_of(cell), isinstance(cell, int | float))


def as_lines(table: Table) -> list[str]:
    """Write the table in letters of one width: names to the left, numbers to the right."""
    rows = [tuple(Text(" ".join(cell.text.split()), cell.is_number) for cell in row) for row in table.rows]
    head = tuple(Text(" ".join(cell.text.split()), cell.is_number) for cell in table.head)
    widths = [max(len(row[place].text) for row in (head, *rows)) for place in range(len(head))]
    lines = [_line(head, table.head, widths), *(_line(row, table.head, widths) for row in rows)]
    return [lines[0], "-" * len(lines[0]), *lines[1:]]


def _line(row: Sequence[Text], head: Sequence[Text], widths: Sequence[int]) -> str:
    cells = zip(row, head, widths, strict=True)
    return "  ".join(
        cell.text.rjust(width) if column.is_number else cell.text.ljust(width) for cell, column, width in cells
    )
