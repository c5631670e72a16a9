"""The rows that were refused, as a file to be mended from: where, what, why."""

import csv
import re
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from tracking.tabular_rows import RowError

MOST = 100_000  # rows in the file; a mapping that is wrong throughout needs no more to be seen
COLUMNS = ("line", "column", "value", "reason", "message")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?[\d.,\s]+")


class Rejects:
    """Writes the rejected rows of one run beside its file; without any, no file is left."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._partial = path.with_suffix(".part")
        self._file: TextIO | None = None
        self._written = 0

    def add(self, error: RowError) -> None:
        """Write the row, as long as there is room."""
        if self._written >= MOST:
            return
        if self._file is None:
            self._file = self._partial.open("w", newline="", encoding="utf-8-sig")  # the mark lets Excel see UTF-8
            csv.writer(self._file).writerow(COLUMNS)
        cells = (str(error.line), error.column, error.value, str(error.code), error.message)
        csv.writer(self._file).writerow([inert(cell) for cell in cells])
        self._written += 1

    def __enter__(self) -> Self:
        self._path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._partial.rename(self._path)


def inert(cell: str) -> str:
    """Give the cell so that no spreadsheet takes it for a formula; numbers stay as they are."""
    is_formula = cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell
