"""The evidence page in real Chromium: accessible at every width, by keyboard, in every language, without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from reports.evidence.design import Design
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.evidence.asks import make_goals, weighed
from tests.reports.evidence.test_page import hits
from tests.reports.lake import make_goal
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/w/fjellsport/evidence/?goal=sale&landmark=1&follow=7&past=90"
PAGES = {
    "evidence": PAGE,
    "evidence-raw": f"{PAGE}&view=raw",
    "evidence-computing": PAGE.replace("follow=7", "follow=60"),
    "evidence-bad": f"{PAGE}&past=12",
    "evidence-value": PAGE.replace("/?", "/guide/value/?"),
}


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """The lead of a shop whose evidence is kept: two micro goals, and a wish list that no goal counts."""
    shop = make_workspace()
    sale = make_goals(shop, "guide", "filter")
    make_goal(shop, "Nothing leads here", event="never", value_rule="none")
    weighed(shop, sale, hits(), Design(1, 7, 90))
    return make_member(shop, "kari.nordmann@example.com", Role.LEAD)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_evidence_is_accessible_and_fits(lead: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=lead, viewport=width) as page:
        assert faults_at(page, PAGES, look=str(width["width"])) == []


def test_evidence_fits_a_phone_in_every_language(lead: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, lead, PAGES) == []


def test_the_view_is_chosen_by_keyboard_and_a_candidate_leads_to_its_proposal(
    lead: Membership, live_server: Any
) -> None:
    with opened(live_server.url, member=lead) as page:
        said = complaints(page)
        page.goto(PAGE)
        expect(page.locator("mp-chart[data-state=drawn]")).to_be_visible()
        page.get_by_role("link", name="Raw", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Times as often with it, raw")).to_be_visible()
        assert "view=raw" in page.url
        page.get_by_role("link", name="Propose: wishlist").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Propose a micro goal")).to_be_visible()
        expect(page.get_by_label("What would you call it?")).to_have_value("Wishlist")
    assert said == []


def test_without_javascript_everything_is_told_and_a_value_is_set(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead, java_script_enabled=False) as page:
        page.goto(PAGE)
        expect(page.locator("details.chart-table table")).to_be_visible()
        page.locator("summary", has_text="First 1 day").click()
        page.get_by_role("link", name="First 7 days").click()
        expect(page.get_by_text("The evidence is being computed")).to_be_visible()
        page.go_back()
        page.get_by_role("link", name="Set derived value: Guide").click()
        page.get_by_role("button", name="Set derived value").click()
        expect(page.get_by_text("Guide has its value")).to_be_visible()
