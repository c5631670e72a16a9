"""Scheduled reports in real Chromium: set up from the report, listed, left; the mail itself at two widths."""

import base64
from typing import Any

import pytest
from playwright.sync_api import expect

from reports.mailed import due, leaving, schedules
from reports.models import PauseReason, Recipient
from reports.sharing.registry import REPORTS
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, overflows, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.lake import NOW
from tests.reports.mailed.asks import ADDRESS, html_of, make_schedule, try_out
from tests.reports.sharing.asks import open_shop
from workspaces import scope
from workspaces.languages import choices
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAYS = "period=custom&from=2026-11-02&to=2026-11-20"
GOAL, LIST = f"/w/fjellsport/goals/sale/?{DAYS}", "/w/fjellsport/scheduled/"
NEW = f"{LIST}new/?report=goal&goal=sale&{DAYS}"


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """The lead of a shop whose figures are there."""
    shop = make_workspace()
    open_shop(shop)
    return make_member(shop, "kari.nordmann@example.com", Role.LEAD)


def test_a_lead_has_a_report_mailed_and_tries_it(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead) as page:
        said = complaints(page)
        page.goto(GOAL)
        page.get_by_role("link", name="Mail", exact=True).click()
        page.get_by_label("Subject").fill("Sales of the week")
        page.get_by_label("Day").select_option("Every week: Friday")
        page.get_by_label("Hour").select_option("16:00")
        page.get_by_label("Other addresses").fill("nobody")
        page.get_by_role("button", name="Send it by mail").click()
        expect(page.get_by_text("is not an e-mail address").first).to_be_visible()
        page.get_by_label("Other addresses").fill(ADDRESS)
        page.get_by_role("button", name="Send it by mail").click()
        expect(page.get_by_text("Sales of the week is mailed from now on.")).to_be_visible()
        expect(page.locator("#schedules-table")).to_contain_text("every week: Friday at 16:00")
        page.get_by_role("button", name="Send me a test now Sales of the week").click()
        expect(page.get_by_text("A test is on its way to kari.nordmann@example.com.")).to_be_visible()
        page.get_by_role("button", name="Pause Sales of the week").click()
        expect(page.get_by_role("button", name="Resume Sales of the week")).to_be_visible()
        page.get_by_role("link", name="Edit Sales of the week").click()
        expect(page.get_by_label("Day")).to_have_value("weekly-4")
        expect(page.get_by_label("Other addresses")).to_have_value(ADDRESS)
        page.get_by_label("Day").select_option("Every month: day 1")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#schedules-table")).to_contain_text("every month: day 1 at 16:00")
        page.get_by_role("link", name="Remove Sales of the week").click()
        page.get_by_role("button", name="Remove the scheduled report").click()
        expect(page.get_by_text("No report is mailed")).to_be_visible()
        assert said == []


def test_its_pages_are_accessible_and_fit(lead: Membership, live_server: Any) -> None:
    row = make_schedule(lead, title="The board", with_xlsx=True, with_pdf=True)
    paused = make_schedule(lead, "overview", title="Paused")
    with scope.in_workspace(lead.workspace_id):
        schedules.pause(paused, PauseReason.GONE, by=None, now=NOW)
        way_out = leaving.address_for(Recipient.objects.get(schedule=row, email=ADDRESS))
    way_out = "/no-more-mail/" + way_out.split("/no-more-mail/")[1]
    due.make_deliveries(lead.workspace_id, now=NOW)
    edit = f"{LIST}{row.pk}/"
    paths = {"schedules": LIST, "schedule-new": NEW, "edit": edit, "leave": way_out, "remove": f"{edit}remove/"}
    for width in (WIDE, NARROW):
        with opened(live_server.url, member=lead, viewport=width) as page:
            assert faults_at(page, paths, look=str(width["width"])) == []
    assert too_wide(live_server.url, lead, {"schedules": LIST, "schedule-new": NEW}) == []
    with opened(live_server.url, java_script_enabled=False) as page:
        page.goto(way_out)
        page.get_by_role("button", name="Send me no more").click()
        expect(page.get_by_role("heading", name="You get no more of these mails")).to_be_visible()


@pytest.mark.parametrize("report", [report for report in REPORTS if report != "evidence"])  # whose shop is another
def test_the_mail_fits_a_phone_in_every_language(lead: Membership, live_server: Any, report: str) -> None:
    row, mails = make_schedule(lead, report, {"by": "campaign"}), {}
    for code, _name in choices():
        lead.user.language = code
        lead.user.save(update_fields=["language"])
        letter = try_out(row, lead)
        drawn = [part.get_content() for part in letter.walk() if part.get_content_type() == "image/png"]
        data = base64.b64encode(drawn[0]).decode() if drawn else ""
        mails[code] = html_of(letter).replace("cid:trend", f"data:image/png;base64,{data}")
    for width in (600, 390):
        with opened(live_server.url, viewport={"width": width, "height": 900}) as page:
            for code, html in mails.items():
                page.set_content(html)
                assert not overflows(page), (report, code, width)
