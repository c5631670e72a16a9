"""Explorations in real Chromium: accessible at every width, in light and dark, by keyboard, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from reports import filling
from reports.models import Exploration
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.explore.asks import histories
from tests.reports.lake import NOW, make_goal, store
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/w/fjellsport/explore/?from=2026-10-01&to=2026-11-21"
OF_GOAL = "metrics=visitors,conversions:sale,rate:sale,value:sale,average:sale"
PAGES = {
    "explore": PAGE,
    "explore-levels": f"{PAGE}&by=channel,page,event&open=*&{OF_GOAL}&top=5&where=device+is+not+tablet",
    "explore-segments": f"{PAGE}&segment1=goal+is+sale&segment2=goal+is+not+sale&{OF_GOAL}",
    "explore-totals": f"{PAGE}&by=none",
    "explore-bad": f"{PAGE}&by=colour",
    "explore-empty": f"{PAGE}&where=channel+is+nowhere",
    "explore-save": "/w/fjellsport/explore/new/?by=device",
    "explore-edit": "/w/fjellsport/explore/saved/phones/",
    "explore-remove": "/w/fjellsport/explore/saved/phones/remove/",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop with six weeks of histories, a goal and a saved question."""
    shop = make_workspace()
    make_goal(shop)
    store(shop, histories())
    filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        params = {"by": "landing", "where": "device is mobile"}
        Exploration.objects.create(workspace=shop, name="Phones", slug="phones", params=params)
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_explorations_are_accessible_and_fit(owner: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=owner, viewport=width) as page:
        assert faults_at(page, PAGES, look=str(width["width"])) == []


def test_explorations_fit_a_phone_in_every_language(owner: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, owner, PAGES) == []


def test_a_row_opens_by_keyboard_and_stands_in_the_address(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        page.goto(f"{PAGE}&by=channel,device")
        page.get_by_role("link", name="E-mail", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.locator("#explore-table tr.level-2")).not_to_have_count(0)
        assert "open=email" in page.url
        page.get_by_role("link", name="Only these: E-mail").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Channel is E-mail").first).to_be_visible()
        page.get_by_role("link", name="Remove Channel is E-mail").click()
        expect(page.get_by_role("link", name="Remove Channel is E-mail")).to_have_count(0)
        page.get_by_role("link", name="Sessions", exact=True).click()
        expect(page.locator('th[aria-sort="descending"]')).to_contain_text("Sessions")
    assert said == []


def test_without_javascript_a_question_is_typed_and_saved(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner, java_script_enabled=False) as page:
        page.goto(PAGE)
        page.get_by_label("Sessions that count").fill("device is mobile")
        page.get_by_label("Segment 1").fill("goal is sale")
        page.locator("form", has=page.locator("#where")).get_by_role("button", name="Show").click()
        expect(page.locator("#explore-table thead")).to_contain_text("Goal is Sale")
        page.get_by_role("link", name="Save as a new question").click()
        page.get_by_label("Name").fill("Buyers on phones")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("summary", has_text="Buyers on phones")).to_be_visible()
