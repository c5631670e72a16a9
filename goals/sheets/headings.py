"""Headings of two rows: what merged cells join is read as one line, "Target › From"; other rows are left alone."""

from collections.abc import Iterable
from typing import Final

from goals.sheets.book import Cell, Line, Sheet, Span

LOOKED_AT: Final = 20  # lines in which headings are sought: titles and notes stand above them
BELOW: Final = " › "  # between the upper heading and the lower one


def heading_lines(sheet: Sheet) -> Iterable[Line]:
    """Give the first lines as they would be headings: each joined with the row above where cells of that are merged."""
    for place, line in enumerate(sheet.lines[:LOOKED_AT]):
        yield _joined(sheet, sheet.lines[place - 1], line) if place else line


def heading_line(sheet: Sheet, number: int) -> Line | None:
    """Give the line of that number as a heading; None where there is none."""
    place = next((place for place, line in enumerate(sheet.lines) if line.number == number), None)
    if place is None:
        return None
    return _joined(sheet, sheet.lines[place - 1], sheet.lines[place]) if place else sheet.lines[place]


def readings(heading: str) -> tuple[str, ...]:
    """Give the texts that a heading may be known by, the likeliest first: both parts, the lower one, the upper one."""
    upper, sign, lower = heading.partition(BELOW)
    return (f"{upper} {lower}", lower, upper) if sign else (heading,)


def _joined(sheet: Sheet, upper: Line, lower: Line) -> Line:
    spans = [span for span in sheet.spans if span.row == upper.number and span.column in upper.cells]
    is_title = len(upper.cells) < 2  # it spans the table, and says nothing of any column
    if is_title or not spans or lower.number != upper.number + 1 or any(map(_is_taller, spans)):
        return lower
    above = {column: span for span in spans for column in range(span.column, span.column + span.columns)}
    cells = {}
    for column in sorted({*upper.cells, *lower.cells, *above}):
        span = above.get(column)
        top = upper.cell(span.column if span else column).text
        bottom = "" if span and span.rows > 1 else lower.cell(column).text
        is_covered = span is not None and column != span.column and not bottom
        if (top or bottom) and not is_covered:
            cells[column] = Cell(f"{top}{BELOW}{bottom}" if top and bottom else top or bottom)
    return Line(lower.number, cells)


def _is_taller(span: Span) -> bool:
    return span.rows > 2
