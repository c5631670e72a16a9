"""Sessions and touches of some persons, put in the place of theirs on the days that differ; everybody else's stay.

The engine is narrowed to the persons, so deriving costs what these did. Of the tables only those days are written
again on which a row of theirs is another one than before.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake.exceptions import DeltaError

from tracking import affected, narrowing
from tracking.deriving import PART_ROWS
from tracking.lake import dayfiles
from tracking.lake.query import Listed, is_remote, show
from tracking.lake.schema import SCHEMAS, Table
from tracking.lake.table import NO_VERSION, Snapshot, day_of_file, files, open_or_make, replace_listed

MOST_PERSONS = 20_000
MOST_EVENTS = 250_000  # of theirs: what one part of deriving everybody's takes
# From so few events on, everybody's are derived as fast as those of some can be found.
WORTH_EVENTS = 50_000
# Sessions that were running for longer before their first new event are a robot's: then everybody's are derived.
BEFORE = timedelta(days=8)
# What tells a session's start and where somebody came from.
COLUMNS = frozenset(
    {"host", "path", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "utm_id"}
    | {"click_id_type", "click_id", "device"}
)
_SQL = {path.stem: path.read_text() for path in (Path(__file__).parent / "sql").glob("rederiving.*.sql")}
DERIVED = (Table.SESSIONS, Table.TOUCHES)


def persons(engine: duckdb.DuckDBPyConnection, published: Snapshot, newest: Snapshot) -> pa.Table | None:
    """Give the persons in whom two states can differ; None where deriving everybody's anew is the better way.

    engine   shows the newest state
    """
    if published.revision == 0:
        return None
    try:
        return affected.find(engine, published, newest, most=MOST_PERSONS, with_orders=False)
    except (duckdb.Error, DeltaError):
        return None  # files of the older state are gone


def narrow(engine: duckdb.DuckDBPyConnection, snapshot: Snapshot, theirs: pa.Table, *, dirty: date) -> date | None:
    """Have the engine see the persons' events, sessions and touches; None where these are too many.

    dirty    the UTC day of the first event that is not derived yet
    returns  the UTC day from which on the engine sees the persons' events
    """
    since = dirty - BEFORE
    if not _show_from(engine, snapshot, since):
        return None
    is_linked = snapshot.people_version != NO_VERSION
    if narrowing.narrow(engine, theirs, COLUMNS, is_linked=is_linked, source="recent_events") > MOST_EVENTS:
        return None
    for name in DERIVED:
        engine.execute(_SQL["rederiving.narrowed"].replace("{table}", name))
    engine.execute(_SQL["rederiving.earlier"])
    for name in DERIVED:
        engine.execute(f"create or replace temp view {name} as from few_{name}")
    return since


def _show_from(engine: duckdb.DuckDBPyConnection, snapshot: Snapshot, since: date) -> bool:
    """Show the tables from a day on, and the sessions before it; False for files that the engine can't open singly."""
    for name in (Table.EVENTS, *DERIVED):
        listed = files(snapshot.workspace_id, name, snapshot.version(name))
        if is_remote(listed):
            return False
        _show(engine, snapshot, f"recent_{name}", name, [file for file in listed if day_of_file(file) >= since])
        if name == Table.SESSIONS:
            _show(engine, snapshot, f"earlier_{name}", name, [file for file in listed if day_of_file(file) < since])
    return True


def _show(engine: duckdb.DuckDBPyConnection, snapshot: Snapshot, view: str, name: Table, listed: Sequence[str]) -> None:
    """Show some files of a table as a view; there may be none."""
    rows = Listed(tuple(listed)) if listed else SCHEMAS[name].empty_table()
    show(engine, snapshot.workspace_id, view, rows)


def gather(engine: duckdb.DuckDBPyConnection, rows: Iterable[tuple[Table, pa.RecordBatchReader]]) -> None:
    """Keep what was derived for `replace`; of others than the persons it is incomplete, and is left out."""
    for name in DERIVED:
        engine.execute(f"create temp table new_{name} as from few_{name} limit 0")
    for name, arriving in rows:
        engine.register("arriving_rows", arriving.read_all())
        engine.execute(_SQL["rederiving.gather"].replace("{table}", name))
        engine.unregister("arriving_rows")


def replace(engine: duckdb.DuckDBPyConnection, snapshot: Snapshot, name: Table, *, since: date) -> int:
    """Write the days from `since` on that differ; give the table's new version, or the old one where none does.

    snapshot   the published sessions and touches
    """
    differing = engine.sql(_SQL["rederiving.days"].replace("{table}", name), params={"since": since})
    days: list[date] = [row[0] for row in differing.fetchall()]
    table = open_or_make(snapshot.workspace_id, name, SCHEMAS[name])
    base = snapshot.version(name)
    if not days:
        return int(table.version()) if base == NO_VERSION else base
    if base not in {NO_VERSION, table.version()}:
        table.restore(base)
        table.update_incremental()
    published = files(snapshot.workspace_id, name, base)
    _show(engine, snapshot, f"differing_{name}", name, [file for file in published if day_of_file(file) in days])
    rows = _SQL["rederiving.rows"].replace("{table}", name).replace("{order}", _ORDER[name])
    read = engine.sql(rows, params={"days": days})
    schema = SCHEMAS[name]
    parts = (part.select(schema.names).cast(schema) for part in read.to_arrow_reader(PART_ROWS))
    return replace_listed(table, dayfiles.write(table, pa.RecordBatchReader.from_batches(schema, parts)), days)


_ORDER: Mapping[Table, str] = {
    Table.SESSIONS: "day, person_id, started_at, source_id, session_id",
    Table.TOUCHES: "day, person_id, time, sequence, source_id, event_id",
}
