"""From events to sessions and touches: what follows from the lake, recomputed from the first changed day on.

The tables are functions of the events alone: any order, chunking or repetition of arrival gives the same rows, and
redoing a part gives what redoing all would. Days are the workspace's; a session belongs to the day it started on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from tracking import persons, rederiving, watching
from tracking.deriving import Cut, Part, parts_of, rows_of, write
from tracking.lake.query import connected
from tracking.lake.schema import INSTANT, Table
from tracking.lake.table import NO_VERSION, Snapshot, days_of_files, files, open_table, replace_files, snapshot_of
from tracking.locks import Work, alone
from tracking.models import DerivedChange, LakeState, Source
from tracking.uncounted import NOT_COUNTED
from tracking.watching import Watch
from workspaces import scope
from workspaces.models import Workspace
from workspaces.zones import day_of, days_between, start_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # before every event: dirty since then is dirty as a whole
MAX_GAP = timedelta(minutes=30)  # the session gap of GA4, Matomo and Plausible; a gap of exactly this opens a new one
# A part takes one thread less than 96 MB, and whatever is above the limit is spilled. Two threads at a time need more
# than twice as much, and fail where they do not get it.
PART_EVENTS = 250_000  # derived at a time
MEMORY = "128MB"
_SQL = {path.name: path.read_text() for path in (Path(__file__).parent / "sql").glob("*.sql")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What one derivation has to do, fixed before it reads.

    since      the earliest time of events that are not derived yet
    published  the state that readers take
    input      the newest events and people, and the published sessions and touches
    through    every event received before is among them
    own_hosts  of each source by its id: coming from there is no origin
    people     counts the changes of who is who, up to now
    """

    since: datetime
    published: Snapshot
    input: Snapshot
    through: datetime | None
    zone: ZoneInfo
    own_hosts: Mapping[int, frozenset[str]]
    people: int


def derive(workspace_id: int, now: datetime, *, part_events: int = PART_EVENTS) -> date | None:
    """Publish sessions and touches that are right for all events of the lake.

    Those that come meanwhile are the next derivation's: where they come all the time, this one would never end.

    part_events  how many are worked on at a time, at least a person's day: a question of memory, not of what comes out
    returns  the first local day that changed; None where nothing was to do, or somebody else is at it, or wants it
             to wait
    """
    keeper, changed = watching.keeper(), None
    with alone(Work.DERIVE, workspace_id) as free:
        if not free or not keeper.may_begin(workspace_id, now=now):
            return None
        begun = _resolved_and_begun(workspace_id)
        if begun is None:
            keeper.nothing_to_do(workspace_id, now=now)
            return None
        reasons = watching.reasons(begun.published, begun.input, is_whole=begun.since == EPOCH, since=begun.since)
        version = str(begun.published.revision + 1)
        with keeper.going(workspace_id, reasons, version=version, now=now) as watch:
            changed = _derive_once(begun, now, part_events, watch)
    return changed  # None as well where it was ended before it published: what was dirty still is


def redo_everything(workspace_id: int) -> None:
    """Have all sessions and touches derived again: what they depend on beside the events has changed."""
    with scope.in_workspace(workspace_id):
        LakeState.objects.filter(workspace_id=workspace_id, events__gt=0).update(dirty_since=EPOCH)


def mark(workspace_id: int, since: datetime | None) -> None:
    """Have everything from then on derived again, since events are gone; call it inside the workspace."""
    if since is None:
        return
    state = LakeState.objects.select_for_update().get(workspace_id=workspace_id)
    state.dirty_since = min(since, state.dirty_since or since)
    state.save(update_fields=["dirty_since"])


def is_due(state: LakeState, zone_name: str) -> bool:
    """Say whether the workspace's derived tables are behind its events or its time zone."""
    if state.dirty_since is not None or state.deriving_since is not None:
        return state.events > 0 or state.revision > 0  # all events may have been removed
    return state.events > 0 and state.derived_zone != zone_name


def _resolved_and_begun(workspace_id: int) -> Begun | None:
    """Find out who is who, and begin with it; links that come meanwhile come with events, and so have their turn."""
    persons.resolve(workspace_id)
    return begin(workspace_id)


def begin(workspace_id: int) -> Begun | None:
    """Take over what is dirty; what the drain marks from here on is the next derivation's."""
    with scope.in_workspace(workspace_id):
        zone_name = Workspace.objects.get(pk=workspace_id).zone_name
        state = LakeState.objects.select_for_update().filter(workspace_id=workspace_id).first()
        if state is None or not is_due(state, zone_name):
            return None
        marks = [mark for mark in (state.dirty_since, state.deriving_since) if mark is not None]
        if state.derived_zone != zone_name:
            marks.append(EPOCH)
        state.deriving_since, state.dirty_since = min(marks), None
        state.save(update_fields=["deriving_since", "dirty_since"])
        hosts = {source.pk: frozenset(source.hosts) for source in Source.objects.all()}
    published = newest = snapshot_of(state)
    if state.people_changed != state.people_derived:
        newest = replace(newest, people_version=persons.publishable(workspace_id))
    # Opened after the row was read: at least the events that it speaks of are in it.
    table = open_table(workspace_id, Table.EVENTS)
    return Begun(
        since=state.deriving_since,
        published=published,
        input=replace(newest, events_version=table.version() if table else NO_VERSION),
        through=state.stored_through,
        zone=ZoneInfo(zone_name),
        own_hosts=hosts,
        people=state.people_changed,
    )


def _derive_once(begun: Begun, now: datetime, part_events: int, watch: Watch) -> date:
    """Compute, write, publish; give the first local day that may have changed."""
    done = _by_persons(begun, part_events, watch) or _by_days(begun, part_events, watch)
    watch.last_word()
    _publish(begun, done.versions, done.changed, now)
    return done.changed


@dataclass(frozen=True, slots=True)
class _Done:
    """Versions that are written, and the first local day that may be another one than in those before."""

    versions: Mapping[Table, int]
    changed: date


def _by_persons(begun: Begun, part_events: int, watch: Watch) -> _Done | None:
    """Derive those persons' sessions and touches that can differ; None where everybody's are as quickly derived."""
    if begun.since == EPOCH:
        return None
    with connected(begun.input, threads=1, memory=MEMORY) as engine:
        first_day, last_day = _span(engine, begun)
        since_day = begun.since.date()
        counted = engine.sql("select count(*) from events where day >= $day", params={"day": since_day}).fetchall()
        if counted[0][0] < rederiving.WORTH_EVENTS:
            return None
        theirs = rederiving.persons(engine, begun.published, begun.input)
        if theirs is None:
            return None
        seen_since = rederiving.narrow(engine, begun.input, theirs, dirty=since_day)
        if seen_since is None:
            return None
        parts = _parts(engine, begun, first_day, last_day, part_events)
        cut = parts[0].since
        if seen_since > max((cut.at - MAX_GAP).date(), first_day - timedelta(days=1)):
            return None
        watch.covers(since=cut.day, until=parts[-1].until.day, persons=theirs.num_rows)
        rederiving.gather(engine, rows_of(engine, parts, begun.own_hosts, watch.tell))
        versions = {
            table: rederiving.replace(engine, begun.input, table, since=cut.day) for table in rederiving.DERIVED
        }
    return _Done(versions, _changed(begun, cut, first_day))


def _by_days(begun: Begun, part_events: int, watch: Watch) -> _Done:
    workspace_id = begun.input.workspace_id
    with connected(begun.input, threads=1, memory=MEMORY) as engine:
        first_day, last_day = _span(engine, begun)
        parts = _parts(engine, begun, first_day, last_day, part_events)
        cut = parts[0].since
        watch.covers(since=cut.day, until=parts[-1].until.day)
        written = write(engine, workspace_id, parts, begun.own_hosts, watch.tell)
    since = None if cut.day <= first_day else cut.day
    versions = {
        table: replace_files(workspace_id, table, theirs, since=since, base=begun.input.version(table))
        for table, theirs in written.items()
    }
    return _Done(versions, _changed(begun, cut, first_day))


def _span(engine: duckdb.DuckDBPyConnection, begun: Begun) -> tuple[date, date]:
    """Give the local days of the first and the last event; where all are gone, one empty day is put in their place."""
    # The files of two days say it: a table's days are those of its events' times.
    days = days_of_files(files(begun.input.workspace_id, Table.EVENTS, begun.input.events_version)) or (EPOCH.date(),)
    span = engine.sql(_SQL["events.span.sql"], params={"days": [days[0], days[-1]]}).to_arrow_table().to_pylist()[0]
    first, last = (day_of(span[end] or begun.since, begun.zone) for end in ("first", "last"))
    return first, last


def _parts(
    engine: duckdb.DuckDBPyConnection, begun: Begun, first_day: date, last_day: date, part_events: int
) -> list[Part]:
    """Mark the sessions from a cut on, and give the parts from there to the last day."""
    cut = _cut(engine, begun, first_day)
    _show_days(engine, cut.day, last_day, begun.zone)
    return parts_of(engine, cut, last_day, begun.zone, part_events)


def _changed(begun: Begun, cut: Cut, first_day: date) -> date:
    if cut.day > first_day:
        return cut.day
    # In another zone the first day may have been one or two days earlier; removed events may lie before all others.
    earliest = cut.day if begun.since == EPOCH else min(cut.day, day_of(begun.since, begun.zone))
    return earliest - timedelta(days=2)


def _cut(engine: duckdb.DuckDBPyConnection, begun: Begun, first_day: date) -> Cut:
    """Mark the sessions from a day on so early that no session with a new event began before it."""
    dirty_day = day_of(begun.since, begun.zone)
    back = 0
    while True:
        day = max(dirty_day - timedelta(days=back), first_day)
        cut = Cut(day=day, at=start_of(day, begun.zone))
        _mark(engine, cut)
        if day == first_day or not _is_crossed(engine, cut, begun.since):
            return cut
        back = back * 2 or 1


def _mark(engine: duckdb.DuckDBPyConnection, cut: Cut) -> None:
    since = cut.at - MAX_GAP  # with the sessions of before, enough to see whether the first event after it opens one
    gap_us = MAX_GAP // timedelta(microseconds=1)
    bounds = {"since": since, "since_day": since.date(), "cut": cut.at, "cut_day": cut.day}
    engine.execute(_SQL["sessions.mark.sql"], bounds | {"gap_us": gap_us, "not_counted": list(NOT_COUNTED)})


def _is_crossed(engine: duckdb.DuckDBPyConnection, cut: Cut, since: datetime) -> bool:
    """Say whether an event from `since` on belongs to a session that began before the cut."""
    crossing = "select 1 as n from marked where time >= $since and started_at < $cut limit 1"
    return bool(engine.sql(crossing, params={"since": since, "cut": cut.at}).to_arrow_table().num_rows)


def _show_days(engine: duckdb.DuckDBPyConnection, first: date, last: date, zone: ZoneInfo) -> None:
    """Give the engine the local days, each with its first instant."""
    days = [each for each in days_between(first, last + timedelta(days=1), zone) if each.since < each.until]
    columns = [pa.array([each.day for each in days], pa.date32()), pa.array([each.since for each in days], INSTANT)]
    engine.register("days", pa.table(columns, names=["day", "since"]))


def _publish(begun: Begun, versions: Mapping[Table, int], changed: date, now: datetime) -> None:
    """Make the new versions the ones that readers take, in one transaction with the days that changed."""
    workspace_id = begun.input.workspace_id
    with scope.in_workspace(workspace_id):
        state = LakeState.objects.select_for_update().get(workspace_id=workspace_id)
        state.events_version = begun.input.events_version
        state.sessions_version = versions[Table.SESSIONS]
        state.touches_version = versions[Table.TOUCHES]
        state.people_version, state.people_derived = begun.input.people_version, begun.people
        state.derived_at, state.derived_through = now, begun.through
        state.derived_zone = begun.zone.key
        state.deriving_since = None
        state.revision += 1
        state.save(update_fields=_PUBLISHED)
        # What is derived by may have changed: then no day is as it was, whatever events there are.
        since = EPOCH.date() if begun.since == EPOCH else changed
        DerivedChange.objects.filter(workspace_id=workspace_id, day__gte=since).delete()
        DerivedChange.objects.create(workspace_id=workspace_id, day=since, revision=state.revision)


_PUBLISHED = [
    "events_version",
    "sessions_version",
    "touches_version",
    "people_version",
    "people_derived",
    "derived_at",
    "derived_through",
    "derived_zone",
    "deriving_since",
    "revision",
]
