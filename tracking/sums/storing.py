"""An export of daily sums comes in: its dry run, and the days that it changes, in one transaction.

Has the shape of tracking.imports.running, which does the same for files of events. A file tells all of a table's day:
what is stored of that day makes way for it, so the same file again changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, BinaryIO

from django.db.models import QuerySet

from tracking.imports import counting, uploads
from tracking.imports.findings import MOST_SAMPLES, Findings
from tracking.imports.reading import Settled
from tracking.imports.rejects import Rejects
from tracking.imports.running import imported_before, require_readable, require_whole, wish_of
from tracking.locks import Work, take_turn
from tracking.models import Import, ImportedDay
from tracking.sums import archive, reading
from tracking.sums.archive import Found
from tracking.sums.reading import Day
from tracking.sums.tables import PREFIX, TABLES, faults
from workspaces.telling import Progress

AT_ONCE = 50  # days compared and written by one statement; of a large site each has a thousand entries
Entries = list[dict[str, Any]]  # Any: texts and counts, as a JSON column keeps them


def rehearse(row: Import, progress: Progress, *, now: datetime) -> tuple[Settled, Findings]:
    """Say what storing the export would change; call it inside the workspace's transaction."""
    found = Findings()
    with uploads.opened(row.stored_as) as (counted, stream):
        there = archive.tables_in(stream)
        found.faults = list(_faults(there))
        found.columns = [f"{PREFIX}{each.kind}" for each in there]
        if not found.faults:
            with Rejects(uploads.rejects_of(row.stored_as)) as rejects:
                run = _Run(found, rejects, counted.telling(progress), now)
                for changes in _changes(row, stream, there, run):
                    _tally(found, changes)
    found.imported_before = imported_before(row)
    return Settled(wish=wish_of(row), faults=tuple(found.faults)), found


def store(row: Import, progress: Progress, *, now: datetime) -> Findings:
    """Put the export's days in the place of those that are there.

    Call it inside the workspace's one transaction, which must be undone where this raises: CannotBeRead, HasErrors,
    UnreadableFileError.
    """
    found, before = Findings(), Findings.of(row.result)
    take_turn(Work.SUMS, row.workspace_id)
    with uploads.opened(row.stored_as) as (counted, stream):
        there = archive.tables_in(stream)
        require_readable(list(_faults(there)))
        for changes in _changes(row, stream, there, _Run(found, None, counted.telling(progress), now)):
            require_whole(row, found.rejected, good_rows_only=row.good_rows_only)
            _write(row, changes)
            _tally(found, changes)
    require_whole(row, found.rejected, good_rows_only=row.good_rows_only)
    found.columns, found.imported_before = before.columns, before.imported_before
    return found


@dataclass(frozen=True, slots=True)
class _Run:
    """What one run through a file leaves its word in."""

    found: Findings
    rejects: Rejects | None
    tell: Callable[[int], None]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A day as the file has it, and what is there of it."""

    kind: str
    day: date
    entries: Entries
    stored: Entries | None

    @property
    def is_any(self) -> bool:
        return self.entries != self.stored


def _faults(there: list[Found]) -> Iterator[str]:
    if not there:
        yield "the file has none of Plausible's tables, such as imported_visitors"
    for kind, times in Counter(each.kind for each in there).items():
        if times > 1:
            yield f"the archive has {PREFIX}{kind} {times} times; import one after the other"
    for each in there:
        yield from faults(each.kind, each.columns)


def _changes(row: Import, stream: BinaryIO, there: list[Found], run: _Run) -> Iterator[list[_Change]]:
    for found in there:
        with archive.opened(stream, found) as table:
            outcomes = reading.read(table, found.kind, today=run.now.astimezone(UTC).date())
            days = reading.days(counting.facts(outcomes, run.found, run.rejects, run.tell))
            while some := list(islice(days, AT_ONCE)):
                yield _against_stored(row, found.kind, some)


def _stored(row: Import, kind: str, days: Iterable[date]) -> "QuerySet[ImportedDay]":
    return ImportedDay.objects.filter(
        workspace_id=row.workspace_id, source_id=row.source_id, kind=kind, day__in=list(days)
    )


def _against_stored(row: Import, kind: str, days: list[Day]) -> list[_Change]:
    known = dict(_stored(row, kind, (each.day for each in days)).values_list("day", "entries"))
    return [_Change(kind=kind, day=each.day, entries=_as_json(kind, each), stored=known.get(each.day)) for each in days]


def _as_json(kind: str, day: Day) -> Entries:
    """Give the entries, without empty texts and with the counts that the file has."""
    table = TABLES[kind]
    return [
        {name: text for name, text in zip(table.by, of, strict=True) if text}
        | {name: count for name, count in zip(table.counts, counts, strict=True) if count is not None}
        for of, counts in sorted(day.entries.items())
    ]


def _write(row: Import, changes: list[_Change]) -> None:
    changed = [each for each in changes if each.is_any]
    if not changed:
        return
    _stored(row, changed[0].kind, (each.day for each in changed)).delete()
    shared: dict[str, Any] = {"workspace_id": row.workspace_id, "source_id": row.source_id, "import_row": row}
    ImportedDay.objects.bulk_create(
        ImportedDay(**shared, kind=each.kind, day=each.day, entries=each.entries) for each in changed
    )


def _tally(found: Findings, changes: list[_Change]) -> None:
    for change in changes:
        _count(found, change)
        moment = datetime(change.day.year, change.day.month, change.day.day, tzinfo=UTC)
        found.first = min(found.first or moment, moment)
        found.last = max(found.last or moment, moment)
        room = MOST_SAMPLES - len(found.samples)
        found.samples += [{"day": str(change.day), "table": change.kind, **each} for each in change.entries[:room]]


def _count(found: Findings, change: _Change) -> None:
    """Count by entry: new ones, those with other counts, those that make way."""
    entries, stored = _by_what(change.kind, change.entries), _by_what(change.kind, change.stored or [])
    same = sum(stored.get(of) == entry for of, entry in entries.items())
    found.new += len(entries) - same
    found.duplicates += same
    found.changed += sum(of in stored and stored[of] != entry for of, entry in entries.items())
    found.removed += sum(of not in entries for of in stored)
    if same < len(entries):
        name = PREFIX + change.kind
        found.names[name] = found.names.get(name, 0) + len(entries) - same


def _by_what(kind: str, entries: Entries) -> dict[tuple[str, ...], dict[str, Any]]:
    return {tuple(entry.get(name, "") for name in TABLES[kind].by): entry for entry in entries}
