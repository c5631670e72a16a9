"""Paths in real Chromium: accessible at every width, in light and dark, by keyboard, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from reports import filling
from reports.models import Flow
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.flows.asks import histories
from tests.reports.lake import NOW, make_goal, store
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAIN = "/w/fjellsport/paths/?from=2026-10-01&to=2026-11-21"
PAGE = f"{PLAIN}&show=events&steps=3"
PAGES = {
    "paths": PAGE,
    "paths-narrowed": f"{PAGE}&via1=event+view_item&per=persons&window=7",
    "paths-before": f"{PAGE}&direction=before&point=goal+sale",
    "paths-many": f"{PAGE}&steps=20&repeats=apart",
    "paths-bad": f"{PAGE}&window=never",
    "paths-empty": f"{PAGE}&point=event+never",
    "paths-save": "/w/fjellsport/paths/new/?point=goal+sale",
    "paths-edit": "/w/fjellsport/paths/saved/from-search/",
    "paths-remove": "/w/fjellsport/paths/saved/from-search/remove/",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop with six weeks of histories, a goal and a saved question."""
    shop = make_workspace()
    make_goal(shop)
    store(shop, histories())
    filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        params = {"point": "event search", "show": "events"}
        Flow.objects.create(workspace=shop, name="From search", slug="from-search", params=params)
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_paths_are_accessible_and_fit(owner: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=owner, viewport=width) as page:
        assert faults_at(page, PAGES, look=str(width["width"])) == []


def test_paths_fit_a_phone_in_every_language(owner: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, owner, PAGES) == []


def test_a_node_opens_by_keyboard_and_stands_in_the_address(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        page.goto(PAGE)
        page.locator("svg.paths a").first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("went this way")).to_be_visible()
        assert "via1=event" in page.url
        page.locator("#paths-table .open-row").get_by_role("link", name="All again").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("went this way")).to_have_count(0)
    assert said == []


def test_without_javascript_a_point_is_written_turned_and_saved(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner, java_script_enabled=False) as page:
        page.goto(PAGE)
        page.get_by_label("Point").fill("goal sale")
        page.get_by_label("Of each step").select_option("20")
        page.locator("form", has=page.locator("#point")).get_by_role("button", name="Show").click()
        expect(page.locator("svg.paths .point")).to_contain_text("Sale")
        page.locator("summary", has_text="What comes after").click()
        page.get_by_role("link", name="What came before").click()
        expect(page.get_by_role("heading", name="Where they came from")).to_be_visible()
        page.get_by_role("link", name="Save as new paths").click()
        page.get_by_label("Name").fill("What leads to a sale")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("summary", has_text="What leads to a sale")).to_be_visible()
