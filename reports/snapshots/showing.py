"""A snapshot as its page shows it: its tables in words, and beside them what the same question gives today."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import translation

from reports import figures
from reports.exports import Cell, Share
from reports.models import Snapshot
from reports.snapshots.record import Record, Sheet
from reports.snapshots.recording import record
from workspaces.models import Workspace

Key = tuple[str, int]  # what a row is about, and how often that came above it


@dataclass(frozen=True, slots=True)
class Text:
    """One cell; `now` is what it would be today, None where it is the same or nobody asked."""

    then: str
    now: str | None = None
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row; `is_gone` says that today's table has none about the same, `is_new` that the kept one had none."""

    cells: tuple[Text, ...]
    is_gone: bool = False
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a snapshot; `differing` counts the cells and rows that would be others today."""

    title: str
    head: tuple[Text, ...]
    lines: tuple[Line, ...]
    differing: int = 0


def today(workspace: Workspace, row: Snapshot, kept: Record, *, now: datetime) -> Record:
    """Ask the snapshot's question again, in its language; raise NotThere, NothingYet."""
    with translation.override(row.language):
        return record(row.report, workspace, kept.params, now)


def tables(kept: Record, again: Record | None, *, language: str) -> list[Table]:
    """Give the kept tables in the snapshot's language, with what differs today where that is given."""
    others = {sheet.title: sheet for sheet in again.sheets} if again else {}
    with translation.override(language):
        return [_table(sheet, others.get(sheet.title)) for sheet in kept.sheets]


def _table(sheet: Sheet, other: Sheet | None) -> Table:
    head, rows = _split(sheet)
    numbers = [any(_is_number(row[column]) for row in rows if column < len(row)) for column in range(len(head))]
    names = tuple(Text(name, is_number=numbers[column]) for column, name in enumerate(head))
    if other is None:
        return Table(sheet.title, names, tuple(Line(_cells(row, head, None)) for row in rows))
    other_head, other_rows = _split(other)
    known = {key: dict(zip(other_head, row, strict=False)) for key, row in _keyed(other_rows)}
    lines = []
    for key, row in _keyed(rows):
        found = known.pop(key, None)
        lines.append(Line(_cells(row, head, found), is_gone=found is None))
    left = ([found.get(name) for name in head] for found in known.values())
    lines.extend(Line(_cells(row, head, None), is_new=True) for row in left)
    differing = sum(line.is_gone or line.is_new or any(cell.now is not None for cell in line.cells) for line in lines)
    return Table(sheet.title, names, tuple(lines), differing)


def _split(sheet: Sheet) -> tuple[list[str], Sequence[Sequence[Cell]]]:
    return [str(name) for name in sheet.rows[0]], sheet.rows[1:]


def _keyed(rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[Key, Sequence[Cell]]]:
    """Give each row with what it is about: its leading texts and days, or a leading number that tells rows apart."""
    seen, firsts = Counter[str](), [row[0] for row in rows if row]
    is_numbered = len(set(firsts)) == len(firsts)  # the steps of a funnel; levels and steps of paths come again
    for row in rows:
        leading: list[str] = []
        for cell in row:
            if leading and (_is_number(cell) or cell is None):
                break
            leading.append(text_of(cell))
            if _is_number(cell) and is_numbered:
                break
        about = "\n".join(leading)
        yield (about, seen[about]), row
        seen[about] += 1


def _cells(row: Sequence[Cell], head: Sequence[str], other: dict[str, Cell] | None) -> tuple[Text, ...]:
    found = []
    for name, cell in zip(head, row, strict=False):
        then = text_of(cell)
        now = text_of(other.get(name)) if other is not None else then
        found.append(Text(then, now if now != then else None, is_number=_is_number(cell)))
    return tuple(found)


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float)


def text_of(cell: Cell) -> str:
    """Write a cell for a reader, in the language at work."""
    if cell is None:
        return ""
    if isinstance(cell, Share):
        return figures.percent(cell).text
    if isinstance(cell, float):
        return figures.number(cell, 0 if cell.is_integer() else 2)
    if isinstance(cell, int):
        return figures.number(cell)
    return figures.day(cell) if isinstance(cell, date) else cell
