"""Gives each entry the short name of the row that it is about: its own, that of the row called so, or a new one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from goals.cells import LookUps
from goals.document import Document
from goals.naming import numbered, slug_of
from goals.sheets.book import EMPTY, Cell
from goals.sheets.entries import Entry
from goals.tables import Misread, Table

Key = tuple[str, ...]
# By table: the columns that tell rows apart where no short name does, the last of which makes a new short name.
TOLD_BY: Final[dict[str, tuple[str, ...]]] = {
    "objectives": ("name",), "questions": ("objective", "text"), "segments": ("name",), "goals": ("name",),
    "kpis": ("name",), "reportings": ("audience",), "targets": ("kpi", "segment", "starts_on", "ends_on"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Naming:
    """Names the rows of one table.

    look   gives what references are found in, by a target's measure
    """

    table: Table
    before: Document
    look: Callable[[str], LookUps]

    def slugs(self, entries: Sequence[Entry]) -> list[dict[str, Cell]]:
        """Give the entries' cells, with a short name in each that says enough to have one."""
        telling = TOLD_BY.get(self.table.key)
        if telling is None:
            return [dict(entry.cells) for entry in entries]
        rows: Iterable[Any] = self.table.rows_of(self.before)
        given = {entry.cells["slug"].text for entry in entries if "slug" in entry.cells} - {""}
        taken = {row.slug for row in rows} | given
        known: dict[Key, str] = {}
        for row in rows:
            known.setdefault(tuple(getattr(row, key).casefold() for key in telling), row.slug)
        return [self._named(entry, telling, known, taken, given) for entry in entries]

    def _named(
        self, entry: Entry, telling: tuple[str, ...], known: dict[Key, str], taken: set[str], given: set[str]
    ) -> dict[str, Cell]:
        found = dict(entry.cells)
        if found.get("slug", EMPTY).text or not found.get(telling[-1], EMPTY).text:
            return found
        key = tuple(self._told(column, found).casefold() for column in telling)
        slug = known.get(key, "")
        if not slug or (entry.is_whole and slug in given):  # another line of the file is that row
            base = slug_of(key[-1])
            slug = numbered(f"until-{base}" if self.table.key == "targets" else base, taken)
        taken.add(slug)
        if entry.is_whole:
            given.add(slug)
        known[key] = slug
        found["slug"] = Cell(slug)
        return found

    def _told(self, key: str, cells: Mapping[str, Cell]) -> str:
        """Give the value as rows keep it, as far as it can be read: references by name become short names."""
        text = cells.get(key, EMPTY).text
        try:
            return str(self.table.column(key).read(text, self.look("")))
        except Misread:
            return text
