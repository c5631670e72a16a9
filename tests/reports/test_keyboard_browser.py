"""Reports by the keyboard alone: a choice keeps the focus at the place it was made at, and Escape closes one menu."""

from typing import Any

import pytest
from playwright.sync_api import expect

from reports import filling
from tests.browsing import NARROW, complaints, opened
from tests.builders import make_member, make_workspace
from tests.hands import Keys
from tests.reports.funnels.asks import histories
from tests.reports.lake import NOW, make_goal, store
from tests.reports.views.test_pages import make_kpi
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAYS = "from=2026-10-01&to=2026-11-21"
# Of each report the place of its figures, which another period changes.
REPORTS = {
    "goal": f"goals/sale/?{DAYS}",
    "goal by segments": f"goals/sale/segments/?{DAYS}",
    "attribution": f"attribution/?{DAYS}",
    "claims": f"attribution/claims/?{DAYS}",
    "insights": f"insights/?{DAYS}",
    "funnel": f"funnels/?{DAYS}&step1=event+view_item&step2=goal+sale",
    "paths": f"paths/?{DAYS}",
    "explore": f"explore/?{DAYS}&by=channel",
    "cohorts": f"cohorts/?{DAYS}",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop with six weeks of histories, a goal, and KPIs of it."""
    shop = make_workspace()
    goal = make_goal(shop)
    make_kpi(goal, "Sales of the year", target=500)
    store(shop, histories())
    filling.fill(shop.pk, now=NOW)
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


@pytest.mark.parametrize("report", REPORTS)
def test_a_period_chosen_by_keyboard_keeps_the_focus_on_its_menu(
    report: str, owner: Membership, live_server: Any
) -> None:
    with opened(live_server.url, member=owner) as page:
        said, keys = complaints(page), Keys(page)
        page.goto(f"/w/fjellsport/{REPORTS[report]}")
        menu = page.locator("summary", has_text="Period:")
        keys.press(menu)
        keys.press(page.get_by_role("link", name="Last 7 days", exact=True))
        page.wait_for_url("**period=7d**")
        expect(menu).to_contain_text("Last 7 days")
        expect(menu).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Last 7 days", exact=True)).to_be_visible()
        page.keyboard.press("Escape")
        expect(menu).to_be_focused()
    assert said == []


def test_dates_of_ones_own_are_typed_and_shown(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        keys = Keys(page)
        page.goto(f"/w/fjellsport/{REPORTS['goal']}")
        keys.press(page.locator("summary", has_text="Other dates"))
        keys.write(page.get_by_label("From", exact=True), "2026-11-02")
        keys.press(page.locator("form.row").get_by_role("button", name="Show").first)
        page.wait_for_url("**from=2026-11-02**")
        expect(page.locator("summary", has_text="Other dates")).to_be_focused()


def test_escape_closes_the_menu_in_the_menu_first(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner, viewport=NARROW) as page:
        keys = Keys(page)
        page.goto("/w/fjellsport/")
        outer = page.locator(".topbar summary", has_text="Menu")
        inner = page.locator(".topbar .nav summary", has_text="kari.nordmann")
        keys.press(outer)
        keys.press(inner)
        expect(page.locator(".topbar").get_by_role("button", name="Sign out")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator(".topbar").get_by_role("button", name="Sign out")).to_be_hidden()
        expect(inner).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".topbar .nav")).to_be_hidden()
        expect(outer).to_be_focused()
