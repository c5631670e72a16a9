"""Proposals in real Chromium: from a live backtest to a goal in the plan; accessible, at every width."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from goals import approval, talking
from goals.approval import Terms
from goals.lanes import Actor
from goals.models import Goal, Lane, Proposal
from tests.browsing import NARROW, WIDE, complaints, opened, wrong_with
from tests.builders import make_member, make_workspace, noon
from tests.goals.makers import fill_lake, make_goal, make_plan, make_proposal
from tracking.models import Seen, SeenKind
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

INBOX, PLAN = "/w/fjellsport/proposals/", "/w/fjellsport/plan/"
SEEN = [(SeenKind.EVENT, "fitting_requested", 10), (SeenKind.EVENT, "purchase", 5), (SeenKind.PAGE, "/fitting", 40)]
SHOTS = os.environ.get("MP_TEST_SHOTS")  # a folder; pictures of every page are put there


class People(NamedTuple):
    lead: Membership
    author: Membership
    viewer: Membership


@pytest.fixture
def people(transactional_db: None) -> People:
    """A team whose shop has had forty visitors: ten asked for a fitting, and five of these bought afterwards."""
    shop = make_workspace()
    lead = make_member(shop, "jonas@example.com", Role.LEAD)
    author = make_member(shop, "kaisa@example.com", Role.CONTRIBUTOR, department="Customer service")
    viewer = make_member(shop, "per@example.com", Role.VIEWER, department="Sales")
    make_goal(make_plan(shop), "Purchase", value_rule="event")
    now = timezone.now()
    visits = []
    for n in range(40):
        at = noon(shop, days_ago=1 + n)
        visits.append({"event_id": f"e{n}", "visitor_id": f"v{n}", "path": "/fitting", "time": at})
        if n % 4 == 0:
            fitting = {"event_id": f"f{n}", "name": "fitting_requested", "time": at + timedelta(minutes=1)}
            visits.append({"visitor_id": f"v{n}", **fitting})
        if n % 8 == 0:
            order = {"event_id": f"o{n}", "name": "purchase", "time": at + timedelta(minutes=2)}
            visits.append({"visitor_id": f"v{n}", **order})
    fill_lake(shop, visits)
    with scope.in_workspace(shop.pk):
        for kind, text, events in SEEN:
            Seen.objects.create(workspace=shop, kind=kind, text=text, events=events, last_at=now)
    return People(lead, author, viewer)


Look = Callable[[Page], list[str]]  # gives what is wrong with an open page


def propose(page: Page, look: Look) -> list[str]:
    """Pick a seen event, read what it would have counted, hand it in; the first try lacks a reason."""
    page.goto(f"{INBOX}new/")
    page.get_by_label("What would you call it?").fill("Asked for a fitting")
    page.get_by_label("Search among what has arrived").fill("fitt")
    page.locator("#picks").get_by_text("purchase").wait_for(state="detached")
    page.get_by_role("radio", name="event fitting_requested 10 times").check()
    panel = page.locator("#trial")
    panel.get_by_text("Last 90 days: 10 times").wait_for()
    expect(panel).to_contain_text("10 / 40")
    expect(panel).to_contain_text("50 % of those who did this reached it afterwards (5 / 10)")
    expect(panel).to_contain_text("100 % of those who reached it had done this before (5 / 5)")
    page.get_by_label("Secondary action", exact=False).check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Say why it matters.").first).to_be_visible()
    found = look(page)
    page.get_by_label("Why does it matter?").fill("Who tries boots on buys them.")
    page.get_by_label("Purchase", exact=True).check()
    page.get_by_role("button", name="Submit").click()
    page.get_by_text("Those who keep the plan have been told.").wait_for()
    page.locator("mp-chart").first.scroll_into_view_if_needed()
    page.locator("mp-chart[data-state=drawn]").first.wait_for()
    return found + look(page)


def ask_back(page: Page, look: Look) -> list[str]:
    """Find the proposal in the inbox, and ask for more before deciding."""
    page.goto(INBOX)
    # Behind the menu on a phone, but there.
    page.locator(".nav-item", has_text=re.compile(r"Proposals\s*1\s*, 1 waits for you")).first.wait_for(
        state="attached"
    )
    found = look(page)
    page.get_by_role("link", name="Asked for a fitting").click()
    page.locator("#now").get_by_text("Last 90 days: 10 times").wait_for()
    page.get_by_label("Ask for info").check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Write what you need to know.").first).to_be_visible()
    found += look(page)
    page.get_by_label("Reason or question").fill("Online or in the store?")
    page.get_by_role("button", name="Decide").click()
    page.get_by_text("It comes back here with the answer.").wait_for()
    return found + look(page)


def answer(page: Page, address: str, look: Look) -> list[str]:
    """Answer the question, and hand the proposal in again."""
    page.goto(address)
    page.get_by_label("Your answer").fill("Online, for the store. @Jonas knows the form.")
    found = look(page)
    page.get_by_role("button", name="Answer and submit again").click()
    page.get_by_text("It waits for a decision again.").wait_for()
    expect(page.locator(".mention")).to_have_text("@Jonas")
    return found + look(page)


def approve(page: Page, address: str, look: Look) -> list[str]:
    """Approve it; the goal stands in the plan, and the list of what is to be tracked has its task."""
    page.goto(address)
    page.get_by_label("Approve").check()
    page.get_by_role("button", name="Decide").click()
    page.get_by_text("its past is being counted").wait_for()
    found = look(page)
    page.goto(PLAN)
    expect(page.get_by_text("Asked for a fitting").first).to_be_visible()
    page.goto(f"{PLAN}tracking/")
    page.get_by_role("link", name="Asked for a fitting").click()
    page.get_by_role("heading", name="Asked for a fitting", level=1).wait_for()
    expect(page.get_by_role("main").get_by_text("fitting_requested").first).to_be_visible()
    return found + look(page)


def walk(people: People, url: str, look: Look, **options: Any) -> tuple[list[str], list[str]]:
    """Go the whole way, from one person to the other; give what is wrong on it, and what scripts complained of."""
    found: list[str] = []
    heard: list[str] = []

    def visit(member: Membership, way: Callable[[Page], list[str]]) -> str:
        with opened(url, member=member, **options) as page:
            said = complaints(page)
            found.extend(way(page))
            heard.extend(said)
            return page.url

    address = visit(people.author, lambda page: propose(page, look))
    visit(people.lead, lambda page: ask_back(page, look))
    visit(people.author, lambda page: answer(page, address, look))
    visit(people.lead, lambda page: approve(page, address, look))
    return found, heard


def test_from_a_live_backtest_to_a_goal_in_the_plan(people: People, live_server: Any) -> None:
    assert walk(people, live_server.url, lambda _page: [], viewport=WIDE) == ([], [])
    with scope.in_workspace(people.lead.workspace_id):
        goal = Goal.objects.get(name="Asked for a fitting")
        assert (goal.department, goal.spec.event_name) == ("Customer service", "fitting_requested")


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_screen_of_that_way_is_accessible_and_fits(people: People, live_server: Any, width: Any) -> None:
    found, _ = walk(people, live_server.url, wrong_with, viewport=width)  # axe complains on the console, too
    assert found == []


def test_a_proposal_is_written_without_a_script(people: People, live_server: Any) -> None:
    with opened(live_server.url, member=people.author, viewport=WIDE, java_script_enabled=False) as page:
        page.goto(f"{INBOX}new/")
        page.get_by_label("What would you call it?").fill("Read about fittings")
        page.get_by_label("Search among what has arrived").fill("/fitt")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("radio", name="page /fitting").check()
        page.get_by_label("and every page whose address begins like this one").check()
        page.locator("button:visible", has_text="Count it").click()
        expect(page.get_by_text("Last 90 days: 40 times")).to_be_visible()
        expect(page.get_by_text("/fitting*")).to_be_visible()
        page.get_by_role("button", name="Save as draft").click()
        page.get_by_text("nobody else sees it yet").wait_for()
        expect(page.get_by_text("Say why it matters.")).to_be_visible()
    with scope.in_workspace(people.author.workspace_id):
        assert Proposal.objects.get().lane == Lane.DRAFT


def test_arrows_move_among_the_cards(people: People, live_server: Any) -> None:
    plan = make_plan_of(people)
    make_proposal(plan, "One", by=people.author)
    make_proposal(plan, "Two", by=people.author)
    make_proposal(plan, "Mine", by=people.author, lane=Lane.DRAFT)
    with opened(live_server.url, member=people.author, viewport=WIDE) as page:
        page.goto(INBOX)
        page.get_by_role("link", name="Mine").focus()
        steps = {"ArrowRight": "Two", "ArrowDown": "One", "ArrowUp": "Two", "ArrowLeft": "Mine"}
        for key, name in steps.items():
            page.keyboard.press(key)
            expect(page.get_by_role("link", name=name, exact=True)).to_be_focused()


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible_and_fits(people: People, live_server: Any, width: Any) -> None:
    pages = a_full_inbox(people)
    found = []
    with opened(live_server.url, member=people.lead, viewport=width) as page:
        for name, path in pages.items():
            page.goto(path)
            page.wait_for_load_state("networkidle")
            found += wrong_with(page, f"{name}-{width['width']}")
    assert found == []


def test_a_phone_shows_one_lane_at_a_time(people: People, live_server: Any) -> None:
    a_full_inbox(people)
    with opened(live_server.url, member=people.lead, viewport=NARROW) as page:
        page.goto(INBOX)
        lanes = page.locator(".lane:visible").locator("h2")
        expect(lanes).to_have_text([re.compile("Submitted")])
        page.get_by_role("link", name="Declined 1").click()
        expect(page.get_by_role("link", name="Parking")).to_be_visible()
        expect(lanes).to_have_text([re.compile("Declined")])


def make_plan_of(people: People) -> Any:  # the Plan
    with scope.in_workspace(people.lead.workspace_id):
        return people.lead.workspace.plans.get()


def a_full_inbox(people: People) -> dict[str, str]:
    """Put a proposal into every lane, with talk; give the pages to look at."""
    plan, lead, now = make_plan_of(people), Actor.of(people.lead), timezone.now()
    made = {
        name: make_proposal(plan, name, by=people.author, event=event)
        for name, event in (
            ("Asked for a fitting", "fitting_requested"),
            ("Stock in a store", ""),
            ("Fitting booked", "fitting_requested"),
            ("Parking", "parking_looked_up"),
        )
    }
    with scope.in_workspace(plan.workspace_id):
        talking.vote(made["Asked for a fitting"], by=people.lead, now=now)
        talking.comment(made["Asked for a fitting"], "@Kaisa, a good one.\nIs it seasonal?", by=lead, now=now)
        approval.ask(made["Stock in a store"], "Where on the page is it?", by=lead, now=now)
        approval.approve(made["Fitting booked"], Terms(text="Thanks"), by=lead, now=now)
        approval.decline(made["Parking"], "Nobody can act on it.", by=lead, now=now)
    make_proposal(plan, "My own idea", by=people.lead, lane=Lane.DRAFT, rationale="")
    return {
        "inbox": INBOX,
        "lane": f"{INBOX}?lane=submitted",
        "new": f"{INBOX}new/",
        **{f"item {row.lane}": row.get_absolute_url() for row in made.values()},
    }
