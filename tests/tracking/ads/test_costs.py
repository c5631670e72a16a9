"""Costs between days: summed by currency, joined with what visitors came by."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.tracking.ads.reports import GOOGLE, META
from tests.tracking.importers import applied
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking.ads.costs import By, Cost, between, costs
from tracking.ads.joining import joined
from tracking.models import Kind, Source
from workspaces import scope
from workspaces.models import Workspace

SINCE, UNTIL = date(2026, 11, 20), date(2026, 11, 22)


@pytest.fixture
def ads(shop: Workspace) -> Source:
    source = make_source(shop, slug="ads", kind=Kind.IMPORT)
    applied(source, GOOGLE.encode())
    applied(source, META.encode())
    return source


def asked(source: Source, by: By, *, since: date = SINCE, until: date = UNTIL) -> list[Cost]:
    with scope.in_workspace(source.workspace_id):
        rows = between(source.workspace_id, since=since, until=until)
    return costs(rows, joined(source.workspace_id, since=since, until=until), by=by)


def test_costs_are_summed_by_currency_the_dearest_first(ads: Source):
    found = [(cost.group.platform, cost.currency, cost.cost_micros) for cost in asked(ads, By.PLATFORM)]
    assert found == [("google_ads", "NOK", 1_334_750_000), ("meta", "EUR", 305_100_000)]


def test_the_last_day_is_not_inside(ads: Source):
    found = {cost.group.campaign: cost.cost_micros for cost in asked(ads, By.CAMPAIGN, until=date(2026, 11, 21))}
    assert found == {"Brand": 1_334_750_000, "Winter": 200_100_000}


def test_campaigns_that_visitors_came_by_are_joined_by_name_or_id(ads: Source):
    site = make_source(ads.workspace, slug="site")
    at = NOON - timedelta(hours=3)
    Lake(site).take(
        make_event("e1", at=at, utm_source="google", utm_medium="cpc", utm_campaign="BRAND"),
        make_event("e2", at=at, visitor="v2", utm_source="google", utm_medium="display", utm_id="222"),
    )
    found = {cost.group.campaign: (cost.joined, cost.rows) for cost in asked(ads, By.CAMPAIGN)}
    assert found == {"Brand": (2, 2), "Shoes": (1, 1), "Winter": (0, 2)}


def test_the_platforms_own_conversions_are_summed_where_they_are_said(ads: Source):
    found = {cost.group.platform: (cost.conversions, cost.conversion_micros) for cost in asked(ads, By.PLATFORM)}
    assert found == {"google_ads": (Decimal("4.5"), 2_250_000_000), "meta": (Decimal(7), None)}
