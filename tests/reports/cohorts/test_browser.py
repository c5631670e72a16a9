"""Cohorts in real Chromium: accessible at every width, in light and dark, by keyboard, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from reports import filling
from reports.models import CohortTable
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.cohorts.asks import histories
from tests.reports.lake import NOW, make_goal, store
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/w/fjellsport/cohorts/?from=2026-10-01&to=2026-11-21"
PAGES = {
    "cohorts": PAGE,
    "cohorts-days": f"{PAGE}&every=day&later=30&count=up_to&did=goal:sale",
    "cohorts-bad": f"{PAGE}&every=year",
    "cohorts-empty": f"{PAGE}&channel=nowhere",
    "cohorts-save": "/w/fjellsport/cohorts/new/?first=goal:sale",
    "cohorts-edit": "/w/fjellsport/cohorts/saved/buyers/",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop with eight weeks of histories, a goal and a saved question."""
    shop = make_workspace()
    make_goal(shop)
    store(shop, histories())
    filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        CohortTable.objects.create(workspace=shop, name="Buyers", slug="buyers", params={"first": "goal:sale"})
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_cohorts_are_accessible_and_fit(owner: Membership, live_server: Any, width: Any, scheme: Any) -> None:
    with opened(live_server.url, member=owner, viewport=width, color_scheme=scheme) as page:
        assert faults_at(page, PAGES, look=f"{width['width']}-{scheme}") == []


def test_cohorts_fit_a_phone_in_every_language(owner: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, owner, PAGES) == []


def test_choices_are_made_by_keyboard_and_stand_in_the_address(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        page.goto(PAGE)
        summary = page.locator("summary", has=page.get_by_text("Came back", exact=True))
        summary.focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Reached: Sale").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Reached: Sale")).to_be_visible()
        assert "did=goal%3Asale" in page.url
        page.get_by_role("link", name="Leave them out").click()
        expect(page.get_by_text("are left out.")).to_be_visible()
        page.reload()
        expect(page.get_by_role("link", name="Count them, too")).to_be_visible()
    assert said == []


def test_without_javascript_cohorts_are_chosen_and_saved(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner, java_script_enabled=False) as page:
        page.goto(PAGE)
        page.locator("summary", has=page.get_by_text("By week", exact=True)).click()
        page.get_by_role("link", name="By month").click()
        expect(page.locator("#cohorts-table thead")).to_contain_text("Month 1")
        expect(page.locator("#cohorts-table tbody tr")).to_have_count(2)
        page.get_by_role("link", name="Save as a new question").click()
        page.get_by_label("Name").fill("By month")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#cohorts-table thead")).to_contain_text("Month 1")
        assert "saved=by-month" in page.url
