"""SQL over one snapshot of a workspace's lake, by DuckDB, to Arrow.

The statement sees the views `events`, `sessions`, `touches` and `people`, `person_events` (the events, each with its
`person_id`), and the Arrow tables that are given. It can reach the workspace's own files and nothing else: the engine
itself refuses every other path.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa
from django.conf import settings

from tracking.lake.engines import Kind, connection_of, quoted
from tracking.lake.schema import Table
from tracking.lake.table import NO_VERSION, Snapshot, address, dataset, files, open_snapshot, schema_at

# A process may take 512 MB, and Python, the libraries and the rows on their way out take up to 350.
THREADS = 2
MEMORY = "160MB"  # above it the engine spills to disk
# The only place that says whose an event is (tracking.persons): what a shared device did signed in is its user's, any
# other visitor's is its person's, and who was never linked is a person alone. What a browser sent with Global Privacy
# Control is joined with no user, also where the visitor was linked before it asked for that.
PERSON_EVENTS = """
create temp view person_events as
select
    event.*,
    case when event.consent like '%"gpc":true%' then event.visitor_id
        else coalesce(signed_in.person_id, whole.person_id, event.visitor_id) end as person_id
from events as event
left join (select visitor_id, user_id, person_id from people where user_id is not null) as signed_in
    on signed_in.visitor_id = event.visitor_id and signed_in.user_id = event.user_id
left join (select visitor_id, person_id from people where user_id is null) as whole
    on whole.visitor_id = event.visitor_id
"""
# A table with its amendments: all rows of the persons that they name are theirs, and everybody else's the table's own.
# Of several amendments that name a person the last one holds; the upper bits of a number say which one it is of. A
# person without rows has one there all the same, that says no more than who it is.
AMENDED = """
create temp view {name}_instead as
with last as (
    select person_id, max(coalesce(number, 0) >> 40) as turn from {name}_amended group by person_id
)
select booked_on as day, amended.* exclude (day, booked_on)
from {name}_amended as amended
semi join last on amended.person_id = last.person_id and coalesce(amended.number, 0) >> 40 = last.turn
where booked_on is not null;

create temp view {name} as
select * from {name}_before anti join {name}_amended using (person_id)
union all by name
from {name}_instead
"""
# The same where nobody was ever linked, which spares reading the consent of every event.
NOBODY_LINKED = "create temp view person_events as select *, visitor_id as person_id from events"
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Pinned:
    """A further table of the workspace at one version: `Pinned("paths/7", 12)`.

    amends   a table whose rows stand in the place of all rows of the persons it names (AMENDED)
    """

    name: str
    version: int
    amends: "Pinned | None" = None


@dataclass(frozen=True, slots=True)
class Listed:
    """Some of a table's files, whatever version they are of; at least one, on a disk of this machine."""

    files: tuple[str, ...]


def query(
    workspace_id: int,
    sql: str,
    params: Mapping[str, object] = NOTHING,
    *,
    tables: Mapping[str, pa.Table | Pinned | Listed] = NOTHING,
    snapshot: Snapshot | None = None,
) -> pa.Table:
    """Run one select statement and give its rows.

    params    values for $name in the statement; each must occur in it
    tables    further tables by the name that the statement calls them: Arrow tables, or tables of the lake
    snapshot  the state to read; None: the one published last
    raises    duckdb.Error for a statement that can't be run
    """
    with connected(snapshot or open_snapshot(workspace_id), tables) as connection:
        return connection.sql(sql, params=dict(params)).to_arrow_table()


@contextmanager
def connected(
    snapshot: Snapshot,
    tables: Mapping[str, pa.Table | Pinned | Listed] = NOTHING,
    *,
    only: Collection[Table] = tuple(Table),
    threads: int = THREADS,
    memory: str = MEMORY,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection with the views and the given tables, closed afterwards; what it makes has to be temporary.

    only   the snapshot's tables that are asked for: each costs milliseconds; person_events takes events and people
    """
    spill = str(settings.DATA_DIR / "spill")
    kind = Kind((address(snapshot.workspace_id, ""), f"{spill}/"), spill, threads, memory)
    with connection_of(kind) as connection:
        own = {str(name): Pinned(name, snapshot.version(name)) for name in only}
        for name, rows in (own | dict(tables)).items():
            show(connection, snapshot.workspace_id, name, rows)
        if {Table.EVENTS, Table.PEOPLE} <= set(only):
            connection.execute(NOBODY_LINKED if snapshot.people_version == NO_VERSION else PERSON_EVENTS)
        yield connection


def show(connection: duckdb.DuckDBPyConnection, workspace_id: int, name: str, rows: pa.Table | Pinned | Listed) -> None:
    """Give a connection a further table as the view `name`."""
    if isinstance(rows, Listed):
        connection.execute(f"create temp view {name} as {_read(rows.files)}")
    elif isinstance(rows, pa.Table):
        connection.register(name, rows)
    elif rows.amends is None or not files(workspace_id, rows.amends.name, rows.amends.version):
        _show(connection, workspace_id, name, rows)
    else:
        _show(connection, workspace_id, f"{name}_before", rows)
        _show(connection, workspace_id, f"{name}_amended", rows.amends)
        connection.execute(AMENDED.replace("{name}", name))


def _show(connection: duckdb.DuckDBPyConnection, workspace_id: int, name: str, pinned: Pinned) -> None:
    listed = files(workspace_id, pinned.name, pinned.version)
    if not listed:
        connection.register(name, schema_at(workspace_id, pinned.name, pinned.version).empty_table())
    elif is_remote(listed):
        # The engine has no door to object stores without downloading one; Delta's own reader has.
        connection.register(name, dataset(workspace_id, pinned.name, pinned.version))
    else:
        # The list is the version's own: a glob would also read files that no version has, or two versions have.
        connection.execute(f"create temp view {name} as {_read(listed)}")


def is_remote(listed: Sequence[str]) -> bool:
    """Say whether the files lie in an object store."""
    return any("://" in each for each in listed)


def _read(listed: Sequence[str]) -> str:
    return (
        f"select day, * exclude (day) from read_parquet([{', '.join(map(quoted, listed))}],"  # noqa: S608  # ours
        " hive_partitioning = true, hive_types = {'day': date})"
    )
