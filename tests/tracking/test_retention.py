"""Days whose time is over go whole, and nothing else."""

from datetime import date, datetime, timedelta

import pytest

from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking import retention
from tracking.models import LakeState, Retention
from workspaces import scope
from workspaces.models import Workspace

DAY = timedelta(days=1)
HORIZON = date(2026, 8, 21)  # three months before NOON


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    return Lake(make_source(shop))


def keep(workspace: Workspace, months: int | None) -> None:
    with scope.in_workspace(workspace.pk):
        Retention.objects.update_or_create(workspace=workspace, defaults={"events_months": months})


def state_of(workspace: Workspace) -> LakeState:
    with scope.in_workspace(workspace.pk):
        return LakeState.objects.get()


def stored(lake: Lake) -> set[str]:
    return {row["event_id"] for row in lake.rows("select event_id from events")}


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 21), 3, date(2026, 8, 21)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 5), 14, date(2024, 11, 5)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
    ],
    ids=["plain", "shorter month", "leap year", "over two years", "a year"],
)
def test_months_are_counted_in_the_calendar(day: date, months: int, before: date) -> None:
    assert retention.months_before(day, months) == before


def test_older_days_go_from_events_visits_and_touches(lake: Lake, shop: Workspace) -> None:
    lake.take(
        make_event("old", at=NOON - 200 * DAY),
        make_event("edge", at=datetime(2026, 8, 20, 22, 30, tzinfo=NOON.tzinfo)),  # 00:30 of the horizon in Oslo
        make_event("new", at=NOON - DAY),
    )
    keep(shop, 3)
    assert retention.run(shop.pk, now=NOON)
    assert stored(lake) == {"edge", "new"}
    assert [row["day"] for row in lake.sessions()] == [HORIZON, date(2026, 11, 20)]
    assert [row["day"] for row in lake.touches()] == [HORIZON, date(2026, 11, 20)]
    state = state_of(shop)
    assert (state.events, state.first_day, state.kept_since) == (2, HORIZON, HORIZON)


def test_without_a_setting_events_stay(lake: Lake, shop: Workspace) -> None:
    lake.take(make_event("old", at=NOON - 2_000 * DAY))
    for months in (None, 120):
        keep(shop, months)
        assert retention.run(shop.pk, now=NOON)
        assert stored(lake) == {"old"}, f"{months} months"


def test_a_second_run_changes_nothing(lake: Lake, shop: Workspace) -> None:
    lake.take(make_event("old", at=NOON - 200 * DAY), make_event("new", at=NOON - DAY))
    keep(shop, 3)
    retention.run(shop.pk, now=NOON)
    before = state_of(shop)
    retention.run(shop.pk, now=NOON)
    after = state_of(shop)
    assert (before.events_version, before.sessions_version) == (after.events_version, after.sessions_version)


def test_old_events_that_are_imported_later_go_the_next_night(lake: Lake, shop: Workspace) -> None:
    lake.take(make_event("old", at=NOON - 200 * DAY), make_event("new", at=NOON - DAY))
    keep(shop, 3)
    retention.run(shop.pk, now=NOON)
    lake.take(make_event("history", at=NOON - 300 * DAY))
    assert "history" in stored(lake)
    retention.run(shop.pk, now=NOON)
    assert stored(lake) == {"new"}
    assert len(lake.sessions()) == 1


def test_new_events_after_a_cut_are_derived_as_ever(lake: Lake, shop: Workspace) -> None:
    lake.take(make_event("old", at=NOON - 200 * DAY), make_event("new", at=NOON - DAY))
    keep(shop, 3)
    retention.run(shop.pk, now=NOON)
    lake.take(make_event("newer", at=NOON - DAY / 2))
    assert [row["session_id"] for row in lake.sessions()] == ["new", "newer"]
