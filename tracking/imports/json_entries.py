"""The objects of a JSON file, one at a time: of a list, of several lists one after the other, or of lines. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tracking.import_file import UnreadableFileError

CHUNK_BYTES = 262_144
MAX_ENTRY_BYTES = 2_000_000  # of one object; a visit with a thousand actions has half of it

# Strings are matched whole so that brackets inside them are passed over; a lone quote is a string that goes on.
_TOKENS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{}]', re.DOTALL)
_BETWEEN = b" \t\r\n,[]\xef\xbb\xbf"


@dataclass(slots=True)
class _Scan:
    """Where the search stands: everything before `done` is given already."""

    buffer: bytes = b""
    done: int = 0
    at: int = 0  # where the next token is looked for
    begin: int | None = None  # of the object that is open
    depth: int = 0  # of { and [ within it


def entries(file: BinaryIO) -> Iterator[bytes]:
    """Give each outermost object as it is written, and whatever else stands between them.

    raises  UnreadableFileError for an object that is too large, and for one that does not end
    """
    scan = _Scan()
    while chunk := file.read(CHUNK_BYTES):
        scan.buffer = scan.buffer[scan.done :] + chunk
        scan.at -= scan.done
        scan.begin = None if scan.begin is None else scan.begin - scan.done
        scan.done = 0
        yield from _complete(scan)
        if len(scan.buffer) - scan.done > MAX_ENTRY_BYTES:
            raise UnreadableFileError(f"an entry has more than {MAX_ENTRY_BYTES} bytes; export fewer actions a visit")
    rest = scan.buffer[scan.done :].strip(_BETWEEN)
    if scan.begin is not None:
        raise UnreadableFileError("the file ends within an entry; it was cut off, send it again")
    if rest:
        yield rest


def _complete(scan: _Scan) -> Iterator[bytes]:
    """Give the objects that the buffer has whole."""
    while token := _TOKENS.search(scan.buffer, scan.at):
        sign = token[0]
        if sign == b'"':  # it goes on in the next chunk
            scan.at = token.start()
            return
        scan.at = token.end()
        if scan.begin is None:
            if sign == b"{":
                yield from _stray(scan, token.start())
                scan.begin, scan.depth = token.start(), 1
        elif sign in b"{[":
            scan.depth += 1
        elif sign in b"}]":
            scan.depth -= 1
            if scan.depth == 0:
                yield scan.buffer[scan.begin : scan.at]
                scan.done, scan.begin = scan.at, None


def _stray(scan: _Scan, until: int) -> Iterator[bytes]:
    between = scan.buffer[scan.done : until].strip(_BETWEEN)
    scan.done = until
    if between:
        yield between
