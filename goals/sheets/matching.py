"""Which sheet is which table, and which of its columns is which of ours; people see it and correct it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy

from goals.cells import Words
from goals.columns import TABLES
from goals.sheets.book import Book, Line, Sheet
from goals.sheets.grids import HEAD
from goals.sheets.headings import heading_line, heading_lines, readings
from goals.sheets.words import FURTHER, OUTLINE

OUTLINE_KIND: Final = "outline"
LEFT_OUT: Final = ""
_BONUS: Final = 2  # headings that a sheet's own name is worth
_SIGNS: Final = re.compile(r"\([^)]*\)|[^\w%]+")


@dataclass(frozen=True, slots=True)
class Match:
    """How one sheet is read.

    kind      a table's key, "outline", or "" for a sheet that is left out
    heading   the number of the line with the headings, 0 where there are none
    columns   the field of each column that is read; columns count from 0
    """

    kind: str
    heading: int = 0
    columns: Mapping[int, str] = None  # type: ignore[assignment]  # never None after __post_init__

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", dict(self.columns or {}))

    @property
    def is_upright(self) -> bool:
        """Say whether each line is a column: name and value."""
        return self.kind == HEAD

    def as_json(self) -> dict[str, Any]:  # a JSON value
        """Give the match as a PlanFile keeps it."""
        columns = {str(column): field for column, field in self.columns.items()}
        return {"kind": self.kind, "heading": self.heading, "columns": columns}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Match":  # as `as_json` gives it
        """Read what `as_json` gave."""
        return cls(kept["kind"], kept["heading"], {int(column): field for column, field in kept["columns"].items()})


def match_book(book: Book) -> tuple[Match, ...]:
    """Match every sheet as well as its name and headings tell."""
    return tuple(match_sheet(sheet) for sheet in book.sheets)


def match_sheet(sheet: Sheet, kind: str | None = None) -> Match:
    """Match one sheet; `kind` where somebody has said which."""
    if kind == LEFT_OUT:
        return Match(LEFT_OUT)
    found = [_matched(sheet, each) for each in ([kind] if kind else kinds())]
    best = max(found, key=lambda match: _worth(sheet, match), default=Match(LEFT_OUT))
    return best if best.columns or kind else Match(LEFT_OUT)


def kinds() -> list[str]:
    """Give the kinds of sheets, the outline first: what fits it as well as a table is rather it."""
    return [OUTLINE_KIND, *TABLES]


def fields_of(kind: str) -> dict[str, Words]:
    """Give the fields that columns of such a sheet can be, with what they are called."""
    if kind == OUTLINE_KIND:
        return {key: field.label for key, field in OUTLINE.items()}
    return {column.key: column.label for column in TABLES[kind].columns} if kind in TABLES else {}


def headings_of(sheet: Sheet, match: Match) -> list[str]:
    """Give the sheet's own headings, "" for a column without."""
    line = heading_line(sheet, match.heading)
    return [line.cell(column).text if line else "" for column in range(sheet.width)]


def _matched(sheet: Sheet, kind: str) -> Match:
    if kind == HEAD:
        known = [line for line in sheet.lines if line.cell(0).text and field_of(HEAD, line.cell(0).text)]
        return Match(HEAD, 0, {0: "label", 1: "value"} if len(known) >= 2 else {})
    best = Match(kind)
    for line in heading_lines(sheet):
        columns = _columns(kind, line)
        if len(columns) > len(best.columns):
            best = Match(kind, line.number, columns)
    return best if kind != OUTLINE_KIND else Match(kind, best.heading, _told_apart(best.columns))


def _columns(kind: str, line: Line) -> dict[int, str]:
    found: dict[int, str] = {}
    texts = {column: readings(cell.text) for column, cell in sorted(line.cells.items())}
    for rank in range(3):  # what a heading's lower part says goes before what its upper part may mean
        for column, each in texts.items():
            field = field_of(kind, each[rank]) if rank < len(each) else ""
            if field and column not in found and field not in found.values():
                found[column] = field
    return dict(sorted(found.items()))


def _told_apart(columns: Mapping[int, str]) -> dict[int, str]:
    """Read "Mål" as the objective where macro or micro goals have a column of their own."""
    fields = set(columns.values())
    is_objective = "goal" in fields and fields & {"macro"} and "objective" not in fields
    return {column: "objective" if is_objective and field == "goal" else field for column, field in columns.items()}


def _worth(sheet: Sheet, match: Match) -> int:
    if not match.columns:
        return 0
    if match.is_upright:
        # The head's values stand upright, so its lines are what other tables' columns are.
        known = {field_of(HEAD, line.cell(0).text) for line in sheet.lines} - {""}
        return len(known) + _named(sheet, HEAD)
    return len(match.columns) + _named(sheet, match.kind)


def _named(sheet: Sheet, kind: str) -> int:
    return _BONUS if plain(sheet.name) in _titles().get(kind, ()) else 0


def field_of(kind: str, heading: str) -> str:
    """Give the field that a heading is, "" for one that is unknown."""
    return _fields(kind).get(plain(heading), "")


def plain(text: str) -> str:
    """Give a heading without what differs from sheet to sheet: case, signs, what stands in brackets."""
    return " ".join(_SIGNS.sub(" ", text.casefold()).split())


@cache
def _fields(kind: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    if kind == OUTLINE_KIND:
        for key, field in OUTLINE.items():
            for word in (*_in_every_language(field.label), *field.words):
                found.setdefault(plain(word), key)
        return found
    for column in TABLES[kind].columns:
        for word in (*_in_every_language(column.label), column.key, *FURTHER.get((kind, column.key), ())):
            found.setdefault(plain(word.replace("_", " ")), column.key)
    return found


@cache
def _titles() -> Mapping[str, frozenset[str]]:
    named = {key: (*_in_every_language(table.many), key) for key, table in TABLES.items()}
    named[OUTLINE_KIND] = (*_in_every_language(gettext_lazy("Measurement plan")), "outline")
    return {key: frozenset(plain(word) for word in words) for key, words in named.items()}


def _in_every_language(label: Words) -> Iterable[str]:
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            yield str(label)
