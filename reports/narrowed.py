"""The part of a workspace's lake that some persons' figures follow from, as a lake of its own that answers alike.

It holds the persons' events, sessions and touches, and whoever's events are of a transaction that one of the persons'
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
from tracking import narrowing
from tracking.lake.query import Pinned, connected, show
from tracking.lake.schema import Table
from tracking.lake.table import Snapshot
from workspaces import scope
from workspaces.models import Workspace

_SQL = {path.stem: path.read_text() for path in (Path(__file__).parent / "sql").glob("narrowed.*.sql")}
# What counting asks of an event whatever the goal's rules are.
COUNTED = frozenset({"refund", "value_micros", "currency", "transaction_id"})


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A lake of some persons, now and with the sessions they had before.

    persons   person_id, each once
    events    how many are held
    """

    lake: Lake
    persons: pa.Table
    events: int
    _connection: duckdb.DuckDBPyConnection
    _workspace_id: int

    def turn(self, *, back: bool) -> None:
        """Have `sessions` show what was before, or what is now."""
        held = "few_sessions_before" if back else "few_sessions"
        self._connection.execute(f"create or replace temp view sessions as from {held}")

    def show(self, name: str, pinned: Pinned) -> None:
        """Give a further table of the workspace a name."""
        show(self._connection, self._workspace_id, name, pinned)


@contextmanager
def opened(
    extent: Extent, workspace: Workspace, persons: pa.Table, *, before: Snapshot, definitions: Iterable[Definition]
) -> Iterator[Narrowed]:
    """Open the part of the extent's lake that the persons' conversions of the definitions follow from."""
    with scope.in_workspace(workspace.pk):
        sources = source_ids(workspace)
    tables = {"sessions_before": Pinned(Table.SESSIONS, before.sessions_version)}
    with connected(extent.snapshot, tables) as connection:
        columns = COUNTED | _asked(definitions, sources)
        events = narrowing.narrow(connection, extent.snapshot, persons, columns, with_orders=True)
        for name in ("sessions", "touches", "sessions_before"):
            kept = COPIED[name.removesuffix("_before")]
            connection.execute(_SQL["narrowed.derived"].replace("{table}", name).replace("{columns}", kept))
        for name in ("sessions", "touches"):
            connection.execute(f"create or replace temp view {name} as from few_{name}")
        with scope.in_workspace(workspace.pk):
            lake = Lake(workspace, extent.first, extent.until, connection)
        yield Narrowed(lake, persons, events, connection, workspace.pk)


def _asked(definitions: Iterable[Definition], sources: Mapping[str, int]) -> set[str]:
    """Give the words of the rules' SQL: the columns they ask about are among them, and values are bound."""
    return set(re.findall(r"\w+", " ".join(compile_rules(each.rules, sources=sources).sql for each in definitions)))
