"""Puts a goal's amended paths into its table of paths, so that one table holds them all again."""

from pathlib import Path

import pyarrow as pa

from reports import paths
from reports.models import FillState
from tracking.lake.query import connected
from tracking.lake.table import NO_VERSION, Snapshot, files, open_table, replace_days, replace_files

FOLDED = (Path(__file__).parent / "sql" / "paths.folded.sql").read_text()
ROWS = 50_000  # on their way at a time


def is_amended(state: FillState) -> bool:
    """Say whether some of the goal's paths stand beside its table."""
    name = paths.name_of_amended(state.goal_id)
    return state.amended_version != NO_VERSION and bool(files(state.workspace_id, name, state.amended_version))


def folded(state: FillState) -> int:
    """Write the goal's paths as they are published to one table; give its version, which nobody reads yet.

    state   need not be saved: the versions that it names are read
    """
    if not is_amended(state):
        return state.paths_version
    with connected(Snapshot(state.workspace_id), {"paths": paths.published(state)}) as lake:
        read = lake.sql(FOLDED).to_arrow_reader(ROWS)
        parts = (part.select(paths.SCHEMA.names).cast(paths.SCHEMA) for part in read)
        rows = pa.RecordBatchReader.from_batches(paths.SCHEMA, parts)
        return replace_days(state.workspace_id, paths.name_of(state.goal_id), rows, since=None)


def emptied(workspace_id: int, goal_id: int) -> int:
    """Leave nothing in the newest version of the table that amends a goal's paths; give that version.

    Call it where no fill is at work and nobody is to read an amendment of the goal any more: nightly tidying then
    removes the files of the versions before.
    """
    name = paths.name_of_amended(goal_id)
    table = open_table(workspace_id, name)
    if table is None:
        return NO_VERSION
    if not table.file_uris():
        return int(table.version())
    return replace_files(workspace_id, name, [], since=None)
