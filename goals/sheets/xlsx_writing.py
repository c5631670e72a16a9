"""A plan as a workbook: a sheet for each table, days and numbers as such, choices as lists, and no formula."""

import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from goals import cells
from goals.document import Document
from goals.figures import PERCENT
from goals.references import Reference
from goals.sheets.grids import Grid, grids_of, upright_headings
from goals.tables import Column, Value

LISTS: Final = "_lists"  # the hidden sheet of choices; not read back
ROOM: Final = 500  # rows below the last one in which the lists are offered, too
MOST_DIGITS: Final = 15  # a spreadsheet's numbers are binary; more digits would come back as others
_NARROWEST, _WIDEST = 10, 48  # of columns, in characters
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
HEADING: Final = (Font(bold=True), PatternFill("solid", fgColor="E8EDF5"), Alignment(vertical="top", wrap_text=True))
_AMONG: Final = {
    "objectives": "objectives",
    "goals": "goals",
    "macros": "goals",
    "kpis": "kpis",
    "segments": "segments",
}


def workbook_of(document: Document) -> bytes:
    """Write the plan; headings, choices and help in the reader's language."""
    book = Workbook()
    book.properties.creator = "Measureplan"
    book.properties.title = _escaped(document.plan.name)
    book.remove(book.worksheets[0])
    grids = grids_of(document)
    for grid in grids:
        sheet = book.create_sheet(title_of(grid.title))
        (_upright if grid.is_upright else _level)(sheet, grid)
    _offer_choices(book, grids)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def title_of(name: str) -> str:
    """Give the name as a sheet can have it."""
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31]


def _level(sheet: Worksheet, grid: Grid) -> None:
    """Write a heading in the first row for each column, and a row for each row."""
    for place, column in enumerate(grid.columns, start=1):
        _head(sheet.cell(1, place), column)
        longest = max((len(column.text(row[place - 1])) for row in grid.rows), default=0)
        width = min(max(len(str(column.label)) + 2, longest, _NARROWEST), _WIDEST)
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(grid.rows, start=2):
        for place, (column, value) in enumerate(zip(grid.columns, row, strict=True), start=1):
            _put(sheet.cell(number, place), column, value)
    sheet.freeze_panes = "C2" if grid.columns[0].key == "slug" else "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(grid.columns))}{max(len(grid.rows) + 1, 2)}"


def _upright(sheet: Worksheet, grid: Grid) -> None:
    """Write each column as a row: its name, its value."""
    for place, heading in enumerate(upright_headings(), start=1):
        cell = sheet.cell(1, place)
        write_text(cell, heading)
        cell.font, cell.fill, cell.alignment = HEADING
    for number, (column, value) in enumerate(zip(grid.columns, grid.rows[0], strict=True), start=2):
        _head(sheet.cell(number, 1), column)
        _put(sheet.cell(number, 2), column, value)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 26, 60
    sheet.freeze_panes = "B2"


def _head(cell: Any, column: Column) -> None:
    write_text(cell, str(column.label))
    cell.font, cell.fill, cell.alignment = HEADING
    if column.help:
        cell.comment = Comment(str(column.help), "Measureplan", height=90, width=260)


def _put(cell: Any, column: Column, value: Value) -> None:
    """Write the value as the type that a spreadsheet has for it, where nothing of it is lost."""
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    typed, number_format = _typed(column.cell, value)
    if typed is None:
        write_text(cell, column.text(value))
    else:
        cell.value, cell.number_format = typed, number_format


def _typed(kind: cells.Cell, value: Value) -> tuple[Any, str]:  # what openpyxl takes, None where text is better
    if value in (None, ""):
        return None, ""
    if isinstance(kind, cells.Day):
        return date.fromisoformat(value), "yyyy-mm-dd"
    if isinstance(kind, cells.Whole):
        return value, "0"
    return _numeric(kind, value)


def _numeric(kind: cells.Cell, value: Value) -> tuple[Any, str]:  # as `_typed`
    if isinstance(kind, cells.Money):
        return _lossless(Decimal(value) / 10**6), "General"
    is_share = isinstance(kind, cells.Share)
    if is_share or (isinstance(kind, cells.Figure) and value.endswith(PERCENT)):
        return _lossless(Decimal(value) if is_share else Decimal(value.removesuffix(PERCENT)) / 100), "0.####%"
    return (_lossless(Decimal(value)), "General") if isinstance(kind, cells.Figure) else (None, "")


def _lossless(number: Decimal) -> Decimal | int | None:
    if len(number.normalize().as_tuple().digits) > MOST_DIGITS:
        return None
    return int(number) if number == int(number) else number


def write_text(cell: Any, text: str) -> None:
    """Write words as words: openpyxl takes whatever starts with "=" for a formula unless it is told."""
    if text:
        cell.value = _escaped(text)
        cell.data_type = "s"
        # As if somebody had typed an apostrophe first: it stays text when it is edited.
        cell.quotePrefix = text[0] in "=+-@"  # missing in the stubs


def _escaped(text: str) -> str:
    """Write characters that XML has none for as the format's own _x0001_, and what looks like one, too."""
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _offer_choices(book: Workbook, grids: Sequence[Grid]) -> None:
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    titles = {grid.table.key: title_of(grid.title) for grid in grids}
    for grid in grids:
        sheet = book[titles[grid.table.key]]
        for place, column in enumerate(grid.columns, start=1):
            source, is_strict = _source(lists, column, titles)
            if source:
                found = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=is_strict)
                found.error = _("Choose one of the list.")
                letter = get_column_letter(place)
                last = len(grid.rows) + 1 + ROOM
                found.add(f"B{place + 1}" if grid.is_upright else f"{letter}2:{letter}{last}")
                sheet.add_data_validation(found)


def _source(lists: Worksheet, column: Column, titles: dict[str, str]) -> tuple[str, bool]:
    """Give where the column's choices stand, and whether nothing else may be written; "" for none."""
    if isinstance(column.cell, Reference):
        return f"{quote_sheetname(titles[_AMONG[column.cell.among]])}!$A$2:$A${ROOM}", False
    if isinstance(column.cell, cells.YesNo):
        words = [column.text(True), column.text(False)]
    elif isinstance(column.cell, cells.Choice):
        words = [str(label) for _key, label in column.cell.choices]
    else:
        return "", False
    place = lists.max_column + 1 if lists["A1"].value else 1
    for number, word in enumerate(words, start=1):
        write_text(lists.cell(number, place), word)
    letter = get_column_letter(place)
    return f"{LISTS}!${letter}$1:${letter}${len(words)}", True
