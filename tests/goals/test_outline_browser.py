"""The plan's table in real Chromium: written by keyboard, pasted into, taken back, by two people at once."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, Route, expect

from goals.models import Goal, Level
from tests.browsing import NARROW, WIDE, complaints, opened, session_of, wrong_with
from tests.builders import make_member, make_workspace
from tests.goals.makers import forty_rows, make_goal, make_plan
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN = "/w/fjellsport/plan/"
CLIPBOARD = ["clipboard-read", "clipboard-write"]
SHOTS = os.environ.get("MP_TEST_SHOTS")  # a folder; pictures of what is tested are put there


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """A lead whose plan has one macro goal with two micro goals."""
    shop = make_workspace()
    plan = make_plan(shop)
    order = make_goal(plan, "Order")
    for name in ("Cart", "Search"):
        make_goal(plan, name, level=Level.MICRO, supports=[order])
    return make_member(shop, "jonas@example.com", Role.LEAD)


@pytest.fixture
def other(lead: Membership) -> Membership:
    return make_member(lead.workspace, "kaisa@example.com", Role.LEAD)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row", name=re.compile(rf"\b{name}\b"))


def cell(page: Page, name: str, column: str = "name") -> Locator:
    return row(page, name).locator(f'> [data-col="{column}"]')


def names(page: Page) -> Locator:
    """Give the names of the plan's goals, from above."""
    return page.locator('#outline tbody tr[id^="goal-"] > [data-col="name"] a.cell')


def stand_on(page: Page, name: str) -> None:
    """Go to the table as a keyboard does, and up or down to the row."""
    page.goto(PLAN)
    expect(page.get_by_role("treegrid")).to_be_visible()
    cell(page, name).focus()


def paste(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def goals_of(member: Membership) -> dict[str, tuple[str, list[str]]]:
    """Give what is stored: each goal that is not archived with its level, and what it supports."""
    with scope.in_workspace(member.workspace_id):
        goals = Goal.objects.filter(archived_at=None).prefetch_related("supports")
        return {goal.name: (goal.level, [each.name for each in goal.supports.all()]) for goal in goals}


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_forty_pasted_rows_are_shown_written_and_taken_back(lead: Membership, live_server: Any, width: Any) -> None:
    look = {"viewport": width, "permissions": CLIPBOARD}
    with opened(live_server.url, member=lead, **look) as page:
        stand_on(page, "Order")
        paste(page, forty_rows())
        dialog = page.get_by_role("dialog", name="Paste rows")
        expect(dialog.get_by_role("heading", name="What the rows become")).to_be_in_viewport()
        expect(dialog.get_by_role("row")).to_have_count(1 + 40)
        write = dialog.get_by_role("button", name="Write 40 rows")
        expect(write).to_be_in_viewport()
        assert wrong_with(page) == []
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"pasted-{width['width']}.png")
        write.click()
        expect(dialog).to_be_hidden()
        expect(row(page, "Micro 39")).to_be_visible()
        cell(page, "Order").focus()
        page.keyboard.press("Control+Z")
        expect(row(page, "Micro 39")).to_be_hidden()
        expect(names(page)).to_have_text(["Order", "Cart", "Search"])
    assert set(goals_of(lead)) == {"Order", "Cart", "Search"}


def test_a_paste_that_is_given_up_writes_nothing(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead, viewport=NARROW, permissions=CLIPBOARD) as page:
        stand_on(page, "Order")
        paste(page, forty_rows())
        dialog = page.get_by_role("dialog", name="Paste rows")
        dialog.get_by_role("link", name="Cancel").click()
        expect(dialog).to_be_hidden()
        expect(names(page)).to_have_text(["Order", "Cart", "Search"])
    assert set(goals_of(lead)) == {"Order", "Cart", "Search"}


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_plan_is_written_by_keyboard_alone(lead: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=lead, viewport=width) as page:
        heard, keys = complaints(page), page.keyboard
        stand_on(page, "Search")
        keys.press("Control+Enter")
        expect(page.get_by_label("Name of the new row")).to_be_focused()
        keys.type("Guide read")
        keys.press("Enter")
        expect(names(page)).to_have_text(["Order", "Cart", "Search", "Guide read"])
        expect(cell(page, "Guide read")).to_be_focused()
        keys.press("Alt+Shift+ArrowUp")
        expect(names(page)).to_have_text(["Order", "Cart", "Guide read", "Search"])
        keys.press("Alt+Shift+ArrowLeft")
        expect(cell(page, "Guide read")).to_contain_text("Macro")
        keys.press("Control+Z")
        expect(cell(page, "Guide read")).to_contain_text("Micro")
        keys.press("F2")
        keys.press("End")
        keys.type(" to its end")
        keys.press("Enter")
        expect(names(page).filter(has_text="Guide read to its end")).to_be_visible()
    assert heard == []
    assert goals_of(lead)["Guide read to its end"] == (Level.MICRO, ["Order"])


def test_figures_that_come_after_the_rows_were_replaced_are_given_up(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead) as page:
        heard, held = complaints(page), list[Route]()

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/live-figures/**", hold, times=1)
        with page.expect_request("**/live-figures/**"):
            stand_on(page, "Search")
        with page.expect_response("**/live-figures/**"):
            page.keyboard.press("Alt+Shift+ArrowUp")
        expect(names(page)).to_have_text(["Order", "Search", "Cart"])
        held[0].continue_()
        expect(cell(page, "Cart", "now")).to_contain_text("computing")
        page.wait_for_load_state("networkidle")
    assert heard == []


def test_a_cell_left_by_escape_stays_as_it_was(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead) as page:
        stand_on(page, "Cart")
        page.keyboard.type("Something else")
        page.keyboard.press("Escape")
        expect(names(page)).to_have_text(["Order", "Cart", "Search"])
        expect(cell(page, "Cart")).to_be_focused()
    assert set(goals_of(lead)) == {"Order", "Cart", "Search"}


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_two_people_in_one_cell_see_both_texts(
    lead: Membership, other: Membership, live_server: Any, width: Any
) -> None:
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(other), "url": live_server.url}
    with opened(live_server.url, member=lead, viewport=width) as mine:
        stand_on(mine, "Cart")
        stranger = mine.context.browser.new_context(base_url=live_server.url)  # type: ignore[union-attr]
        stranger.add_cookies([cookie])  # type: ignore[list-item]
        write(stranger.new_page(), "Cart", "Put in the cart")
        write(mine, "Cart", "Laid in a basket", anew=False)
        clash = mine.get_by_role("alert").filter(has_text="Use mine")
        expect(clash).to_contain_text("Kaisa wrote")
        expect(clash).to_contain_text("Put in the cart")
        expect(clash).to_contain_text("Laid in a basket")
        assert wrong_with(mine) == []
        if SHOTS:
            mine.screenshot(path=Path(SHOTS) / f"clash-{width['width']}.png")
        clash.get_by_role("button", name="Use mine").click()
        expect(names(mine)).to_have_text(["Order", "Laid in a basket", "Search"])
    assert set(goals_of(lead)) == {"Order", "Laid in a basket", "Search"}


def write(page: Page, name: str, text: str, *, anew: bool = True) -> None:
    """Write another name over a goal's, and go on; the page is opened first where it is wanted `anew`."""
    if anew:
        stand_on(page, name)
    cell(page, name).focus()
    page.keyboard.press("F2")
    page.keyboard.press("Control+A")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    if anew:
        expect(names(page).filter(has_text=text)).to_be_visible()


def test_a_text_that_could_not_be_saved_stays_to_be_saved_again(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead) as page:
        stand_on(page, "Cart")
        page.context.set_offline(True)
        write(page, "Cart", "Put in the cart", anew=False)
        expect(page.get_by_role("alert").filter(has_text="Not saved")).to_be_visible()
        expect(page.locator(".cell-form input[name=value]")).to_have_value("Put in the cart")
        page.context.set_offline(False)
        page.keyboard.press("Enter")
        expect(names(page)).to_have_text(["Order", "Put in the cart", "Search"])
    assert set(goals_of(lead)) == {"Order", "Put in the cart", "Search"}
