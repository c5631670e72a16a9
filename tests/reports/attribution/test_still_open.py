"""What of a range can still change: against a count by hand, and the same on page, CSV and API."""

from datetime import timedelta

import pytest
from django.test import Client

from goals.models import Goal
from reports import figures
from tests.builders import make_token
from tests.reports import asks
from tests.reports.asks import csv_rows
from tests.reports.attribution.asks import RANGE, answered, filled, histories
from tests.reports.lake import AD_KINDS, NOW, hit, make_goal, sittings
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    goal = make_goal(shop)
    filled(shop, histories())
    return goal


def counted(*, view: float, click: float, with_direct: bool = True) -> tuple[int, int]:
    """Count touches, and those that were open when the figures were computed, at NOW, by plain loops."""
    hits = histories()
    clicks = [
        (each.at, click)
        for sitting in sittings(hits)
        for each in sitting
        if (each is sitting[0] or each.channel) and (with_direct or each.channel)
    ]
    views = [(each.at, view) for each in hits if each.name in AD_KINDS]
    all_of_them = [(at, days) for at, days in clicks + views if days]
    return len(all_of_them), sum(NOW - at < timedelta(days=days) for at, days in all_of_them)


@pytest.mark.parametrize(
    ("params", "asked"),
    [
        ({}, {"view": 1, "click": 30}),
        ({"click": "7", "view": "30"}, {"view": 30, "click": 7}),
        ({"view": "off"}, {"view": 0, "click": 30}),
        ({"direct": "never"}, {"view": 1, "click": 30, "with_direct": False}),
    ],
    ids=["defaults", "others", "off", "without direct"],
)
def test_touches_are_open_while_their_window_reaches_now(
    shop: Workspace, goal: Goal, params: dict[str, str], asked: dict[str, float]
) -> None:
    found = answered(shop, goal, **params).still_open
    assert found
    assert (found.touches, found.open) == counted(**asked)  # type: ignore[arg-type]  # a bool among numbers
    assert 0 < found.open < found.touches


def test_a_window_closes_to_the_second_and_the_last_one_says_when(shop: Workspace) -> None:
    goal = make_goal(shop)
    at = (NOW - timedelta(days=7) - hit("a").at) / timedelta(days=1)
    filled(shop, [hit("a", days=at, channel="email"), hit("b", days=at, minutes=1, channel="email")])
    found = answered(shop, goal, click="7").still_open
    assert found
    assert (found.touches, found.open, found.share, found.until) == (2, 1, 0.5, NOW + timedelta(minutes=1))


def test_page_file_and_api_say_the_same_of_open_windows(shop: Workspace, goal: Goal, lead: Membership) -> None:
    browser = Client()
    browser.force_login(lead.user)
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    told = program.get("/api/v1/reports/attribution/sale", RANGE | {"click": "7"}).json()["windows_open"]
    numbers = figures.number(told["touches"])
    page = browser.get("/w/fjellsport/attribution/", RANGE | {"click": "7"}).content.decode()
    sheet = csv_rows(browser.get("/w/fjellsport/attribution.csv", RANGE | {"click": "7"}).content)
    said = sheet[-1][0]
    assert len(sheet[-1]) == 1
    assert said.replace("\xa0", " ") in page.replace("\xa0", " ").replace("&nbsp;", " ")
    assert f" {numbers} touches on these days" in said
    assert said.startswith(f"{figures.number(told['open'])} of ")
    goal_page = asks.answered(shop, goal, click="7", **RANGE).breakdown
    assert goal_page
    assert goal_page.open_share == told["share"]
