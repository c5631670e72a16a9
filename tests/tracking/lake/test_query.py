"""SQL over one snapshot of the lake."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tests.tracking.makers import event_rows, make_event
from tracking.lake.query import Pinned, query
from tracking.lake.schema import EVENTS, SESSIONS, TOUCHES
from tracking.lake.table import Snapshot, append_once, open_or_make, open_snapshot, replace_days
from workspaces.models import Workspace


def stored(workspace_id: int, *names: str, batch: int = 1) -> Snapshot:
    """Store an event of each name and give the snapshot that has them."""
    table = open_or_make(workspace_id, "events", EVENTS)
    append_once(table, event_rows([make_event(f"{batch}-{name}", name=name) for name in names]), batch=batch)
    return Snapshot(workspace_id, events_version=table.version())


@pytest.mark.parametrize(("name", "schema"), [("events", EVENTS), ("sessions", SESSIONS), ("touches", TOUCHES)])
def test_a_lake_without_events_gives_empty_tables_of_the_right_types(
    shop: Workspace, name: str, schema: pa.Schema
) -> None:
    found = query(shop.pk, f"select * from {name}")  # noqa: S608  # a name of ours
    assert found.num_rows == 0
    assert [(field.name, field.type) for field in found.schema] == [(field.name, field.type) for field in schema]


def test_stored_events_come_back_with_the_types_of_the_schema() -> None:
    snapshot = stored(7, "page_view", "purchase")
    found = query(7, "select * from events order by name", snapshot=snapshot)
    assert found.column("name").to_pylist() == ["page_view", "purchase"]
    assert found.schema.types == EVENTS.types
    assert found.column("day").to_pylist() == [date(2026, 11, 21)] * 2
    assert found.column("time").to_pylist() == [datetime(2026, 11, 21, 11, 0, tzinfo=UTC)] * 2


def test_a_snapshot_does_not_see_what_is_stored_after_it() -> None:
    before = stored(7, "page_view")
    stored(7, "purchase", batch=2)
    assert query(7, "select name from events", snapshot=before).column("name").to_pylist() == ["page_view"]


def test_without_a_snapshot_the_published_state_is_read(shop: Workspace) -> None:
    stored(shop.pk, "page_view")
    assert open_snapshot(shop.pk) == Snapshot(shop.pk)
    assert query(shop.pk, "select * from events").num_rows == 0


def test_given_tables_and_values_are_bound_by_name() -> None:
    snapshot = stored(7, "page_view", "purchase")
    wanted = pa.table({"wanted": ["purchase", "signup"]})
    found = query(
        7,
        "select name, $factor * 2 as twice from events join goals on name = wanted",
        {"factor": 21},
        tables={"goals": wanted},
        snapshot=snapshot,
    )
    assert found.to_pylist() == [{"name": "purchase", "twice": 42}]


def test_a_value_is_never_read_as_sql() -> None:
    snapshot = stored(7, "page_view")
    found = query(7, "select * from events where name = $name", {"name": "' or true --"}, snapshot=snapshot)
    assert found.num_rows == 0


def test_the_engine_refuses_files_outside_the_workspace(lake_folder: Path) -> None:
    stored(8, "secret")
    snapshot = stored(7, "page_view")
    theirs = next((lake_folder / "8" / "events").rglob("*.parquet"))
    for path in (str(theirs), "/etc/hostname"):
        with pytest.raises(duckdb.PermissionException):
            query(7, "select * from read_text($path), events", {"path": path}, snapshot=snapshot)


def test_the_engine_settings_cannot_be_changed_by_a_statement() -> None:
    with pytest.raises(duckdb.Error):
        query(7, "set enable_external_access = true", snapshot=Snapshot(7))


def test_a_table_of_its_own_is_read_at_the_version_that_is_named(lake_folder: Path) -> None:
    schema = pa.schema([pa.field("day", pa.date32(), nullable=False), pa.field("n", pa.int64())])
    first, second = (pa.table([[date(2026, 11, 21)], [n]], schema=schema) for n in (1, 2))
    versions = [replace_days(7, "paths/3", rows, since=date(2026, 11, 21)) for rows in (first, second)]
    for version, n in zip(versions, (1, 2), strict=True):
        found = query(7, "select n from paths", tables={"paths": Pinned("paths/3", version)}, snapshot=Snapshot(7))
        assert found.to_pylist() == [{"n": n}], f"at version {version}"


def test_a_table_that_was_emptied_keeps_its_columns() -> None:
    schema = pa.schema([pa.field("day", pa.date32(), nullable=False), pa.field("n", pa.int64())])
    version = replace_days(7, "paths/3", schema.empty_table(), since=date(2026, 11, 21))
    found = query(7, "select * from paths", tables={"paths": Pinned("paths/3", version)}, snapshot=Snapshot(7))
    assert found.num_rows == 0
    assert found.schema.names == ["day", "n"]
