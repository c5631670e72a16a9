"""Metrics in real Chromium: accessible in light and dark, written with live figures, and without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from goals.models import Format
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.calculated.asks import save
from tests.reports.explore.asks import filled, histories
from tests.reports.lake import make_goal
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "/w/fjellsport/metrics/"
RANGE = "from=2026-10-01&to=2026-11-21"
PAGES = {
    "metrics": HOME,
    "metric-new": f"{HOME}new/?formula=conversions:sale",
    "metric-edit": f"{HOME}saved/worth/",
    "metric-remove": f"{HOME}saved/worth/remove/",
    "metric-explored": f"/w/fjellsport/explore/?{RANGE}&metrics=metric:worth,metric:often,sessions",
    "metric-missing": "/w/fjellsport/explore/?metrics=metric:broken",
}


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """The owner of a shop with six weeks of histories, a goal and three metrics."""
    shop = make_workspace()
    make_goal(shop)
    filled(shop, histories())
    save(shop, "value_net:sale / visitors", "Worth", format=Format.MONEY)
    save(shop, "converters:sale / visitors", "Often", format=Format.PERCENT, description="Of all who came")
    save(shop, "conversions:gone / sessions", "Broken")
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
def test_metrics_are_accessible_and_fit(owner: Membership, live_server: Any, width: Any, scheme: Any) -> None:
    with opened(live_server.url, member=owner, viewport=width, color_scheme=scheme) as page:
        assert faults_at(page, PAGES, look=f"{width['width']}-{scheme}") == []
    assert too_wide(live_server.url, owner, PAGES) == []


def test_a_metric_is_written_with_what_it_comes_to_beside_it(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        page.goto(f"{HOME}new/")
        page.get_by_label("Name", exact=True).fill("Pages each")
        formula = page.get_by_label("Formula")
        formula.fill("pageviews / people")
        expect(page.locator("#preview")).to_contain_text('At letter 13: There is no figure "people".')
        formula.fill("pageviews/visitors")
        expect(page.locator("#preview")).to_contain_text("Page views ÷ Visitors")
        page.get_by_label("Format").select_option("money")
        expect(page.locator("#preview")).to_contain_text("The formula gives a number")
        page.get_by_label("Format").select_option("number")
        expect(page.locator("#preview")).to_contain_text("pageviews / visitors")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#explore-table thead")).to_contain_text("Pages each")
        assert said == []


def test_a_metric_is_written_without_javascript(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner, java_script_enabled=False) as page:
        page.goto(f"{HOME}new/")
        page.get_by_label("Formula").fill("pageviews / visitors")
        page.get_by_role("button", name="Compute it").click()
        expect(page.locator("#preview")).to_contain_text("Page views ÷ Visitors")
        expect(page.get_by_label("Formula")).to_have_value("pageviews / visitors")
        page.get_by_label("Name", exact=True).fill("Pages each")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#explore-table thead")).to_contain_text("Pages each")
