"""Entries: what a line of a file says of one row of the plan. A sheet of a table has one for each line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from goals.sheets.book import Cell, Sheet
from goals.sheets.matching import Match, field_of, headings_of

Place = tuple[str, int]  # a sheet's name and a line's number


@dataclass(frozen=True, slots=True)
class Entry:
    """What one line says of one row.

    cells     by the keys of the table's columns
    headings  what the file calls these columns, for people
    is_whole  whether an empty cell empties the value; of the outline it says nothing
    """

    table: str
    place: Place
    cells: Mapping[str, Cell]
    headings: Mapping[str, str]
    is_whole: bool = True


def of_table(sheet: Sheet, match: Match) -> Iterable[Entry]:
    """Give the lines of a sheet that is one table; upright sheets give one entry in all."""
    if match.is_upright:
        yield from _upright(sheet, match)
        return
    shown = headings_of(sheet, match)
    headings = {field: shown[column] for column, field in match.columns.items() if column < len(shown)}
    for line in sheet.lines:
        if line.number > match.heading:
            cells = {field: line.cell(column) for column, field in match.columns.items()}
            if any(cell.text or cell.fault for cell in cells.values()):
                yield Entry(match.kind, (sheet.name, line.number), cells, headings)


def _upright(sheet: Sheet, match: Match) -> Iterable[Entry]:
    cells: dict[str, Cell] = {}
    headings: dict[str, str] = {}
    first = 0
    for line in sheet.lines:
        field = field_of(match.kind, line.cell(0).text)
        if field and field not in cells:
            cells[field], headings[field] = line.cell(1), line.cell(0).text
            first = first or line.number
    if cells:
        yield Entry(match.kind, (sheet.name, first), cells, headings)
