"""Reads what a funnel asks about from one state of the lake, some persons at a time, so that memory stays bounded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from analysis.arrays import Bools, Ints
from analysis.funnels import Bits, Happened
from analysis.ordering import order_of
from goals.conditions import Rule, compile_rules, names_asked
from reports.funnels.segments import NO_VISIT, NOT_SET
from tracking.uncounted import NOT_DONE

_SQL = Path(__file__).parent.parent / "sql"
HITS = (_SQL / "funnels.hits.sql").read_text()
TIES = (_SQL / "funnels.ties.sql").read_text()
VISITS = (_SQL / "funnels.visits.sql").read_text()
REACH = (_SQL / "funnels.reach.sql").read_text()
MOST_EVENTS = 6_000_000  # of the range, read at a time: under 200 MiB where a funnel asks about every one
MOST_VISITED = 2_000_000  # the same where visits are read beside them, which take more room than their events
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Persons = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Asking:
    """What is read: the events of [since, until) that meet a step, and in strict funnels all that people do.

    steps      the rules of each step
    sources    short name to id, as rules name sources
    only       the table of those whose events alone are read; "" for everybody's
    """

    steps: tuple[tuple[Rule, ...], ...]
    sources: Mapping[str, int]
    since: datetime
    until: datetime
    strict: bool
    only: str = ""

    @property
    def bounds(self) -> dict[str, object]:
        """Give the instants with their UTC days, the lake's partition."""
        days = {"since_day": self.since.date(), "until_day": self.until.date()}
        return {"since": self.since, "until": self.until, **days}

    @property
    def hit(self) -> tuple[str, dict[str, object]]:
        """Give the condition that an event meets a step, with its bound values."""
        found = compile_rules([rule for step in self.steps for rule in step], sources=self.sources, prefix="hit")
        return f"coalesce({found.sql}, false)", found.params

    @property
    def kept(self) -> tuple[str, dict[str, object]]:
        """Give which events are read, with the bound values."""
        sql, params = self._asked_about
        return (f"{sql} and hash(person_id) in (select person from {self.only})" if self.only else sql), params  # noqa: S608  # a table's name

    @property
    def _asked_about(self) -> tuple[str, dict[str, object]]:
        sql, params = self.hit
        if self.strict:
            done = "coalesce(not list_contains($not_done, name), true)"
            return f"({sql} or {done})", params | {"not_done": list(NOT_DONE)}
        names = names_asked([rule for step in self.steps for rule in step])
        if names is None:
            return sql, params
        # Said once more for all rules at once: the engine reads less for a plain list than for the rules.
        named = {f"name_{n}": name for n, name in enumerate(sorted(names))}
        return f"(name in ({', '.join(f'${key}' for key in named)}) and {sql})", params | named

    @property
    def meets(self) -> tuple[str, dict[str, object]]:
        """Give the bits of the steps as one number, with the bound values."""
        compiled = [compile_rules(rules, sources=self.sources, prefix=f"s{n}") for n, rules in enumerate(self.steps)]
        bits = " | ".join(f"case when {each.sql} then {1 << n} else 0 end" for n, each in enumerate(compiled))
        return bits, {name: value for each in compiled for name, value in each.params.items()}


@dataclass(frozen=True, slots=True)
class Visits:
    """The visits of some persons, by (person, source, start).

    segment   int64[n], codes into names; the last of these is NO_VISIT
    """

    person: Persons
    source: Ints
    started_us: Ints
    ended_us: Ints
    segment: Ints
    names: tuple[str, ...]

    def taken(self, column: Ints, visit: Ints, *, missing: Ints | int) -> Ints:
        """Give what a column says of each visit, by its place; `missing` for those that are -1."""
        if not len(column):
            return np.broadcast_to(np.asarray(missing, np.int64), visit.shape)
        return np.where(visit < 0, missing, column[np.maximum(visit, 0)])


_NONE = np.empty(0, np.int64)
NO_VISITS = Visits(np.empty(0, np.uint64), _NONE, _NONE, _NONE, _NONE, (NO_VISIT,))


@dataclass(frozen=True, slots=True)
class Read:
    """What some persons did, all of each of them: n events in their order.

    happened   as analysis.funnels takes it
    person     uint64[n], the lake's number of the person
    visit      int64[n], the visit's place in `visits`; -1 where it lies in none, or none were read
    """

    happened: Happened
    person: Persons
    visit: Ints
    visits: Visits

    def segments(self, events: Ints) -> Ints:
        """Give the codes of the segments of events, by their places."""
        return self.visits.taken(self.visits.segment, self.visit[events], missing=len(self.visits.names) - 1)


def read(lake: Connection, asking: Asking, *, events: int, segment: str | None, in_sessions: bool) -> Iterator[Read]:
    """Read the events, those of some persons at a time.

    events       about how many the range has in all
    segment      an expression over sessions that persons are told apart by; None: not
    in_sessions  say which visit each event lies in
    """
    has_visits = in_sessions or segment is not None
    passes = max(1, -(-events // (MOST_VISITED if has_visits else MOST_EVENTS)))
    for each in range(passes):
        part = part_of(passes, each)
        rows = _rows(lake, asking, HITS, part)
        rows = rows.taken(order_of(rows.person, None, rows.time_us))
        rows = _untied(lake, asking, rows, part)
        visits = visits_of(lake, asking.since, asking.until, segment or "''", part) if has_visits else NO_VISITS
        yield _read(rows, visits)


def reach(lake: Connection, since: datetime, until: datetime) -> datetime:
    """Give the instant up to which the visits go on that have events in [since, until)."""
    [[found]] = lake.execute(REACH, {"since": since, "until": until}).fetchall()
    return max(until, EPOCH + timedelta(microseconds=found + 1))


class Moments(Protocol):
    """Events: whose, on which source, and when; n of each."""

    @property
    def person(self) -> Persons: ...
    @property
    def source(self) -> Ints: ...
    @property
    def time_us(self) -> Ints: ...


@dataclass(frozen=True, slots=True)
class _Rows:
    person: Persons
    source: Ints
    time_us: Ints
    meets: Bits

    def taken(self, order: Ints) -> "_Rows":
        return _Rows(self.person[order], self.source[order], self.time_us[order], self.meets[order])


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the persons, as a condition."""

    sql: str
    params: dict[str, object]


def part_of(passes: int, number: int) -> Part:
    """Give one of so many parts."""
    if passes == 1:
        return Part("", {})
    # A number of another type than the hash's own would make it one of 128 bits, which is divided ten times as slowly.
    return Part(" and hash(person_id) % $passes::ubigint = $pass::ubigint", {"passes": passes, "pass": number})


def of_those(part: Part, table: str) -> Part:
    """Give those of a part who are in a table of persons; the part itself where the table's name is ""."""
    return Part(f"{part.sql} and hash(person_id) in (select person from {table})", part.params) if table else part  # noqa: S608  # a table's name


def _rows(lake: Connection, asking: Asking, sql: str, part: Part) -> _Rows:
    meets, meets_params = asking.meets
    kept, kept_params = asking.kept
    text = sql.format(meets=meets, kept=kept + part.sql)
    table = lake.sql(text, params=asking.bounds | meets_params | kept_params | part.params).to_arrow_table()
    return _Rows(*(table[name].to_numpy() for name in ("person", "source_id", "time_us", "meets")))


def _untied(lake: Connection, asking: Asking, rows: _Rows, part: Part) -> _Rows:
    """Put what one person did at one moment into its order, where the order matters."""
    same = (rows.person[1:] == rows.person[:-1]) & (rows.time_us[1:] == rows.time_us[:-1])
    differing = same & (rows.meets[1:] != rows.meets[:-1])
    if not differing.any():
        return rows
    opens = np.r_[True, ~same]
    group = opens.cumsum() - 1
    is_tied = np.isin(group, group[1:][differing])
    firsts = np.flatnonzero(opens & is_tied)
    lake.register("ties", pa.table({"person": rows.person[firsts], "time_us": rows.time_us[firsts]}))
    found = _rows(lake, asking, TIES, part)
    lake.unregister("ties")
    source, meets = rows.source.copy(), rows.meets.copy()
    # Both are by person and time, so that the moments follow each other in the same order.
    source[is_tied], meets[is_tied] = found.source, found.meets
    return _Rows(rows.person, source, rows.time_us, meets)


def visits_of(lake: Connection, since: datetime, until: datetime, segment: str, part: Part) -> Visits:
    """Read the visits of some persons that events of [since, until) can lie in."""
    text = VISITS.format(segment=segment, kept=f"true{part.sql}")
    params = {"since": since, "until": until} | part.params
    table = lake.sql(text, params=params).to_arrow_table()
    coded = table["segment"].combine_chunks().fill_null(NOT_SET).dictionary_encode()
    names = (*(name or NOT_SET for name in coded.dictionary.to_pylist()), NO_VISIT)
    person, source, started, ended = (
        table[name].to_numpy() for name in ("person", "source_id", "started_us", "ended_us")
    )
    code = coded.indices.to_numpy().astype(np.int64)
    order = order_of(person, source, started)
    return Visits(person[order], source[order], started[order], ended[order], code[order], names)


def _read(rows: _Rows, visits: Visits) -> Read:
    n = len(rows.person)
    code = np.zeros(n, np.int64)
    if n:
        np.cumsum(rows.person[1:] != rows.person[:-1], out=code[1:])
    visit = visit_of(rows, visits)
    # Outside of every visit an event is one of its own.
    session = np.where(visit < 0, -1 - np.arange(n), visit)
    return Read(Happened(code, session, rows.time_us, rows.meets), rows.person, visit, visits)


def visit_of(rows: Moments, visits: Visits) -> Ints:
    """Give for each event the place of the visit that it lies in, -1 for none."""
    seen, n = len(visits.person), len(rows.person)
    if not seen:
        return np.full(n, -1, np.int64)
    person = np.concatenate((visits.person, rows.person))
    source = np.concatenate((visits.source, rows.source))
    time = np.concatenate((visits.started_us, rows.time_us))
    order = order_of(person, source, time)
    is_visit = order < seen
    # The visit that began last before each event, or with it, of whomever; -1 before the first.
    latest = np.maximum.accumulate(np.where(is_visit, order, -1))
    place, begun = order[~is_visit] - seen, latest[~is_visit]
    found = np.full(n, -1, np.int64)
    found[place] = begun
    safe = np.maximum(found, 0)
    return np.where((found >= 0) & _holds(rows, visits, safe), found, -1)


def _holds(rows: Moments, visits: Visits, place: Ints) -> Bools:
    """Say of each event whether the visit is its person's, on its source, and not over."""
    is_theirs = (visits.person[place] == rows.person) & (visits.source[place] == rows.source)
    holds: Bools = is_theirs & (rows.time_us <= visits.ended_us[place])
    return holds
