"""The files that wait for their import: one folder a workspace below the upload folder, names that nobody guesses."""

import hashlib
import io
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.utils.translation import gettext as _

from tracking import limits
from tracking.import_file import MAX_FILE_BYTES
from workspaces.refusal import Refusal
from workspaces.telling import Progress

KEPT = timedelta(days=7)  # after the upload, or the import; then the file is removed and its row stays
REJECTS = ".rejects.csv"


class TooLarge(Refusal):
    """The file is larger than what is taken at once."""

    code = "file_too_large"
    field = "file"
    status = 413


class NoRoom(Refusal):
    """The disk is nearly full: what collects events goes before files that can wait."""

    code = "no_room"
    field = "file"
    status = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file that was stored: its name below the upload folder, its bytes, its SHA-256."""

    name: str
    size: int
    digest: str


class Counted(io.FileIO):
    """A file that knows how many of its bytes were read: how far a run through it has come."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.taken = 0

    def readinto(self, buffer: object) -> int:
        count = super().readinto(buffer) or 0  # type: ignore[arg-type]  # the io machinery gives a writable buffer
        self.taken += count
        return count

    def guess(self, rows: int) -> int | None:
        """Guess how many rows the file has, from the share of its bytes that the first ones took."""
        return max(rows, rows * os.fstat(self.fileno()).st_size // self.taken) if self.taken else None

    def telling(self, progress: Progress) -> Callable[[int], None]:
        """Give what tells how far a run through the file has come, by the number of rows read."""
        return lambda rows: progress.tell(rows, self.guess(rows))


def store(workspace_id: int, chunks: Iterable[bytes]) -> Stored:
    """Write the file for its owner's eyes only; raises TooLarge and NoRoom, and leaves nothing then."""
    if limits.is_disk_low():
        raise NoRoom(_("The disk is nearly full, so no file is taken now; try again later."))
    name = f"{workspace_id}/{secrets.token_hex(16)}"
    path = path_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    size, digest = 0, hashlib.sha256()
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            for chunk in chunks:
                size += len(chunk)
                if size > MAX_FILE_BYTES:
                    message = _("The file has more than %(most)s MB; split it, or pack it by gzip.")
                    raise TooLarge(message % {"most": MAX_FILE_BYTES // 10**6})
                digest.update(chunk)
                file.write(chunk)
    except BaseException:
        remove(name)
        raise
    return Stored(name=name, size=size, digest=digest.hexdigest())


def path_of(name: str) -> Path:
    """Give where the file of this name is."""
    return Path(settings.MEDIA_ROOT) / name


@contextmanager
def opened(name: str) -> Iterator[tuple[Counted, BinaryIO]]:
    """Give the file of this name from its beginning, and beside it how much of it was read."""
    with Counted(path_of(name)) as counted:
        yield counted, cast(BinaryIO, io.BufferedReader(counted))


def rejects_of(name: str) -> Path:
    """Give where the rejected rows of the file of this name are, if there are any."""
    return Path(settings.MEDIA_ROOT) / (name + REJECTS)


def read_rejects(name: str) -> bytes | None:
    """Give the file of the rejected rows (see tracking.imports.rejects.MOST); None where there is none."""
    path = rejects_of(name)
    return path.read_bytes() if name and path.exists() else None


def remove(name: str) -> None:
    """Remove the file and what was written beside it; one that is gone already is no fault."""
    if name:
        path_of(name).unlink(missing_ok=True)
        rejects_of(name).unlink(missing_ok=True)


def remove_strays(workspace_id: int, *, known: Iterable[str], now: datetime) -> int:
    """Remove old files that no import speaks of: their request was undone after they were written."""
    keep = {path for name in known for path in (path_of(name), rejects_of(name))}
    folder = Path(settings.MEDIA_ROOT) / str(workspace_id)
    limit = (now - KEPT).timestamp()
    strays = [each for each in folder.glob("*") if each not in keep and each.stat().st_mtime < limit]
    for stray in strays:
        stray.unlink(missing_ok=True)
    return len(strays)
