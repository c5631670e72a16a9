"""Reads XML piece by piece with a handler of each element, and no document type: entities are refused, not expanded."""

from collections.abc import Callable, Iterable
from typing import Final
from xml.parsers import expat  # nosec  # document types are refused below

from goals.sheets import limits

MOST_DEPTH: Final = 50  # a workbook nests about ten levels
Start = Callable[[str, dict[str, str]], None]


class _Refused(Exception):
    """The document has a document type, or nests too deep."""


class Reader:
    """The base of readers: `start`, `end` and `text` are called as the document goes by.

    Names come without their namespaces: workbooks of two editions of the standard differ in them alone.
    """

    def __init__(self) -> None:
        self._depth = 0

    def start(self, name: str, values: dict[str, str]) -> None:
        """Take an element's start."""

    def end(self, name: str) -> None:
        """Take an element's end."""

    def text(self, data: str) -> None:
        """Take a piece of text."""

    def feed(self, pieces: Iterable[bytes]) -> None:
        """Read the document; raise DamagedFile where it is not XML, or not XML of a workbook."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = _refuse
        try:
            for piece in pieces:
                parser.Parse(piece, False)  # expat's own signature
            parser.Parse(b"", True)
        except (expat.ExpatError, _Refused) as fault:
            raise limits.damaged() from fault

    def _start(self, name: str, values: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise _Refused
        self.start(name.rpartition(":")[2], values)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.end(name.rpartition(":")[2])


def _refuse(*_unused: object) -> None:
    raise _Refused
