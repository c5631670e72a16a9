"""Opens files to import: gzip told by its first bytes, sizes bounded, read once from front to back.

The limits for events are larger than those for plans and costs (PROMISES 2), because a quarter's log of a
small shop has a million lines; all are streamed, so memory does not grow with them.
"""

import gzip
import io
import zlib
from typing import BinaryIO

MAX_FILE_BYTES = 200_000_000  # as uploaded or given: what a browser sends in a few minutes
MAX_UNPACKED_BYTES = 2_000_000_000  # a log packs about ten to one
MAX_ROWS = 5_000_000
MAX_COLUMNS = 400  # Snowplow's canonical event has 131, and a column for each context
MAX_LINE_BYTES = 1_000_000  # a file without line ends must not become one string

_GZIP_MAGIC = b"\x1f\x8b"


class UnreadableFileError(Exception):
    """A file that cannot be imported at all; the message says what to do about it."""


class _Bounded(io.RawIOBase):
    """Reads on, counts the bytes, and stops a bomb before it fills the memory."""

    def __init__(self, inner: BinaryIO, limit: int) -> None:
        self._inner = inner
        self._left = limit
        self._limit = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # the io machinery always gives a writable buffer
        try:
            data = self._inner.read(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
            raise UnreadableFileError("the gzip file is cut off or damaged; send it again") from fault
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableFileError(f"the file has more than {self._limit} bytes unpacked; split it")
        view[: len(data)] = data
        return len(data)


def open_file(stream: BinaryIO, *, max_bytes: int = MAX_UNPACKED_BYTES) -> BinaryIO:
    """Give the file's bytes, unpacked if it is gzip; reading raises UnreadableFileError for too many."""
    start = io.BufferedReader(_Bounded(stream, max_bytes))
    if start.peek(2)[:2] != _GZIP_MAGIC:
        return start
    unpacked = gzip.GzipFile(fileobj=start)
    return io.BufferedReader(_Bounded(unpacked, max_bytes))  # type: ignore[arg-type]  # it reads like a file
