"""Three people's ways in real Chromium: the lead's to a signed plan, the contributor's elsewhere, the viewer's.

The contributor's way, from a live backtest to a goal in the plan, is in test_proposal_browser.py.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from goals.models import Plan, PlanVersion
from tests.browsing import NARROW, WIDE, opened, wrong_with
from tests.builders import make_member
from tests.goals.wizard import make_lead, walk
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "/w/fjellsport/"
PLAN = f"{HOME}plan/"


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """A lead of a workspace without a plan, and a head of sales who is to sign it."""
    lead = make_lead()
    make_member(lead.workspace, "nora@example.com", Role.VIEWER, department="Sales")
    return lead


def from_empty_to_plan(page: Page) -> list[str]:
    """Start where an empty workspace leads, walk the wizard, open the plan."""
    found = []
    page.goto(HOME)
    found += wrong_with(page)
    page.get_by_role("link", name="Start your plan").click()
    page.get_by_label("What is it, in a sentence?").wait_for()
    found += walk(page, "ways")
    checklist = page.get_by_role("region", name=re.compile("^On the way: "))
    expect(checklist.get_by_role("link", name="Have it signed")).to_be_visible()
    page.get_by_role("link", name="Open the plan").click()
    page.get_by_role("region", name="Plan", exact=True).wait_for()
    return found + wrong_with(page)


def ask_nora(page: Page) -> tuple[list[str], str]:
    """Ask for the signature from the checklist; give what is wrong on the way, and the version's address."""
    page.get_by_role("link", name="Have it signed").click()
    page.get_by_label("Nora · Sales").check()
    page.get_by_label("What changed").fill("The first plan")
    found = wrong_with(page)
    page.get_by_role("button", name="Ask for signatures").click()
    page.get_by_text("1 person is asked to sign.").wait_for()
    return found + wrong_with(page), page.url


def sign(page: Page) -> list[str]:
    """Follow the notification to the version, and sign it."""
    page.goto(f"{HOME}notifications/")
    found = wrong_with(page)
    page.get_by_role("main").get_by_role("link", name=re.compile("sign", re.IGNORECASE)).first.click()
    page.get_by_role("link", name="Sign", exact=True).click()
    page.get_by_role("heading", name="Sign version 1?").wait_for()
    found += wrong_with(page)
    page.get_by_role("button", name="Sign", exact=True).click()
    page.get_by_text("You signed version 1.").wait_for()
    return found + wrong_with(page)


def read_signed(page: Page, version: str) -> list[str]:
    """Read the signed version on the plan's page, on its own, in print and as a file."""
    page.goto(PLAN)
    expect(page.locator(".page-head")).to_contain_text("Active")
    page.goto(f"{PLAN}versions/")
    expect(page.get_by_role("main")).to_contain_text("Approved")
    found = wrong_with(page)
    page.goto(version)
    expect(page.get_by_role("region", name="Sign-off")).to_contain_text(re.compile(r"Nora\s+Signed"))
    found += wrong_with(page)
    with page.expect_download() as downloading:
        page.get_by_role("link", name="PDF").click()
    assert downloading.value.suggested_filename.endswith("-v1.pdf")
    assert downloading.value.path().read_bytes().startswith(b"%PDF-")
    page.goto(f"{PLAN}print/")
    page.emulate_media(media="print")
    expect(page.get_by_role("main")).to_contain_text("What stands here is version 1.")
    expect(page.get_by_role("navigation", name="Main")).not_to_be_visible()
    page.emulate_media(media="screen")
    return found + wrong_with(page)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_lead_goes_from_an_empty_workspace_to_a_signed_plan(lead: Membership, live_server: Any, width: Any) -> None:
    with scope.in_workspace(lead.workspace_id):
        nora = lead.workspace.memberships.select_related("user").get(department="Sales")
    with opened(live_server.url, member=lead, viewport=width) as page:
        found = from_empty_to_plan(page)
        asked, version = ask_nora(page)
    with opened(live_server.url, member=nora, viewport=width) as page:
        signed = sign(page)
    with opened(live_server.url, member=lead, viewport=width) as page:
        read = read_signed(page, version)
    assert found + asked + signed + read == []
    with scope.in_workspace(lead.workspace_id):
        assert Plan.objects.get().state == "approved"
        assert PlanVersion.objects.get().state == "approved"
