"""A report as a snapshot keeps it: sentences, tables and how they were computed, as one text that never changes."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from reports.exports import Cell, Share
from reports.goal_page import Fact


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; `rows` begin with the head, their cells are those of the report's files."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """What a report said.

    params      the question with its days written out, as the parameters of the report's address
    sentences   what it said first
    method      how it was computed, and of which data
    """

    title: str
    params: dict[str, str]
    sentences: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    method: tuple[Fact, ...]
    computed_through: datetime | None


def as_text(record: Record) -> str:
    """Write the record as JSON, the same record always as the same text."""
    sheets = [{"title": each.title, "rows": [list(map(_said, row)) for row in each.rows]} for each in record.sheets]
    said = asdict(replace(record, sheets=())) | {"sheets": sheets}
    return json.dumps(said, default=_odd, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> Record:
    """Read a record from its text."""
    said = json.loads(text)
    through = said["computed_through"]
    return Record(
        title=said["title"],
        params=said["params"],
        sentences=tuple(said["sentences"]),
        sheets=tuple(Sheet(each["title"], tuple(map(_row, each["rows"]))) for each in said["sheets"]),
        method=tuple(Fact(**each) for each in said["method"]),
        computed_through=datetime.fromisoformat(through["at"]) if through else None,
    )


def fingerprint(text: str) -> str:
    """Give the SHA-256 of a record's text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def sheet(title: str, rows: Iterable[Sequence[Cell]]) -> Sheet:
    """Give a table of the files as a sheet."""
    return Sheet(title, tuple(tuple(row) for row in rows))


def plain(sentences: Iterable[str]) -> tuple[str, ...]:
    """Give sentences that pages set with marks of HTML as text."""
    return tuple(unescape(strip_tags(each)) if isinstance(each, SafeString) else each for each in sentences)


def _said(cell: Cell) -> object:
    return {"share": float(cell)} if isinstance(cell, Share) else cell  # which JSON does not tell from other numbers


def _row(row: list[Any]) -> tuple[Cell, ...]:
    return tuple(_cell(each) for each in row)


def _cell(said: Any) -> Cell:  # any JSON value that `_said` and `_odd` write
    if not isinstance(said, dict):
        return said  # type: ignore[no-any-return]  # text, number or nothing
    return Share(said["share"]) if "share" in said else date.fromisoformat(said["day"])


def _odd(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    raise TypeError(type(value).__name__)
