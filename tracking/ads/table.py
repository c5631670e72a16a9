"""The table within an ad report's file: encoding, delimiter, and the row of headers below some lines of title. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from tracking.ads.words import Field, Matched, match
from tracking.import_file import UnreadableFileError, open_file

MAX_UNPACKED_BYTES = 200_000_000
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MOST_TITLE_LINES = 30  # before the headers; three are usual
_SAMPLE_BYTES = 128_000
_DELIMITERS = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How the file is written, and where its table begins: headers in row `header_row`, counted from 0."""

    encoding: str
    delimiter: str
    header_row: int
    headers: tuple[str, ...]
    matched: Matched


def find(
    stream: BinaryIO, own: Mapping[str, Field], *, encoding: str | None = None, delimiter: str | None = None
) -> Written | None:
    """Look for the table at the file's beginning; None where there is none. Raises UnreadableFileError."""
    stream.seek(0)
    start = open_file(stream, max_bytes=MAX_UNPACKED_BYTES).read(_SAMPLE_BYTES)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"PAR1")) or not start:
        return None
    encoding = encoding or _encoding_of(start)
    text = start.decode(encoding, "replace").lstrip("\ufeff")
    found = [
        each for sign in ([delimiter] if delimiter else _DELIMITERS) for each in _tables(text, sign, encoding, own)
    ]
    return max(found, key=lambda each: len(each.matched.columns), default=None)


def rows(stream: BinaryIO, written: Written) -> Iterator[tuple[int, list[str]]]:
    """Give the rows below the headers that are not empty, each with its line; raises UnreadableFileError."""
    stream.seek(0)
    file = open_file(stream, max_bytes=MAX_UNPACKED_BYTES)
    text = io.TextIOWrapper(file, encoding=written.encoding, newline="")
    reader = csv.reader(text, delimiter=written.delimiter)
    try:
        line, taken = 1, 0
        for number, cells in enumerate(reader):
            if number > written.header_row and any(cell.strip() for cell in cells):
                taken += 1
                if taken > MAX_ROWS:
                    raise UnreadableFileError(f"the report has more than {MAX_ROWS} rows; split it")
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except UnicodeDecodeError as fault:
        message = f"line {reader.line_num + 1}, or one soon after, is not {written.encoding}; say which encoding it has"
        raise UnreadableFileError(message) from fault
    except csv.Error as fault:
        raise UnreadableFileError(f"line {reader.line_num + 1} is not CSV: {fault}") from fault
    finally:
        text.detach()  # the stream belongs to the caller, who reads it again


def _tables(text: str, delimiter: str, encoding: str, own: Mapping[str, Field]) -> Iterator[Written]:
    """Give each of the first rows that could be the headers."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, cells in zip(range(MOST_TITLE_LINES), reader, strict=False):
            if len(cells) > MAX_COLUMNS:
                continue
            headers = tuple(cell.strip().lstrip("\ufeff") for cell in cells)
            matched = match(headers, own)
            if len(matched.columns) >= 3:
                yield Written(
                    encoding=encoding, delimiter=delimiter, header_row=number, headers=headers, matched=matched
                )
    except csv.Error:
        return


def _encoding_of(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if start.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    # LinkedIn's files have every second byte empty, and not always the mark that says so.
    for encoding, begin in (("utf-16-le", 1), ("utf-16-be", 0)):
        half = start[begin:400:2]
        if half and half.count(0) > len(half) * 0.8:
            return encoding
    try:
        start.decode()
    except UnicodeDecodeError as fault:
        # The sample may end within a character; anything earlier is another encoding.
        return "utf-8" if fault.start >= len(start) - 3 else "cp1252"
    return "utf-8"
