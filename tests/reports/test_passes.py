"""Fills, derivations and evidence as rows: what each says of itself, its end by hand, its death, its folding."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from goals.models import Goal
from reports import at_work, filling, goal_filling, passes, publishing, running
from reports.models import Publication, Run, RunKind, RunState, Why
from tests.reports.lake import NOW, Hit, hit, make_goal, store
from tests.tracking.makers import event_rows, make_event, make_source
from tracking import watching
from tracking.derive import EPOCH, derive
from tracking.lake.table import replace_days
from tracking.locks import alone
from tracking.models import Erasure, LakeState
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

SALES = [
    hit("anna", channel="email"),
    hit("anna", days=3, minutes=5, name="purchase", value=500, transaction="t1"),
    hit("bo", days=4, name="purchase", value=200, transaction="t2"),
]
NEW = hit("cyd", days=18, name="purchase", value=7)
OLD = hit("dag", days=1, name="purchase", value=9)
TAKES_LONGER = timedelta(minutes=5)


def runs(shop: Workspace, **fields: object) -> list[Run]:
    with scope.in_workspace(shop.pk):
        return list(at_work.seen(Run.objects.filter(**fields)).select_related("goal", "workspace").order_by("pk"))


def sold(shop: Workspace, goal: Goal) -> int:
    """Give how many conversions readers see."""
    read = publishing.read(shop.pk, [goal.pk], since=date(2026, 10, 1), until=date(2026, 12, 1))
    return sum(day.conversions for day in read.days[goal.pk].values())


def cancelling(monkeypatch: pytest.MonkeyPatch, lead: Membership, *, after: int) -> None:
    """Have somebody cancel while a fill is at the goal after so many others; each step is told at once."""
    counted: Callable[..., Any] = goal_filling.fill_goal
    seen: list[Goal] = []

    def fill_goal(goal: Goal, *given: Any, **more: Any) -> Any:
        seen.append(goal)
        found = counted(goal, *given, **more)
        if len(seen) == after:
            with scope.in_workspace(goal.workspace_id):
                run = Run.objects.select_related("workspace").get(state=RunState.RUNNING)
                assert running.cancel(run, by=lead, now=NOW)
        return found

    monkeypatch.setattr(filling, "fill_goal", fill_goal)
    monkeypatch.setattr(running, "EVERY_SECONDS", 0)


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    return make_goal(shop)


def test_a_fill_says_what_it_did_and_why(shop: Workspace, goal: Goal) -> None:
    store(shop, SALES)
    filling.fill(shop.pk, now=NOW)
    (run,) = runs(shop)
    assert (run.kind, run.state, run.done, run.of, run.times) == (RunKind.FILL, RunState.DONE, 1, 1, 1)
    assert (run.reasons, run.version, run.by, run.fault) == ([Why.FIRST], "1", None, "")
    assert (run.since, run.until, run.persons) == (date(2026, 11, 1), date(2026, 11, 22), None)
    assert run.cpu_seconds > 0
    assert not run.is_interrupted  # type: ignore[attr-defined]  # annotated


@pytest.mark.parametrize(
    ("came", "reason"), [(NEW, Why.EVENTS), (OLD, Why.LATE)], ids=["of the newest days", "of days long derived"]
)
def test_later_fills_tell_new_events_from_late_ones(shop: Workspace, goal: Goal, came: Hit, reason: Why) -> None:
    store(shop, SALES, now=NOW - timedelta(days=2))
    filling.fill(shop.pk, now=NOW - timedelta(days=2))
    store(shop, [*SALES, came], new=[came])
    filling.fill(shop.pk, now=NOW)
    (_, run) = runs(shop)
    assert run.reasons == [reason]
    assert run.persons == 1, "counted again by persons"
    assert (run.since, run.until) == ((came.at + timedelta(hours=1)).date(), date(2026, 11, 22))


def test_a_changed_goal_is_named_with_its_version(shop: Workspace, goal: Goal) -> None:
    make_goal(shop, "Visit", event="page_view", value_rule="none")
    store(shop, SALES)
    filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        Goal.objects.filter(pk=goal.pk).update(changed_at=NOW, version=7)
    filling.fill(shop.pk, now=NOW)
    first, second = runs(shop)
    assert (first.goal, first.of) == (None, 2)
    assert (second.goal, second.of, second.definition_version) == (goal, 1, 7)
    assert second.reasons == [Why.DEFINITION]


def test_a_fill_with_nothing_to_do_leaves_no_row(shop: Workspace, goal: Goal) -> None:
    store(shop, SALES)
    filling.fill(shop.pk, now=NOW)
    filling.fill(shop.pk, now=NOW + timedelta(minutes=1))
    assert len(runs(shop)) == 1


def test_a_goal_that_cannot_be_filled_makes_the_fill_a_failed_one(shop: Workspace, goal: Goal) -> None:
    broken = make_goal(shop, "Broken")
    with scope.in_workspace(shop.pk):
        broken.rules.update(conditions=[{"field": "no such field", "operator": "is", "value": "x"}])
    store(shop, SALES)
    filling.fill(shop.pk, now=NOW)
    (run,) = runs(shop)
    assert run.state == RunState.FAILED
    assert run.fault.startswith("Broken: ")
    assert sold(shop, goal) == 2, "the others are published"


def test_a_fault_that_ends_the_work_stands_on_its_row_and_goes_on(
    shop: Workspace, goal: Goal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object, **more: object) -> None:
        raise OSError("no space left on the lake's disk")

    store(shop, SALES)
    monkeypatch.setattr(filling, "fill_goal", full)
    for minute in range(3):
        with pytest.raises(OSError, match="no space"):
            filling.fill(shop.pk, now=NOW + timedelta(minutes=minute))
    (run,) = runs(shop)
    assert (run.state, run.fault, run.times) == (RunState.FAILED, "no space left on the lake's disk", 3)


def test_cancelled_in_the_middle_the_figures_before_stay_whole(
    shop: Workspace, goal: Goal, lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals = [goal, make_goal(shop, "Second"), make_goal(shop, "Third")]
    store(shop, SALES, now=NOW - timedelta(days=2))
    filling.fill(shop.pk, now=NOW - timedelta(days=2))
    with scope.in_workspace(shop.pk):
        serial = Publication.objects.get().serial
        Goal.objects.update(changed_at=NOW)  # all of them are counted again
    store(shop, [*SALES, OLD], new=[OLD])
    cancelling(monkeypatch, lead, after=2)
    assert filling.fill(shop.pk, now=NOW) == 0
    assert [sold(shop, each) for each in goals] == [2, 2, 2]
    with scope.in_workspace(shop.pk):
        assert Publication.objects.get().serial == serial
        assert AuditEntry.objects.filter(act="cancelled").count() == 1
    run = runs(shop)[-1]
    assert (run.state, run.done, run.of, run.cancelled_by_id) == (RunState.CANCELLED, 2, 3, lead.pk)


def test_a_cancel_is_heard_before_publishing_however_fast_the_goals_were(
    shop: Workspace, goal: Goal, lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(shop, SALES)
    cancelling(monkeypatch, lead, after=1)
    monkeypatch.setattr(running, "EVERY_SECONDS", 3600)
    assert filling.fill(shop.pk, now=NOW) == 0
    assert sold(shop, goal) == 0


def test_after_a_cancel_nothing_begins_until_somebody_starts_it_or_a_day_is_over(
    shop: Workspace, goal: Goal, lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(shop, SALES)
    with monkeypatch.context() as patched:
        cancelling(patched, lead, after=1)
        filling.fill(shop.pk, now=NOW)
    (held,) = runs(shop)
    assert filling.fill(shop.pk, now=NOW + TAKES_LONGER) == 0
    assert runs(shop) == [held]
    with scope.in_workspace(shop.pk):
        assert passes.standing_still(shop.pk, now=NOW + TAKES_LONGER) == held
        assert running.start_again(held, by=lead, now=NOW + TAKES_LONGER)
        assert not running.start_again(held, by=lead, now=NOW + TAKES_LONGER), "it waits already"
        assert AuditEntry.objects.filter(act="started again", actor=lead.user).count() == 1
    assert filling.fill(shop.pk, now=NOW + TAKES_LONGER) == 1
    (run,) = runs(shop)
    assert (run.state, run.by_id, run.cancelled_by_id) == (RunState.DONE, lead.pk, None)
    assert sold(shop, goal) == 2


def test_a_day_later_it_begins_by_itself(
    shop: Workspace, goal: Goal, lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(shop, SALES)
    with monkeypatch.context() as patched:
        cancelling(patched, lead, after=1)
        filling.fill(shop.pk, now=NOW)
    assert filling.fill(shop.pk, now=NOW + timedelta(hours=23)) == 0
    assert filling.fill(shop.pk, now=NOW + timedelta(hours=25)) == 1


def test_who_is_to_be_erased_does_not_wait_for_anybody(
    shop: Workspace, goal: Goal, lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(shop, SALES)
    with monkeypatch.context() as patched:
        cancelling(patched, lead, after=1)
        filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        Erasure.objects.create(workspace=shop, named_by="visitor", by_name="Kari", ordered_at=NOW)
    assert filling.fill(shop.pk, now=NOW) == 1
    with scope.in_workspace(shop.pk):
        owed = Run.objects.create(
            workspace=shop, kind=RunKind.FILL, reasons=[Why.ERASURE], state=RunState.RUNNING, created_at=NOW
        )
        assert not running.cancel(owed, by=lead, now=NOW)


def test_a_dead_worker_is_shown_as_interrupted_and_the_next_try_takes_its_row_up(
    shop: Workspace, goal: Goal, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """A signal, as the worker meets it."""

    def killed(*given: object, **more: object) -> None:
        raise Killed

    store(shop, SALES)
    with monkeypatch.context() as patched:
        patched.setattr(filling, "fill_goal", killed)
        with pytest.raises(Killed):
            filling.fill(shop.pk, now=NOW)
    (run,) = runs(shop)
    assert run.state == RunState.RUNNING
    assert run.is_interrupted  # type: ignore[attr-defined]  # annotated
    with alone(filling.Work.FILL, shop.pk):
        assert not runs(shop)[0].is_interrupted  # type: ignore[attr-defined]  # somebody is at it
    assert filling.fill(shop.pk, now=NOW + TAKES_LONGER) == 1
    (after,) = runs(shop)
    assert (after.pk, after.state, after.attempts) == (run.pk, RunState.DONE, 2)


def test_a_worker_that_died_before_it_heard_leaves_a_cancelled_run(
    shop: Workspace, goal: Goal, lead: Membership
) -> None:
    store(shop, SALES)
    with scope.in_workspace(shop.pk):
        left = Run.objects.create(
            workspace=shop, kind=RunKind.FILL, state=RunState.RUNNING, created_at=NOW, heartbeat_at=NOW
        )
        assert running.cancel(left, by=lead, now=NOW)
    assert filling.fill(shop.pk, now=NOW + TAKES_LONGER) == 0
    assert runs(shop)[0].state == RunState.CANCELLED


def test_what_others_did_meanwhile_is_no_run_that_waits(shop: Workspace, goal: Goal) -> None:
    store(shop, SALES)
    filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        Run.objects.update(state=RunState.WAITING)
    filling.fill(shop.pk, now=NOW)
    assert runs(shop)[0].state == RunState.DONE


def test_while_one_worker_is_at_it_another_does_nothing(shop: Workspace, goal: Goal) -> None:
    store(shop, SALES)
    other, key = connection.copy(), [int(filling.Work.FILL), shop.pk % 2**31]
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s, %s)", key)
            assert filling.fill(shop.pk, now=NOW) == 0
            assert runs(shop) == []
            # A connection's own end would let go of it some time after `close` has returned.
            cursor.execute("select pg_advisory_unlock(%s, %s)", key)
    finally:
        other.close()
    assert filling.fill(shop.pk, now=NOW) == 1


def test_a_workspace_has_one_pass_of_a_kind_under_way(shop: Workspace) -> None:
    with scope.in_workspace(shop.pk):
        Run.objects.create(workspace=shop, kind=RunKind.FILL, state=RunState.RUNNING, created_at=NOW)
        Run.objects.create(workspace=shop, kind=RunKind.DERIVATION, state=RunState.RUNNING, created_at=NOW)
        with pytest.raises(IntegrityError, match="run_alone"), transaction.atomic():
            Run.objects.create(workspace=shop, kind=RunKind.FILL, state=RunState.WAITING, created_at=NOW)


def test_passes_that_went_alike_within_the_hour_are_one_row(shop: Workspace, goal: Goal) -> None:
    came = list(SALES)
    store(shop, came)
    filling.fill(shop.pk, now=NOW)
    for minute in range(5):
        more = hit(f"new {minute}", days=19, minutes=minute, name="purchase", value=1)
        came.append(more)
        store(shop, came, new=[more])
        filling.fill(shop.pk, now=NOW + timedelta(minutes=minute))
    first, folded = runs(shop)
    assert (first.reasons, first.times) == ([Why.FIRST], 1)
    assert (folded.reasons, folded.times, folded.version) == ([Why.EVENTS], 5, "6")
    assert folded.took is None
    last = hit("last", days=19, minutes=59, name="purchase", value=1)
    store(shop, [*came, last], new=[last])
    filling.fill(shop.pk, now=NOW + timedelta(minutes=61))
    assert [each.times for each in runs(shop)] == [1, 5, 1]
    assert sold(shop, goal) == 8


def test_done_passes_go_after_a_week_and_bad_ones_after_a_month(shop: Workspace) -> None:
    with scope.in_workspace(shop.pk):
        for state in (RunState.DONE, RunState.FAILED, RunState.CANCELLED, RunState.RUNNING):
            Run.objects.create(workspace=shop, kind=RunKind.FILL, state=state, created_at=NOW)
    assert running.purge(shop.pk, now=NOW + timedelta(days=6)) == 0
    assert running.purge(shop.pk, now=NOW + timedelta(days=8)) == 1
    assert running.purge(shop.pk, now=NOW + timedelta(days=31)) == 2
    assert [each.state for each in runs(shop)] == [RunState.RUNNING]


@pytest.fixture
def stored(shop: Workspace) -> Workspace:
    """Give a shop with three days of events that nothing is derived of."""
    source = make_source(shop)
    events = [make_event(f"e{n}", at=NOW - timedelta(days=n), visitor=f"v{n}") for n in range(3)]
    replace_days(shop.pk, "events", event_rows(events, source_id=source.pk), since=None)
    with scope.in_workspace(shop.pk):
        LakeState.objects.update_or_create(
            workspace=shop,
            defaults={
                "events": 3, "first_day": (NOW - timedelta(days=2)).date(), "last_event_at": NOW,
                "stored_through": NOW, "dirty_since": EPOCH,
            },
        )  # fmt: skip
    return shop


def test_a_derivation_is_a_row_and_one_with_nothing_to_do_is_none(stored: Workspace) -> None:
    assert derive(stored.pk, NOW) is not None
    assert derive(stored.pk, NOW) is None
    (run,) = runs(stored)
    assert (run.kind, run.state, run.reasons, run.goal) == (RunKind.DERIVATION, RunState.DONE, [Why.FIRST], None)
    assert (run.since, run.until, run.version) == (date(2026, 11, 19), date(2026, 11, 22), "1")
    assert (run.done, run.of) == (3, 3)


def test_a_cancelled_derivation_publishes_nothing_and_is_done_whole_later(
    stored: Workspace, lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell = running.Line.tell

    def cancelled(line: running.Line, done: int, of: int) -> None:
        with scope.in_workspace(stored.pk):
            if done:
                running.cancel(line.run, by=lead, now=NOW)
        tell(line, done, of)

    monkeypatch.setattr(running, "EVERY_SECONDS", 0)
    with monkeypatch.context() as patched:
        patched.setattr(running.Line, "tell", cancelled)
        assert derive(stored.pk, NOW, part_events=1) is None
    (run,) = runs(stored)
    assert (run.state, run.of) == (RunState.CANCELLED, 3)
    assert 0 < run.done < 3
    with scope.in_workspace(stored.pk):
        assert LakeState.objects.get().revision == 0
    assert derive(stored.pk, NOW) is None, "it waits for somebody"
    with scope.in_workspace(stored.pk):
        assert running.start_again(run, by=lead, now=NOW)
    assert derive(stored.pk, NOW) is not None
    with scope.in_workspace(stored.pk):
        assert LakeState.objects.get().revision == 1


def test_reasons_of_derivations_are_reasons() -> None:
    assert {reason.value for reason in watching.Reason} <= set(Why.values)
