"""A KPI of a metric made by form in real Chromium: accessible, its target in the metric's unit, then on the board."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goals.models import Format
from reports import filling
from tests.browsing import NARROW, WIDE, complaints, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.reports.calculated.asks import save
from tests.reports.lake import NOW, make_goal, store
from tests.reports.meters.asks import metric_kpi
from tests.reports.meters.reference import history
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "/w/fjellsport"
PAGES = {
    "metric-kpi-new": f"{HOME}/plan/goal/sale/kpis/new/",
    "metric-kpi-target": f"{HOME}/plan/kpi/worth/targets/new/",
    "metric-kpi-board": f"{HOME}/kpis/",
    "metric-kpi-plan": f"{HOME}/plan/",
}


@pytest.fixture
def owner(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Membership:
    """The owner of a shop with three weeks of history and KPIs of two metrics."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    shop = make_workspace()
    make_goal(shop, "Look", event="view_item")
    sale = make_goal(shop)
    save(shop, "reached:sale / sessions", "Reach", format=Format.PERCENT)
    metric_kpi(sale, save(shop, "value_net:sale / sessions", "Worth", format=Format.MONEY), target=150_000_000)
    metric_kpi(sale, save(shop, "conversions:look / conversions:sale", "Looks", format=Format.NUMBER), target=1.5)
    store(shop, history(7))
    filling.fill(shop.pk, now=NOW)
    return make_member(shop, "kari.nordmann@example.com", Role.OWNER)


def test_the_pages_of_such_kpis_are_accessible_and_fit(owner: Membership, live_server: Any) -> None:
    for width, scheme in ((WIDE, "light"), (NARROW, "dark")):
        with opened(live_server.url, member=owner, viewport=width, color_scheme=scheme) as page:
            assert faults_at(page, PAGES, look=f"{width['width']}-{scheme}") == []
    assert too_wide(live_server.url, owner, PAGES) == []


def test_such_a_kpi_is_made_by_form_and_stands_on_the_board(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner) as page:
        said = complaints(page)
        page.goto(PAGES["metric-kpi-new"])
        metric = page.locator("#id_metric")
        expect(metric).to_be_hidden()
        page.get_by_label("A metric of your own").check()
        expect(metric).to_be_visible()
        metric.select_option(label="Reach")
        page.get_by_label("Name", exact=True).fill("Sessions that buy")
        page.get_by_role("button", name="Save").click()
        page.get_by_label("Target", exact=True).fill("40")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("main")).to_contain_text("Sessions that buy")
        page.goto(PAGES["metric-kpi-board"])
        row = page.locator("#board-table tr", has_text="Sessions that buy")
        expect(row).to_contain_text("of 40\u00a0%")
        row.get_by_role("link", name="Sessions that buy").click()
        expect(page.locator("#explore-table thead")).to_contain_text("Reach")
        assert said == []
