import io

import pytest

from tracking.import_file import UnreadableFileError
from tracking.tabular_rows import Row, layout_of, rows_of

TEXT = "navn;beløp\nÆrlig;12,50\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_is_found_and_shown(data, encoding):
    stream = io.BytesIO(data)
    layout = layout_of(stream)
    assert (layout.encoding, layout.columns) == (encoding, ("navn", "beløp"))
    assert list(rows_of(stream, layout)) == [Row(2, {"navn": "Ærlig", "beløp": "12,50"})]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_outside_quotes(delimiter):
    header = delimiter.join(['"a,;b|c\t"', "x", "y"])
    layout = layout_of(io.BytesIO(f"{header}\n{delimiter.join('123')}\n".encode()))
    assert layout.delimiter == delimiter
    assert layout.columns == ("a,;b|c", "x", "y")


@pytest.mark.parametrize(
    ("cells", "has_comma"),
    [(["1 234,50", "7,5"], True), (["1.234,50"], True), (["1234.50"], False), (["12"], False), (["a,b"], False)],
)
def test_a_decimal_comma_is_found(cells, has_comma):
    rows = "\n".join(f"{cell};x" for cell in cells)
    assert layout_of(io.BytesIO(f"v;w\n{rows}\n".encode())).has_decimal_comma is has_comma


def test_what_is_said_of_a_file_is_taken():
    layout = layout_of(io.BytesIO("a;b\nø;1\n".encode("latin-1")), encoding="latin-1", delimiter=",")
    assert layout.columns == ("a;b",)


def test_names_that_come_twice_are_numbered():
    assert layout_of(io.BytesIO(b"id,id\n1,2\n")).columns == ("id", "id (2)")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no rows"),
        (b"a,b\n", "no rows"),
        (b"PK\x03\x04 rubbish", "save the sheet as CSV"),
        (b"PAR1 rubbish", "cannot be read"),
        (",".join(map(str, range(500))).encode() + b"\n", "500 columns"),
    ],
    ids=["nothing", "a header alone", "a spreadsheet", "broken Parquet", "500 columns"],
)
def test_a_file_that_is_no_table_is_refused_with_advice(data, message):
    with pytest.raises(UnreadableFileError, match=message):
        layout_of(io.BytesIO(data))


def test_another_encoding_far_down_names_its_line():
    data = b"a,b\n" + b"x,y\n" * 100_000 + "ø,1\n".encode("cp1252")
    stream = io.BytesIO(data)
    layout = layout_of(stream)
    with pytest.raises(UnreadableFileError, match="is not utf-8"):
        list(rows_of(stream, layout))
