"""Segments in real Chromium: accessible in light and dark, written with a live size, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.lake import make_goal
from tests.reports.segments.asks import filled, save
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "/w/fjellsport/segments/"
RANGE = "from=2026-10-01&to=2026-11-21"
TEXT = "any of\ndid at least 2 times: goal sale\ndid: event view_item\nnot then within 7 days: goal sale"
PAGES = {
    "segments": HOME,
    "segment": f"{HOME}saved/buyers/?{RANGE}",
    "segment-gone": f"{HOME}saved/gone/?{RANGE}",
    "segment-new": f"{HOME}new/",
    "segment-edit": f"{HOME}saved/buyers/edit/",
    "segment-remove": f"{HOME}saved/buyers/remove/",
    "segment-explored": f"/w/fjellsport/explore/?{RANGE}&segment1=segment+is+buyers",
    "segment-missing": f"/w/fjellsport/explore/?{RANGE}&where=segment+is+removed",
    "segment-funnel": f"/w/fjellsport/funnels/?{RANGE}&by=segment:buyers&step1=event+view_item&step2=event+purchase",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop with six weeks of histories, a goal and two segments."""
    shop = make_workspace()
    make_goal(shop)
    filled(shop)
    save(shop, TEXT)
    save(shop, "did: goal gone", "Gone")
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_segments_are_accessible_and_fit(owner: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=owner, viewport=width) as page:
        assert faults_at(page, PAGES, look=str(width["width"])) == []
    assert too_wide(live_server.url, owner, PAGES) == []


def test_a_segment_is_written_row_by_row_with_its_size_beside_it(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        page.goto(f"{HOME}new/")
        page.get_by_label("Name", exact=True).fill("Looked and left")
        page.locator(".line-subject").first.fill("event view_item")
        expect(page.locator("#preview")).to_contain_text("of 40 persons")
        page.get_by_role("button", name="Add a row").click()
        second = page.locator(".segment-row").nth(1)
        second.locator(".line-verb").select_option("not then")
        expect(second.locator(".line-times")).to_be_hidden()
        second.locator(".line-subject").fill("goal gone")
        expect(page.locator("#preview")).to_contain_text('Row 2: There is no goal "gone".')
        second.locator(".line-subject").fill("goal sale")
        expect(page.locator("#preview")).to_contain_text("not then: goal sale")
        page.get_by_role("button", name="Save").last.click()
        expect(page.locator("#segment-goals")).to_be_visible()
        page.get_by_role("link", name="Explore it beside everybody else").click()
        expect(page.locator("#explore-table")).to_contain_text("Segment is Looked and left")
        assert said == []


def test_a_segment_is_written_without_javascript(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner, java_script_enabled=False) as page:
        page.goto(f"{HOME}new/")
        page.locator(".line-subject").first.fill("goal sale")
        page.get_by_role("button", name="Count it").click()
        expect(page.locator("#preview")).to_contain_text("of 40 persons")
        page.get_by_role("button", name="Add a row").click()
        expect(page.locator(".segment-row")).to_have_count(2)
        page.get_by_label("Name", exact=True).fill("Buyers again")
        page.get_by_role("button", name="Save").last.click()
        expect(page.locator("#segment-goals")).to_be_visible()
