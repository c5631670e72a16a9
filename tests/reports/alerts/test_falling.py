"""A rate that falls: its arithmetic and its episodes against a reference by hand; what fires is what would have."""

from datetime import date

import pytest
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from analysis.falls import fall
from reports.alerts import falling, watching
from reports.alerts.backtest import backtest
from reports.models import Alert, AlertEpisode
from reports.periods import Span
from tests.reports.alerts.asks import (
    DAY,
    FIRST,
    Counted,
    at,
    evening,
    make_alert,
    open_shop,
    reference,
    tail,
)
from tracking.models import LakeState
from workspaces import scope
from workspaces.models import Membership, Notification, Workspace

DAYS, VISITORS = 105, 90


@given(n=st.integers(0, 400), m=st.integers(0, 900), a=st.integers(0, 400), b=st.integers(0, 900))
def test_a_fall_is_tested_exactly(n: int, m: int, a: int, b: int) -> None:
    a, b = min(a, n), min(b, m)
    found = fall(a, n, b, m)
    if min(n, m) < 30 or b * n < 10 * m:
        assert found is None
        return
    assert found is not None
    assert found.share == pytest.approx(1 - (a / n) / (b / m))
    assert found.p == pytest.approx(tail(a, n, b, m), rel=1e-6, abs=1e-12)
    assert found.is_beyond_chance == (found.p < 0.01)


def test_a_fall_of_a_published_table() -> None:
    # Fisher's twins of criminals: 2 of 17 dizygotic, 10 of 13 monozygotic; R's fisher.test, one-sided: 0.0004652.
    assert tail(2, 17, 10, 13) == pytest.approx(2 * 0.000_465_2, rel=1e-3)
    found = fall(20, 170, 100, 130)
    assert found is not None
    assert found.share == pytest.approx(1 - (2 / 17) / (10 / 13))


def test_counts_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="more reached than there are persons"):
        fall(31, 30, 1, 30)


@given(back=st.integers(0, 27), width=st.sampled_from([1, 7]))
def test_the_weeks_before_have_the_same_weekdays_and_never_touch_the_episode(back: int, width: int) -> None:
    began = date(2026, 11, 3)
    day = began + back * DAY
    span = Span(day - (width - 1) * DAY, day + DAY)
    for week, before in enumerate(falling.weeks_before(span, began), 1):
        assert before.days == width
        assert before.last.weekday() == day.weekday()
        assert before.last <= began - 7 * week * DAY
        assert before.last > began - 7 * (week + 1) * DAY


def buyers(day: date) -> int:
    """Give a table of a shop: 24 of 90 buy, 18 on weekends; it falls twice, the second time for good."""
    n = (day - FIRST).days
    usual = 18 if day.weekday() >= 5 else 24
    return usual // 6 if 35 <= n < 40 or n >= 66 else usual


@pytest.fixture
def lead_of_falls(shop: Workspace, lead: Membership) -> Membership:
    open_shop(shop, buyers, days=DAYS, visitors=VISITORS)
    return lead


def days_of(last: date) -> list[date]:
    return [FIRST + n * DAY for n in range((last - FIRST).days + 1)]


def turns_of(alert: Alert) -> list[tuple[str, date]]:
    with scope.in_workspace(alert.workspace_id):
        rows = list(AlertEpisode.objects.filter(alert=alert))
    began = [("fired", row.began_on) for row in rows]
    return sorted([*began, *(("over", row.ended_on) for row in rows if row.ended_on)], key=lambda each: each[1])


def test_what_the_task_fires_is_what_the_backtest_and_the_reference_say(
    shop: Workspace, lead_of_falls: Membership
) -> None:
    with scope.in_workspace(shop.pk):
        goal = shop.goals.get()
    kinds = [(width, percent) for width in (1, 7) for percent in (20, 60)]
    alerts = {kind: make_alert(lead_of_falls, goal, width_days=kind[0], fall_percent=kind[1]) for kind in kinds}
    table = {day: Counted(VISITORS, buyers(day)) for day in days_of(FIRST + (DAYS - 1) * DAY)}
    last = FIRST + (DAYS - 2) * DAY
    for day in days_of(last)[28:]:  # beat comes twice on a day; the day is looked at once
        for hour in (0, 20):
            watching.watch(shop.pk, now=at(day + DAY, hour))
    for (width, percent), alert in alerts.items():
        expected = reference(table, days_of(last), width=width, percent=percent)
        assert [act for act, _day in expected] == ["fired", "over", "fired", "over"], "needs two episodes"
        assert turns_of(alert) == expected, (width, percent)
        with scope.in_workspace(shop.pk):
            tried = backtest(alert, now=evening(last + DAY))
            told = Notification.objects.filter(kind__startswith="alert", key__startswith=f"alert {alert.pk} ")
            assert [notice.kind for notice in told.order_by("created_at")] == ["alert_fired", "alert_over"] * 2
        assert tried is not None
        since = tried.days.since
        assert [("over" if turn.is_over else "fired", turn.day) for turn in tried.turns] == expected
        assert since < expected[0][1], "needs all of it in the 90 days"


def test_a_notice_says_the_figures_since_when_and_leads_to_exactly_these_days(
    shop: Workspace, lead_of_falls: Membership
) -> None:
    with scope.in_workspace(shop.pk):
        goal = shop.goals.get()
        goal.name = "<b>Sale</b>"
        goal.save()
    alert = make_alert(lead_of_falls, goal)
    watching.watch(shop.pk, now=at(FIRST + 42 * DAY))
    with scope.in_workspace(shop.pk):
        (notice,) = Notification.objects.filter(kind="alert_fired")
        (episode,) = alert.episodes.all()
    facts, day = episode.facts, episode.began_on
    since, last = day - 6 * DAY, day
    part = sum(buyers(since + n * DAY) for n in range(7))
    before = sum(buyers(since + n * DAY - week * 7 * DAY) for n in range(7) for week in range(1, 5))
    assert (facts["part"], facts["whole"], facts["part_before"], facts["whole_before"]) == (
        part,
        7 * VISITORS,
        before,
        28 * VISITORS,
    )
    assert notice.title == f"<b>Sale</b>: the rate fell by {100 * (1 - part * 4 / before):.0f}\u00a0%"
    assert f"{part}\u00a0/\u00a0630 visitors · {100 * part / 630:.0f}\u00a0%" in notice.text
    assert f"against {100 * before / 2520:.0f}\u00a0% ({before}\u00a0/\u00a02,520)" in notice.text
    assert "more than chance (p " in notice.text
    assert notice.path == (f"/w/fjellsport/goals/sale/?period=custom&from={since}&to={last}&metric=rate&per=visitors")


def test_a_new_alert_says_what_lasts_and_is_silent_about_what_is_over(
    shop: Workspace, lead_of_falls: Membership
) -> None:
    with scope.in_workspace(shop.pk):
        goal = shop.goals.get()
    alert = make_alert(lead_of_falls, goal)
    watching.watch(shop.pk, now=evening(FIRST + 74 * DAY))
    with scope.in_workspace(shop.pk):
        rows = list(alert.episodes.all())
        told = Notification.objects.filter(kind__startswith="alert").count()
    assert [row.ended_on for row in rows] == [None]
    assert rows[0].began_on > FIRST + 65 * DAY
    assert told == 1


def test_few_visitors_never_fire(shop: Workspace, lead: Membership) -> None:
    goal = open_shop(shop, lambda day: 0 if day >= FIRST + 40 * DAY else 2, days=60, visitors=6)
    alert = make_alert(lead, goal, width_days=1, fall_percent=1)
    for n in range(30, 60):
        watching.watch(shop.pk, now=evening(FIRST + n * DAY))
    assert turns_of(alert) == []


def test_days_on_which_tracking_was_broken_say_nothing(shop: Workspace, lead: Membership) -> None:
    goal = open_shop(shop, lambda day: 0 if 40 <= (day - FIRST).days < 43 else 12, days=60)
    alert = make_alert(lead, goal, width_days=1)
    with scope.in_workspace(shop.pk):
        shop.outages.create(
            goal=goal, started_at=at(FIRST + 39 * DAY, 22), ended_at=at(FIRST + 43 * DAY, 2), found_at=at(FIRST)
        )
    watching.watch(shop.pk, now=evening(FIRST + 59 * DAY))
    assert turns_of(alert) == []
    with scope.in_workspace(shop.pk):
        shop.outages.all().delete()
        tried = backtest(alert, now=evening(FIRST + 59 * DAY))
    assert tried is not None
    assert [turn.day for turn in tried.begun] == [FIRST + 40 * DAY], "without the outage it fires"


def test_a_day_waits_until_its_events_are_in_the_figures(shop: Workspace, lead_of_falls: Membership) -> None:
    with scope.in_workspace(shop.pk):
        alert = make_alert(lead_of_falls, shop.goals.get())
        # Something new was derived, and is not filled yet.
        LakeState.objects.filter(workspace=shop).update(revision=F("revision") + 1)
    watching.watch(shop.pk, now=evening(FIRST + (DAYS + 30) * DAY))
    with scope.in_workspace(shop.pk):
        alert.refresh_from_db()
    assert alert.checked_through == FIRST + (DAYS - 2) * DAY, "the day before the last one that was filled"


def test_looks_are_over_in_few_queries_however_many_days(
    shop: Workspace, lead_of_falls: Membership, django_assert_max_num_queries: object
) -> None:
    with scope.in_workspace(shop.pk):
        alert = make_alert(lead_of_falls, shop.goals.get())
        # goal, publication, fills, lake, days, visits, gaps and sources, once for the lens and once for the last day
        with django_assert_max_num_queries(22):  # type: ignore[operator]  # pytest-django's own
            assert backtest(alert, now=evening(FIRST + 70 * DAY)) is not None
