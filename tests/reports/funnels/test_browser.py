"""Funnels in real Chromium: accessible at every width, in light and dark, by keyboard, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from reports import filling
from reports.models import Funnel
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.funnels.asks import histories
from tests.reports.lake import NOW, make_goal, store
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAIN = "/w/fjellsport/funnels/?from=2026-10-01&to=2026-11-21"
PAGE = f"{PLAIN}&step1=event+view_item&step2=event+wish%3B+or+event+add_to_cart&step3=goal+sale"
PAGES = {
    "funnel": PAGE,
    "funnel-open": f"{PAGE}&by=channel&beside=email&drop=1&interval=week",
    "funnel-plan": PLAIN,
    "funnel-bad": f"{PAGE}&window=never",
    "funnel-empty": f"{PLAIN}&step1=event+never&step2=goal+sale",
    "funnel-save": "/w/fjellsport/funnels/new/?step1=event+view_item&step2=goal+sale",
    "funnel-edit": "/w/fjellsport/funnels/saved/to-buy/",
    "funnel-remove": "/w/fjellsport/funnels/saved/to-buy/remove/",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop with six weeks of histories, a goal and a saved funnel."""
    shop = make_workspace()
    make_goal(shop)
    store(shop, histories())
    filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        steps = ["event view_item", "goal sale"]
        Funnel.objects.create(workspace=shop, name="To buy", slug="to-buy", steps=steps, window_days=7)
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_funnels_are_accessible_and_fit(owner: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=owner, viewport=width) as page:
        assert faults_at(page, PAGES, look=str(width["width"])) == []


def test_funnels_fit_a_phone_in_every_language(owner: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, owner, PAGES) == []


def test_a_loss_opens_by_keyboard_and_stands_in_the_address(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        page.goto(PAGE)
        page.locator("#funnel-table .lost a").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#left-table")).to_be_visible()
        assert "drop=1" in page.url
        summary = page.locator("summary", has_text="Within 14 days")
        summary.focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Within one session").focus()
        page.keyboard.press("Enter")
        expect(page.locator("summary", has_text="Within one session")).to_be_visible()
        assert "window=session" in page.url
        page.reload()
        expect(page.locator("summary", has_text="Within one session")).to_be_visible()
    assert said == []


def test_without_javascript_steps_are_written_moved_and_saved(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner, java_script_enabled=False) as page:
        page.goto(PLAIN)
        page.get_by_label("Step 1", exact=True).fill("event view_item")
        page.get_by_label("Step 2", exact=True).fill("goal sale")
        page.get_by_label("Step 3", exact=True).fill("event wish")
        page.locator("form", has=page.locator("#step1")).get_by_role("button", name="Show").click()
        expect(page.locator("#funnel-table tbody tr")).to_have_count(3)
        page.get_by_role("link", name="Move step 3 up").click()
        expect(page.get_by_label("Step 2", exact=True)).to_have_value("event wish")
        page.get_by_role("link", name="Take step 2 out").click()
        expect(page.locator("#funnel-table tbody tr")).to_have_count(2)
        page.get_by_role("link", name="Save as a new funnel").click()
        page.get_by_label("Name").fill("From look to sale")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("summary", has_text="From look to sale")).to_be_visible()
