"""What Plausible hands out: a zip archive of tables as CSV, or one of them by itself."""

import csv
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO, cast

from tracking.import_file import MAX_UNPACKED_BYTES, UnreadableFileError, open_file
from tracking.sums import tables
from tracking.sums.tables import TABLES

_ZIP = b"PK\x03\x04"
# imported_pages_20230209_20240123.csv; whoever packs the files again may put them into a folder.
_NAME = re.compile(r"(?:.*/)?imported_([a-z_]+?)(?:_\d{8}_\d{8})?\.csv")
_HEADER_BYTES = 8_000  # the widest table has 13 columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One table of a file; `member` is its name in the archive, None where the file is the table."""

    kind: str
    member: str | None
    columns: tuple[str, ...]


def looks_like_one(stream: BinaryIO) -> bool:
    """Tell whether a file is such an export; raises UnreadableFileError for a broken archive."""
    if not _is_archive(stream):
        return tables.kind_of(_columns_of(open_file(stream))) is not None
    with _archive(stream) as archive:
        return bool(_members(archive))


def tables_in(stream: BinaryIO) -> list[Found]:
    """Give the tables of the file, in the order in which it has them; raises UnreadableFileError."""
    if not _is_archive(stream):
        columns = _columns_of(open_file(stream))
        kind = tables.kind_of(columns)
        return [] if kind is None else [Found(kind=kind, member=None, columns=columns)]
    with _archive(stream) as archive:
        return [_found(archive, name, kind) for name, kind in _members(archive)]


@contextmanager
def opened(stream: BinaryIO, found: Found) -> Iterator[BinaryIO]:
    """Give the table's own bytes, seekable; reading raises UnreadableFileError."""
    if found.member is None:
        yield stream
        return
    with _archive(stream) as archive, archive.open(found.member) as member:
        yield cast(BinaryIO, member)


@contextmanager
def _archive(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    stream.seek(0)
    try:
        with zipfile.ZipFile(cast(IO[bytes], stream)) as archive:
            # No more than this is read of a member, whatever it unpacks to.
            if sum(each.file_size for each in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise UnreadableFileError(f"the archive has more than {MAX_UNPACKED_BYTES} bytes unpacked; split it")
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as fault:
        message = "the zip archive is cut off or damaged; send it again, or save the sheet as CSV"
        raise UnreadableFileError(message) from fault
    except (RuntimeError, NotImplementedError) as fault:  # a password, or a packing that Python does not know
        raise UnreadableFileError(f"the zip archive cannot be unpacked: {fault}") from fault


def _found(archive: zipfile.ZipFile, name: str, kind: str) -> Found:
    with archive.open(name) as member:
        return Found(kind=kind, member=name, columns=_columns_of(cast(BinaryIO, member)))


def _members(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Give the members that are tables, each with its kind; what else is packed beside them does not matter."""
    named = [(name, _NAME.fullmatch(name)) for name in archive.namelist() if not name.startswith("__MACOSX/")]
    return [(name, match[1]) for name, match in named if match and match[1] in TABLES]


def _is_archive(stream: BinaryIO) -> bool:
    stream.seek(0)
    start = stream.read(len(_ZIP))
    stream.seek(0)
    return start == _ZIP


def _columns_of(stream: BinaryIO) -> tuple[str, ...]:
    line = stream.readline(_HEADER_BYTES).decode("utf-8-sig", "replace")
    try:
        return tuple(name.strip() for name in next(csv.reader([line]), []))
    except csv.Error:
        return ()
