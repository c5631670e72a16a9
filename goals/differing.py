"""What differs between two documents, as people read it: rows added, removed, moved, and values before and after."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.utils.translation import gettext as _

from goals.cells import Words
from goals.columns import TABLES, told
from goals.document import Document
from goals.figures import shown
from goals.rows import Row, TargetRow
from goals.tables import Table
from workspaces.languages import short_day

Address = tuple[str, ...]
Rows = dict[Address, Row]


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs.

    table     key of the kind of row; `kind` in the reader's words
    address   what names the row; `name` as people call it
    column    the key of the value that differs, "" where the row as a whole was added, removed or moved
    before, after   as people write the value; of an added or removed row its most telling value
    """

    table: str
    kind: Words
    address: tuple[str, ...]
    name: str
    change: Change
    column: str = ""
    label: Words = ""
    before: str = ""
    after: str = ""


# Days order targets, and goals their tracking.
_UNORDERED: Final = frozenset({"plan", "targets", "specs"})
# A change of these puts a row below another one.
_ABOVE: Final = {"goals": ("objective", "supports"), "kpis": ("goal",)}
# What says most of a row that is new or gone, beside its name.
_TELLING: Final = {
    "goals": "level", "kpis": "goal", "questions": "objective", "specs": "event_name",
}  # fmt: skip
_LEFT_OUT: Final = frozenset({"slug"})


def differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """Name what differs, table by table, in the later document's order; nothing for equal ones."""
    return tuple(one for table in TABLES.values() for one in _of_table(table, before, after))


def _of_table(table: Table, before: Document, after: Document) -> Iterable[Difference]:
    old = {table.address_of(row): row for row in table.rows_of(before)}
    new = {table.address_of(row): row for row in table.rows_of(after)}
    elsewhere = _moved_below_another(table, old, new)
    moved = set() if table.key in _UNORDERED else _moved_among_siblings(table, old, new)
    for address, row in new.items():
        if address in elsewhere:
            yield _whole(table, Change.MOVED, row, after, before=_shown(table, elsewhere[address], before))
        elif address not in old:
            yield _whole(table, Change.ADDED, row, after)
        else:
            if address in moved:
                yield _whole(table, Change.MOVED, row, after)
            yield from _values(table, old[address], row, before, after)
    gone = [row for address, row in old.items() if address not in new and row not in elsewhere.values()]
    for row in gone:
        yield _whole(table, Change.REMOVED, row, before)


def _values(table: Table, old: Row, new: Row, before: Document, after: Document) -> Iterable[Difference]:
    for column in table.columns:
        if column.key in _LEFT_OUT or column.of(old) == column.of(new):
            continue
        was, now = told(column, column.of(old), before), told(column, column.of(new), after)
        change = Change.MOVED if column.key in _ABOVE.get(table.key, ()) else Change.CHANGED
        name = name_of(new, after)
        yield Difference(
            table.key, table.label, table.address_of(new), name, change, column.key, column.label, was, now
        )


def _whole(table: Table, change: Change, row: Row, document: Document, *, before: str = "") -> Difference:
    telling = "" if change is Change.REMOVED else _shown(table, row, document)
    was = _shown(table, row, document) if change is Change.REMOVED else before
    return Difference(
        table.key, table.label, table.address_of(row), name_of(row, document), change, before=was, after=telling
    )


def _shown(table: Table, row: Row, document: Document) -> str:
    key = _TELLING.get(table.key)
    return told(table.column(key), table.column(key).of(row), document) if key else ""


def name_of(row: Any, document: Document) -> str:  # a row of any kind
    """Give what people call the row."""
    if isinstance(row, TargetRow):
        kpis = {kpi.slug: kpi.name for kpi in document.kpis}
        return _("%(kpi)s: %(value)s by %(day)s") % {
            "kpi": kpis.get(row.kpi, row.kpi),
            "value": shown(row.value),
            "day": short_day(date.fromisoformat(row.ends_on)),
        }
    for naming in ("name", "text", "audience"):
        if hasattr(row, naming):
            return str(getattr(row, naming))
    goals = {goal.slug: goal.name for goal in document.goals}
    return goals.get(row.goal, str(row.goal))


def _moved_below_another(table: Table, old: Rows, new: Rows) -> Rows:
    """Find rows that only what they stand below tells apart: by their new address, the row as it was.

    Questions and targets are addressed below an objective or a KPI, so one that moves looks new.
    """
    if len(table.address) < 2:
        return {}
    above = table.address[0]
    gone = {replace(row, **{above: ""}): row for address, row in old.items() if address not in new}  # type: ignore[type-var]
    found = {}
    for address, row in new.items():
        was = gone.get(replace(row, **{above: ""})) if address not in old else None  # type: ignore[type-var]
        if was is not None:
            found[address] = was
    return found


def _moved_among_siblings(table: Table, old: Rows, new: Rows) -> set[Address]:
    groups: dict[tuple[Any, ...], list[Address]] = {}
    for address, row in new.items():
        group = table.group_of(row)
        if address in old and group == table.group_of(old[address]):
            groups.setdefault(group, []).append(address)
    order = list(old)
    return {each for group in groups.values() for each in _moved(sorted(group, key=order.index), group)}


def _moved(old: Sequence[Address], new: Sequence[Address]) -> set[Address]:
    """Give the fewest rows whose moving explains the new order: those outside its longest ordered part."""
    places = {address: place for place, address in enumerate(old)}
    ends: list[int] = []  # the smallest last place of an ordered part, by its length
    last: list[Address] = []
    before: dict[Address, Address | None] = {}
    for address in new:
        length = bisect_left(ends, places[address])
        before[address] = last[length - 1] if length else None
        ends[length : length + 1] = [places[address]]
        last[length : length + 1] = [address]
    stayed, at = set(), last[-1] if last else None
    while at is not None:
        stayed.add(at)
        at = before[at]
    return set(new) - stayed
