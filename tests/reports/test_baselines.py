"""What a KPI was before: the figures of the goal's page for those days, or why there are none."""

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from goals.models import Goal, Kpi
from reports import filling
from reports.baselines import Baselines, baselines, typed
from tests.reports.asks import answered
from tests.reports.lake import NOW, hit, make_goal, store
from tests.reports.views.test_pages import make_kpi
from workspaces import scope
from workspaces.models import Membership, Workspace

SALE = {"name": "purchase", "value": 500}
DAYS = {"first": date(2026, 11, 12), "last": date(2026, 11, 18)}


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    return make_goal(shop)


def sales(shop: Workspace, days: int = 18) -> None:
    """Let a visitor a day buy, and another look, from the second of November on."""
    hits = []
    for n in range(days):
        hits += [hit(f"b{n}", days=n, channel="email"), hit(f"b{n}", days=n, minutes=1, **SALE), hit(f"l{n}", days=n)]
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)


def asked(shop: Workspace, kpi: Kpi) -> Baselines:
    with scope.in_workspace(shop.pk):
        fresh = Kpi.objects.select_related("goal").get(pk=kpi.pk)
        return baselines(shop, fresh, now=NOW, **DAYS)


@pytest.mark.parametrize(
    ("measure", "per"),
    [("count", ""), ("value", ""), ("average", ""), ("rate", "visitors"), ("rate", "sessions")],
)
def test_a_baseline_is_the_figure_of_the_goal_s_page_for_the_same_days(
    shop: Workspace, goal: Goal, measure: str, per: str
) -> None:
    kpi = make_kpi(goal, target=None, measure=measure, per=per)
    sales(shop)
    before = asked(shop, kpi).found[0]
    assert (before.since, before.last, before.is_covered) == (date(2026, 11, 5), date(2026, 11, 11), True)
    totals = answered(shop, goal, from_="2026-11-05", to="2026-11-11").totals
    rate = totals.rate(per) if per else None
    wanted: dict[str, Any] = {"count": totals.conversions, "value": totals.value, "average": totals.average}
    assert before.actual == (rate.value if rate else wanted[measure])
    assert before.actual, "needs something to compare"
    if rate:
        assert (before.part, before.whole) == (totals.part(per), totals.whole(per))


def test_days_before_the_first_event_are_no_baseline(shop: Workspace, goal: Goal) -> None:
    kpi = make_kpi(goal, target=None)
    sales(shop)
    known = asked(shop, kpi)
    assert [each.is_covered for each in known.found] == [True, False, False], "before, 90 days, a year before"
    assert [each.actual for each in known.found] == [7, None, None]


def test_without_figures_there_is_a_reason(shop: Workspace, goal: Goal) -> None:
    kpi = make_kpi(goal, target=None)
    assert asked(shop, kpi).state == "no_events"
    with scope.in_workspace(shop.pk):
        goal.rules.all().delete()
    assert asked(shop, kpi).state == "untracked"


@pytest.mark.parametrize(
    ("measure", "actual", "written"),
    [
        ("count", 412.0, "412"),
        ("rate", 0.0338123, "3.3812"),
        ("value", 1_234_500_000.0, "1234.5"),
        ("average", 5e8, "500"),
    ],
)
def test_it_is_written_as_people_type_it(measure: str, actual: float, written: str) -> None:
    assert typed(Kpi(measure=measure), actual) == written


def test_the_form_is_filled_by_the_fragment_and_by_the_page(
    shop: Workspace, goal: Goal, lead: Membership, client: Client
) -> None:
    kpi = make_kpi(goal, target=None)
    sales(shop)
    client.force_login(lead.user)
    address = reverse("reports:baseline", args=[shop.slug, kpi.slug])
    dates = {"period": "custom", "starts_on": "2026-11-12", "ends_on": "2026-11-18"}
    page = client.get(address, dates).content.decode()
    fragment = client.get(address, dates, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert "<html" not in fragment
    (fill,) = re.findall(r'data-fill="([^"]*)"', fragment)
    assert json.loads(fill.replace("&quot;", '"')) == {
        "baseline": "7", "baseline_since": "2026-11-05", "baseline_until": "2026-11-11",
    }  # fmt: skip
    assert "history is too short" in fragment
    assert reverse("goals:target-new", args=[shop.slug, kpi.slug]) + "?baseline=7" in page


@pytest.mark.parametrize(
    "params",
    [
        {"period": "custom", "starts_on": "0001-01-01", "ends_on": "9999-12-31"}, {"starts_on": "yesterday"},
        {"target": "9" * 40}, {"target": "²"}, {"starts_on": "2026-02-01", "ends_on": "2026-01-01"},
    ],
)  # fmt: skip
def test_a_period_that_means_nothing_is_this_quarter(
    shop: Workspace, goal: Goal, lead: Membership, client: Client, params: dict[str, str]
) -> None:
    kpi = make_kpi(goal, target=None)
    client.force_login(lead.user)
    answer = client.get(reverse("reports:baseline", args=[shop.slug, kpi.slug]), params)
    assert answer.status_code == 200
    assert answer.context["first"].day == 1
