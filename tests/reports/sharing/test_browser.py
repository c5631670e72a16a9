"""Shared reports in real Chromium: made, copied and read by somebody else; accessible, on a phone, on paper."""

from typing import Any

import pytest
from playwright.sync_api import expect

from reports.sharing.registry import REPORTS
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, overflows
from tests.builders import make_member, make_workspace
from tests.reports.sharing.asks import make_link, open_shop
from workspaces.languages import choices
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "/w/fjellsport/shared/new/?report=goal&goal=sale&period=custom&from=2026-11-02&to=2026-11-20"


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """The lead of a shop whose figures are there."""
    shop = make_workspace()
    open_shop(shop)
    return make_member(shop, "kari.nordmann@example.com", Role.LEAD)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_shared_reports_are_accessible_and_fit(lead: Membership, live_server: Any, width: Any) -> None:
    paths = {report: make_link(lead, report) for report in REPORTS}
    paths |= {"password": make_link(lead, password="north face"), "closed": "/shared/unknown/"}
    with opened(live_server.url, viewport=width) as page:
        assert faults_at(page, paths, look=f"shared-{width['width']}") == []


def test_shared_reports_fit_a_phone_in_every_language(lead: Membership, live_server: Any) -> None:
    paths = {
        f"{report} in {code}": make_link(lead, report, language=code) for report in REPORTS for code, _name in choices()
    }
    with opened(live_server.url, viewport=NARROW) as page:
        for name, path in paths.items():
            page.goto(path)
            assert not overflows(page), name


def test_the_pages_about_links_are_accessible_and_fit(lead: Membership, live_server: Any) -> None:
    make_link(lead, name="The board")
    pages = {"shares": "/w/fjellsport/shared/", "share-new": NEW}
    for width in (WIDE, NARROW):
        with opened(live_server.url, member=lead, viewport=width) as page:
            assert faults_at(page, pages, look=str(width["width"])) == []


def test_a_link_is_made_and_read_by_somebody_without_an_account(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead) as page:
        said = complaints(page)
        page.goto("/w/fjellsport/goals/sale/?period=custom&from=2026-11-02&to=2026-11-20")
        page.get_by_role("link", name="Share", exact=True).click()
        page.get_by_label("For whom, or for what").fill("The board")
        page.get_by_label("Password").fill("north face")
        page.get_by_role("button", name="Make the link").click()
        path = "/shared/" + str(page.locator(".snippet code").text_content()).split("/shared/")[1]
    with opened(live_server.url, java_script_enabled=False) as page:
        page.goto(path)
        page.get_by_label("Password").fill("north face")
        page.get_by_role("button", name="Open the report").click()
        expect(page.get_by_role("heading", name="Sale", exact=True)).to_be_visible()
        expect(page.locator("details.chart-table table")).to_be_visible()
        expect(page.get_by_role("heading", name="How is this computed?")).to_be_visible()
    assert said == []


def test_a_shared_report_is_drawn_without_a_complaint(lead: Membership, live_server: Any) -> None:
    path = make_link(lead)
    with opened(live_server.url) as page:
        said = complaints(page)
        page.goto(path)
        expect(page.locator("mp-chart[data-state=drawn]")).to_be_visible()
        assert said == []
        page.emulate_media(media="print")
        expect(page.locator("#breakdown-table")).to_be_visible()
        assert not overflows(page)
