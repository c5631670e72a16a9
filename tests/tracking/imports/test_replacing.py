"""A file of a day takes the place of what was imported of that day before, and touches nothing else."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from tests.tracking.importers import again, applied, checked, found
from tests.tracking.imports.ga4_rows import DAY, PURCHASE, START_US, lines, row
from tests.tracking.makers import NOON, Lake, make_event, origin_of
from tracking import importing, inbox
from tracking.derive import derive
from tracking.lake import removal, withdrawing, writer
from tracking.lake.query import query
from tracking.lake.writer import drain
from tracking.models import (
    EventKey,
    EventType,
    Import,
    ImportState,
    LakeState,
    Seen,
    SeenKind,
    Source,
    Withdrawal,
)
from tracking.uncounted import NOT_COUNTED
from workspaces import scope

NAME = "events_20261120.json"
LATE = row("scroll", at_us=START_US + 20_000_000, params={"percent_scrolled": 90})


def in_lake(source: Source) -> dict[str, dict[str, Any]]:
    rows = query(source.workspace_id, "select * from events order by time, event_id").to_pylist()
    named = {each["name"]: each for each in rows}
    assert len(named) == len(rows), "an event is there twice"
    return named


def test_the_same_file_again_changes_nothing(files: Source):
    first = applied(files, lines(*DAY), name=NAME)
    assert (found(first).new, found(first).changed, found(first).removed) == (4, 0, 0)
    before = in_lake(files)
    second = applied(files, lines(*reversed(DAY)), name=NAME)
    said = found(second)
    assert (said.new, said.duplicates, said.changed, said.removed) == (0, 4, 0, 0)
    assert in_lake(files) == before


def test_a_late_table_adds_what_came_changes_what_changed_and_removes_what_is_gone(files: Source):
    first = applied(files, lines(*DAY), name=NAME)
    mended = PURCHASE | {"ecommerce": {"purchase_revenue": 80.0, "transaction_id": "O1"}}
    newer = lines(DAY[0], DAY[1], mended, LATE)
    foreseen = found(checked(files, newer, name=NAME))
    second = applied(files, newer, name=NAME)
    done = found(second)
    for said in (foreseen, done):
        assert (said.new, said.added, said.changed, said.removed, said.duplicates) == (2, 1, 1, 1, 2)
    events = in_lake(files)
    assert set(events) == {"session_start", "page_view", "purchase", "scroll"}
    assert events["purchase"]["value_micros"] == 80_000_000
    assert {name: event["import_id"] for name, event in events.items()} == {
        "session_start": first.pk,
        "page_view": first.pk,
        "purchase": second.pk,
        "scroll": second.pk,
    }
    with scope.in_workspace(files.workspace_id):
        assert (EventKey.objects.count(), Withdrawal.objects.count()) == (4, 0)
        assert LakeState.objects.get().events == 4
    (session,) = query(files.workspace_id, "select events from sessions").to_pylist()
    assert session["events"] == 4


def test_reimporting_the_first_table_gives_back_exactly_its_day(files: Source):
    applied(files, lines(*DAY), name=NAME)
    before = {name: event | {"import_id": 0, "received_at": 0} for name, event in in_lake(files).items()}
    applied(files, lines(LATE), name=NAME)
    assert set(in_lake(files)) == {"scroll"}
    applied(files, lines(*DAY), name=NAME)
    assert {name: event | {"import_id": 0, "received_at": 0} for name, event in in_lake(files).items()} == before


def test_other_days_other_sources_and_the_sites_own_events_stay(files: Source):
    other_day = row("search", day="20261119", at_us=START_US - 86_400_000_000)
    applied(files, lines(*DAY, other_day), name=NAME)
    Lake(files).store(make_event("e9", name="own", at=NOON - timedelta(days=1)))
    applied(files, lines(LATE), name=NAME)
    assert set(in_lake(files)) == {"search", "own", "scroll"}


def test_a_part_of_a_day_removes_nothing(files: Source):
    applied(files, lines(*DAY), name=NAME)
    done = found(applied(files, lines(LATE), name=NAME, is_part=True))
    assert (done.new, done.removed) == (1, 0)
    assert len(in_lake(files)) == 5


def ordered(source: Source, content: bytes) -> Import:
    row = checked(source, content, name=NAME)
    with scope.in_workspace(source.workspace_id):
        return importing.order(row, good_rows_only=False, by="system", now=NOON)


def test_a_file_waits_for_an_earlier_one_on_its_way_into_the_lake(files: Source):
    first, second = ordered(files, lines(*DAY)), ordered(files, lines(LATE))
    importing.apply(first.workspace_id, first.pk, now=NOON)
    importing.apply(second.workspace_id, second.pk, now=NOON)
    assert (again(second).state, again(second).attempts) == (ImportState.ORDERED, 0)
    drain(files.workspace_id, NOON)
    importing.apply(second.workspace_id, second.pk, now=NOON)
    assert again(second).state == ImportState.DONE
    drain(files.workspace_id, NOON)
    derive(files.workspace_id, NOON)
    assert set(in_lake(files)) == {"scroll"}


def test_a_removal_that_is_done_twice_removes_nothing_more(files: Source):
    applied(files, lines(*DAY), name=NAME)
    newer = ordered(files, lines(*DAY[:3], LATE))
    importing.apply(newer.workspace_id, newer.pk, now=NOON)
    with scope.in_workspace(files.workspace_id):
        orders = list(Withdrawal.objects.all())
    drain(files.workspace_id, NOON)
    with scope.in_workspace(files.workspace_id):
        Withdrawal.objects.bulk_create(orders)  # as a process that died before it settled leaves them
    withdrawing.carry_out(files.workspace_id, now=NOON)
    derive(files.workspace_id, NOON)
    assert set(in_lake(files)) == {"session_start", "page_view", "engagement", "scroll"}
    # The engagement is kept, and counted in no total.
    assert [each["events"] for each in Lake(files).sessions()] == [3]


def test_names_are_counted_as_often_as_the_lake_has_them(files: Source):
    applied(files, lines(*DAY), name=NAME)
    mended = PURCHASE | {"ecommerce": {"purchase_revenue": 80.0, "transaction_id": "O1"}}
    applied(files, lines(*DAY[:3], mended, LATE), name=NAME)
    held = dict.fromkeys(in_lake(files), 1)
    with scope.in_workspace(files.workspace_id):
        assert dict(EventType.objects.values_list("name", "events")) == held
    _assert_seen_as_held(files)


def _assert_seen_as_held(source: Source) -> None:
    """Hold what is remembered of names and pages against the lake's events, without those that nobody counts."""
    events = in_lake(source).values()
    counted = [event for event in events if event["name"] not in NOT_COUNTED]
    assert 0 < len(counted) < len(events), "needs one that is kept and not counted"
    with scope.in_workspace(source.workspace_id):
        for kind, column in ((SeenKind.EVENT, "name"), (SeenKind.PAGE, "path")):
            seen = dict(Seen.objects.filter(kind=kind).values_list("text", "events"))
            assert seen == dict(Counter(event[column] for event in counted)), column


def test_a_process_that_died_before_it_counted_leaves_the_count_to_the_next(
    files: Source, monkeypatch: pytest.MonkeyPatch
):
    applied(files, lines(*DAY), name=NAME)
    newer = ordered(files, lines(*DAY[:3], LATE))
    importing.apply(newer.workspace_id, newer.pk, now=NOON)
    removed = removal.remove

    def remove_and_die(*told: Any) -> None:
        removed(*told)
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(removal, "remove", remove_and_die)
        with pytest.raises(KeyboardInterrupt):
            drain(files.workspace_id, NOON)
    drain(files.workspace_id, NOON)
    derive(files.workspace_id, NOON)
    assert set(in_lake(files)) == {"session_start", "page_view", "engagement", "scroll"}
    _assert_seen_as_held(files)
    with scope.in_workspace(files.workspace_id):
        assert not Withdrawal.objects.exists()


def test_a_batch_whose_process_died_before_it_settled_is_counted_once_beside_a_withdrawal(
    files: Source, monkeypatch: pytest.MonkeyPatch
):
    applied(files, lines(*DAY), name=NAME)
    old = in_lake(files)["page_view"]

    def die(*_told: Any) -> None:
        raise KeyboardInterrupt

    with scope.in_workspace(files.workspace_id):
        inbox.append(origin_of(files), [make_event("live")], counts=Counter(), now=NOON)
    with monkeypatch.context() as dying:
        dying.setattr(writer, "_settle", die)
        with pytest.raises(KeyboardInterrupt):
            drain(files.workspace_id, NOON)
    with scope.in_workspace(files.workspace_id):
        told = {"day": old["day"], "since": old["time"], "event_ids": [old["event_id"]]}
        Withdrawal.objects.create(workspace_id=files.workspace_id, source=files, import_id=0, **told)
    drain(files.workspace_id, NOON)
    derive(files.workspace_id, NOON)
    assert in_lake(files)["page_view"]["event_id"] == "live"
    with scope.in_workspace(files.workspace_id):
        assert not Withdrawal.objects.exists()
        assert Seen.objects.get(kind=SeenKind.EVENT, text="page_view").events == 1
