"""The insights page in real Chromium: accessible at every width, in light and dark, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.insights.asks import histories, open_shop
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/w/fjellsport/insights/?from=2026-10-26&to=2026-11-18"
PAGES = {
    "insights": f"{PAGE}&metric=revenue&split=content&view=30",
    "insights-second": f"{PAGE}&metric=checkouts&second=aov&account=north&visit=none",
    "insights-empty": "/w/fjellsport/insights/?from=2026-01-01&to=2026-01-31&metric=nothing",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop of three goals with random histories."""
    shop = make_workspace()
    open_shop(shop, histories(21))
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_insights_are_accessible_and_fit(owner: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=owner, viewport=width) as page:
        assert faults_at(page, PAGES, look=str(width["width"])) == []


def test_insights_fit_a_phone_in_every_language(owner: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, owner, PAGES) == []


def test_the_question_is_changed_in_place_and_stands_in_the_address(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        page.goto(PAGE)
        page.locator("summary", has_text="View: 1 day").click()
        page.get_by_role("link", name="30 days").first.click()
        expect(page.locator("summary", has_text="View: 30 days")).to_be_visible()
        page.locator("#performance summary", has_text="No second metric").click()
        page.get_by_role("link", name="Average order value").click()
        expect(page.get_by_role("heading", name="Checkouts and Average order value by day")).to_be_visible()
        page.locator("#performance").scroll_into_view_if_needed()
        expect(page.locator("mp-chart[data-state=drawn]")).to_be_visible()
        page.locator("#content-table").get_by_role("link", name="Added to cart").click()
        expect(page.locator("#content-table th[aria-sort]")).to_have_text("Added to cart")
        assert "view=30" in page.url
        assert "second=aov" in page.url
        assert "sort=carts" in page.url
        assert said == []


def test_insights_work_without_javascript(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner, java_script_enabled=False) as page:
        page.goto(f"{PAGE}&split=action")
        page.locator("summary", has_text="Paid and organic").first.click()
        page.get_by_role("link", name="Organic", exact=True).click()
        assert "content=organic" in page.url
        expect(page.locator("#performance table")).to_be_visible()
        assert page.locator("#split-table tbody tr").count() == 3
