"""Finds out the decimal mark of a file whose numbers are texts."""

import re
from collections.abc import Sequence
from typing import Final

from goals import cells
from goals.columns import TABLES
from goals.sheets.entries import Entry

# Only numbers with one sign that can be nothing else: "1,234" may be either.
_COMMA: Final = re.compile(r"[+-]?(\d+|\d{1,3}([. \u00a0\u202f]\d{3})+),(\d{1,2}|\d{4,})\s*%?")
_POINT: Final = re.compile(r"[+-]?(\d+|\d{1,3}([, \u00a0\u202f]\d{3})+)\.(\d{1,2}|\d{4,})\s*%?")
_NUMERIC: Final = (cells.Money, cells.Figure, cells.Share, cells.Whole)


def decimal_of(entries: Sequence[Entry], *, usual: str) -> str:
    """Give the mark that most of the numbers have; `usual` where none tells."""
    commas = points = 0
    for entry in entries:
        for column in TABLES[entry.table].columns:
            cell = entry.cells.get(column.key)
            if cell is not None and not cell.is_number and isinstance(column.cell, _NUMERIC):
                commas += bool(_COMMA.fullmatch(cell.text))
                points += bool(_POINT.fullmatch(cell.text))
    if commas == points:
        return usual
    return "," if commas > points else "."
