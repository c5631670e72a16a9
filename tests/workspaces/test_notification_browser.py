"""From the bell to the page to one's own choices, in real Chromium: with a keyboard's names, in light and dark."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browsing import NARROW, WIDE, opened, wrong_with
from tests.builders import make_member, make_workspace
from workspaces import notices, scope
from workspaces.models import Membership
from workspaces.notices import Choice, Mail, notify
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOLD = [
    ("tracking_healed", "Newsletter sign-up is counted again", "41 events arrived since 09:12."),
    ("sign_off_done", "Ola signed the plan for 2027", ""),
    ("tracking_broken", "Newsletter sign-up is silent since 18 Nov", "It usually counts 40 to 60 a day."),
    ("mention", "Nora mentioned you in “Size guide opened”", "@Kari is this the event that the shop sends?"),
    (
        "proposal_submitted",
        "Nora proposes “Asked for a callback”",
        "Customers who ask are three times as likely to buy.",
    ),
]


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """A lead who was told five things, of which two are read."""
    member = make_member(make_workspace(), "kari@example.com", Role.LEAD)
    at = datetime.fromisoformat("2026-11-20T08:12:00Z")
    with scope.in_workspace(member.workspace_id):
        for number, (kind, title, text) in enumerate(TOLD):
            moment = at + timedelta(hours=3 * number)
            notify([member], kind=kind, title=title, text=text, path="/w/fjellsport/members/", now=moment)
        notices.mark_all_read(member, until=at + timedelta(hours=4), now=at + timedelta(hours=5))
    return member


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_way_from_the_bell_to_ones_choices(lead: Membership, live_server: Any, width: Any) -> None:
    name = str(width["width"])
    with opened(live_server.url, member=lead, viewport=width) as page:
        page.goto("/w/fjellsport/members/")
        found = wrong_with(page, f"bell-{name}")
        page.get_by_role("link", name="Notifications, 3 unread", exact=True).click()
        found += wrong_with(page, f"notifications-{name}")
        page.get_by_role("link", name="Nora mentioned you").click()
        page.wait_for_url("**/w/fjellsport/members/")
        page.get_by_role("link", name="Notifications, 2 unread", exact=True).click()
        page.get_by_role("button", name="Mark all as read").click()
        expect(page.get_by_role("link", name="Notifications", exact=True)).to_have_count(1)
        expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
        page.get_by_role("link", name="What you hear about").click()
        found += wrong_with(page, f"hears-{name}")
        page.get_by_label("Comments by mail").select_option("no mail")
        page.get_by_label("Comments in the product").uncheck()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Your choices were saved.")).to_be_visible()
    assert found == []
    with scope.in_workspace(lead.workspace_id):
        assert notices.choices_of(lead)["comment"] == Choice(in_product=False, mail=Mail.OFF)


def test_the_whole_way_works_without_scripts(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead, java_script_enabled=False) as page:
        page.goto("/w/fjellsport/members/")
        page.get_by_role("link", name="Notifications, 3 unread").click()
        page.get_by_role("button", name="Mark all as read").click()
        page.get_by_role("link", name="What you hear about").click()
        page.get_by_label("Mentions by mail").select_option("once a day")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Your choices were saved.")).to_be_visible()


def test_who_was_told_nothing_reads_what_the_page_is_for(lead: Membership, live_server: Any) -> None:
    newcomer = make_member(lead.workspace, "siri@example.com", Role.VIEWER)
    with opened(live_server.url, member=newcomer, viewport=NARROW) as page:
        page.goto("/w/fjellsport/notifications/")
        expect(page.get_by_role("heading", name="Here stands what concerns you")).to_be_visible()
        assert wrong_with(page, "none-320") == []
