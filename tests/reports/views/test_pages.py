"""Who may see the pages of reports, and what they say before there is anything to show."""

import html
import re
from datetime import date

import pytest
from django.test import Client

from goals.models import Goal, Kpi, Target
from goals.watching import watch
from reports import filling
from tests.reports.lake import NOW, hit, make_goal, store
from workspaces import scope
from workspaces.models import Membership, Workspace

ADDRESSES = [
    "/w/fjellsport/",
    "/w/fjellsport/kpis/",
    "/w/fjellsport/kpis.csv",
    "/w/fjellsport/goals/",
    "/w/fjellsport/goals/sale/",
    "/w/fjellsport/goals/sale/breakdown.csv",
    "/w/fjellsport/goals/sale/trend.csv",
    "/w/fjellsport/live-figures/?goals=1",
]
SALE = {"name": "purchase", "value": 500}


def make_kpi(goal: Goal, name: str = "Sales", *, target: float | None = 10, **fields: object) -> Kpi:
    with scope.in_workspace(goal.workspace_id):
        known = {"slug": name.lower().replace(" ", "-"), "measure": "count"}
        kpi = Kpi.objects.create(workspace=goal.workspace, goal=goal, name=name, **known | fields)
        if target is not None:
            Target.objects.create(
                workspace=goal.workspace, kpi=kpi, slug="until-2027", value=target,
                starts_on=date(2026, 10, 1), ends_on=date(2027, 12, 31),
            )  # fmt: skip
    return kpi


def seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    return make_goal(shop)


@pytest.fixture
def browser(client: Client, goal: Goal, viewer: Membership) -> Client:
    client.force_login(viewer.user)
    return client


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_member_sees_reports_and_nobody_else(
    client: Client, goal: Goal, viewer: Membership, contributor: Membership, outsider: Membership, address: str
) -> None:
    assert client.get(address).status_code == 302, "not signed in"
    for member, status in ((viewer, 200), (contributor, 200), (outsider, 404)):
        client.force_login(member.user)
        assert client.get(address).status_code == status, member.role


@pytest.mark.parametrize("address", ADDRESSES)
def test_reports_are_read_only(browser: Client, address: str) -> None:
    assert browser.post(address).status_code == 405


def test_another_workspace_s_goal_is_not_there(browser: Client, outsider: Membership) -> None:
    make_goal(outsider.workspace, "Theirs")
    assert browser.get("/w/fjellsport/goals/theirs/").status_code == 404


def test_without_goals_the_overview_leads_to_the_plan(client: Client, viewer: Membership) -> None:
    client.force_login(viewer.user)
    assert "No goals yet" in seen(client, "/w/fjellsport/")


def test_without_events_the_goals_wait_for_them(browser: Client) -> None:
    assert "1 goal is waiting for its first event" in seen(browser, "/w/fjellsport/")


def test_events_that_are_not_counted_yet_are_being_computed(browser: Client, shop: Workspace) -> None:
    store(shop, [hit("a")])
    assert "being computed" in seen(browser, "/w/fjellsport/")
    assert "being computed" in seen(browser, "/w/fjellsport/goals/sale/")


def test_figures_without_a_kpi_ask_for_one(browser: Client, shop: Workspace) -> None:
    store(shop, [hit("a")])
    filling.fill(shop.pk, now=NOW)
    page = seen(browser, "/w/fjellsport/")
    assert "No KPIs yet" in page
    assert "Add a KPI" not in page, "a viewer may not"


def test_a_period_without_conversions_says_so(browser: Client, shop: Workspace) -> None:
    store(shop, [hit("a")])
    filling.fill(shop.pk, now=NOW)
    page = seen(browser, "/w/fjellsport/goals/sale/?from=2026-11-01&to=2026-11-20")
    assert "No conversions in this period" in page


def test_the_overview_shows_each_kpi_against_its_target(browser: Client, shop: Workspace, goal: Goal) -> None:
    make_kpi(goal, "Sales this year", target=4)
    make_kpi(goal, "Untargeted", target=None)
    store(shop, [hit("a", channel="email"), hit("a", minutes=1, **SALE), hit("b", days=3, minutes=1, **SALE)])
    filling.fill(shop.pk, now=NOW)
    watch(shop.pk, now=NOW)
    page = seen(browser, "/w/fjellsport/")
    assert "Sales this year" in page
    assert "Untargeted" in page
    assert "1 of 1 goal tracked" in page


def test_a_bad_parameter_is_named_and_the_page_shows_the_usual(browser: Client, shop: Workspace) -> None:
    store(shop, [hit("a", **SALE)])
    filling.fill(shop.pk, now=NOW)
    answer = browser.get("/w/fjellsport/goals/sale/?model=best&from=2026-11-09&to=2026-11-01")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "model=best" in page
    assert "ends before it starts" in page
    assert "Where the conversions come from" in page


def test_hostile_text_stays_text(browser: Client, shop: Workspace, goal: Goal) -> None:
    hostile = '<img src=x onerror="alert(1)">'
    store(shop, [hit("a", channel="email", campaign=hostile), hit("a", minutes=1, **SALE)])
    filling.fill(shop.pk, now=NOW)
    page = seen(browser, "/w/fjellsport/goals/sale/?by=campaign&from=2026-11-01&to=2026-11-20")
    assert "&lt;img src=x" in page
    assert hostile not in page


def test_htmx_gets_the_figures_alone(browser: Client) -> None:
    page = browser.get("/w/fjellsport/goals/sale/", headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith('<div class="stack report" id="figures"')
    assert "<html" not in page


def test_live_figures_come_for_the_workspace_s_goals_only(
    browser: Client, shop: Workspace, goal: Goal, outsider: Membership
) -> None:
    theirs = make_goal(outsider.workspace, "Theirs")
    store(shop, [hit("a", **SALE)])
    filling.fill(shop.pk, now=NOW)
    page = seen(browser, f"/w/fjellsport/live-figures/?goals={goal.pk},{theirs.pk},nonsense,²,9999999999999999999999")
    assert f'id="now-goal-{goal.pk}"' in page
    assert f"now-goal-{theirs.pk}" not in page


def test_the_plan_s_page_finds_a_figure_for_each_of_its_lines(browser: Client, shop: Workspace, goal: Goal) -> None:
    kpi = make_kpi(goal)
    store(shop, [hit("a", **SALE)])
    filling.fill(shop.pk, now=NOW)
    plan = seen(browser, "/w/fjellsport/plan/")
    asked = re.search(r'hx-get="([^"]*live-figures[^"]*)"', plan)
    assert asked, "the page asks for its figures"
    live = seen(browser, html.unescape(asked[1]))
    for place in (f'id="now-goal-{goal.pk}"', f'id="now-kpi-{kpi.pk}"'):
        assert place in plan, place
        assert place in live, place


def test_the_number_of_queries_does_not_grow_with_kpis(
    browser: Client, shop: Workspace, goal: Goal, django_assert_max_num_queries: object
) -> None:
    for n in range(12):
        make_kpi(goal, f"KPI {n}")
    store(shop, [hit("a", **SALE)])
    filling.fill(shop.pk, now=NOW)
    # 16 to admit the member (session, user, device, membership, settings of the transaction); 2 KPIs and targets;
    # 10 of one published state; 2 lake state; 2 plan; 2 coverage; 1 outages; 1 restatements; 1 held; 1 badge; 1 rules
    with django_assert_max_num_queries(39):  # type: ignore[operator]
        seen(browser, "/w/fjellsport/")
