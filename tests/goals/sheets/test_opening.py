"""Files that are sent for a plan: what is read of which, and the table of what is answered to the rest."""

import time
import tracemalloc
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook

from goals.sheets import limits
from goals.sheets.book import Book, Cell
from goals.sheets.opening import read_file
from tests.goals.sheets.files import csv, packed, row, saved, workbook

ROWS = [["Macro goal", "KPI"], ["Kjøp", "Ordre"]]
HEAD = row(1, "Name", "Level")
BILLION = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]>'


def cells(book: Book, sheet: int = 0) -> list[list[str]]:
    return [[line.cell(column).text for column in range(max(line.cells) + 1)] for line in book.sheets[sheet].lines]


def locked_zip() -> bytes:
    """Give a ZIP whose one member says that it has a password."""
    content = bytearray(packed({"a.csv": "name"}))
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        content[content.index(start) + (6 if start.endswith(b"\x04") else 8)] |= 1
    return bytes(content)


def lying_zip() -> bytes:
    """Give a ZIP whose member states one byte and unpacks to more."""
    content = bytearray(packed({"a.csv": b"x" * 50_000_000}))
    for start, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(start) + place
        content[at : at + 4] = (1).to_bytes(4, "little")
    return bytes(content)


OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how files of the old Excel begin


@pytest.mark.parametrize(
    ("name", "content", "refusal", "says"),
    [
        ("a.xlsx", lambda: b"", limits.DamagedFile, "empty"),
        ("a.csv", lambda: b"x" * 20_000_001, limits.FileTooLarge, "more than 20 MB"),
        ("a.xls", lambda: OLD_EXCEL + b"\0" * 600, limits.UnsupportedFile, "Save it as .xlsx"),
        (
            "a.xlsx",
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            limits.UnsupportedFile,
            "has a password",
        ),
        ("a.zip", locked_zip, limits.UnsupportedFile, "has a password"),
        ("a.xlsm", lambda: workbook(HEAD, vbaProject_bin="x"), limits.UnsupportedFile, "has macros"),
        ("a.ods", lambda: packed({"mimetype": "oasis", "content.xml": "<a/>"}), limits.UnsupportedFile, "no Excel"),
        ("a.xlsb", lambda: packed({"[Content_Types].xml": "", "xl/workbook.bin": ""}), limits.UnsupportedFile, "Excel"),
        ("a.pdf", lambda: b"%PDF-1.7", limits.UnsupportedFile, "PDF"),
        ("a.csv", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", limits.UnsupportedFile, "no table"),
        ("a.zip", lambda: packed({"a.csv": "name", "b.exe": "x"}), limits.UnsupportedFile, "b.exe"),
        ("a.zip", lambda: packed({"b.zip": packed({"a.csv": "name"})}), limits.UnsupportedFile, "b.zip"),
        ("a.zip", lambda: packed({}), limits.UnsupportedFile, "holds nothing"),
        ("a.zip", lambda: packed({f"{n}.csv": "a" for n in range(101)}), limits.FileTooLarge, "101 files"),
        ("a.zip", lambda: packed({"a.csv": b"," * 210_000_000}), limits.FileTooLarge, "200 MB unpacked"),
        ("a.zip", lambda: packed({"a.csv": b"x"})[:-30], limits.DamagedFile, "damaged"),
        ("a.zip", lying_zip, limits.DamagedFile, "damaged"),
        ("a.xlsx", lambda: workbook("<row"), limits.DamagedFile, "damaged"),
        ("a.xlsx", lambda: workbook(HEAD, sharedStrings_xml=f"{BILLION}<sst/>"), limits.DamagedFile, "damaged"),
        ("a.xlsx", lambda: workbook("<row>" * 60), limits.DamagedFile, "damaged"),
        ("a.csv", lambda: b"\n".join([b"a"] * 200_001), limits.FileTooLarge, "200000 rows"),
        ("a.csv", lambda: b";".join([b"a"] * 201), limits.FileTooLarge, "200 columns"),
        ("a.xlsx", lambda: workbook('<row r="1"><c r="XFD1"><v>1</v></c></row>'), limits.FileTooLarge, "200 columns"),
        ("a.csv", lambda: b'"' + b"a" * 200_000, limits.DamagedFile, "damaged"),
    ],
    ids=[
        "empty", "too large", "xls", "xlsx with a password", "zip with a password", "macros", "ods", "xlsb", "pdf",
        "picture", "zip of others", "zip in zip", "empty zip", "101 members", "bomb", "cut off", "bomb that lies",
        "no XML", "entities", "too deep", "200,001 rows", "201 columns", "far column", "open quote",
    ],
)  # fmt: skip
def test_a_file_that_is_not_read_says_why(
    name: str, content: Callable[[], bytes], refusal: type[limits.DamagedFile], says: str
) -> None:
    with pytest.raises(refusal, match=says):
        read_file(name, content())


def test_the_limits_of_this_table_are_those_that_are_promised() -> None:
    promised = (20_000_000, 200_000_000, 100, 200_000, 200)
    assert promised == (
        limits.MOST_BYTES, limits.MOST_UNPACKED, limits.MOST_MEMBERS, limits.MOST_ROWS, limits.MOST_COLUMNS,
    )  # fmt: skip
    assert limits.UnsupportedFile.code == "unsupported_file"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"), ("cp1252", "cp1252"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_encoding_and_the_sign_between_cells_are_found(encoding: str, found: str, delimiter: str) -> None:
    book = read_file("plan.csv", csv(ROWS, delimiter=delimiter, encoding=encoding))
    assert (book.encoding, book.delimiter, cells(book)) == (found, delimiter, ROWS)


def test_excels_own_line_about_the_sign_is_no_row() -> None:
    book = read_file("plan.csv", b"sep=|\na|b\n1|2\n")
    assert cells(book) == [["a", "b"], ["1", "2"]]
    assert [line.number for line in book.sheets[0].lines] == [2, 3]


def test_a_formula_gives_what_it_gave_when_it_was_saved_and_is_never_worked_out() -> None:
    sheet = workbook(
        '<row r="1"><c r="A1"><f>1+1</f><v>41</v></c><c r="B1" t="str"><f>A1</f><v>text</v></c>'
        '<c r="C1"><f>NOW()</f></c><c r="D1" t="e"><v>#REF!</v></c></row>'
    )
    line = read_file("plan.xlsx", sheet).sheets[0].lines[0]
    assert [line.cell(place) for place in range(4)] == [
        Cell("41", is_number=True), Cell("text"), Cell("", fault="no_result"), Cell("#REF!", fault="error_value"),
    ]  # fmt: skip


def test_numbers_days_and_shares_come_as_people_see_them() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append([0.1 + 0.2, 0.034, "2026", True])
    sheet["B1"].number_format = "0.0%"
    sheet["E1"].value = date(2026, 11, 21)
    line = read_file("plan.xlsx", saved(book)).sheets[0].lines[0]
    assert [line.cell(place).text for place in range(5)] == ["0.3", "3.4%", "2026", "1", "2026-11-21 00:00:00"]


def test_hidden_sheets_are_left_alone() -> None:
    book = Workbook()
    book.worksheets[0].append(["Name"])
    hidden = book.create_sheet("Secret")
    hidden.append(["Name"])
    hidden.sheet_state = "hidden"
    assert [sheet.name for sheet in read_file("plan.xlsx", saved(book)).sheets] == ["Sheet"]


def test_a_million_styled_empty_rows_take_neither_long_nor_much() -> None:
    empty = "".join(f'<row r="{number}" s="1" customFormat="1"/>' for number in range(2, 1_000_000))
    content = workbook(HEAD + empty)
    tracemalloc.start()
    start = time.perf_counter()
    book = read_file("plan.xlsx", content)
    spent, (_now, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(book.sheets[0].lines) == 1
    assert spent < 60  # traced, and on a loaded machine; untraced it is two seconds
    assert peak < 20_000_000


def test_a_row_of_a_million_cells_is_refused_before_it_is_held() -> None:
    content = workbook(f'<row r="1">{"<c><v>1</v></c>" * 1_000_000}</row>')
    with pytest.raises(limits.FileTooLarge, match="200 columns"):
        read_file("plan.xlsx", content)


def test_far_apart_rows_do_not_invent_those_between() -> None:
    book = read_file("plan.xlsx", workbook(row(1, "Name") + row(1_048_576, "Order")))
    assert [line.number for line in book.sheets[0].lines] == [1, 1_048_576]
