"""The drain: from the inbox into the lake, each batch once, whatever is cut off in between."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from deltalake.exceptions import CommitFailedError
from django.db import connection

from tests.builders import make_workspace
from tests.tracking.makers import NOON, make_event, make_source, origin_of
from tracking import inbox
from tracking.lake import writer
from tracking.lake.query import query
from tracking.lake.schema import EVENTS
from tracking.lake.table import Snapshot, open_or_make, open_table
from tracking.models import Counter as CounterRow
from tracking.models import InboxRow, LakeState, Source
from workspaces import scope
from workspaces.models import Workspace


@pytest.fixture
def site(shop: Workspace) -> Source:
    return make_source(shop)


def send(source: Source, *ids: str, at: datetime = NOON - timedelta(hours=1)) -> None:
    with scope.in_workspace(source.workspace_id):
        events = [make_event(each, at=at) for each in ids]
        inbox.append(origin_of(source), events, counts=Counter(), now=NOON)


def in_the_lake(workspace_id: int) -> list[str]:
    table = open_table(workspace_id, "events")
    newest = Snapshot(workspace_id, events_version=table.version() if table else -1)
    return query(workspace_id, "select event_id from events order by 1", snapshot=newest).column(0).to_pylist()


def state_of(source: Source) -> LakeState:
    with scope.in_workspace(source.workspace_id):
        return LakeState.objects.get()


def test_waiting_events_are_in_the_lake_and_the_inbox_is_empty(site: Source) -> None:
    send(site, "a", "b")
    send(site, "c")
    done = writer.drain(site.workspace_id, NOON)
    assert done == writer.Drained(batches=1, events=3)
    assert in_the_lake(site.workspace_id) == ["a", "b", "c"]
    with scope.in_workspace(site.workspace_id):
        assert not InboxRow.objects.exists()


def test_a_second_drain_does_nothing(site: Source) -> None:
    send(site, "a")
    writer.drain(site.workspace_id, NOON)
    assert writer.drain(site.workspace_id, NOON) == writer.Drained()
    assert in_the_lake(site.workspace_id) == ["a"]


def test_the_state_says_what_the_lake_has(site: Source) -> None:
    send(site, "a", at=datetime(2026, 11, 19, 23, 30, tzinfo=UTC))
    send(site, "b", at=NOON)
    writer.drain(site.workspace_id, NOON)
    state = state_of(site)
    assert (state.events, state.batch, state.first_day) == (2, 1, date(2026, 11, 19))
    assert state.dirty_since == datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert state.last_event_at == NOON
    assert state.stored_through == NOON - writer.IN_THE_DOOR


def test_counts_are_folded_by_source_day_outcome_and_reason(site: Source) -> None:
    for _ in range(2):
        with scope.in_workspace(site.workspace_id):
            counts = Counter({"filtered:bot": 3, "rejected:name_required": 1})
            inbox.append(origin_of(site), [make_event("a")], counts=counts, now=NOON)
    writer.drain(site.workspace_id, NOON)
    with scope.in_workspace(site.workspace_id):
        found = {(row.outcome, row.reason): row.events for row in CounterRow.objects.filter(day=NOON.date())}
    assert found == {
        ("accepted", ""): 1,
        ("duplicate", ""): 1,
        ("filtered", "bot"): 6,
        ("rejected", "name_required"): 2,
    }


def claimed(source: Source) -> inbox.Batch:
    table = open_or_make(source.workspace_id, "events", EVENTS)
    with scope.in_workspace(source.workspace_id):
        LakeState.objects.get_or_create(workspace_id=source.workspace_id)
        batch = inbox.claim(source.workspace_id, stored=writer.stored_batch(table))
    assert batch is not None
    return batch


def stop_after_the_claim(source: Source) -> None:
    claimed(source)


def stop_after_the_append(source: Source) -> None:
    batch = claimed(source)
    writer.store(open_or_make(source.workspace_id, "events", EVENTS), batch)


def stop_within_the_settling(source: Source) -> None:
    batch = claimed(source)
    writer.store(open_or_make(source.workspace_id, "events", EVENTS), batch)
    with pytest.raises(Stopped):
        settle_and_stop(source, batch)


class Stopped(Exception):
    """The process ends here."""


def settle_and_stop(source: Source, batch: inbox.Batch) -> None:
    with scope.in_workspace(source.workspace_id):
        assert inbox.settle(source.workspace_id, batch)
        raise Stopped


@pytest.mark.parametrize("stop", [stop_after_the_claim, stop_after_the_append, stop_within_the_settling])
def test_a_drain_that_was_cut_off_is_finished_by_the_next(site: Source, stop: Callable[[Source], None]) -> None:
    send(site, "a", "b")
    stop(site)
    send(site, "c")
    writer.drain(site.workspace_id, NOON)
    assert in_the_lake(site.workspace_id) == ["a", "b", "c"]
    assert state_of(site).events == 3
    with scope.in_workspace(site.workspace_id):
        assert CounterRow.objects.get(outcome="accepted").events == 3


def test_a_process_that_lost_its_lock_cannot_append_its_batch_again(site: Source) -> None:
    send(site, "a")
    batch = claimed(site)
    late = open_or_make(site.workspace_id, "events", EVENTS)  # opened before the other one commits
    writer.drain(site.workspace_id, NOON)
    with pytest.raises(CommitFailedError):
        writer.store(late, batch)
    writer.store(open_or_make(site.workspace_id, "events", EVENTS), batch)
    assert in_the_lake(site.workspace_id) == ["a"]


def test_a_database_older_than_the_lake_loses_nothing(site: Source) -> None:
    send(site, "a")
    writer.drain(site.workspace_id, NOON)
    with scope.in_workspace(site.workspace_id):
        LakeState.objects.update(batch=0)  # as after a restore of yesterday's dump
    send(site, "b")
    writer.drain(site.workspace_id, NOON)
    assert in_the_lake(site.workspace_id) == ["a", "b"]


def test_a_batch_is_bounded_by_its_bytes(site: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MAX_BATCH_BYTES", 1)
    for each in ("a", "b", "c"):
        send(site, each)
    assert writer.drain(site.workspace_id, NOON) == writer.Drained(batches=3, events=3)
    assert in_the_lake(site.workspace_id) == ["a", "b", "c"]


def test_events_that_come_all_the_time_do_not_keep_a_drain_from_ending(
    site: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = iter(range(1, 6))
    settle = inbox.settle

    def settle_while_another_comes(workspace_id: int, batch: inbox.Batch) -> bool:
        if (turn := next(turns, None)) is not None:
            send(site, f"meanwhile {turn}")
        return settle(workspace_id, batch)

    monkeypatch.setattr(inbox, "settle", settle_while_another_comes)
    send(site, "a")
    assert writer.drain(site.workspace_id, NOON) == writer.Drained(batches=1, events=1)
    assert in_the_lake(site.workspace_id) == ["a"]
    with scope.in_workspace(site.workspace_id):
        assert InboxRow.objects.count() == 1


def test_the_lake_of_a_workspace_is_its_own(site: Source, outsider: object) -> None:
    theirs = make_source(outsider.workspace)
    send(site, "a")
    send(theirs, "a", "z")
    writer.drain(theirs.workspace_id, NOON)
    assert in_the_lake(site.workspace_id) == []
    assert in_the_lake(theirs.workspace_id) == ["a", "z"]
    with scope.in_workspace(site.workspace_id):
        assert InboxRow.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_drains_and_requests_at_the_same_time_lose_and_double_nothing() -> None:
    source = make_source(make_workspace())

    def work(turn: int) -> None:
        try:
            send(source, *(f"{turn}-{n}" for n in range(5)), "shared")
            writer.drain(source.workspace_id, NOON)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(24)))
    writer.drain(source.workspace_id, NOON)
    expected = sorted([f"{turn}-{n}" for turn in range(24) for n in range(5)] + ["shared"])
    assert in_the_lake(source.workspace_id) == expected
    assert state_of(source).events == len(expected)
