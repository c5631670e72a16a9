"""The part of a workspace's lake that some persons' figures follow from, as a lake of its own that answers alike.

The persons are those in whom two states of the lake can differ, and it answers for both. It holds the persons' events,
sessions and touches, and whoever's events are of a transaction that one of the persons'
events is of, because a transaction counts once and its refund may be anybody's. Answers about the persons are those of
the whole lake; answers about others mean nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from goals.conditions import compile_rules
from goals.conversions import Lake, source_ids
from goals.definition import Definition
from reports.extent import COPIED, Extent
from tracking import affected, narrowing
from tracking.lake.query import Listed, connected, show
from tracking.lake.schema import SCHEMAS, Table
from tracking.lake.table import NO_VERSION, Snapshot, files
from workspaces import scope
from workspaces.models import Workspace

_SQL = {path.stem: path.read_text() for path in (Path(__file__).parent / "sql").glob("narrowed.*.sql")}
# What counting asks of an event whatever the goal's rules are.
COUNTED = frozenset({"refund", "value_micros", "currency", "transaction_id"})


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A lake of some persons, as it is and as it was.

    persons   person_id, each once
    events    how many are held
    """

    lake: Lake
    persons: pa.Table
    events: int
    _connection: duckdb.DuckDBPyConnection
    _is_linked: bool

    def turn(self, *, back: bool) -> None:
        """Have events, people and sessions show what was before, or what is now; touches are of now alone."""
        suffix = "_before" if back else ""
        for name in ("people", "sessions"):
            self._connection.execute(f"create or replace temp view {name} as from few_{name}{suffix}")
        narrowing.look_at(self._connection, f"few_events{suffix}", is_linked=self._is_linked)


@contextmanager
def opened(
    extent: Extent, workspace: Workspace, *, before: Snapshot, definitions: Iterable[Definition], most: int
) -> Iterator[Narrowed | None]:
    """Open the part of the extent's lake that the conversions of those persons follow from who differ from before.

    most     so many persons are worth telling apart
    returns  None where they are more, or where only a whole reading could tell them apart
    raises   duckdb.Error, DeltaError where files of the state before are gone
    """
    with scope.in_workspace(workspace.pk):
        sources = source_ids(workspace)
    # What is asked of some persons is small: two threads would wait for each other most of the time.
    with connected(extent.snapshot, threads=1) as connection:
        persons = affected.find(connection, before, extent.snapshot, most=most)
        if persons is None:
            yield None
            return
        is_linked = {before.people_version, extent.snapshot.people_version} != {NO_VERSION}
        columns = COUNTED | _asked(definitions, sources)
        events = narrowing.narrow(connection, persons, columns, is_linked=is_linked, with_orders=True)
        narrowing.narrow_before(connection, columns)
        _narrow_people(connection)
        _narrow_derived(connection, before, extent.snapshot)
        with scope.in_workspace(workspace.pk):
            lake = Lake(workspace, extent.first, extent.until, connection)
        yield Narrowed(lake, persons, events, connection, is_linked)


def _narrow_people(connection: duckdb.DuckDBPyConnection) -> None:
    for name in ("people", "people_before"):
        connection.execute(_SQL["narrowed.people"].replace("{table}", name))
    connection.execute("create or replace temp view people as from few_people")


def _narrow_derived(connection: duckdb.DuckDBPyConnection, before: Snapshot, after: Snapshot) -> None:
    """Have the engine hold the persons' touches, and their sessions of both states: files of both are read once."""
    old, new = (set(files(each.workspace_id, Table.SESSIONS, each.sessions_version)) for each in (before, after))
    for name, listed in (("both", old & new), ("old", old - new), ("new", new - old)):
        rows = Listed(tuple(sorted(listed))) if listed else SCHEMAS[Table.SESSIONS].empty_table()
        show(connection, after.workspace_id, f"sessions_{name}", rows)
        _narrow(connection, f"sessions_{name}", COPIED["sessions"])
    _narrow(connection, "touches", COPIED["touches"])
    connection.execute(_SQL["narrowed.sessions"])
    for name in ("sessions", "touches"):
        connection.execute(f"create or replace temp view {name} as from few_{name}")


def _narrow(connection: duckdb.DuckDBPyConnection, table: str, columns: str) -> None:
    connection.execute(_SQL["narrowed.derived"].replace("{table}", table).replace("{columns}", columns))


def _asked(definitions: Iterable[Definition], sources: Mapping[str, int]) -> set[str]:
    """Give the words of the rules' SQL: the columns they ask about are among them, and values are bound."""
    return set(re.findall(r"\w+", " ".join(compile_rules(each.rules, sources=sources).sql for each in definitions)))
