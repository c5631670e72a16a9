"""From events to sessions and touches: what follows from the lake, recomputed from the first changed day on.

The tables are functions of the events alone: any order, chunking or repetition of arrival gives the same rows, and
redoing a part gives what redoing all would. Days are the workspace's; a session belongs to the day it started on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import msgspec
import pyarrow as pa
from deltalake.transaction import AddAction

from tracking.channels import Origin, origin_of
from tracking.lake import dayfiles
from tracking.lake.query import connected
from tracking.lake.schema import INSTANT, SCHEMAS, Table
from tracking.lake.table import NO_VERSION, Snapshot, open_or_make, open_table, replace_files, snapshot_of
from tracking.locks import Work, alone
from tracking.models import DerivedChange, LakeState, Source
from tracking.persons import links
from workspaces import scope
from workspaces.models import Workspace
from workspaces.zones import day_of, days_between, start_of

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # before every event: dirty since then is dirty as a whole
MAX_GAP = timedelta(minutes=30)  # the session gap of GA4, Matomo and Plausible; a gap of exactly this opens a new one
PART_EVENTS = 500_000  # events that are derived at a time
PART_ROWS = 50_000  # rows that are on their way to the lake at a time, about 10 MB
_SQL = {path.name: path.read_text() for path in (Path(__file__).parent / "sql").glob("*.sql")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What one derivation has to do, fixed before it reads.

    since      the earliest time of events that are not derived yet
    input      the newest events, and the published sessions and touches
    through    every event received before is among them
    own_hosts  of each source by its id: coming from there is no origin
    """

    since: datetime
    input: Snapshot
    through: datetime | None
    zone: ZoneInfo
    own_hosts: Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where the recomputed part begins: the first instant of a local day."""

    day: date
    at: datetime


def derive(workspace_id: int, now: datetime, *, part_events: int = PART_EVENTS) -> date | None:
    """Publish sessions and touches that are right for all events of the lake.

    part_events  how many are worked on at a time, at least a day's: a question of memory, not of what comes out
    returns  the first local day that changed; None where nothing was to do, or somebody else is at it
    """
    changed: date | None = None
    with alone(Work.DERIVE, workspace_id) as free:
        while free and (begun := begin(workspace_id)) is not None:
            day = _derive_once(begun, now, part_events)
            changed = min(day, changed or day)
    return changed


def redo_everything(workspace_id: int) -> None:
    """Have all sessions and touches derived again: what they depend on beside the events has changed."""
    with scope.in_workspace(workspace_id):
        LakeState.objects.filter(workspace_id=workspace_id, events__gt=0).update(dirty_since=EPOCH)


def is_due(state: LakeState, zone_name: str) -> bool:
    """Say whether the workspace's derived tables are behind its events or its time zone."""
    marked = state.dirty_since is not None or state.deriving_since is not None
    return state.events > 0 and (marked or state.derived_zone != zone_name)


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
    # Opened after the row was read: at least the events that it speaks of are in it.
    table = open_table(workspace_id, Table.EVENTS)
    return Begun(
        since=state.deriving_since,
        input=replace(snapshot_of(state), events_version=table.version() if table else NO_VERSION),
        through=state.stored_through,
        zone=ZoneInfo(zone_name),
        own_hosts=hosts,
    )


def _derive_once(begun: Begun, now: datetime, part_events: int) -> date:
    """Compute, write, publish; give the first local day that may have changed."""
    workspace_id = begun.input.workspace_id
    with connected(begun.input, {"links": links(workspace_id)}) as engine:
        span = engine.sql("select min(time) as first, max(time) as last from events").to_arrow_table().to_pylist()[0]
        first_day, last_day = (day_of(span[end], begun.zone) for end in ("first", "last"))
        cut = _cut(engine, begun, first_day)
        _show_days(engine, cut.day, last_day, begun.zone)
        parts = _parts(engine, cut, last_day, begun.zone, part_events)
        written = _write(engine, begun, parts)
    since = None if cut.day <= first_day else cut.day
    versions = {
        table: replace_files(workspace_id, table, files, since=since, base=begun.input.version(table))
        for table, files in written.items()
    }
    # In another zone the first day may have been one or two days earlier.
    changed = since or cut.day - timedelta(days=2)
    _publish(begun, versions, changed, now)
    return changed


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
    since = cut.at - MAX_GAP  # enough to see whether the first event after the cut opens a session
    given = {"since": since, "since_day": since.date(), "gap_us": MAX_GAP // timedelta(microseconds=1)}
    engine.execute(_SQL["sessions.mark.sql"], given)


def _is_crossed(engine: duckdb.DuckDBPyConnection, cut: Cut, since: datetime) -> bool:
    """Say whether an event from `since` on belongs to a session that began before the cut."""
    crossing = "select 1 as n from marked where time >= $since and started_at < $cut limit 1"
    return bool(engine.sql(crossing, params={"since": since, "cut": cut.at}).to_arrow_table().num_rows)


def _parts(
    engine: duckdb.DuckDBPyConnection, cut: Cut, last: date, zone: ZoneInfo, part_events: int
) -> list[tuple[Cut, Cut]]:
    """Cut the days from the cut to the last into ranges [since, until) of about `part_events`, or of one day."""
    counted = "select day, count(*) as events from events where day > $day group by day order by day"
    begins, room = [cut.day], part_events
    for day, events in engine.sql(counted, params={"day": cut.day}).fetchall():
        room -= events  # of the same day in UTC: which part an event is in matters to memory alone
        if room < 0 and day <= last:
            begins.append(day)
            room = part_events - events
    cuts = [Cut(day=day, at=start_of(day, zone)) for day in (*begins, max(last, cut.day) + timedelta(days=1))]
    return list(pairwise(cuts))


def _write(
    engine: duckdb.DuckDBPyConnection, begun: Begun, parts: Sequence[tuple[Cut, Cut]]
) -> dict[Table, list[AddAction]]:
    """Write sessions and touches part by part, so that memory does not grow with the days; give their files."""
    cut = parts[0][0]
    tables = {
        name: open_or_make(begun.input.workspace_id, name, SCHEMAS[name]) for name in (Table.SESSIONS, Table.TOUCHES)
    }
    written: dict[Table, list[AddAction]] = {name: [] for name in tables}
    engine.execute(_SQL["touches.carried.sql"], {"cut": cut.at, "cut_day": cut.day})
    engine.execute("create or replace temp table known (person_id varchar)")
    for since, until in parts:
        _bring(engine, since, until, begun.own_hosts)
        given = {
            Table.SESSIONS: {"since": since.at, "until": until.at, "cut_day": cut.day},
            Table.TOUCHES: {"until_day": until.day},
        }
        for name, table in tables.items():
            written[name] += dayfiles.write(table, _rows(engine, name, given[name]))
        engine.execute("delete from touched where day < $day", {"day": until.day})
        engine.execute(_KNOW)
    return written


# The persons of the parts that are done: their next session is not their first.
_KNOW = """
insert into known
select distinct person_id from arrivals anti join known using (person_id) where opens and session_id is not null
"""


def _bring(engine: duckdb.DuckDBPyConnection, since: Cut, until: Cut, own_hosts: Mapping[int, frozenset[str]]) -> None:
    """Find the events that bring somebody, judge where from, and add the touches that they are."""
    bounds = {"since": since.at, "until": until.at}
    lasting = "select max(time) as last from marked where started_at >= $since and started_at < $until"
    last = engine.sql(lasting, params=bounds).to_arrow_table().column("last")[0].as_py()  # they may go on for days
    days = {"since_day": since.at.date(), "last_day": max(last or until.at, until.at).date()}
    engine.execute(_SQL["touches.arrivals.sql"], bounds | days)
    clues = engine.sql("select distinct clues from arrivals").to_arrow_table().column("clues")
    engine.register("origins", _origins(clues, own_hosts))
    engine.execute(_SQL["touches.fresh.sql"])


def _rows(engine: duckdb.DuckDBPyConnection, table: Table, given: dict[str, object]) -> pa.RecordBatchReader:
    """Give sessions or touches in the lake's schema, to be read once."""
    schema = SCHEMAS[table]
    read = engine.sql(_SQL[f"{table}.sql"], params=given).to_arrow_reader(PART_ROWS)
    parts = (part.select(schema.names).cast(schema) for part in read)
    return pa.RecordBatchReader.from_batches(schema, parts)


def _origins(clues: pa.ChunkedArray, own_hosts: Mapping[int, frozenset[str]]) -> pa.Table:
    """Judge each combination of clues once: its channel and what else a touch says of its origin."""
    texts = sorted(clues.to_pylist())
    found = [_origin(text, own_hosts) for text in texts]
    columns = {
        "clues": texts,
        "channel": [origin.channel.key for origin in found],
        "paid": [origin.channel.paid for origin in found],
        "direct": [origin.is_direct for origin in found],
        "source": [origin.source for origin in found],
        "medium": [origin.medium for origin in found],
        "campaign": [origin.campaign for origin in found],
        "content": [origin.content for origin in found],
        "term": [origin.term for origin in found],
    }
    return pa.table(columns, schema=_ORIGINS)


_TEXTS = ("source", "medium", "campaign", "content", "term")
_ORIGINS = pa.schema(
    [("clues", pa.string()), ("channel", pa.string()), ("paid", pa.bool_()), ("direct", pa.bool_())]
    + [(name, pa.string()) for name in _TEXTS]
)


def _origin(clues: str, own_hosts: Mapping[int, frozenset[str]]) -> Origin:
    source_id, host, source, medium, campaign, term, content, click_id_type, referrer = _read(clues)
    own = own_hosts.get(int(source_id or 0), frozenset())
    return origin_of(
        utm_source=source,
        utm_medium=medium,
        utm_campaign=campaign,
        utm_term=term,
        utm_content=content,
        click_id_type=click_id_type,
        referrer=referrer,
        own_hosts=own | {host} if host else own,
    )


_read = msgspec.json.Decoder(list[str | None]).decode


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
        state.derived_at, state.derived_through = now, begun.through
        state.derived_zone = begun.zone.key
        state.deriving_since = None
        state.revision += 1
        state.save(update_fields=_PUBLISHED)
        DerivedChange.objects.filter(workspace_id=workspace_id, day__gte=changed).delete()
        DerivedChange.objects.create(workspace_id=workspace_id, day=changed, revision=state.revision)


_PUBLISHED = [
    "events_version",
    "sessions_version",
    "touches_version",
    "derived_at",
    "derived_through",
    "derived_zone",
    "deriving_since",
    "revision",
]
