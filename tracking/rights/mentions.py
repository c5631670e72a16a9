"""Whether a text has one of a person's ids in it, in any of the ways in which files and requests write them."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from tracking.import_file import UnreadableFileError, open_file

CHUNK_BYTES = 1_000_000
PARQUET_MARK = b"PAR1"
ROWS = 10_000


class Mentions:
    """Looks for ids that stand for themselves: "kari" is not found in "karin"."""

    def __init__(self, ids: Iterable[str]) -> None:
        written = sorted({way for each in ids for way in _ways(each)}, key=len, reverse=True)
        alternatives = b"|".join(re.escape(way) for way in written)
        self._longest = max(map(len, written), default=0)
        self._pattern = re.compile(rb"(?<!\w)(?:" + alternatives + rb")(?!\w)") if written else None

    def in_text(self, text: bytes) -> bool:
        """Say whether the text names the person."""
        return self._pattern is not None and self._pattern.search(text) is not None

    def in_file(self, path: Path) -> bool:
        """Say the same of a file to import: packed or not, of rows or of columns; False where there is none."""
        if not path.exists():
            return False
        rest = b""
        for piece in _pieces(path):
            if self.in_text(rest + piece):
                return True
            rest = piece[-self._longest - 1 :]  # an id may lie across two pieces
        return False


def _ways(each: str) -> Iterator[bytes]:
    yield each.encode("utf-8", "replace")
    yield quote(each, safe="").encode()
    yield json.dumps(each)[1:-1].encode()
    yield each.encode("cp1252", "replace")
    yield each.encode("utf-16-le", "replace")
    yield each.encode("utf-16-be", "replace")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        is_parquet = stream.read(len(PARQUET_MARK)) == PARQUET_MARK
        stream.seek(0)
        if is_parquet:
            yield from _rows(path)
            return
        try:
            file = open_file(stream)
            while piece := file.read(CHUNK_BYTES):
                yield piece
        except (UnreadableFileError, EOFError, OSError):  # cut off or damaged: what was read before is all there is
            return


def _rows(path: Path) -> Iterator[bytes]:
    try:
        for batch in pq.ParquetFile(path).iter_batches(ROWS):
            yield json.dumps(batch.to_pylist(), default=str, ensure_ascii=False).encode("utf-8", "replace")
    except (pa.ArrowException, OSError):
        return
