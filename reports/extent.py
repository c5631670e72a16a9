"""Extent: one state of the lake that figures are computed from, its local days, and an open connection to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import duckdb

from goals.conversions import Lake
from tracking.lake.query import connected
from tracking.lake.table import Snapshot
from workspaces import scope
from workspaces.models import Workspace

# Up to so many rows a table is copied into memory (some 100 MB), since every goal reads it again, and a young lake
# is many small files. A larger table is left to the engine, which then reads few large ones.
MOST_COPIED = 1_000_000
COPIED = {
    "sessions": "day, source_id, person_id, session_id, started_at, ended_at, events, pageviews",
    "touches": (
        "day, source_id, person_id, session_id, event_id, time, sequence, kind, channel, source, medium, campaign,"
        " content, term, landing_path, paid, direct"
    ),
}


@dataclass(frozen=True, slots=True)
class Extent:
    """One snapshot of a workspace's lake, whose days are [first, until) of the zone.

    is_cut   there were days before `first`, whose events were removed: their figures stay as they are
    """

    snapshot: Snapshot
    first: date
    until: date
    zone: ZoneInfo
    is_cut: bool = False


@contextmanager
def opened(extent: Extent, workspace: Workspace) -> Iterator[Lake]:
    """Open the extent's lake for the questions of a whole fill."""
    with connected(extent.snapshot) as connection:
        for name, columns in COPIED.items():
            _copy(connection, name, columns)
        with scope.in_workspace(workspace.pk):  # the lake asks which sources rules can name
            lake = Lake(workspace, extent.first, extent.until, connection, snapshot=extent.snapshot)
        yield lake


def _copy(connection: duckdb.DuckDBPyConnection, name: str, columns: str) -> None:
    ((rows,),) = connection.sql(f"select count(*) from {name}").fetchall()  # noqa: S608  # a name of ours
    if rows <= MOST_COPIED:
        connection.execute(f"create temp table copy_of_{name} as select {columns} from {name}")  # noqa: S608
        # A temporary view stands before the snapshot's view of the same name.
        connection.execute(f"create or replace temp view {name} as from copy_of_{name}")
