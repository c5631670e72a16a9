"""Totals stay when events go; what is computed afterwards begins at the oldest kept day."""

from datetime import date, timedelta
from typing import Any

import pytest

from goals.models import Goal
from reports import filling, publishing, upkeep
from reports.models import Publication, Rollup
from tests.reports.asks import answered
from tests.reports.lake import make_goal
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tests.tracking.test_retention import HORIZON, keep
from tracking import retention
from tracking.event import Event
from tracking.lake import upkeep as lake_upkeep
from tracking.lake.query import Pinned, connected
from tracking.models import LakeState
from workspaces import scope
from workspaces.models import Workspace

DAY = timedelta(days=1)


def sale(event_id: str, days: float, visitor: str = "anna", **fields: object) -> Event:
    money = {"value_micros": 10**6, "currency": "NOK", "transaction_id": event_id}
    return make_event(event_id, name="purchase", visitor=visitor, at=NOON - days * DAY, **(money | fields))


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    return Lake(make_source(shop))


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    return make_goal(shop)


def take(lake: Lake, *events: Event) -> None:
    lake.take(*events)
    filling.fill(lake.workspace_id, now=NOON)


def night(workspace: Workspace) -> None:
    """Do what runs every night."""
    assert retention.run(workspace.pk, now=NOON)
    assert lake_upkeep.keep_up(workspace.pk)
    assert upkeep.keep_up(workspace.pk)


def conversions(goal: Goal) -> dict[date, int]:
    with scope.in_workspace(goal.workspace_id):
        return dict(Rollup.objects.filter(goal=goal).order_by("day").values_list("day", "conversions"))


def paths_of(goal: Goal) -> list[Any]:
    read = publishing.read(goal.workspace_id, [goal.pk], since=date(2026, 1, 1), until=date(2026, 12, 1))
    pinned = Pinned(f"paths/{goal.pk}", read.fills[goal.pk].paths_version)
    with connected(read.snapshot, {"paths": pinned}) as engine:
        return engine.sql("select distinct day from paths order by 1").to_arrow_table().column(0).to_pylist()


def test_totals_stay_and_paths_go(lake: Lake, goal: Goal, shop: Workspace) -> None:
    take(lake, sale("o1", 200), sale("o2", 60), sale("o3", 2))
    before = conversions(goal)
    keep(shop, 3)
    night(shop)
    assert conversions(goal) == before
    assert len(before) == 3
    assert paths_of(goal) == [date(2026, 9, 22), date(2026, 11, 19)]


def test_new_events_leave_the_old_days_totals_alone(lake: Lake, goal: Goal, shop: Workspace) -> None:
    take(lake, sale("o1", 200), sale("o2", 60), sale("o3", 2))
    before = conversions(goal)
    keep(shop, 3)
    night(shop)
    take(lake, sale("o4", 1), sale("refund", 1, transaction_id="o2", value_micros=-400_000, refund=True))
    after = conversions(goal)
    assert after == before | {date(2026, 11, 20): 1}
    with scope.in_workspace(shop.pk):
        assert Rollup.objects.get(goal=goal, day=date(2026, 9, 22)).refund_micros == -400_000
    night(shop)
    assert conversions(goal) == after


def test_figures_do_not_move_because_a_person_is_not_known_from_before(lake: Lake, shop: Workspace) -> None:
    first = make_goal(shop, "First purchase", counting="person")
    take(lake, sale("o1", 200), sale("o2", 60), sale("o3", 2, visitor="bo"))
    before = conversions(first)
    assert len(before) == 2, "needs a second purchase that does not count"
    keep(shop, 3)
    night(shop)
    take(lake, make_event("seen", visitor="cyd", at=NOON - DAY))
    assert conversions(first) == before


def test_a_changed_goal_counts_from_the_oldest_kept_day_on(lake: Lake, goal: Goal, shop: Workspace) -> None:
    take(lake, sale("o1", 200), sale("o2", 60), sale("o3", 2))
    keep(shop, 3)
    night(shop)
    with scope.in_workspace(shop.pk):
        Goal.objects.filter(pk=goal.pk).update(changed_at=NOON)
    filling.fill(shop.pk, now=NOON)
    assert conversions(goal) == {date(2026, 9, 22): 1, date(2026, 11, 19): 1}
    with scope.in_workspace(shop.pk):
        assert Publication.objects.get().first_day == HORIZON


def test_a_range_that_begins_earlier_has_totals_and_says_why_no_rows(lake: Lake, goal: Goal, shop: Workspace) -> None:
    take(lake, sale("o1", 200), sale("o2", 60), sale("o3", 2))
    keep(shop, 3)
    night(shop)
    whole = answered(shop, goal, from_="2026-01-01", to="2026-11-21")
    assert (whole.totals.conversions, whole.breakdown, whole.rows_since) == (3, None, HORIZON)
    kept = answered(shop, goal, from_="2026-09-01", to="2026-11-21")
    assert kept.rows_since is None
    assert kept.breakdown is not None
    assert sum(row.conversions for row in kept.breakdown.rows) == kept.totals.conversions == 2


def test_reports_take_over_the_tidied_versions(lake: Lake, goal: Goal, shop: Workspace) -> None:
    for n in range(4):
        take(lake, sale(f"o{n}", 2))
    night(shop)
    with scope.in_workspace(shop.pk):
        publication, state = Publication.objects.get(), LakeState.objects.get()
    assert publication.events_version == state.events_version
    assert publication.sessions_version == state.sessions_version
    assert paths_of(goal) == [date(2026, 11, 19)]
