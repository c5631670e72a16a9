"""A file of rows (CSV, NDJSON, Parquet; gzipped or not) to columns, and where each row stands in it."""

import csv
import gzip
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from analysis.arrays import Floats, Ints
from measureplan.bad_input import BadInput

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MOST_SECONDS = 1e11  # the year 5138; a larger number of "seconds" is milliseconds
MOST_MILLISECONDS = 1e14
NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,2})?", re.ASCII)
LARGEST_AMOUNT, MOST_DECIMALS = Decimal(10) ** 15, 18
PLACE, FILE_ROWS = "place", 1 << 40  # of a line among a table's: its file's number times this, plus its own
ISO_EXAMPLE = "2025-03-01T12:00:00Z"


@dataclass(frozen=True, slots=True)
class Rows:
    """Hold the columns of a file.

    path      the file
    columns   name to Arrow array, all of one length; text, unless Parquet gave a type
    format    csv, ndjson, parquet, or lines: some rows of a table of many files, each with its place
    is_text   columns of text are trimmed and without nulls already
    """

    path: Path
    columns: dict[str, Any]  # Arrow arrays; pyarrow has no types
    format: str
    is_text: bool = False

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def text(self, name: str) -> Any:
        """Give a column as Arrow text, empty where null or missing; an Arrow array."""
        if name not in self.columns:
            return pa.repeat(pa.scalar(""), len(self))
        column = self.columns[name]
        if self.is_text:
            return column
        try:
            return pc.utf8_trim_whitespace(pc.fill_null(column.cast(pa.string()), pa.scalar("")))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            raise BadInput(f"{self.path}, column {name}: {column.type} is no text; store it as text") from None

    def texts(self, name: str, rows: Ints) -> list[str]:
        """Give a column's text in some rows."""
        chosen: list[str] = self.text(name).take(pa.array(rows)).to_pylist()
        return chosen

    def codes(self, name: str) -> tuple[Ints, list[str]]:
        """Give a column as codes and the texts they stand for: int64[rows], list."""
        encoded = self.text(name).dictionary_encode()
        return encoded.indices.to_numpy().astype(np.int64), encoded.dictionary.to_pylist()

    def refuse(self, row: int, column: str, said: str) -> NoReturn:
        """Raise BadInput for a cell, with its place and value."""
        value = self.texts(column, np.array([row]))[0]
        quoted = f'"{value}"'
        raise BadInput(f"{self.path}, {self._place(row)}, column {column}: {said.format(quoted)}")

    def _place(self, row: int) -> str:
        if self.format == "csv":
            return f"line {_csv_line(self.path, row)}"
        if self.format == "lines":
            file, place = divmod(self.columns[PLACE][row].as_py(), FILE_ROWS)
            return f"row {place + 1}" if self.path.is_file() else f"file {file + 1}, row {place + 1}"
        return f"{'line' if self.format == 'ndjson' else 'row'} {row + 1}"


def read_rows(path: Path, needed: tuple[str, ...]) -> Rows:
    """Read a file whatever its format, which its first bytes tell.

    needed   columns that must be there
    raises   BadInput for no file, no such format, a torn row, or a missing column
    """
    content = _content(path)
    if content.startswith(b"PAR1"):
        rows = Rows(path, _from_parquet(path, content), "parquet")
    elif content.lstrip().startswith(b"{"):
        rows = Rows(path, _from_ndjson(path, content), "ndjson")
    else:
        rows = Rows(path, _from_csv(path, content), "csv")
    missing = [name for name in needed if name not in rows.columns]
    if missing:
        there = ", ".join(rows.columns) or "none"
        raise BadInput(f"{path} has no column {', '.join(missing)}; its columns are: {there}")
    return rows


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    except (OSError, EOFError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        raise BadInput(f"{path} cannot be read: {reason}; give a CSV, NDJSON or Parquet file") from None


def _from_csv(path: Path, content: bytes) -> dict[str, Any]:
    names, delimiter = _csv_header(path, content)
    as_text = pyarrow.csv.ConvertOptions(column_types={name: pa.string() for name in names})
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(content + b"\n"),  # a header alone, without its line break, is a table too
            # One thread counts rows, so that a torn one is named.
            read_options=pyarrow.csv.ReadOptions(use_threads=False, column_names=names, skip_rows=1),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=as_text,
        )
    except pa.ArrowInvalid as fault:
        reason = str(fault).splitlines()[0].removeprefix("CSV parse error: ")
        raise BadInput(f"{path} is no table of {len(names)} columns: {reason}; put that row right") from None
    return {name: table[name].combine_chunks() for name in names}


def _csv_header(path: Path, content: bytes) -> tuple[list[str], str]:
    line = content.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace").rstrip("\r")
    delimiter = max(",;\t", key=line.count)
    names = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
    if not names:
        raise BadInput(f"{path} is empty; its first line must name the columns")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(f"{path}, line 1: column {', '.join(twice)} stands there twice; rename one")
    return names, delimiter


def _csv_line(path: Path, row: int) -> int:
    """Count to the line of a row: quoted line breaks and blank lines move it; asked only to tell a fault."""
    text = _content(path).decode("utf-8-sig", errors="replace")
    _, delimiter = _csv_header(path, text.encode())
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    found = -2  # the header comes first
    for cells in reader:
        found += bool(cells)
        if found == row:
            return reader.line_num
    return row + 2


def _from_ndjson(path: Path, content: bytes) -> dict[str, Any]:
    # Numbers with a fraction stay the text they were: 0.1 is a tenth, and no float comes near it.
    decoder = msgspec.json.Decoder(dict[str, Any], float_hook=str)
    columns: dict[str, list[str | None]] = {}
    count = 0
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            raise BadInput(f"{path}, line {number}: {fault}; each line must be one JSON object") from None
        for name, value in row.items():
            if name not in columns:
                columns[name] = [None] * count
            columns[name].append(_json_text(value))
        count += 1
        for cells in columns.values():
            cells.extend([None] * (count - len(cells)))
    return {name: pa.array(cells, pa.string()) for name, cells in columns.items()}


def _json_text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _from_parquet(path: Path, content: bytes) -> dict[str, Any]:
    try:
        table = pyarrow.parquet.ParquetFile(pa.BufferReader(content)).read()
    except (pa.ArrowInvalid, OSError) as fault:
        raise BadInput(f"{path} is a damaged Parquet file: {str(fault).splitlines()[0]}") from None
    return {name: table[name].combine_chunks() for name in table.column_names}


def times_of(rows: Rows, name: str = "time") -> tuple[Ints, bool]:
    """Give a column of times as microseconds since the epoch, and whether any lacked a zone (read as UTC).

    ISO 8601, or numbers since the epoch: seconds below 1e11, milliseconds below 1e14
    raises   BadInput for the first cell that is no time
    """
    column = rows.columns[name]
    if pa.types.is_temporal(column.type) and not column.null_count:
        naive = getattr(column.type, "tz", None) is None
        moments = column.cast(pa.timestamp("us"), safe=False) if naive else column
        return moments.cast(pa.timestamp("us", "UTC"), safe=False).cast(pa.int64()).to_numpy(), naive
    text = rows.text(name)
    for zone in ("UTC", None):
        try:
            moments = text.cast(pa.timestamp("us", zone))
        except pa.ArrowInvalid:
            continue
        return moments.cast(pa.int64()).to_numpy(), zone is None
    moments = _epochs(text)
    return _times_one_by_one(rows, name) if moments is None else (moments, False)


def _epochs(text: Any) -> Ints | None:
    """Read a column of nothing but numbers: to the microsecond, as 2^53 of them are 285 years."""
    try:
        number: Floats = text.cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    if not np.all(np.abs(number) < MOST_MILLISECONDS):
        return None
    moments: Ints = np.rint(number * np.where(np.abs(number) < MOST_SECONDS, 1e6, 1e3)).astype(np.int64)
    return moments


def _times_one_by_one(rows: Rows, name: str) -> tuple[Ints, bool]:
    moments, naive = np.empty(len(rows), dtype=np.int64), False
    for row, text in enumerate(rows.text(name).to_pylist()):
        try:
            found = _moment(text)
        except ValueError:
            rows.refuse(row, name, f"{{}} is no time; write {ISO_EXAMPLE}, or seconds since 1970")
        naive = naive or found.tzinfo is None
        moments[row] = (found.replace(tzinfo=found.tzinfo or UTC) - EPOCH) // MICROSECOND
    return moments, naive


def _moment(text: str) -> datetime:
    if not NUMBER.fullmatch(text):
        return datetime.fromisoformat(text)
    number = float(text)
    if abs(number) >= MOST_MILLISECONDS:
        raise ValueError(text)
    return EPOCH + timedelta(microseconds=round(number * (1e6 if abs(number) < MOST_SECONDS else 1e3)))


def amount_of(rows: Rows, row: int, name: str, text: str) -> Decimal:
    """Give a cell as the exact amount it says; empty is 0.

    raises   BadInput for anything but a number of up to 15 digits before the point and 18 after it
    """
    if not text:
        return Decimal(0)
    if not NUMBER.fullmatch(text):
        rows.refuse(row, name, "{} is no amount; write digits and a decimal point, as in 1234.50")
    amount = Decimal(text).normalize()
    if abs(amount) >= LARGEST_AMOUNT or decimals_of(amount) > MOST_DECIMALS:
        rows.refuse(row, name, "{} is too large or too fine; 15 digits and 18 decimals are the most")
    return amount


def decimals_of(amount: Decimal) -> int:
    """Count the digits after the decimal point."""
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
