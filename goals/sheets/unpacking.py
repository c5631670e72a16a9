"""Opens ZIP files that may be out to fill the memory: nothing is unpacked before its size is known to be bearable.

The sizes that a ZIP states of its members are its maker's word. They are looked at first, because most bombs state
theirs truly; then every byte that comes out is counted, and the first one too many ends it.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from goals.sheets import limits

CHUNK: Final = 64 * 1024
_ENCRYPTED: Final = 0x1


@dataclass(slots=True)
class Archive:
    """The members of a ZIP, each read piece by piece; all of them together stay below the limit."""

    inner: zipfile.ZipFile
    _left: int = limits.MOST_UNPACKED

    @property
    def names(self) -> list[str]:
        """Give the names of the members, folders left out."""
        return [each.filename for each in self.inner.infolist() if not each.is_dir()]

    def pieces(self, name: str) -> Iterator[bytes]:
        """Give a member's bytes as they are unpacked; raise FileTooLarge and DamagedFile, KeyError for no such."""
        try:
            with self.inner.open(name) as member:
                while piece := member.read(CHUNK):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise limits.unpacks_too_large()
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as fault:
            raise limits.damaged() from fault

    def read(self, name: str) -> bytes:
        """Give a member whole; as `pieces`."""
        return b"".join(self.pieces(name))


@contextmanager
def opened(content: bytes) -> Iterator[Archive]:
    """Open the ZIP; raise UnsupportedFile for one with a password, FileTooLarge for a bomb, DamagedFile."""
    try:
        inner = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError) as fault:
        raise limits.damaged() from fault
    with inner:
        _check(inner.infolist(), len(content))
        yield Archive(inner)


def _check(members: list[zipfile.ZipInfo], size: int) -> None:
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise limits.UnsupportedFile(_("The file has a password. Save it without one, then send it again."))
    if len(members) > limits.MOST_MEMBERS:
        parts = {"found": len(members), "most": limits.MOST_MEMBERS}
        raise limits.FileTooLarge(_("The file holds %(found)s files; at most %(most)s are read.") % parts)
    stated = sum(member.file_size for member in members)
    if stated > limits.MOST_UNPACKED or stated > limits.MOST_RATIO * size + limits.MOST_BYTES:
        raise limits.unpacks_too_large()
