"""Fills a document from matched sheets: what each line says, and of which row; what can't be read is rejected.

Lines are Entries by now (`goals.sheets.entries`), so the sheets of tables and the outline are filled in alike.
"""

import re
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.formats import get_format
from django.utils.translation import gettext as _

from goals import cells
from goals.columns import TABLES, look_ups
from goals.document import LISTS, Document
from goals.models import FORMATS, Level
from goals.references import Person
from goals.rows import Row
from goals.sheets.book import Cell
from goals.sheets.entries import Entry, Place
from goals.sheets.faults import CELLS, Reject
from goals.sheets.naming import Naming
from goals.tables import Column, Misread, Table
from workspaces import numbers

Address = tuple[str, tuple[str, ...]]  # a table's key, and what names the row in it
_NUMERIC: Final = (cells.Whole, cells.Money, cells.Figure, cells.Share)
_PERCENT: Final = re.compile(r"\s*%$")


@dataclass(slots=True)
class Filled:
    """What a file says.

    document   the plan as it would be, without what was rejected
    places     where each row of the file stands
    strangers  owners who are no members; their rows name no owner
    """

    document: Document
    places: dict[Address, Place] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)

    def reject(self, place: Place, reason: str, *, column: str = "", value: str = "") -> None:
        """Note that a row is not taken."""
        self.rejects.append(Reject(*place, column, value[:200], reason))


def fill(
    entries: Sequence[Entry],
    before: Document,
    *,
    members: Mapping[str, str],
    decimal: str,
    remove_missing: bool = False,
) -> Filled:
    """Give the plan as the entries make it of what it was.

    members         names by e-mail address in lower case
    decimal         the file's decimal mark
    remove_missing  leave out what the file's tables don't have; tables that it lacks stay whole
    """
    return _Filling(before, members, decimal, remove_missing).run(entries)


class _Filling:
    def __init__(self, before: Document, members: Mapping[str, str], decimal: str, remove_missing: bool) -> None:
        self.before, self.members, self.decimal, self.remove_missing = before, members, decimal, remove_missing
        self.filled = Filled(before)
        self.looks: dict[str, cells.LookUps] = {}  # by the measure of the target's KPI
        self.unread: set[tuple[str, ...]] = set()  # addresses of the table's rejected rows

    def run(self, entries: Sequence[Entry]) -> Filled:
        for key in ("plan", *LISTS):
            found = [entry for entry in entries if entry.table == key]
            if found:
                self.looks, self.unread = {}, set()
                self._table(TABLES[key], found)
        return self.filled

    def _table(self, table: Table, entries: Sequence[Entry]) -> None:
        saved = {table.address_of(row): row for row in table.rows_of(self.before)}
        rows: dict[tuple[str, ...], Row] = {}
        named = Naming(table, self.before, self._look).slugs(entries)
        self._expect(table, named)
        for entry, given in zip(entries, named, strict=True):
            row = self._row(table, entry, given, saved if entry.is_whole else ChainMap(rows, saved))
            if row is None:
                self.unread.add(self._address(table, given))
                continue
            address = table.address_of(row)
            if address in rows and entry.is_whole:
                first = self.filled.places[table.key, address]
                text = _("Line %(line)s of %(sheet)s says the same row already.")
                self.filled.reject(entry.place, text % {"line": first[1], "sheet": first[0]})
                continue
            rows[address] = row
            self.filled.places.setdefault((table.key, address), entry.place)
        self._put(table, saved, rows, entries)

    def _put(self, table: Table, saved: Mapping[Any, Row], rows: Mapping[Any, Row], entries: Sequence[Entry]) -> None:
        document: Any = self.filled.document
        if table.key == "plan":
            document = replace(document, plan=next(iter(rows.values()), self.before.plan))
        else:
            merged = merge(list(saved), list(rows), keeps_order=not entries[0].is_whole)
            # A row of the file that can't be read is no row that the file lacks.
            kept = [each for each in merged if not self.remove_missing or each in rows or each in self.unread]
            document = replace(document, **{table.key: tuple(rows.get(each) or saved[each] for each in kept)})
        self.filled.document = document

    def _address(self, table: Table, given: Mapping[str, Cell]) -> tuple[str, ...]:
        """Give the address of a row that can't be read, as far as its own cells tell."""
        found = []
        for key in table.address:
            text = given.get(key, Cell("")).text
            try:
                found.append(str(table.column(key).read(text, self._look(""))))
            except Misread:
                found.append(text)
        return tuple(found)

    def _expect(self, table: Table, named: Sequence[Mapping[str, Cell]]) -> None:
        """Let micro goals name macro goals of the same sheet, which are read at the same time."""
        if table.key == "goals":
            looks = self._look("")
            new = {each["slug"].text: each["name"].text for each in named if {"slug", "name"} <= each.keys()}
            micros = {each["slug"].text for each in named if "slug" in each and _is_micro(each.get("level"))}
            macros = {**looks.macros, **{slug: name for slug, name in new.items() if slug not in micros}}
            self.looks[""] = replace(looks, macros=macros)

    def _row(
        self, table: Table, entry: Entry, given: Mapping[str, Cell], saved: Mapping[tuple[str, ...], Row]
    ) -> Row | None:
        values: dict[str, Any] = {}
        ok = True
        looks = self._look(self._format(given) if table.key == "targets" else "")
        for column in table.columns:
            cell = given.get(column.key)
            if cell is not None and (entry.is_whole or cell.text or cell.fault):
                ok = self._value(column, cell, entry, looks, values) and ok
        if not ok:
            return None
        base = saved.get(tuple(str(values.get(key, "")) for key in table.address))
        if table.key == "plan":
            base = self.before.plan
        return table.changed(base, values) if base is not None else self._new(table, entry, values)

    def _value(self, column: Column, cell: Cell, entry: Entry, looks: cells.LookUps, values: dict[str, Any]) -> bool:
        heading = entry.headings.get(column.key, str(column.label))
        if cell.fault:
            self.filled.reject(entry.place, str(CELLS[cell.fault]), column=heading, value=cell.text)
            return False
        try:
            values[column.key] = column.read(localized(column, cell, self.decimal), looks)
        except Misread as misread:
            if not isinstance(column.cell, Person):
                self.filled.reject(entry.place, misread.message, column=heading, value=cell.text)
                return False
            # Who is no member here can be invited later; a plan without its owners is still a plan.
            self.filled.strangers.add(cell.text)
            values[column.key] = ""
        return True

    def _new(self, table: Table, entry: Entry, values: dict[str, Any]) -> Row | None:
        missing = [column for column in table.columns if column.needed and column.key not in values]
        for column in missing:
            self.filled.reject(entry.place, _("It is needed; fill it in."), column=str(column.label))
        return None if missing else table.make(values)

    def _look(self, written_as: str = "") -> cells.LookUps:
        if written_as not in self.looks:
            self.looks[written_as] = look_ups(self.filled.document, self.members, written_as=written_as)
        return self.looks[written_as]

    def _format(self, given: Mapping[str, Cell]) -> str:
        """Say how the targets of the row's KPI are written; "" where a metric says so, which the file does not know."""
        text = given.get("kpi", Cell("")).text
        measure = next((row.measure for row in self.filled.document.kpis if text in {row.slug, row.name}), "")
        return FORMATS.get(measure, "")


def merge(saved: Sequence[Any], found: Sequence[Any], *, keeps_order: bool = False) -> list[Any]:  # addresses
    """Give all of both: the file's in its order, in the places that they had; a new one behind the one before it.

    keeps_order   whether rows that were there stay where they were: the outline's order is of goals alone
    """
    there = set(saved)
    behind: dict[Any, list[Any]] = {}
    anchor: Any = None
    for each in found:
        if each in there:
            anchor = each
        else:
            behind.setdefault(anchor, []).append(each)
    known = set(found)
    wanted = iter(
        [each for each in saved if each in known] if keeps_order else [each for each in found if each in there]
    )
    merged = []
    for each in saved:
        merged.append(next(wanted) if each in known else each)
        merged += behind.get(merged[-1], [])
    # New ones before any that was known: at the end of what has grown, at the start of what was empty.
    return merged + behind.get(None, [])


def _is_micro(cell: Cell | None) -> bool:
    if cell is None:
        return False
    try:
        return bool(TABLES["goals"].column("level").read(cell.text) == Level.MICRO)
    except Misread:
        return False


def localized(column: Column, cell: Cell, decimal: str) -> str:
    """Give the text with the reader's own decimal mark where it is a number, whoever wrote it."""
    if not isinstance(column.cell, _NUMERIC):
        return cell.text
    sign = _PERCENT.search(cell.text)
    number = _PERCENT.sub("", cell.text)
    plain = number if cell.is_number else numbers.plain(number, decimal=decimal)
    if plain == number and not cell.is_number and not re.fullmatch(r"[+-]?\d+(\.\d+)?", plain):
        return cell.text
    return plain.replace(".", str(get_format("DECIMAL_SEPARATOR"))) + (sign[0] if sign else "")
