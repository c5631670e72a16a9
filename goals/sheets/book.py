"""Book: what was read of a file, whatever kind of file it was: sheets of lines of cells."""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, field
from decimal import Decimal
from typing import Any, Final

from goals.figures import PERCENT, digits
from goals.sheets import limits

MARK: Final = "."  # the decimal mark of numbers that a spreadsheet keeps as numbers


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell.

    text        as people write it; numbers with a point
    is_number   whether the file keeps it as a number, so that its point is a decimal mark in every language
    fault       why it can't be read: the key of a sentence in `goals.sheets.faults`, "" where it can
    """

    text: str
    is_number: bool = False
    fault: str = ""

    def as_json(self) -> Any:  # a text, or an object where there is more to say
        """Give the cell as a PlanFile keeps it."""
        if self.fault:
            return {"fault": self.fault, "text": self.text}
        return {"number": self.text} if self.is_number else self.text

    @classmethod
    def from_json(cls, kept: Any) -> "Cell":  # as `as_json` gives it
        """Read what `as_json` gave."""
        if isinstance(kept, str):
            return cls(kept)
        return cls(kept["number"], is_number=True) if "number" in kept else cls(kept["text"], fault=kept["fault"])


EMPTY: Final = Cell("")


@dataclass(frozen=True, slots=True)
class Line:
    """The filled cells of a row by their columns, which count from 0; `number` as the program shows it, from 1."""

    number: int
    cells: Mapping[int, Cell]

    def cell(self, column: int) -> Cell:
        """Give the cell, an empty one where there is none."""
        return self.cells.get(column, EMPTY)


@dataclass(frozen=True, slots=True)
class Span:
    """Merged cells: the first one's row (from 1) and column (from 0), and how many of each."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; `spans` are the merged cells of its first rows, where headings are."""

    name: str
    lines: tuple[Line, ...]
    spans: tuple[Span, ...] = ()

    @property
    def width(self) -> int:
        """Give how many columns there are."""
        return max((column + 1 for line in self.lines for column in line.cells), default=0)


@dataclass(frozen=True, slots=True)
class Book:
    """A file that was read.

    kind        "xlsx", "csv" or "zip"
    encoding    of texts, "" for workbooks
    delimiter   between cells, "" for workbooks
    """

    kind: str
    sheets: tuple[Sheet, ...]
    encoding: str = ""
    delimiter: str = ""

    def as_json(self) -> dict[str, Any]:  # a JSON value
        """Give the book as a PlanFile keeps it."""
        sheets = [
            {
                "name": sheet.name,
                "lines": [[line.number, _row(line)] for line in sheet.lines],
                "spans": [list(astuple(span)) for span in sheet.spans],
            }
            for sheet in self.sheets
        ]
        return {"kind": self.kind, "encoding": self.encoding, "delimiter": self.delimiter, "sheets": sheets}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Book":  # as `as_json` gives it
        """Read what `as_json` gave."""
        sheets = tuple(
            Sheet(one["name"], tuple(map(_line, one["lines"])), tuple(Span(*span) for span in one.get("spans", ())))
            for one in kept["sheets"]
        )
        return cls(kept["kind"], sheets, kept["encoding"], kept["delimiter"])


@dataclass(slots=True)
class Counter:
    """Counts what is read of one file, over all of its sheets, and stops where it is too much."""

    rows: int = 0
    cells: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    def take(self, sheet: str, cells: Mapping[int, Cell]) -> None:
        """Count a row; raise FileTooLarge."""
        self.rows += 1
        self.cells += len(cells)
        if self.rows > limits.MOST_ROWS:
            raise limits.too_many_rows()
        if self.cells > limits.MOST_CELLS:
            raise limits.too_many_cells()
        if max(cells) >= limits.MOST_COLUMNS:
            raise limits.too_many_columns(sheet)


def number_cell(number: Decimal, *, is_percent: bool = False) -> Cell:
    """Give a number as it is written: 0.034 in per cent is "3.4%"."""
    return Cell(f"{digits(number * 100)}{PERCENT}" if is_percent else digits(number), is_number=True)


def _row(line: Line) -> list[Any]:
    return [line.cell(column).as_json() for column in range(max(line.cells) + 1)]


def _line(kept: Any) -> Line:
    number, row = kept
    return Line(number, dict(_filled(row)))


def _filled(row: list[Any]) -> Iterator[tuple[int, Cell]]:
    for column, one in enumerate(row):
        if one != "":
            yield column, Cell.from_json(one)
