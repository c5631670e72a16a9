"""The rows of one exported table as entries of days, or why a row is none. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import BinaryIO

from tracking.access_log import LeftOutReason
from tracking.event import DropReason
from tracking.sums.tables import DAY, TABLES, Table
from tracking.tabular_rows import Layout, RowError, rows_of

MOST_TEXT_CHARS = 2_000  # as long as Plausible lets an address be
_MOST = 10**12  # of a count; more is a column that was mistaken for another
_NOTHING = frozenset({"", "\\N"})  # ClickHouse writes null as \N
_LAYOUT = Layout(format="csv", encoding="utf-8-sig")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row: what it is of, by Table.by, and how much, by Table.counts; a count that the file lacks is None."""

    day: date
    of: tuple[str, ...]
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """All entries of one day."""

    day: date
    entries: dict[tuple[str, ...], tuple[int | None, ...]] = field(default_factory=dict)


def read(stream: BinaryIO, kind: str, *, today: date) -> Iterator[Entry | RowError]:
    """Say what became of each row of a table; raises UnreadableFileError.

    today  in UTC: no zone is more than a day ahead of it
    """
    table, latest = TABLES[kind], today + timedelta(days=1)
    current, seen = None, set[date]()
    for row in rows_of(stream, _LAYOUT):
        entry = row if isinstance(row, RowError) else _entry(row.line, row.values, table, latest)
        if isinstance(entry, Entry) and entry.day != current:
            # A day is stored when the next one begins: an export of years is never in memory as a whole.
            if entry.day in seen:
                message = f"rows of {entry.day} stand further up as well; sort the file by date"
                yield RowError(row.line, DAY, str(entry.day), "day_apart", message)
                continue
            current = entry.day
            seen.add(current)
        yield entry


def days(entries: Iterable[Entry]) -> Iterator[Day]:
    """Put entries together to days; rows that are of the same are one entry, added up."""
    for day, theirs in groupby(entries, key=lambda entry: entry.day):
        made = Day(day)
        for entry in theirs:
            known = made.entries.get(entry.of)
            made.entries[entry.of] = entry.counts if known is None else _sum(known, entry.counts)
        yield made


class _Wrong(ValueError):
    def __init__(self, column: str, code: str, message: str) -> None:
        super().__init__(message)
        self.column, self.code = column, code


def _entry(line: int, values: dict[str, str], table: Table, latest: date) -> Entry | RowError:
    try:
        return Entry(
            day=_day(values, latest),
            of=tuple(_text(name, values) for name in table.by),
            counts=tuple(_count(name, values) for name in table.counts),
        )
    except _Wrong as fault:
        return RowError(line, fault.column, values.get(fault.column, "")[:80], fault.code, str(fault))


def _day(values: dict[str, str], latest: date) -> date:
    try:
        day = date.fromisoformat(values[DAY].strip())
    except ValueError as fault:
        raise _Wrong(DAY, str(DropReason.TIME_FORMAT), "this is no day such as 2023-02-09") from fault
    if day > latest:
        raise _Wrong(DAY, str(LeftOutReason.TIME_IN_FUTURE), "the day is in the future")
    return day


def _text(name: str, values: dict[str, str]) -> str:
    text = values.get(name, "")
    if len(text) > MOST_TEXT_CHARS:
        raise _Wrong(name, str(DropReason.FIELD_TOO_LONG), f"the text has more than {MOST_TEXT_CHARS} characters")
    return "" if text in _NOTHING else text.replace("\x00", "\ufffd")  # PostgreSQL's JSON has no NUL


def _count(name: str, values: dict[str, str]) -> int | None:
    written = values.get(name)
    if written is None or written in _NOTHING:
        return None if written is None else 0
    # int() takes "1_000" and digits of other scripts as well; neither is what Plausible writes.
    number = int(written) if written.isascii() and written.isdecimal() and len(written) <= 15 else None
    if number is None or number > _MOST:
        raise _Wrong(name, str(DropReason.AMOUNT_FORMAT), "this is no count: a whole number, nothing or more")
    return number


def _sum(one: tuple[int | None, ...], other: tuple[int | None, ...]) -> tuple[int | None, ...]:
    return tuple(None if a is None or b is None else a + b for a, b in zip(one, other, strict=True))
