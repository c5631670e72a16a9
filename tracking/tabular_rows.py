"""Files of rows: CSV, NDJSON and Parquet told apart, their layout found and shown, and read row by row."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from json import JSONDecodeError
from typing import Any, BinaryIO

import msgspec
import pyarrow as pa
from pyarrow import parquet

from tracking.event import MAX_DEPTH, Drop
from tracking.import_file import (
    MAX_COLUMNS,
    MAX_LINE_BYTES,
    MAX_ROWS,
    UnreadableFileError,
    open_file,
)
from tracking.protocols.json_items import decode_item
from tracking.protocols.json_split import depth_of

_SAMPLE_BYTES = 256_000  # enough lines to see encoding and numbers, read again from the start afterwards
SAMPLE_ROWS = 50
_DELIMITERS = ",;\t|"
_COMMA_NUMBER = re.compile(r"[+-]?\d{1,3}(?:[. \u00a0\u202f]?\d{3})*,\d{1,2}")
_POINT_NUMBER = re.compile(r"[+-]?\d+\.\d+")


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is written; what was guessed is shown to its owner, who may say otherwise."""

    format: str  # csv, ndjson, parquet
    encoding: str = "utf-8"
    delimiter: str = ","
    has_decimal_comma: bool = False
    columns: tuple[str, ...] = ()
    sample: tuple[dict[str, Any], ...] = ()  # Any: text in CSV, JSON values and dates in the others


class Row(msgspec.Struct, frozen=True):
    """One row: the line it starts on (the row's number in Parquet) and its values by column."""

    line: int
    values: dict[str, Any]  # Any: as in Layout.sample


class RowError(msgspec.Struct, frozen=True):
    """Why a row is no event, said so that its owner can find and mend it."""

    line: int
    column: str
    value: str
    code: str
    message: str


def layout_of(
    stream: BinaryIO, *, format_name: str | None = None, encoding: str | None = None, delimiter: str | None = None
) -> Layout:
    """Look at a seekable file's beginning; what is given is taken, the rest is found.

    raises  UnreadableFileError for another kind of file, or one without columns
    """
    stream.seek(0)
    start = open_file(stream).read(_SAMPLE_BYTES)
    found = format_name or _format_of(start)
    if found == "csv":
        encoding = encoding or _encoding_of(start)
        header = start.decode(encoding, "replace").lstrip("\ufeff").partition("\n")[0]
        layout = Layout(format="csv", encoding=encoding, delimiter=delimiter or _delimiter_of(header))
    else:
        layout = Layout(format=found)
    sample = [row.values for row in _first(rows_of(stream, layout)) if isinstance(row, Row)]
    columns = tuple(dict.fromkeys(column for row in sample for column in row))
    if not columns:
        raise UnreadableFileError("the file has no rows under named columns")
    return msgspec.structs.replace(
        layout, columns=columns, sample=tuple(sample), has_decimal_comma=_has_decimal_comma(sample)
    )


def rows_of(stream: BinaryIO, layout: Layout) -> Iterator[Row | RowError]:
    """Read a seekable file from its start, row by row; raises UnreadableFileError where it cannot go on."""
    stream.seek(0)
    for number, row in enumerate(READERS[layout.format](stream, layout), start=1):
        if number > MAX_ROWS:
            raise UnreadableFileError(f"the file has more than {MAX_ROWS} rows; split it")
        yield row


def _csv_rows(stream: BinaryIO, layout: Layout) -> Iterator[Row | RowError]:
    text = io.TextIOWrapper(open_file(stream), encoding=layout.encoding, newline="")
    reader = csv.reader(text, delimiter=layout.delimiter)
    try:
        columns = _unique([name.strip().lstrip("\ufeff") for name in next(reader, [])])
        if len(columns) > MAX_COLUMNS:
            raise UnreadableFileError(f"the file has {len(columns)} columns; at most {MAX_COLUMNS} are read")
        line = reader.line_num + 1  # a quoted field may span lines: the row is where it starts
        for cells in reader:
            if len(cells) == len(columns):
                yield Row(line, dict(zip(columns, cells, strict=True)))
            elif cells:
                message = f"the row has {len(cells)} cells under {len(columns)} columns"
                yield RowError(line, "", layout.delimiter.join(cells)[:80], "row_length", message)
            line = reader.line_num + 1
    except UnicodeDecodeError as fault:
        message = (
            f"line {reader.line_num + 1}, or one soon after, is not {layout.encoding}; say which encoding the file has"
        )
        raise UnreadableFileError(message) from fault
    except csv.Error as fault:
        raise UnreadableFileError(f"line {reader.line_num + 1} is not CSV: {fault}") from fault
    finally:
        text.detach()  # the stream belongs to the caller, who reads it again


def _ndjson_rows(stream: BinaryIO, _layout: Layout) -> Iterator[Row | RowError]:
    file = open_file(stream)
    line = 0
    while raw := file.readline(MAX_LINE_BYTES):
        line += 1
        raw = raw.removeprefix(b"\xef\xbb\xbf").strip()
        if raw:
            yield _json_row(line, raw)


def _json_row(line: int, raw: bytes) -> Row | RowError:
    shown = raw[:80].decode("utf-8", "replace")
    if raw.count(b"{") + raw.count(b"[") > MAX_DEPTH and depth_of(raw) > MAX_DEPTH:
        return RowError(line, "", shown, "too_deep", f"the row is nested more than {MAX_DEPTH} levels deep")
    try:
        decoded = decode_item(raw)
    except (JSONDecodeError, UnicodeDecodeError) as fault:
        return RowError(line, "", shown, "invalid_json", f"the line is not JSON: {fault}")
    if isinstance(decoded, Drop):
        return RowError(line, decoded.pointer, shown, decoded.reason, decoded.message)
    return Row(line, decoded.fields)


def _parquet_rows(stream: BinaryIO, _layout: Layout) -> Iterator[Row | RowError]:
    try:
        file = parquet.ParquetFile(stream)
        line = 0
        for batch in file.iter_batches(batch_size=2_000):
            for values in batch.to_pylist():
                line += 1
                yield Row(line, values)
    except pa.ArrowException as fault:
        raise UnreadableFileError(f"the Parquet file cannot be read: {fault}") from fault


READERS: dict[str, Callable[[BinaryIO, Layout], Iterator[Row | RowError]]] = {
    "csv": _csv_rows,
    "ndjson": _ndjson_rows,
    "parquet": _parquet_rows,
}


def _first(rows: Iterator[Row | RowError]) -> list[Row | RowError]:
    return [row for row, _ in zip(rows, range(SAMPLE_ROWS), strict=False)]


def _format_of(start: bytes) -> str:
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        message = "spreadsheets and zip archives other than Plausible's hold no events; save the sheet as CSV"
        raise UnreadableFileError(message)
    return "ndjson" if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{") else "csv"


def _encoding_of(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if start.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    try:
        start.decode()
    except UnicodeDecodeError as fault:
        # The sample may end within a character; anything earlier is another encoding.
        return "utf-8" if fault.start >= len(start) - 3 else "cp1252"
    return "utf-8"


def _delimiter_of(header: str) -> str:
    unquoted = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=unquoted.count)


def _has_decimal_comma(sample: list[dict[str, Any]]) -> bool:
    cells = [cell.strip() for row in sample for cell in row.values() if isinstance(cell, str)]
    with_comma = sum(_COMMA_NUMBER.fullmatch(cell) is not None for cell in cells)
    return with_comma > sum(_POINT_NUMBER.fullmatch(cell) is not None for cell in cells)


def _unique(names: list[str]) -> list[str]:
    """Number names that come again, as exports do with joined tables: id, id (2)."""
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique
