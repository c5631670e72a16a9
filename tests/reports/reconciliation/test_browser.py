"""Claims and costs in real Chromium: accessible at every width, in light and dark, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from reports import filling
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.lake import NOW, make_goal, store
from tests.reports.reconciliation.ads import imported
from tests.reports.reconciliation.reference import REPORTS, drawn
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RANGE = "from=2026-10-01&to=2026-11-21"
PAGES = {
    "claims": f"/w/fjellsport/attribution/claims/?{RANGE}",
    "claims-bad": f"/w/fjellsport/attribution/claims/?{RANGE}&models=best",
    "claims-no-reports": "/w/fjellsport/attribution/claims/?from=2026-10-01&to=2026-10-02",
    "attribution-costs": f"/w/fjellsport/attribution/?{RANGE}&by=campaign",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop with reports of three platforms in two currencies."""
    shop = make_workspace()
    make_goal(shop)
    store(shop, drawn(1))
    imported(shop, *REPORTS)
    filling.fill(shop.pk, now=NOW)
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_claims_and_costs_are_accessible_and_fit(owner: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=owner, viewport=width) as page:
        assert faults_at(page, PAGES, look=str(width["width"])) == []


def test_claims_and_costs_fit_a_phone_in_every_language(owner: Membership, live_server: Any) -> None:
    assert too_wide(live_server.url, owner, PAGES) == []


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_window_chosen_for_claims_holds_on_the_other_page(
    owner: Membership, live_server: Any, has_scripts: bool
) -> None:
    with opened(live_server.url, member=owner, java_script_enabled=has_scripts) as page:
        said = complaints(page)
        page.goto(PAGES["claims"])
        page.locator("summary", has_text="Click: 30 days").click()
        page.get_by_role("link", name="7 days", exact=True).click()
        expect(page.locator("summary", has_text="Click: 7 days")).to_be_visible()
        page.get_by_role("navigation", name="Views").get_by_role("link", name="Models side by side").click()
        expect(page.get_by_role("heading", name="Attribution", exact=True)).to_be_visible()
        expect(page.locator("summary", has_text="Click: 7 days")).to_be_visible()
        expect(page.locator("#costs-table")).to_be_visible()
    assert said == []
