"""The pages of reports in real Chromium: accessible at every width, in light and dark, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from reports import filling
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.lake import NOW, hit, make_goal, store
from tests.reports.views.test_pages import make_kpi
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOAL = "/w/fjellsport/goals/sale/?from=2026-11-02&to=2026-11-20"
PAGES = {
    "overview": "/w/fjellsport/",
    "kpis": "/w/fjellsport/kpis/",
    "goals": "/w/fjellsport/goals/",
    "goal": GOAL,
    "goal-rate": f"{GOAL}&metric=rate&by=campaign&model=linear&per=sessions",
    "goal-bad": f"{GOAL}&model=best",
    "goal-empty": "/w/fjellsport/goals/nobody-yet/",
}


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """A lead of a shop with a month of sales, two goals and three KPIs."""
    shop = make_workspace()
    goal = make_goal(shop)
    make_goal(shop, "Nobody yet", event="never", level="micro", value_rule="none")
    make_kpi(goal, "Sales of the year", target=500)
    make_kpi(goal, "Rate of visitors", target=0.2, measure="rate", per="visitors")
    make_kpi(goal, "Watched only", target=None, direction="observe")
    hits = []
    for n in range(60):
        channel = ("email", "paid_search", "organic_search", "")[n % 4]
        campaign = "a-campaign-with-a-name-as-long-as-agencies-write-them" if n % 3 else None
        hits.append(hit(f"p{n % 41}", days=n / 4, channel=channel, campaign=campaign))
        if n % 3 == 0:
            hits.append(hit(f"p{n % 41}", days=n / 4, minutes=9, name="purchase", value=1_000 + n))
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)
    return make_member(shop, "kari.nordmann@example.com", Role.LEAD)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_report_is_accessible_and_fits(lead: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=lead, viewport=width) as page:
        assert faults_at(page, PAGES, look=str(width["width"])) == []


def test_every_page_fits_a_phone_in_every_language(lead: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, lead, PAGES) == []


def test_a_model_is_chosen_in_place_and_stands_in_the_address(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead) as page:
        page.goto(GOAL)
        page.locator("summary", has_text="Last touch").click()
        page.get_by_role("link", name="Linear").click()
        page.wait_for_url("**model=linear**")
        page.get_by_text("Linear · click").wait_for()


def test_without_javascript_the_trend_is_a_table_and_choices_are_links(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead, java_script_enabled=False) as page:
        page.goto(GOAL)
        expect(page.locator(".chart-table table")).to_be_visible()
        page.locator("summary", has_text="Last touch").click()
        page.get_by_role("link", name="Linear").click()
        page.wait_for_url("**model=linear**")


def test_no_report_breaks_the_pages_policy(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead) as page:
        said = complaints(page)
        for path in PAGES.values():
            page.goto(path, wait_until="networkidle")
    assert [line for line in said if "400 (Bad Request)" not in line] == []
