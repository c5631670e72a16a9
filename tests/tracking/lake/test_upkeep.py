"""Compaction and cleaning: fewer files, the same rows, and nobody is cut off."""

from pathlib import Path

import pytest

from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking.derive import derive
from tracking.lake import upkeep
from tracking.lake.query import query
from tracking.lake.table import NO_VERSION, files, open_snapshot
from workspaces.models import Workspace


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    lake = Lake(make_source(shop))
    for n in range(4):
        lake.take(make_event(f"e{n}", visitor=f"v{n}"))
    return lake


def test_many_small_files_become_one_with_the_same_rows(lake: Lake) -> None:
    before, events = open_snapshot(lake.workspace_id), lake.rows("select * from events order by event_id")
    assert len(files(lake.workspace_id, "events", before.events_version)) == 4
    assert upkeep.keep_up(lake.workspace_id)
    after = open_snapshot(lake.workspace_id)
    assert len(files(lake.workspace_id, "events", after.events_version)) == 1
    assert lake.rows("select * from events order by event_id") == events
    assert after.revision == before.revision


def test_who_reads_the_state_of_before_reads_on(lake: Lake) -> None:
    before = open_snapshot(lake.workspace_id)
    upkeep.keep_up(lake.workspace_id)
    assert query(lake.workspace_id, "select * from events, sessions, touches", snapshot=before).num_rows == 64


def test_files_that_no_reader_can_need_are_removed(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, lake_folder: Path
) -> None:
    monkeypatch.setattr(upkeep, "KEPT_HOURS", 0)
    upkeep.keep_up(lake.workspace_id)
    held = list((lake_folder / str(lake.workspace_id)).rglob("day=*/*.parquet"))
    assert len(held) == 3  # one of each table
    assert len(lake.sessions()) == 4


def test_events_that_are_not_derived_yet_stay_unseen_and_safe(lake: Lake) -> None:
    lake.store(make_event("late", visitor="v9"))
    upkeep.keep_up(lake.workspace_id)
    assert len(lake.rows("select * from events")) == 4
    derive(lake.workspace_id, NOON)
    assert len(lake.rows("select * from events")) == 5


def test_a_night_before_the_first_derivation_tidies_all_the_same(shop: Workspace) -> None:
    lake = Lake(make_source(shop))
    for n in range(3):
        lake.store(make_event(f"e{n}", visitor=f"v{n}"))
    assert open_snapshot(lake.workspace_id).events_version == NO_VERSION, "needs a lake of which nothing is derived"
    assert upkeep.keep_up(lake.workspace_id)
    derive(lake.workspace_id, NOON)
    after = open_snapshot(lake.workspace_id)
    assert len(files(lake.workspace_id, "events", after.events_version)) == 1
    assert len(lake.rows("select * from events")) == 3
