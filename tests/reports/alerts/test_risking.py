"""A target at risk: each day's status as the board itself says it on that evening, and as many days in a row."""

from datetime import date

import pytest

from goals.models import Kpi, Target
from reports import boards
from reports.alerts import watching
from reports.alerts.backtest import backtest
from reports.periods import Span
from reports.progress import board, boards_on
from tests.reports.alerts.asks import DAY, FIRST, at, evening, make_alert, open_shop
from workspaces import scope
from workspaces.models import Membership, Notification, Workspace
from workspaces.zones import start_of

DAYS = 90
QUARTER = (FIRST + 42 * DAY, FIRST + 133 * DAY)  # no day's end is exactly a fifth of it, from when it is judged


def buyers(day: date) -> int:
    """Give 8 sales a day; 1 from day 56 on, and 30 from day 70 on."""
    n = (day - FIRST).days
    return 8 if n < 56 else 1 if n < 70 else 30


@pytest.fixture
def kpi(shop: Workspace) -> Kpi:
    goal = open_shop(shop, buyers, days=DAYS, visitors=30)
    with scope.in_workspace(shop.pk):
        row = Kpi.objects.create(workspace=shop, goal=goal, name="<i>Sales</i>", slug="sales", measure="count")
        starts_on, ends_on = QUARTER
        Target.objects.create(workspace=shop, kpi=row, slug="q", value=720, starts_on=starts_on, ends_on=ends_on - DAY)
    return row


def statuses(shop: Workspace, day: date) -> list[str]:
    """Ask the board itself at the day's last moment."""
    now = start_of(day + DAY, shop.zone)
    with scope.in_workspace(shop.pk):
        (kpi,) = boards.live_kpis(shop)
        return [
            row.status
            for row in board(shop, [kpi], fallback=Span(FIRST, FIRST + DAY), now=now - DAY / 86_400_000_000).rows
        ]


def test_the_past_of_a_board_is_what_it_said_then_and_episodes_follow_it(
    shop: Workspace, lead: Membership, kpi: Kpi
) -> None:
    looked = [FIRST + n * DAY for n in range(43, DAYS - 1)]
    said = {day: statuses(shop, day) for day in looked}
    with scope.in_workspace(shop.pk):
        rows_on = boards_on(shop, kpi, Span(looked[0], looked[-1] + DAY), now=evening(looked[-1]))
        assert {day: [row.status for row in rows_on(day)] for day in looked} == said
    bad = [day for day in looked if {"at_risk", "behind"} & set(said[day])]
    assert bad, "needs days at risk"
    assert bad[-1] < looked[-1], "needs days after them"
    alerts = {stay: make_alert(lead, kpi=kpi, stay_days=stay) for stay in (1, 3)}
    for day in looked:
        watching.watch(shop.pk, now=at(day + DAY, 3))
    for stay, alert in alerts.items():
        expected, run = [], 0
        is_told = False
        for day in looked:
            run = run + 1 if day in bad else 0
            if run >= stay and not is_told:
                expected.append(("fired", day))
                is_told = True
            elif not run and is_told:
                expected.append(("over", day))
                is_told = False
        assert expected, stay
        with scope.in_workspace(shop.pk):
            tried = backtest(alert, now=evening(looked[-1] + DAY))
            rows = list(alert.episodes.all())
        assert tried is not None
        assert [("over" if turn.is_over else "fired", turn.day) for turn in tried.turns] == expected
        assert sorted((row.began_on, row.ended_on) for row in rows) == [
            (turn.began, turn.day) for turn in tried.turns if turn.is_over
        ], stay
    with scope.in_workspace(shop.pk):
        fired = Notification.objects.filter(kind="alert_fired").order_by("created_at").last()
        over = Notification.objects.filter(kind="alert_over").order_by("created_at").last()
    assert fired is not None
    assert over is not None
    assert fired.title in {"<i>Sales</i>: at risk", "<i>Sales</i>: behind"}
    assert " of 720 due by " in fired.text
    assert f"from={QUARTER[0]}" in fired.path
    assert "The alert had fired for" in over.text


def test_a_target_that_is_taken_away_ends_its_episode(shop: Workspace, lead: Membership, kpi: Kpi) -> None:
    alert = make_alert(lead, kpi=kpi)
    watching.watch(shop.pk, now=at(FIRST + 69 * DAY))
    with scope.in_workspace(shop.pk):
        assert alert.episodes.get().ended_on is None
        Target.objects.all().delete()
    watching.watch(shop.pk, now=at(FIRST + 70 * DAY))
    with scope.in_workspace(shop.pk):
        assert alert.episodes.get().ended_on == FIRST + 69 * DAY
        assert Notification.objects.get(kind="alert_over").title == "<i>Sales</i>: the target is gone"
