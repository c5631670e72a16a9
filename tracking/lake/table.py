"""The Delta tables of a workspace: open, snapshot, append once, replace days.

A table is named by its path below the workspace's folder: "events", "sessions", "paths/7". Every write is one Delta
commit; a reader names the version it reads and sees nothing half-written. Other programs may read the same folders.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.dataset as pads
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import AddAction
from django.conf import settings

from tracking.lake import dayfiles
from tracking.lake.schema import PARTITION, SCHEMAS, Table
from tracking.models import LakeState
from workspaces import scope

NO_VERSION = -1  # the table does not exist yet
INBOX = "inbox"  # the application id of the drain's transactions
UPKEEP = {
    # A busy workspace commits every few seconds: a month of commits, which is the default, would be a million files.
    "delta.logRetentionDuration": "interval 1 days",
    "delta.enableExpiredLogCleanup": "true",
    # The least and greatest id of each file would stand in the log, which an erasure leaves as it is.
    "delta.dataSkippingNumIndexedCols": "0",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of a workspace's lake: the versions of events, sessions, touches and people that belong together.

    revision         counts the states; equal revisions are equal states
    derived_through  every event received before is in it; None before the first
    """

    workspace_id: int
    events_version: int = NO_VERSION
    sessions_version: int = NO_VERSION
    touches_version: int = NO_VERSION
    people_version: int = NO_VERSION
    revision: int = 0
    derived_through: datetime | None = None

    def version(self, name: Table) -> int:
        """Give the version of one of its tables; NO_VERSION where it does not exist yet."""
        return {
            Table.EVENTS: self.events_version,
            Table.SESSIONS: self.sessions_version,
            Table.TOUCHES: self.touches_version,
            Table.PEOPLE: self.people_version,
        }[name]


def open_snapshot(workspace_id: int) -> Snapshot:
    """Give the state of the lake that was published last; its files stay for a day at least (tracking.lake.upkeep)."""
    with scope.in_workspace(workspace_id):
        state = LakeState.objects.filter(workspace_id=workspace_id).first()
    return snapshot_of(state) if state else Snapshot(workspace_id)


def snapshot_of(state: LakeState) -> Snapshot:
    """Give the published versions of the row."""
    return Snapshot(
        workspace_id=state.workspace_id,
        events_version=state.events_version,
        sessions_version=state.sessions_version,
        touches_version=state.touches_version,
        people_version=state.people_version,
        revision=state.revision,
        derived_through=state.derived_through,
    )


def address(workspace_id: int, name: str) -> str:
    """Give the folder or the object store's address of a table."""
    return f"{settings.LAKE_URL.rstrip('/')}/{workspace_id}/{name}"


def open_table(workspace_id: int, name: str, *, version: int | None = None) -> DeltaTable | None:
    """Open a table at a version, the newest by default; None where there is no table."""
    try:
        return DeltaTable(address(workspace_id, name), version=version)
    except TableNotFoundError:
        return None


def open_or_make(workspace_id: int, name: str, schema: pa.Schema) -> DeltaTable:
    """Open the newest version of a table, made empty where there is none."""
    opened = open_table(workspace_id, name)
    if opened is not None:
        return opened
    where = address(workspace_id, name)
    if "://" not in where:
        Path(where).mkdir(parents=True, exist_ok=True)
    return DeltaTable.create(where, schema=schema, partition_by=[PARTITION], mode="ignore", configuration=UPKEEP)


def files(workspace_id: int, name: str, version: int) -> Sequence[str]:
    """Give the Parquet files of a version; empty for NO_VERSION. A version never changes, so it is kept in mind."""
    return () if version == NO_VERSION else _files(address(workspace_id, name), version)


@lru_cache(maxsize=256)
def _files(where: str, version: int) -> tuple[str, ...]:
    return tuple(sorted(DeltaTable(where, version=version).file_uris()))


def files_of_days(workspace_id: int, name: str, version: int, *, since: date, until: date) -> tuple[str, ...]:
    """Give the files of a version that are of the days [since, until): with their names, what is in them is said."""
    return tuple(file for file in files(workspace_id, name, version) if since <= day_of_file(file) < until)


def days_of_files(listed: Sequence[str]) -> tuple[date, ...]:
    """Give the days that files of a table are of, each once, in order."""
    return tuple(sorted({day_of_file(file) for file in listed}))


def day_of_file(file: str) -> date:
    """Give the day that a file of a table is of, as its path says."""
    _, _, rest = file.rpartition(f"{PARTITION}=")
    return date.fromisoformat(rest[:10])


def stored_batch(table: DeltaTable) -> int:
    """Give the number of the newest batch in the table; 0 before the first."""
    return table.transaction_version(INBOX) or 0


def append_once(table: DeltaTable, rows: pa.Table, *, batch: int) -> bool:
    """Append the rows of a batch unless the table has the batch; say whether they were appended.

    rows   in the table's schema, by day

    Two processes that append at once are told apart by Delta itself: a commit fails that meets another one of the
    same application id made after `table` was opened (CommitFailedError).
    """
    if stored_batch(table) >= batch:
        return False
    properties = CommitProperties(app_transactions=[Transaction(INBOX, batch)])
    _commit(table, dayfiles.write(table, rows), "append", commit_properties=properties)
    return True


def replace_days(
    workspace_id: int,
    name: str,
    rows: pa.Table | pa.RecordBatchReader,
    *,
    since: date | None,
    until: date | None = None,
    base: int | None = None,
) -> int:
    """Put the rows in the place of all rows of the days [since, until), in one commit; give the new version.

    rows   in the table's schema, all within the days, by day; may be empty. Rows for all days bring a schema of
           their own: a table of an older layout takes it on.
    since  None: of all days
    until  None: no end
    base   the version that was published last: what was written after it and never published is undone first
    """
    table = open_or_make(workspace_id, name, rows.schema)
    files = dayfiles.write(table, rows)
    schema = Schema.from_arrow(rows.schema) if since is until is None else None
    return replace_files(workspace_id, name, files, since=since, until=until, base=base, schema=schema)


@dataclass(frozen=True, slots=True)
class Held:
    """What a version of a table holds."""

    rows: int
    files: int


def write_beside(workspace_id: int, name: str, rows: pa.Table, *, base: int | None) -> tuple[int, Held]:
    """Put rows beside those of the version `base`, or in the place of all; give the new version and what it holds.

    rows   in the table's schema, by day
    base   what was written after it and never published is undone first; None: nothing stays
    """
    table = open_or_make(workspace_id, name, rows.schema)
    if base is not None and base != table.version():
        table.restore(base)
        table.update_incremental()
    schema = Schema.from_arrow(rows.schema) if base is None else None
    _commit(table, dayfiles.write(table, rows), "overwrite" if base is None else "append", schema=schema)
    held = pa.table(table.get_add_actions(flatten=True)).column("num_records").to_pylist()
    return int(table.version()), Held(sum(held), len(held))


def replace_listed(table: DeltaTable, files: Sequence[AddAction], days: Sequence[date]) -> int:
    """Put the files in the place of all rows of the days, in one commit; give the new version."""
    listed = [day.isoformat() for day in days]
    _commit(table, files, "overwrite", partition_filters=[(PARTITION, "in", listed)])
    return int(table.version())


def replace_files(
    workspace_id: int,
    name: str,
    files: Sequence[AddAction],
    *,
    since: date | None,
    until: date | None = None,
    base: int | None = None,
    schema: Schema | None = None,
) -> int:
    """Do what `replace_days` does with rows that tracking.lake.dayfiles wrote to files of the table.

    schema   that the table has from now on; its own where None
    """
    table = DeltaTable(address(workspace_id, name))
    if since is not None and base is not None and base != table.version():
        table.restore(base)
    bounds = [(PARTITION, sign, day.isoformat()) for sign, day in ((">=", since), ("<", until)) if day]
    _commit(table, files, "overwrite", schema=schema, partition_filters=bounds or None)
    return int(table.version())


def _commit(
    table: DeltaTable,
    files: Sequence[AddAction],
    mode: Literal["append", "overwrite"],
    *,
    schema: Schema | None = None,
    **more: Any,
) -> None:
    """Make one commit of the files; `more` is what create_write_transaction takes beside."""
    table.create_write_transaction(list(files), mode, schema or table.schema(), PARTITION, **more)
    table.update_incremental()  # the commit itself leaves the opened table at the version it had


def schema_at(workspace_id: int, name: str, version: int) -> pa.Schema:
    """Give a table's columns; those of the house's own tables are known before there is one."""
    if version == NO_VERSION:
        return SCHEMAS[Table(name)]
    return pa.schema(DeltaTable(address(workspace_id, name), version=version).schema().to_arrow())


def dataset(workspace_id: int, name: str, version: int) -> pads.Dataset:
    """Give a version of a table by Delta's own reader, which opens object stores as well."""
    return DeltaTable(address(workspace_id, name), version=version).to_pyarrow_dataset()
