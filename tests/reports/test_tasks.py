"""The workers' door to reports, on what the derivation really publishes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from celery import current_app

from reports import filling, tasks
from reports.models import FillState
from tests.reports.asks import answered
from tests.reports.lake import NOW, START, make_goal
from tests.tracking.makers import event_rows, make_event, make_source
from tracking.derive import derive
from tracking.lake.table import replace_days
from tracking.models import LakeState
from workspaces import scope
from workspaces.models import Workspace

MINUTES = timedelta(minutes=3)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture
def derived(shop: Workspace) -> Workspace:
    """Give a shop whose lake the product's own derivation has worked through: a tagged visit with a purchase."""
    source = make_source(shop)
    site = "https://shop.example/"
    events = [
        make_event("e1", at=START, visitor="v1", url=site, utm_source="letter", utm_medium="email"),
        make_event(
            "e2", at=START + timedelta(minutes=3), visitor="v1", name="purchase", value_micros=5, currency="NOK"
        ),
        make_event("e3", at=START + timedelta(days=1), visitor="v2", url=site, referrer="https://www.google.com/"),
    ]
    replace_days(shop.pk, "events", event_rows(events, source_id=source.pk), since=None)
    with scope.in_workspace(shop.pk):
        LakeState.objects.update_or_create(
            workspace=shop,
            defaults={
                "events": 3, "first_day": START.date(), "last_event_at": START + timedelta(days=1),
                "stored_through": NOW, "dirty_since": EPOCH,
            },
        )  # fmt: skip
    derive(shop.pk, NOW)
    return shop


def test_what_the_derivation_publishes_is_filled_and_answered(derived: Workspace) -> None:
    goal = make_goal(derived)
    assert list(filling.waiting(now=NOW)) == [derived.pk]
    tasks.fill(derived.pk)
    assert list(filling.waiting(now=NOW)) == []
    found = answered(derived, goal)
    assert found.breakdown is not None
    assert [(row.key, row.conversions, row.denominator) for row in found.breakdown.rows] == [("email", 1.0, 1)]
    assert (found.totals.visitors, found.totals.sessions, found.totals.value) == (2, 2, 5)


def test_one_goal_can_be_asked_for(derived: Workspace) -> None:
    goal = make_goal(derived)
    tasks.fill_goal(derived.pk, goal.pk)
    with scope.in_workspace(derived.pk):
        assert FillState.objects.get(goal=goal).filled_at is not None


def test_the_tasks_have_the_names_that_others_send() -> None:
    assert {"reports.fill", "reports.fill_goal", "reports.sweep"} <= set(current_app.tasks)


def test_another_time_zone_waits_for_its_own_days(derived: Workspace) -> None:
    make_goal(derived)
    Workspace.objects.filter(pk=derived.pk).update(zone_name="Pacific/Apia")
    assert filling.stale(derived.pk, now=NOW) is None
    derive(derived.pk, NOW)
    due = filling.stale(derived.pk, now=NOW)
    assert due is not None
    assert str(due.extent.zone) == "Pacific/Apia"
    assert due.extent.first <= date(2026, 11, 2)
