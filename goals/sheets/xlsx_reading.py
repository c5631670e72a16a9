"""Reads a workbook as it goes by: only filled cells are kept, and formulas give what they gave when it was saved.

openpyxl would do most of it, and holds a row of a million cells in memory, invents the rows between two far ones, and
can't tell a formula without a saved result from an empty cell.
"""

import posixpath
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from goals.sheets import limits
from goals.sheets.book import Book, Cell, Counter, Line, Sheet, Span, number_cell
from goals.sheets.headings import LOOKED_AT
from goals.sheets.unpacking import Archive
from goals.sheets.xlsx_writing import LISTS
from goals.sheets.xml_streams import Reader

WORKBOOK: Final = "xl/workbook.xml"
MACROS: Final = "vbaproject.bin"
MOST_SPANS: Final = 1_000  # merged cells of a sheet that are looked at
MOST_STRINGS: Final = 1_000_000  # distinct texts of a workbook
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERALS: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def read_workbook(archive: Archive) -> Book:
    """Read the sheets that people see; raise UnsupportedFile, FileTooLarge, DamagedFile."""
    names = {name.lower(): name for name in archive.names}
    if any(posixpath.basename(name) == MACROS for name in names):
        raise limits.UnsupportedFile(
            _("The file has macros. Save it as an Excel workbook without macros (.xlsx), then send it again.")
        )
    if WORKBOOK not in names:
        raise limits.UnsupportedFile(_("This is no Excel workbook. Save it as .xlsx or .csv, then send it again."))
    head = _Head()
    head.feed(archive.pieces(names[WORKBOOK]))
    relations, strings, styles = _Relations(), _Strings(), _Styles()
    for name, reader in (
        ("xl/_rels/workbook.xml.rels", relations),
        ("xl/sharedstrings.xml", strings),
        ("xl/styles.xml", styles),
    ):
        if name in names:
            reader.feed(archive.pieces(names[name]))
    counter, sheets = Counter(), []
    for title, relation in head.sheets:
        path = names.get(relations.path_of(relation).lower())
        if path is not None and title != LISTS:
            found = _Lines(title, strings.found, styles, head.epoch, counter)
            found.feed(archive.pieces(path))
            sheets.append(Sheet(title, tuple(found.lines), found.spans))
    return Book("xlsx", tuple(sheets))


class _Head(Reader):
    """The workbook's own file: the sheets' titles, and from which day its days are counted."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.epoch = CALENDAR_WINDOWS_1900

    def start(self, name: str, values: dict[str, str]) -> None:
        if name == "workbookPr" and values.get("date1904") in {"1", "true"}:
            self.epoch = CALENDAR_MAC_1904
        if name == "sheet" and values.get("state", "visible") == "visible":
            relation = next((value for key, value in values.items() if key.endswith(":id")), "")
            self.sheets.append((values.get("name", ""), relation))


class _Relations(Reader):
    """Which file each sheet is in."""

    def __init__(self) -> None:
        super().__init__()
        self._targets: dict[str, str] = {}

    def start(self, name: str, values: dict[str, str]) -> None:
        if name == "Relationship" and values.get("Type", "").endswith("/worksheet"):
            self._targets[values.get("Id", "")] = values.get("Target", "")

    def path_of(self, relation: str) -> str:
        """Give the member's name, "" where there is none."""
        target = self._targets.get(relation, "")
        return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}") if target else ""


class _Strings(Reader):
    """The texts that cells name by their number; the reading aids of Japanese texts are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._parts: list[str] = []
        self._is_text = self._is_aid = False

    def start(self, name: str, values: dict[str, str]) -> None:  # noqa: ARG002
        if name == "si":
            self._parts = []
        self._is_aid = self._is_aid or name == "rPh"
        self._is_text = name == "t" and not self._is_aid

    def end(self, name: str) -> None:
        self._is_text = False
        if name == "rPh":
            self._is_aid = False
        elif name == "si":
            if len(self.found) >= MOST_STRINGS:
                raise limits.too_many_cells()
            self.found.append(unescaped("".join(self._parts))[: limits.MOST_CHARS])

    def text(self, data: str) -> None:
        if self._is_text:
            self._parts.append(data)


class _Styles(Reader):
    """Which cells hold days, and which shares: their numbers alone don't say."""

    def __init__(self) -> None:
        super().__init__()
        self._formats: dict[int, str] = dict(BUILTIN_FORMATS)
        self._styles: list[int] = []
        self._is_cells = False

    def start(self, name: str, values: dict[str, str]) -> None:
        if name == "numFmt":
            self._formats[_whole(values.get("numFmtId"))] = values.get("formatCode", "")
        elif name == "cellXfs":
            self._is_cells = True
        elif name == "xf" and self._is_cells:
            self._styles.append(_whole(values.get("numFmtId")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._is_cells = False

    def format_of(self, style: int) -> str:
        """Give how the numbers of a style are written."""
        return self._formats.get(self._styles[style], "") if 0 <= style < len(self._styles) else ""


class _Lines(Reader):
    """One sheet."""

    def __init__(self, title: str, strings: list[str], styles: _Styles, epoch: Any, counter: Counter) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self._title, self._strings, self._styles, self._epoch, self._counter = title, strings, styles, epoch, counter
        self._row, self._column = 0, -1
        self._spans: list[Span] = []
        self._cells: dict[int, Cell] = {}
        self._values: Mapping[str, str] = {}
        self._parts: list[str] = []
        self._is_formula = self._is_value = False

    def start(self, name: str, values: dict[str, str]) -> None:
        if name == "row":
            self._row, self._column = _whole(values.get("r")) or self._row + 1, -1
        elif name == "c":
            found = _ADDRESS.fullmatch(values.get("r", ""))
            self._column = _column(found[1]) if found else self._column + 1
            self._values, self._parts, self._is_formula = values, [], False
        elif name == "f":
            self._is_formula = True
        elif name == "mergeCell":  # all of them come after the last row
            self._span(values.get("ref", ""))
        self._is_value = name in {"v", "t"}

    def text(self, data: str) -> None:
        if self._is_value:
            self._parts.append(data)

    def end(self, name: str) -> None:
        self._is_value = False
        if name == "c":
            self._keep(self._cell())
        elif name == "row" and self._cells:
            self.lines.append(Line(self._row, self._cells))
            self._counter.take(self._title, self._cells)
            self._cells = {}

    @property
    def spans(self) -> tuple[Span, ...]:
        """Give the merged cells among the first rows."""
        return tuple(self._spans)

    def _span(self, written: str) -> None:
        first, last = (_ADDRESS.fullmatch(corner) for corner in (written.partition(":")[0], written.partition(":")[2]))
        among_first = self.lines[: 2 * LOOKED_AT]
        if not (first and last and among_first) or len(self._spans) >= MOST_SPANS:
            return
        row, column = int(first[2]), _column(first[1])
        if row <= among_first[-1].number and int(last[2]) >= row and _column(last[1]) >= column:
            width = min(_column(last[1]) - column + 1, limits.MOST_COLUMNS)
            self._spans.append(Span(row, column, int(last[2]) - row + 1, width))

    def _keep(self, cell: Cell) -> None:
        if cell.text or cell.fault:
            self._cells[self._column] = cell
            if len(self._cells) > limits.MOST_COLUMNS:
                raise limits.too_many_columns(self._title)

    def _cell(self) -> Cell:
        written = "".join(self._parts)
        if self._is_formula and not written:
            return Cell("", fault="no_result")
        kind = self._values.get("t", "n")
        if kind == "e":
            return Cell(written, fault="error_value")
        if kind == "s":
            place = _whole(written, -1)
            return Cell(self._strings[place].strip()) if 0 <= place < len(self._strings) else Cell("")
        if kind == "b":
            return Cell("1" if written == "1" else "0")
        if kind in {"str", "inlineStr", "d"}:
            return Cell(unescaped(written).strip()[: limits.MOST_CHARS])
        return self._number(written.strip())

    def _number(self, written: str) -> Cell:
        if not written:
            return Cell("")
        try:
            number = _rounded(written)
        except InvalidOperation:
            return Cell(written[:80])
        form = _LITERALS.sub("", self._styles.format_of(_whole(self._values.get("s"))))
        if is_date_format(form):
            return self._day(number)
        return number_cell(number, is_percent="%" in form)

    def _day(self, number: Decimal) -> Cell:
        try:
            found = from_excel(float(number), self._epoch)
        except (ValueError, OverflowError, TypeError):
            return Cell(str(number), fault="no_day")
        return Cell(found.isoformat(sep=" ") if hasattr(found, "hour") and hasattr(found, "year") else str(found))


def unescaped(text: str) -> str:
    """Give the text with the characters that the format writes as _x0001_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _rounded(written: str) -> Decimal:
    """Read a number as spreadsheets mean it: 15 digits, so that 0.034000000000000002 is 0.034."""
    number = Decimal(written)
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise InvalidOperation
    return Decimal(f"{number:.15g}") if len(number.as_tuple().digits) > 15 else number


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _whole(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else otherwise
