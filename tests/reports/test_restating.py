"""What was closed and now says something else: before, after, why; and what is ordinary lateness."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from goals.models import Goal, Target
from reports import filling, restating
from reports.models import Cause, Restatement
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows
from tests.reports.lake import START, Hit, hit, make_goal, store
from tests.reports.views.test_pages import make_kpi
from tracking.models import Erasure, LakeState
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

NOVEMBER = [
    hit("a", channel="email"),
    hit("a", minutes=5, name="purchase", value=100, transaction="t1"),
    hit("b", days=1, name="purchase", value=50),
]
LATE = hit("c", days=2, name="purchase", value=7)
DECEMBER = datetime(2026, 12, 10, 12, tzinfo=UTC)  # November is closed
THEN = datetime(2026, 12, 12, 12, tzinfo=UTC)


def filled(shop: Workspace, hits: list[Hit], *, now: datetime, new: list[Hit] | None = None) -> None:
    store(shop, hits, new=new, now=now)
    filling.fill(shop.pk, now=now)


def entries(shop: Workspace) -> list[Restatement]:
    with scope.in_workspace(shop.pk):
        return list(Restatement.objects.filter(workspace=shop).order_by("goal_id", "since"))


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    goal = make_goal(shop)
    filled(shop, NOVEMBER, now=DECEMBER)
    return goal


def test_the_first_figures_of_a_goal_restate_nothing(shop: Workspace, goal: Goal) -> None:
    assert entries(shop) == []


def test_a_late_event_of_a_closed_month_is_told_with_before_and_after(shop: Workspace, goal: Goal) -> None:
    filled(shop, [*NOVEMBER, LATE], now=THEN, new=[LATE])
    (entry,) = entries(shop)
    assert (entry.goal_id, entry.since, entry.until) == (goal.pk, date(2026, 11, 1), date(2026, 12, 1))
    assert (entry.conversions_before, entry.conversions_after) == (2, 3)
    assert (entry.value_before, entry.value_after) == (150_000_000, 157_000_000)
    assert (entry.refund_before, entry.refund_after) == (0, 0)
    assert (entry.currency_before, entry.currency_after) == ("NOK", "NOK")
    assert (entry.causes, entry.made_at) == ([Cause.EVENTS], THEN)


def test_a_late_refund_is_told_as_one(shop: Workspace, goal: Goal) -> None:
    refund = hit("a", days=38, name="refund", value=-40, transaction="t1", refund=True)
    filled(shop, [*NOVEMBER, refund], now=THEN, new=[refund])
    (entry,) = entries(shop)
    assert (entry.refund_before, entry.refund_after, entry.conversions_after) == (0, -40_000_000, 2)
    assert entry.causes == [Cause.REFUND, Cause.EVENTS]


def test_a_changed_definition_is_told_as_one(shop: Workspace, goal: Goal) -> None:
    with scope.in_workspace(shop.pk):
        goal.rules.update(conditions=[{"field": "name", "operator": "is", "value": "page_view"}])
        Goal.objects.filter(pk=goal.pk).update(changed_at=THEN, version=goal.version + 1)
    filling.fill(shop.pk, now=THEN)
    (entry,) = entries(shop)
    assert (entry.conversions_before, entry.conversions_after) == (2, 1)
    assert (entry.causes, entry.definition_version) == ([Cause.DEFINITION], goal.version + 1)


def test_an_erasure_is_told_as_one(shop: Workspace, goal: Goal) -> None:
    with scope.in_workspace(shop.pk):
        revision = LakeState.objects.get(workspace=shop).revision
        Erasure.objects.create(
            workspace=shop, named_by="visitor", by_name="Kari", ordered_at=THEN, revision=revision + 1
        )
    left = [each for each in NOVEMBER if each.person != "b"]
    filled(shop, left, now=THEN, new=NOVEMBER)
    (entry,) = entries(shop)
    assert (entry.conversions_before, entry.conversions_after) == (2, 1)
    assert Cause.ERASURE in entry.causes
    assert "somebody's data was erased" in entry.reasons


def test_what_changes_no_total_is_no_restatement(shop: Workspace, goal: Goal) -> None:
    seen = hit("z", days=3)
    filled(shop, [*NOVEMBER, seen], now=THEN, new=[seen])
    filling.fill(shop.pk, now=THEN)
    assert entries(shop) == []


def test_what_comes_before_a_month_is_closed_is_ordinary(shop: Workspace) -> None:
    make_goal(shop)
    filled(shop, NOVEMBER, now=datetime(2026, 12, 3, 12, tzinfo=UTC))
    filled(shop, [*NOVEMBER, LATE], now=THEN, new=[LATE])  # published first since it was closed
    assert entries(shop) == []
    later = hit("d", days=4, name="purchase", value=1)
    filled(shop, [*NOVEMBER, LATE, later], now=THEN + timedelta(days=1), new=[later])
    assert len(entries(shop)) == 1


def test_the_open_month_is_never_restated(shop: Workspace) -> None:
    make_goal(shop)
    filled(shop, NOVEMBER, now=START + timedelta(days=10))
    filled(shop, [*NOVEMBER, LATE], now=START + timedelta(days=12), new=[LATE])
    assert entries(shop) == []


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (datetime(2026, 12, 3, 12, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 12, 3, 23, 30, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 12, 4, 12, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2027, 1, 2, 12, tzinfo=UTC), date(2026, 12, 1)),
    ],
    ids=["third day", "third day, midnight past in Oslo", "fourth day", "over the year's end"],
)
def test_a_month_is_closed_three_days_after_its_end_in_the_workspace_s_zone(moment: datetime, until: date) -> None:
    assert restating.closed_until(moment, ZoneInfo("Europe/Oslo")) == until


def test_page_and_api_tell_it(shop: Workspace, goal: Goal, lead: Membership) -> None:
    filled(shop, [*NOVEMBER, LATE], now=THEN, new=[LATE])
    browser = Client()
    browser.force_login(lead.user)
    page = browser.get("/w/fjellsport/goals/sale/").content.decode()
    _, row = cells(page, "restatements-table")
    assert row[:3] == ["November 2026", "2", "3"]
    assert "events came late" in row[5]
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    (told,) = program.get("/api/v1/reports/goals/sale/restatements").json()["results"]
    assert (told["since"], told["conversions_before"], told["conversions_after"]) == ("2026-11-01", 2, 3)
    assert (told["causes"], told["value_micros_after"]) == (["events"], 157_000_000)
    assert program.get("/api/v1/reports/goals/gone/restatements").status_code == 404


def test_the_board_says_it_beside_the_figure_on_page_file_and_api(
    shop: Workspace, goal: Goal, lead: Membership
) -> None:
    for name, fields in (
        ("Orders", {"measure": "count"}),
        ("Revenue", {"measure": "value"}),
        ("Rate", {"measure": "rate", "per": "sessions", "target": 0.5}),
    ):
        make_kpi(goal, name, **fields)
    filled(shop, [*NOVEMBER, LATE], now=THEN, new=[LATE])
    browser = Client()
    browser.force_login(lead.user)
    rows = [row[0] for row in cells(browser.get("/w/fjellsport/kpis/").content.decode(), "board-table")]
    why = "events came late, were imported or were taken back"
    count = f"November 2026 was 2\u00a0conversions until 12\u00a0Dec\u00a02026, 3 since: {why}"
    worth = f"November 2026 was 150.00\u00a0NOK until 12\u00a0Dec\u00a02026, 157.00\u00a0NOK since: {why}"
    told = {"Orders": count, "Revenue": worth, "Rate": count}
    for name, words in told.items():
        assert [words in row for row in rows if row.startswith(name)] == [True], name
    head, *lines = csv_rows(browser.get("/w/fjellsport/kpis.csv").content)
    place = head.index("Restatements")
    assert {line[1]: line[place] for line in lines} == told
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    for kpi in program.get("/api/v1/reports/kpis").json()["kpis"]:
        (entry,) = kpi["restatements"]
        assert (entry["conversions_before"], entry["value_micros_after"]) == (2, 157_000_000), kpi["slug"]


def test_the_board_is_silent_of_other_periods_and_of_what_its_figure_is_not_made_of(
    shop: Workspace, goal: Goal, lead: Membership
) -> None:
    before = make_kpi(goal, "Last year", target=None)
    with scope.in_workspace(shop.pk):
        days = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31)}
        Target.objects.create(workspace=shop, kpi=before, slug="2025", value=9, **days)
    make_kpi(goal, "Revenue", measure="value")
    refund = hit("a", days=38, name="refund", value=-40, transaction="t1", refund=True)
    filled(shop, [*NOVEMBER, refund], now=THEN, new=[refund])
    assert len(entries(shop)) == 1
    browser = Client()
    browser.force_login(lead.user)
    head, *lines = csv_rows(browser.get("/w/fjellsport/kpis.csv").content)
    assert [line[head.index("Restatements")] for line in lines] == ["", ""]
