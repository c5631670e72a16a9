"""Alerts in real Chromium: tried, made, read, muted; quiet hours set; accessible, on a phone, without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from reports.alerts import watching
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide, wrong_with
from tests.builders import make_member, make_workspace
from tests.reports.alerts.asks import DAY, FIRST, evening, make_alert, open_shop
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST, NEW, QUIET = "/w/fjellsport/alerts/", "/w/fjellsport/alerts/new/", "/w/fjellsport/notifications/settings/"
DAYS = 60


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """The lead of a shop whose rate fell at its end."""
    shop = make_workspace()
    open_shop(shop, lambda day: 3 if day >= FIRST + (DAYS - 7) * DAY else 24, days=DAYS, visitors=90)
    return make_member(shop, "kari.nordmann@example.com", Role.LEAD)


def fired(lead: Membership) -> str:
    """Make an alert that fired; give its path."""
    with scope.in_workspace(lead.workspace_id):
        goal = lead.workspace.goals.get()
        goal.name = "Sale " * 20
        goal.save(update_fields=["name"])
    alert = make_alert(lead, goal)
    watching.watch(lead.workspace_id, now=evening(FIRST + (DAYS - 1) * DAY))
    return alert.get_absolute_url()


def test_one_is_tried_and_made_and_a_viewer_mutes_it_without_scripts(lead: Membership, live_server: Any) -> None:
    viewer = make_member(lead.workspace, "ola.hansen@example.com", Role.VIEWER)
    with opened(live_server.url, member=lead, viewport=WIDE) as page:
        said = complaints(page)
        page.goto("/w/fjellsport/goals/sale/")
        page.get_by_role("link", name="New alert").click()
        expect(page.get_by_label("Goal", exact=True)).to_have_value(re.compile(r"\d+"))
        page.get_by_label("A target is at risk").check()
        expect(page.get_by_label("Goal", exact=True)).to_be_hidden()
        page.get_by_label("A conversion rate falls").check()
        page.get_by_label("Goal", exact=True).select_option(label="Sale")
        page.get_by_label(str(viewer.user)).check()
        page.get_by_role("button", name="Try it on the last 90 days").click()
        expect(page.get_by_role("heading", name="What it would have done")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="What it watches")).to_be_visible()
        page.goto(QUIET)
        page.get_by_label("No mails from").select_option("20:00")
        page.get_by_label("Until").select_option("7:00")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_label("No mails from")).to_have_value("20:00")
        assert said == []
        page.goto(LIST)
        page.get_by_role("link", name="Sale").click()
        page.get_by_role("link", name="Edit").click()
        page.get_by_role("button", name="Try it on the last 90 days").click()
        expect(page.get_by_role("heading", name="What it would have done")).to_be_visible()
        assert wrong_with(page) == []
    with opened(live_server.url, member=viewer, java_script_enabled=False) as page:
        page.goto(LIST)
        page.get_by_role("link", name="Sale").click()
        page.get_by_role("button", name="Mute for me").click()
        expect(page.get_by_role("button", name="Hear of it again")).to_be_visible()
        expect(page.get_by_role("button", name="Pause")).to_have_count(0)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_its_pages_are_accessible_and_fit(lead: Membership, live_server: Any, width: Any) -> None:
    alert = fired(lead)
    paths = {
        "alerts": LIST, "alert": alert, "alert-edit": f"{alert}edit/", "alert-remove": f"{alert}remove/",
        "alert-new": NEW, "quiet": QUIET, "notifications": "/w/fjellsport/notifications/",
    }  # fmt: skip
    with opened(live_server.url, member=lead, viewport=width) as page:
        assert faults_at(page, paths, look=str(width["width"])) == []


def test_its_pages_fit_a_phone_in_every_language(lead: Membership, live_server: Any) -> None:
    alert = fired(lead)
    assert too_wide(live_server.url, lead, {"alerts": LIST, "alert": alert, "alert-new": NEW, "quiet": QUIET}) == []
