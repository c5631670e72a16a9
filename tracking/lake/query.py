"""SQL over one snapshot of a workspace's lake, by DuckDB, to Arrow.

The statement sees the views `events`, `sessions` and `touches`, and the Arrow tables that are given. It can reach the
workspace's own files and nothing else: the engine itself refuses every other path.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa
from django.conf import settings

from tracking.lake.schema import SCHEMAS, Table
from tracking.lake.table import NO_VERSION, Snapshot, address, files, open_snapshot, open_table

THREADS = 2
MEMORY = "512MB"  # above it the engine spills to disk
NOTHING: Mapping[str, Any] = MappingProxyType({})


def query(
    workspace_id: int,
    sql: str,
    params: Mapping[str, object] = NOTHING,
    *,
    tables: Mapping[str, pa.Table] = NOTHING,
    snapshot: Snapshot | None = None,
) -> pa.Table:
    """Run one select statement and give its rows.

    params    values for $name in the statement; each must occur in it
    tables    further tables by the name that the statement calls them
    snapshot  the state to read; None: the one published last
    raises    duckdb.Error for a statement that can't be run
    """
    with connected(snapshot or open_snapshot(workspace_id), sql, tables) as connection:
        return connection.sql(sql, params=dict(params)).to_arrow_table()


@contextmanager
def connected(
    snapshot: Snapshot, sql: str, tables: Mapping[str, pa.Table] = NOTHING
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection with the views and tables that the statement names, closed afterwards."""
    spill = settings.DATA_DIR / "spill"
    own = address(snapshot.workspace_id, "").replace("'", "''")
    connection = duckdb.connect(
        config={
            "threads": THREADS,
            "memory_limit": MEMORY,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"set allowed_directories = ['{own}', '{spill}/']")
        connection.execute("set enable_external_access = false")
        for name in Table:
            if re.search(rf"\b{name}\b", sql, re.IGNORECASE):
                _show(connection, snapshot, name)
        for given, rows in tables.items():
            connection.register(given, rows)
        connection.execute("set lock_configuration = true")
        yield connection
    finally:
        connection.close()


def _show(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, name: Table) -> None:
    listed = files(snapshot.workspace_id, name, snapshot.version(name))
    if not listed:
        connection.register(name, SCHEMAS[name].empty_table())
    elif "://" in settings.LAKE_URL:
        # The engine has no door to object stores without downloading one; Delta's own reader has.
        version = snapshot.version(name)
        table = open_table(snapshot.workspace_id, name, version=version)
        if table is None or version == NO_VERSION:
            raise LookupError(f"{address(snapshot.workspace_id, name)} has no version {version}")
        connection.register(name, table.to_pyarrow_dataset())
    else:
        quoted = ", ".join("'" + file.replace("'", "''") + "'" for file in listed)
        columns = ", ".join(f'"{column}"' for column in SCHEMAS[name].names)
        # The list is the snapshot's own: a glob would also read files that no version has, or two versions have.
        connection.execute(
            f"create view {name} as select {columns} from"  # noqa: S608  # names and files are ours
            f" read_parquet([{quoted}], hive_partitioning = true, hive_types = {{'day': date}})"
        )
