"""What members make of reports, made by the keyboard alone, from the report to what came of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import complaints, opened
from tests.builders import make_member, make_workspace
from tests.hands import Keys
from tests.reports.sharing.asks import open_shop
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOAL = "/w/fjellsport/goals/sale/?period=custom&from=2026-11-02&to=2026-11-20"


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop whose figures are there."""
    shop = make_workspace()
    open_shop(shop)
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


@pytest.fixture
def page(owner: Membership, live_server: Any) -> Iterator[Page]:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        yield page
        assert said == []


def test_an_annotation_is_written_and_removed(page: Page) -> None:
    keys = Keys(page)
    page.goto(GOAL)
    keys.press(page.get_by_role("link", name="Add annotation"))
    keys.write(page.get_by_label("What happened"), "Sale week")
    keys.write(page.get_by_label("First day"), "2026-11-09")
    keys.write(page.get_by_label("Last day"), "2026-11-15")
    keys.press(page.get_by_role("button", name="Save"))
    expect(page.locator(".chart-remarks")).to_contain_text("Sale week")
    page.goto("/w/fjellsport/annotations/")
    keys.press(page.get_by_role("link", name="Sale week"))
    keys.press(page.get_by_role("link", name="Remove"))
    keys.press(page.get_by_role("button", name="Remove the annotation"))
    expect(page.get_by_text("Nothing was written yet")).to_be_visible()


def test_an_alert_is_tried_and_made_and_paused(page: Page) -> None:
    keys = Keys(page)
    page.goto(GOAL)
    keys.press(page.get_by_role("link", name="New alert"))
    keys.reach(page.get_by_label("A conversion rate falls"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("A target is at risk")).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Goal", exact=True)).to_be_visible()
    keys.write(page.get_by_label("Falls by more than"), "30")
    keys.press(page.get_by_role("button", name="Try it on the last 90 days"))
    expect(page.get_by_role("heading", name="What it would have done")).to_be_visible()
    keys.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("heading", name="What it watches")).to_be_visible()
    keys.press(page.get_by_role("button", name="Pause"))
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def test_a_report_is_mailed_tried_and_edited(page: Page) -> None:
    keys = Keys(page)
    page.goto(GOAL)
    keys.press(page.get_by_role("link", name="Mail", exact=True))
    keys.write(page.get_by_label("Subject"), "Sales of the week")
    keys.reach(page.get_by_label("Day"))
    page.keyboard.type("Every week: Fr")
    expect(page.get_by_label("Day")).to_have_value("weekly-4")
    keys.write(page.get_by_label("Other addresses"), "board@example.com")
    keys.press(page.get_by_role("button", name="Send it by mail"))
    expect(page.get_by_text("Sales of the week is mailed from now on.")).to_be_visible()
    keys.press(page.get_by_role("button", name="Send me a test now Sales of the week"))
    expect(page.get_by_text("A test is on its way to kari.nordmann@example.com.")).to_be_visible()
    keys.press(page.get_by_role("link", name="Edit Sales of the week"))
    keys.write(page.get_by_label("Subject"), "Sales on Fridays")
    keys.reach(page.get_by_label("Attach it as PDF"))
    page.keyboard.press("Space")
    keys.press(page.get_by_role("button", name="Save"))
    expect(page.locator("#schedules-table")).to_contain_text("Sales on Fridays")
    expect(page.locator("#schedules-table")).to_contain_text("PDF")


def test_a_link_with_a_password_is_made_opened_and_closed(page: Page) -> None:
    keys = Keys(page)
    page.goto(GOAL)
    keys.press(page.get_by_role("link", name="Share", exact=True))
    keys.write(page.get_by_label("For whom, or for what"), "The board")
    keys.write(page.get_by_label("Password"), "north face")
    keys.press(page.get_by_role("button", name="Make the link"))
    path = "/shared/" + str(page.locator(".snippet code").text_content()).split("/shared/")[1]
    shared = Keys(page)
    page.goto(path)
    shared.write(page.get_by_label("Password"), "north face")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sale", exact=True)).to_be_visible()
    shared.press(page.locator("summary", has_text="View as table").first)
    expect(page.locator("details.chart-table table").first).to_be_visible()
    page.goto("/w/fjellsport/shared/")
    keys.press(page.get_by_role("link", name="Close The board"))
    keys.press(page.get_by_role("button", name="Close the link"))
    expect(page.get_by_text("The link for The board opens no more.")).to_be_visible()


def test_a_snapshot_is_taken_held_against_today_and_signed(page: Page) -> None:
    keys = Keys(page)
    page.goto(GOAL)
    keys.press(page.get_by_role("link", name="Freeze", exact=True))
    keys.write(page.get_by_label("Name"), "Review of November")
    keys.press(page.get_by_role("button", name="Take the snapshot"))
    expect(page.get_by_role("heading", name="Review of November")).to_be_visible()
    keys.press(page.get_by_role("link", name="Hold against today"))
    expect(page.get_by_role("link", name="Only as it was")).to_be_visible()
    keys.press(page.get_by_role("link", name="Only as it was"))
    keys.write(page.get_by_label("Comment"), "Agreed")
    keys.press(page.get_by_role("button", name="Sign", exact=True))
    expect(page.locator(".signatures")).to_contain_text("Agreed")


def test_a_segment_is_written_and_explored(page: Page) -> None:
    keys = Keys(page)
    page.goto("/w/fjellsport/segments/new/")
    keys.write(page.get_by_label("Name", exact=True), "Buyers")
    keys.write(page.locator(".line-subject").first, "event page_view")
    expect(page.locator("#preview")).to_contain_text("of 31 persons")
    keys.press(page.get_by_role("button", name="Add a row"))
    second = page.locator(".segment-row").nth(1)
    expect(second.locator(".line-verb")).to_have_value("did")
    keys.write(second.locator(".line-subject"), "goal sale")
    expect(page.locator("#preview")).to_contain_text("goal sale")
    keys.press(page.get_by_role("button", name="Save").last)
    keys.press(page.get_by_role("link", name="Explore it beside everybody else"))
    expect(page.locator("#explore-table")).to_contain_text("Segment is Buyers")


def test_a_metric_is_computed_and_saved(page: Page) -> None:
    keys = Keys(page)
    page.goto("/w/fjellsport/metrics/new/")
    keys.write(page.get_by_label("Name", exact=True), "Pages each")
    keys.write(page.get_by_label("Formula"), "pageviews / visitors")
    keys.press(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("link", name="Pages each").first).to_be_visible()


def test_an_owner_makes_the_windows_shown_the_default(page: Page) -> None:
    keys = Keys(page)
    windows = "/w/fjellsport/insights/?goal=sale&view=7&engagement=7&click=60"
    page.goto(windows)
    keys.press(page.locator("summary", has_text="Other windows"))
    keys.press(page.get_by_role("button", name="Set as default"))
    expect(page.get_by_text("The windows shown are the default of all goals").first).to_be_attached()
    page.goto("/w/fjellsport/insights/?goal=sale")
    expect(page.locator("summary", has_text="Click: 60 days")).to_be_visible()


def test_a_lead_is_not_offered_to_change_the_default(owner: Membership, live_server: Any) -> None:
    lead = make_member(owner.workspace, "ola.hansen@example.com", Role.LEAD)
    with opened(live_server.url, member=lead) as page:
        page.goto("/w/fjellsport/insights/?goal=sale&view=7&engagement=7&click=60")
        page.locator("summary", has_text="Other windows").click()
        expect(page.get_by_label("Click", exact=False).first).to_be_attached()
        expect(page.get_by_role("button", name="Set as default")).to_have_count(0)
