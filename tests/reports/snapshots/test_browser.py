"""Snapshots in real Chromium: taken from the report, signed by others; accessible, on a phone, without scripts."""

from typing import Any

import pytest
from playwright.sync_api import expect

from reports.snapshots import taking
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, overflows
from tests.builders import make_member, make_workspace
from tests.reports.lake import NOW
from tests.reports.sharing.asks import RANGE, open_shop
from workspaces import scope
from workspaces.languages import choices
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAYS = "period=custom&from=2026-11-02&to=2026-11-20"
GOAL, NEW = f"/w/fjellsport/goals/sale/?{DAYS}", f"/w/fjellsport/snapshots/new/?report=goal&goal=sale&{DAYS}"


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """The lead of a shop whose figures are there."""
    shop = make_workspace()
    open_shop(shop)
    return make_member(shop, "kari.nordmann@example.com", Role.LEAD)


def take(lead: Membership, report: str, *, language: str = "en") -> str:
    """Freeze the report, and sign it; give the snapshot's path."""
    with scope.in_workspace(lead.workspace_id):
        params = {"goal": "sale", "by": "campaign", **RANGE}
        row = taking.take(report, params, name=f"Review of {report}", language=language, by=lead, now=NOW)
        taking.sign(row, comment="Agreed: more of the campaign in spring", by=lead, now=NOW)
    return row.get_absolute_url()


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_snapshots_are_accessible_and_fit(lead: Membership, live_server: Any, width: Any) -> None:
    paths = {"snapshots-none": "/w/fjellsport/snapshots/"}
    with opened(live_server.url, member=lead, viewport=width) as page:
        assert faults_at(page, paths, look=str(width["width"])) == []
    paths = {"snapshots": "/w/fjellsport/snapshots/", "snapshot-new": NEW}
    for report in ("overview", "goal", "attribution", "funnel"):
        path = take(lead, report)
        paths |= {f"snapshot-{report}": path, f"snapshot-{report}-today": f"{path}?today=1"}
    with opened(live_server.url, member=lead, viewport=width) as page:
        assert faults_at(page, paths, look=str(width["width"])) == []


def test_snapshots_fit_a_phone_in_every_language(lead: Membership, live_server: Any) -> None:
    paths = [take(lead, "goal", language=code) for code, _name in choices()]
    for (code, _name), path in zip(choices(), paths, strict=True):
        lead.user.language = code
        lead.user.save(update_fields=["language"])
        with opened(live_server.url, member=lead, viewport=NARROW) as page:
            for address in (path, f"{path}?today=1", "/w/fjellsport/snapshots/"):
                page.goto(address)
                assert not overflows(page), (code, address)


def test_a_lead_freezes_a_report_and_a_viewer_signs_it_without_scripts(lead: Membership, live_server: Any) -> None:
    viewer = make_member(lead.workspace, "ola.hansen@example.com", Role.VIEWER)
    with opened(live_server.url, member=lead) as page:
        said = complaints(page)
        page.goto(GOAL)
        page.get_by_role("link", name="Freeze", exact=True).click()
        page.get_by_label("Name").fill("Review of November")
        page.get_by_role("button", name="Take the snapshot").click()
        expect(page.get_by_role("heading", name="Review of November")).to_be_visible()
        with page.expect_download() as downloading:
            page.get_by_role("link", name="XLSX").first.click()
        assert downloading.value.suggested_filename == "review-of-november-kpis.xlsx"
        assert said == []
    with opened(live_server.url, member=viewer, java_script_enabled=False) as page:
        page.goto("/w/fjellsport/snapshots/")
        page.get_by_role("link", name="Review of November").click()
        page.get_by_label("Comment").fill("Agreed")
        page.get_by_role("button", name="Sign", exact=True).click()
        expect(page.get_by_text("Your name stands under it.")).to_be_visible()
        expect(page.locator(".signatures")).to_contain_text("Agreed")
