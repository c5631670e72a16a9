"""What a run through a file found: how many rows became what, and enough examples to judge the mapping by."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from tracking.access_log import LeftOut
from tracking.conversions.placing import Unmatched
from tracking.event import Event, Status
from tracking.imports.destination import Outcome
from tracking.tabular import Imported
from tracking.tabular_rows import RowError
from tracking.times import instant_of

CHUNK_ROWS = 2_000  # stored at once; an event has 600 bytes on average, so about 1 MB
MOST_SAMPLES = 20
MOST_ERRORS = 100
MOST_HOSTS = 5
MOST_NAMES = 50  # a column mapped to the name by mistake has as many as rows


class Findings(msgspec.Struct, kw_only=True):
    """One run's result; rows is the sum of new, duplicates, conflicts, rejected and left_out.

    new        rows that are events and were not there
    duplicates rows whose event is there already, or came earlier in the file
    conflicts  the same, but there it has other content, which stays
    rejected   rows with an error
    left_out   lines of a log that are no visit: bots, assets, redirects; conversions that are nobody's
    changed    of the new: those that take the place of the same event with other content
    removed    events of the file's days that are there and not in the file, where it replaces its days
    rejected_as, left_out_as  the same rows by reason
    names      the new events by name, at most MOST_NAMES of them
    notes      what was kept, but not as it was written, by code
    samples    the first events, without empty fields
    errors     the first rows with an error
    faults     why the file cannot be read with this mapping; then nothing was counted
    columns    of the file; examples: the first value under each, where there is one
    hosts      of a log: the sites that show its pictures, and how often
    """

    rows: int = 0
    new: int = 0
    duplicates: int = 0
    conflicts: int = 0
    rejected: int = 0
    left_out: int = 0
    changed: int = 0
    removed: int = 0
    rejected_as: dict[str, int] = {}
    left_out_as: dict[str, int] = {}
    notes: dict[str, int] = {}
    names: dict[str, int] = {}
    first: datetime | None = None
    last: datetime | None = None
    samples: list[dict[str, Any]] = []  # Any: the fields of an event
    errors: list[RowError] = []
    faults: list[str] = []
    columns: list[str] = []
    examples: dict[str, str] = {}
    hosts: dict[str, int] = {}
    imported_before: datetime | None = None  # when the same file was imported last

    @property
    def repeated(self) -> int:
        """Give the rows that add nothing because they are there."""
        return self.duplicates + self.conflicts

    @property
    def added(self) -> int:
        """Give the rows that are events and were not there in any form."""
        return self.new - self.changed

    @property
    def changes_anything(self) -> bool:
        """Say whether storing the file makes, or made, a difference."""
        return bool(self.new or self.removed)

    @property
    def likely_host(self) -> str | None:
        """Give the site that a log is probably of."""
        return max(self.hosts, key=lambda host: self.hosts[host], default=None)

    def as_json(self) -> dict[str, Any]:
        """Give it as a JSON column takes it: PostgreSQL's has no NUL."""
        encoded = msgspec.json.encode(self).replace(b"\\u0000", b"\\ufffd")
        decoded: dict[str, Any] = msgspec.json.decode(encoded)
        return decoded

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Findings":
        """Give back what as_json gave; an empty one for a file that was not read yet."""
        return msgspec.convert(kept, cls)


@dataclass(slots=True)
class Chunk:
    """Some rows of a file, sorted by what they became."""

    rows: int = 0
    events: list[Event] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    errors: list[RowError] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    days: set[str] = field(default_factory=set)  # see tabular.Imported
    unmatched: list[Unmatched] = field(default_factory=list)  # counted among what was left out

    def counts(self) -> Counter[str]:
        """Count what is no event, by the inbox's outcomes and reasons."""
        rejected = Counter(f"{Status.REJECTED}:{error.code}" for error in self.errors)
        filtered = {f"{Status.FILTERED}:{reason}": rows for reason, rows in self.left_out.items()}
        return rejected + Counter(filtered)

    def add(self, outcome: Outcome) -> None:
        """Take one row in."""
        self.rows += 1
        if isinstance(outcome, Imported):
            self.events.append(outcome.event)
            self.notes.update(str(note.code) for note in outcome.notes)
            if outcome.day is not None:
                self.days.add(outcome.day)
        elif isinstance(outcome, Unmatched):
            self.left_out[str(outcome.reason)] += 1
            self.unmatched.append(outcome)
        elif isinstance(outcome, LeftOut):
            self.left_out[str(outcome.reason)] += 1
        else:
            self.errors.append(outcome)


def chunks(outcomes: Iterable[Outcome]) -> Iterator[Chunk]:
    """Cut the outcomes into chunks."""
    chunk = Chunk()
    for outcome in outcomes:
        chunk.add(outcome)
        if chunk.rows == CHUNK_ROWS:
            yield chunk
            chunk = Chunk()
    if chunk.rows:
        yield chunk


@dataclass(slots=True)
class Tally:
    """Adds chunks up to findings."""

    findings: Findings = field(default_factory=Findings)
    days: set[str] = field(default_factory=set)
    _first_us: int | None = None
    _last_us: int | None = None

    def add(self, chunk: Chunk, statuses: Sequence[Status], *, changed: int = 0) -> None:
        """Count a chunk; statuses are the ledger's words on its events, `changed` of which took another's place."""
        found, said = self.findings, Counter(statuses)
        found.changed += changed
        self.days |= chunk.days
        found.rows += chunk.rows
        found.new += said[Status.ACCEPTED]
        found.duplicates += said[Status.DUPLICATE]
        found.conflicts += said[Status.DUPLICATE_CONFLICT]
        found.rejected += len(chunk.errors)
        found.left_out += chunk.left_out.total()
        _raise(found.rejected_as, Counter(str(error.code) for error in chunk.errors))
        _raise(found.left_out_as, chunk.left_out)
        _raise(found.notes, chunk.notes)
        accepted = (event for event, status in zip(chunk.events, statuses, strict=True) if status is Status.ACCEPTED)
        _raise(found.names, Counter(event.name for event in accepted), most=MOST_NAMES)
        found.errors += chunk.errors[: MOST_ERRORS - len(found.errors)]
        found.samples += [_shown(event) for event in chunk.events[: MOST_SAMPLES - len(found.samples)]]
        self._note_times(chunk.events)

    def _note_times(self, events: Sequence[Event]) -> None:
        if not events:
            return
        times = [event.time_us for event in events]
        self._first_us = min(times) if self._first_us is None else min(self._first_us, *times)
        self._last_us = max(times) if self._last_us is None else max(self._last_us, *times)
        self.findings.first = instant_of(self._first_us)
        self.findings.last = instant_of(self._last_us)


def _raise(counts: dict[str, int], by: Counter[str], *, most: int | None = None) -> None:
    for key, rows in by.items():
        if most is None or key in counts or len(counts) < most:
            counts[key] = counts.get(key, 0) + rows


def _shown(event: Event) -> dict[str, Any]:
    """Give an event's fields as people read them, without those that are empty or ours."""
    shown: dict[str, Any] = msgspec.to_builtins(event)
    time = instant_of(shown.pop("time_us"))
    for ours in ("received_us", "client_time_us", "protocol"):
        shown.pop(ours, None)
    return {"time": time.isoformat(), **shown}
