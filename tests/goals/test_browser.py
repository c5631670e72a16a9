"""The plan's pages in real Chromium: accessible, at every width, in light and dark, with a preview that follows."""

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from goals.conditions import parse
from goals.models import Goal, Level, Measure
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace, noon
from tests.goals.makers import fill_lake, make_goal, make_kpi, make_plan, make_target, rules_for
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN = "/w/fjellsport/plan/"
PAGES = {
    "plan": PLAN,
    "plan edit": f"{PLAN}edit/",
    "objective": f"{PLAN}objectives/new/",
    "goal": f"{PLAN}goals/new/",
    "goal of rules": f"{PLAN}goal/reading/",
    "archive": f"{PLAN}goal/order/archive/",
    "KPI": f"{PLAN}goal/order/kpis/new/",
    "target": f"{PLAN}kpi/order-rate/targets/new/",
    "details": f"{PLAN}details/",
    "segment": f"{PLAN}details/segments/new/",
    "baseline": "/w/fjellsport/kpis/order-rate/baseline/",
}
READING = parse(
    [
        [{"field": "path", "operator": "starts_with", "value": "/articles/"}],
        [
            {"field": "name", "operator": "is", "value": "size_guide_used"},
            {"field": "property", "key": "step", "operator": "gte", "value": 2},
        ],
    ]
)


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """A lead whose shop has a plan, and forty visitors of the last week, ten of whom signed up."""
    shop = make_workspace()
    lead = make_member(shop, "lead@example.com", Role.LEAD)
    plan = make_plan(shop)
    order = make_goal(plan, "Order", value_rule="event")
    make_goal(plan, "Reading", level=Level.MICRO, supports=[order], rules=READING)
    make_goal(plan, "Sign-up", level=Level.MICRO, supports=[order], rules=rules_for("signup"))
    make_target(make_kpi(order, "Order rate", measure=Measure.RATE, per="visitors"), Decimal("0.034"))
    make_target(make_kpi(order, "Revenue", measure=Measure.VALUE), Decimal(3_400_000_000_000))
    fill_lake(
        shop,
        [
            {
                "event_id": f"e{n}",
                "visitor_id": f"v{n}",
                "name": "page_view" if n % 4 else "signup",
                "path": "/articles/packing",
                "time": noon(shop, days_ago=1 + n % 7),
            }
            for n in range(40)
        ],
    )
    return lead


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible_and_fits(lead: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=lead, viewport=width) as page:
        assert faults_at(page, PAGES, look=str(width["width"])) == []


def test_every_page_fits_a_phone_in_every_language(lead: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, lead, PAGES) == []


def test_the_preview_follows_what_is_typed(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead, viewport=WIDE) as page:
        said = complaints(page)
        page.goto(f"{PLAN}goals/new/")
        page.get_by_label("Event", exact=True).fill("signup")
        panel = page.locator("#preview")
        panel.get_by_text("10 conversions by 10 visitors").wait_for()
        expect(panel).to_contain_text("10 / 40")
        page.get_by_label("rules of your own hold").check()
        page.get_by_role("button", name="Add a condition").click()
        row = page.locator("[data-row]:visible").nth(1)
        row.get_by_label("Joined by").select_option("or")
        row.get_by_label("Field").select_option("path")
        row.get_by_label("Comparison").select_option("starts_with")
        row.get_by_label("Value").fill("/articles/")
        page.locator("[data-row]:visible").first.get_by_label("Value").fill("nothing")
        panel.get_by_text("40 conversions by 40 visitors").wait_for()
        page.get_by_label("Name").fill("Reader")
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(f"**{PLAN}")
        expect(page.get_by_text("nothing; or any event where path starts with /articles/")).to_be_visible()
    assert said == []


def test_a_goal_of_rules_is_written_without_a_script(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead, viewport=WIDE, java_script_enabled=False) as page:
        page.goto(f"{PLAN}goals/new/")
        page.get_by_label("Name").fill("Reader")
        page.get_by_label("rules of your own hold").check()
        page.get_by_role("button", name="Add a condition").click()
        rows = page.locator(".goal-rule:visible")
        expect(rows).to_have_count(2)
        rows.nth(0).get_by_label("Value").fill("page_view")
        rows.nth(1).get_by_label("Field").select_option("path")
        rows.nth(1).get_by_label("Comparison").select_option("regex")
        rows.nth(1).get_by_label("Value").fill("/articles/(")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("is not a regular expression").first).to_be_visible()
        page.locator(".goal-rule:visible").nth(1).get_by_label("Value").fill("^/articles/")
        page.get_by_role("button", name="Count it").click()
        expect(page.get_by_text("30 conversions by 30 visitors")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        page.wait_for_url(f"**{PLAN}")
    with scope.in_workspace(lead.workspace_id):
        assert Goal.objects.get(slug="reader").rules.get().conditions[1]["operator"] == "regex"
