"""Annotations in real Chromium: written from a chart, read on it; accessible, on a phone, without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide, wrong_with
from tests.builders import make_member, make_workspace
from tests.reports.sharing.asks import RANGE, open_shop
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASKED = "&".join(f"{name}={value}" for name, value in RANGE.items())
GOAL, FUNNEL = (
    f"/w/fjellsport/goals/sale/?{ASKED}",
    f"/w/fjellsport/funnels/?step1=event page_view&step2=goal sale&{ASKED}",
)
LIST, NEW = "/w/fjellsport/annotations/", "/w/fjellsport/annotations/new/"


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """The lead of a shop whose figures are there."""
    shop = make_workspace()
    open_shop(shop)
    return make_member(shop, "kari.nordmann@example.com", Role.LEAD)


def test_what_happened_is_written_from_the_chart_and_read_on_it(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead, viewport=WIDE) as page:
        said = complaints(page)
        page.goto(GOAL)
        # A menu swaps the figures in place; the way out of them leads on all the same.
        page.locator("pop-menu", has_text="Previous period").locator("summary").click()
        page.get_by_role("link", name="No comparison").click()
        expect(page).to_have_url(re.compile("compare=none"))
        page.get_by_role("link", name="Add annotation").click()
        expect(page.get_by_label("First day")).to_have_value("2026-11-02")
        expect(page.get_by_label("Last day")).to_have_value("2026-11-20")
        page.get_by_label("What happened").fill("<b>Sale week</b> begins, with every price on the front page " * 4)
        page.get_by_label("First day").fill("2026-11-09")
        page.get_by_label("Last day").fill("2026-11-15")
        page.get_by_role("button", name="Save").click()
        expect(page).to_have_url(re.compile("/goals/sale/.*compare=none"))
        expect(page.locator(".chart-remarks")).to_contain_text("<b>Sale week</b> begins")
        expect(page.locator("mp-chart[data-state=drawn]")).to_be_visible()
        drawing = page.locator("mp-chart canvas")
        drawing.scroll_into_view_if_needed()
        box = drawing.bounding_box()
        assert box is not None
        # The flags stand on the axis; how far that is above the drawing's end depends on the letters below it.
        places = [(x / 300, y) for y in range(16, 40, 3) for x in range(90, 180)]
        tip = page.locator(".chart-tip", has_text="Sale week")
        assert any(is_pointed_at(page, box, x, y, tip) for x, y in places), "no flag under the axis says what happened"
        page.goto(LIST)
        page.get_by_role("link", name="Sale week").click()
        page.get_by_role("link", name="Remove").click()
        page.get_by_role("button", name="Remove the annotation").click()
        expect(page.get_by_text("Nothing was written yet")).to_be_visible()
        assert said == []
        assert wrong_with(page) == []


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_its_pages_are_accessible_and_fit(lead: Membership, live_server: Any, width: Any) -> None:
    look = str(width["width"])
    with opened(live_server.url, member=lead, viewport=width) as page:
        assert faults_at(page, {"annotations-none": LIST, "annotation-new": NEW}, look=look) == []
    written(lead, 3)
    paths = {"annotations": LIST, "annotated-goal": GOAL, "annotated-funnel": FUNNEL}
    with opened(live_server.url, member=lead, viewport=width) as page:
        assert faults_at(page, paths, look=look) == []


def test_its_pages_fit_a_phone_in_every_language_and_say_all_without_scripts(
    lead: Membership, live_server: Any
) -> None:
    written(lead, 2)
    assert too_wide(live_server.url, lead, {"annotations": LIST, "annotation-new": NEW, "goal": GOAL}) == []
    lead.user.language = "en"
    lead.user.save(update_fields=["language"])
    with opened(live_server.url, member=lead, java_script_enabled=False) as page:
        page.goto(FUNNEL)
        expect(page.locator(".chart-remarks li")).to_have_count(2)
        expect(page.get_by_role("columnheader", name="Annotations")).to_be_visible()


def written(lead: Membership, count: int) -> None:
    with scope.in_workspace(lead.workspace_id):
        for n in range(count):
            lead.workspace.annotations.create(
                text=f"Number{n}" * 12, author=str(lead.user), created_at=lead.created_at,
                starts_on=f"2026-11-0{n + 3}", ends_on=f"2026-11-0{n + 3 + n}",
            )  # fmt: skip


def is_pointed_at(page: Page, box: FloatRect, x: float, y: int, tip: Locator) -> bool:
    """Point at the drawing, at a share of its width and so far above its end; say whether the tip is there."""
    page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] - y)
    return tip.count() > 0
