"""Reads CSV as programs of four decades write it: which encoding, and which sign between the cells, is found out."""

import codecs
import csv
import io
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from goals.sheets import limits
from goals.sheets.book import Cell, Counter, Line, Sheet
from goals.sheets.inert import meant

DELIMITERS: Final = (";", ",", "\t", "|")
_LOOKED_AT: Final = 20  # lines in which the sign between cells is sought
_STATED: Final = "sep="  # Excel's own line for it
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip


def read_csv(name: str, content: bytes, counter: Counter) -> tuple[Sheet, str, str]:
    """Give the sheet, its encoding and the sign between its cells; raise FileTooLarge, DamagedFile, UnsupportedFile."""
    encoding = encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise limits.damaged() from fault
    if "\0" in text:
        raise limits.UnsupportedFile(_("This is no table. Save it as .xlsx or .csv, then send it again."))
    stated, text = _stated(text)
    delimiter = stated or delimiter_of(text)
    try:
        lines = tuple(_lines(name, text, delimiter, counter, first=2 if stated else 1))
    except csv.Error as fault:
        raise limits.damaged() from fault
    return Sheet(name, lines), encoding, delimiter


def encoding_of(content: bytes) -> str:
    """Tell the encoding by the mark at the start, by zeros between letters, by what UTF-8 allows; else cp1252."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    start = content[:1000]
    if start.count(b"\0") > len(start) // 4:
        return "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def delimiter_of(text: str) -> str:
    """Give the sign that stands equally often in most of the first lines; a comma where there is none."""
    best, most = ",", (0, 0)
    for sign in DELIMITERS:
        reader = csv.reader(io.StringIO(text[:50_000], newline=""), delimiter=sign)
        try:
            widths = [len(row) for row, _number in zip(reader, range(_LOOKED_AT), strict=False) if row]
        except csv.Error:
            continue
        width = max(widths[:1], default=1)
        agreeing = sum(1 for each in widths if each == width)
        # Few wide lines tell more than many of one cell: prose has commas here and there.
        if width > 1 and (agreeing, width) > most:
            best, most = sign, (agreeing, width)
    return best


def _stated(text: str) -> tuple[str, str]:
    first, _end, rest = text.partition("\n")
    line = first.strip()
    is_stated = line.startswith(_STATED) and len(line) == len(_STATED) + 1
    return (line[-1], rest) if is_stated else ("", text)


def _lines(name: str, text: str, delimiter: str, counter: Counter, *, first: int) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = first
    for row in reader:
        cells = {place: Cell(meant(cell).strip()) for place, cell in enumerate(row) if cell.strip()}
        if cells:
            counter.take(name, cells)
            yield Line(number, cells)
        number = first + reader.line_num  # a quoted cell may span lines: a row is where it starts
