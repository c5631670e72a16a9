"""A table as a workbook: numbers, shares and days as such, text as text; a second sheet says what was asked."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from goals.sheets.xlsx_writing import HEADING, title_of, write_text
from reports.exports import Cell, Share
from reports.goal_page import Fact

NARROWEST, WIDEST = 10, 48  # of columns, in characters
WIDTHS: Final = (26, 90)  # of the terms and the words about them


def as_xlsx(rows: Sequence[Sequence[Cell]], about: Sequence[Fact]) -> bytes:
    """Write the rows, the head first, and what they answer; headings in the reader's language."""
    book = Workbook()
    book.properties.creator = "Measureplan"
    figures = book.worksheets[0]
    figures.title = title_of(_("Figures"))
    _fill(figures, rows)
    _tell(book.create_sheet(title_of(_("About this table"))), about)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: Worksheet, rows: Sequence[Sequence[Cell]]) -> None:
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            _put(sheet.cell(number, place), value)
            if number == 1:
                _make_heading(sheet.cell(number, place))
    for place in range(1, max(map(len, rows), default=0) + 1):
        texts = (row[place - 1] for row in rows if len(row) >= place)
        longest = max((len(text) for text in texts if isinstance(text, str)), default=0)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(longest + 2, NARROWEST), WIDEST)
    sheet.freeze_panes = "B2"


def _tell(sheet: Worksheet, about: Sequence[Fact]) -> None:
    for number, fact in enumerate(about, start=1):
        write_text(sheet.cell(number, 1), fact.term)
        write_text(sheet.cell(number, 2), fact.words)
        _make_heading(sheet.cell(number, 1))
        sheet.cell(number, 2).alignment = Alignment(vertical="top", wrap_text=True)
    for letter, width in zip("AB", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width


def _put(cell: Any, value: Cell) -> None:  # openpyxl's cell
    """Write a value as the type that a spreadsheet has for it, in full precision."""
    if value is None:
        return
    if isinstance(value, str):
        write_text(cell, value)
        return
    cell.value = float(value) if isinstance(value, Share) else value
    cell.number_format = _format(value)


def _format(value: float | date) -> str:
    if isinstance(value, date):
        return "yyyy-mm-dd"
    if isinstance(value, Share):
        return "0.00%"
    if float(value).is_integer():
        return "#,##0"
    return "#,##0.00" if abs(value) >= 1 else "General"  # of a small ratio two places would say nothing


def _make_heading(cell: Any) -> None:  # openpyxl's cell
    cell.font, cell.fill, cell.alignment = HEADING
