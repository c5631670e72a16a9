"""Costs beside credits: ratios of sums, rows that add up to what was imported, currencies that never meet."""

from collections import Counter, defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goals.models import Goal
from reports.asked import defaults_of
from reports.attribution import question
from reports.attribution.answer import answer
from reports.reconciliation import reading
from reports.reconciliation.answer import Money
from reports.reconciliation.matching import Campaigns, Origin
from reports.reconciliation.spending import REST, ROW, SPENT_BY, UNSEEN, Spending, Spent, allotted, spending
from tests.reports.attribution.asks import RANGE, filled
from tests.reports.lake import NOW, derived, hit, make_goal
from tests.reports.reconciliation.ads import imported
from tests.reports.reconciliation.reference import REPORTS, drawn
from tests.reports.reconciliation.test_matching import told
from workspaces import scope
from workspaces.models import Workspace


def spent(shop: Workspace, goal: Goal, **params: str) -> Spending | None:
    with scope.in_workspace(shop.pk):
        asked = question.read(RANGE | params, defaults_of(shop, goal, now=NOW))
        return spending(answer(shop, goal, asked, now=NOW))


def whole(shop: Workspace, goal: Goal, **params: str) -> Spending:
    found = spent(shop, goal, **params)
    assert found is not None
    return found


def row_of(found: Spending, key: str, kind: str = ROW) -> Spent:
    return next(row for row in found.rows if (row.kind, row.key) == (kind, key))


def test_cost_per_conversion_and_return_by_hand(shop: Workspace) -> None:
    goal = make_goal(shop)
    brand = {"channel": "paid_search", "source": "google", "campaign": "brand"}
    winter = {"channel": "paid_social", "source": "facebook", "campaign": "winter"}
    hits = [
        hit("a", **brand), hit("a", minutes=5, name="purchase", value=100),
        hit("b", **brand), hit("b", minutes=5, name="purchase", value=50),
        hit("c", **winter), hit("d", channel="email"), hit("d", minutes=5, name="purchase", value=40),
    ]  # fmt: skip
    filled(shop, hits)
    imported(
        shop,
        {"campaign": "Brand", "cost": 60},
        {"campaign": "Gone", "cost": 7},
        {"platform": "meta", "campaign": "Winter", "cost": 20, "currency": "EUR"},
    )
    found = whole(shop, goal)
    search, social = row_of(found, "paid_search"), row_of(found, "paid_social")
    assert (search.conversions, search.cost, search.cost_per_conversion) == (
        2.0, (Money("NOK", 60_000_000),), Money("NOK", 30_000_000),
    )  # fmt: skip
    assert search.return_on_spend("NOK") == 2.5
    assert (search.label, search.reported) == ("Paid search", 2.0)
    assert (social.conversions, social.cost, social.cost_per_conversion) == (0, (Money("EUR", 20_000_000),), None)
    assert social.return_on_spend("NOK") is None
    gone, rest = row_of(found, "", UNSEEN), row_of(found, "", REST)
    assert (gone.platform, gone.cost, gone.cost_per_conversion) == ("google_ads", (Money("NOK", 7_000_000),), None)
    assert (rest.conversions, rest.cost, rest.value) == (1.0, (), 40_000_000)
    assert found.total.cost == (Money("EUR", 20_000_000), Money("NOK", 67_000_000))
    assert (found.total.conversions, found.total.cost_per_conversion, found.total.return_on_spend("NOK")) == (
        3,
        None,
        None,
    )
    assert row_of(whole(shop, goal, by="campaign"), "Gone", UNSEEN).cost == (Money("NOK", 7_000_000),)


def test_conversions_of_untold_campaigns_are_marked_in_their_row(shop: Workspace) -> None:
    goal = make_goal(shop)
    hits = []
    for person, campaign in (("a", "brand"), ("b", "untold")):
        hits += [
            hit(person, channel="paid_search", source="google", campaign=campaign),
            hit(person, minutes=5, name="purchase"),
        ]
    filled(shop, hits)
    imported(shop, {"campaign": "Brand", "cost": 60})
    row = row_of(whole(shop, goal), "paid_search")
    assert (row.conversions, row.reported, row.cost_per_conversion) == (2.0, 1.0, Money("NOK", 30_000_000))


def test_nothing_is_said_of_costs_where_there_are_none_or_rows_are_not_of_campaigns(shop: Workspace) -> None:
    goal = make_goal(shop)
    filled(shop, [hit("a", channel="email"), hit("a", minutes=5, name="purchase")])
    assert spent(shop, goal) is None
    imported(shop, {"campaign": "Brand", "cost": 60})
    assert spent(shop, goal, by="landing") is None
    assert spent(shop, goal) is not None


@pytest.mark.parametrize("by", SPENT_BY)
@pytest.mark.parametrize("seed", [4, 5])
def test_every_row_equals_the_slow_reference_and_all_add_up(shop: Workspace, seed: int, by: str) -> None:
    goal, hits = make_goal(shop), drawn(seed)
    filled(shop, hits)
    imported(shop, *REPORTS)
    found = whole(shop, goal, by=by)
    with scope.in_workspace(shop.pk):
        asked = question.read(RANGE | {"by": by}, defaults_of(shop, goal, now=NOW))
        result = answer(shop, goal, asked, now=NOW)
    told = reading.told(shop.pk, asked.span)
    slow = slow_costs(Campaigns(told), derived(shop, hits)[1].to_pylist(), by, asked.since, asked.until)
    shown = {(row.key, money.currency): money.micros for row in found.rows if row.kind == ROW for money in row.cost}
    assert shown.keys() == slow.keys()
    assert all(abs(shown[key] - slow[key]) <= len(told) for key in slow), "more than a micro for each campaign"
    sums = Counter[str]()
    for row in found.rows:
        for money in row.cost:
            sums[money.currency] += money.micros
    assert dict(sums) == {"EUR": 19_000_000, "NOK": sum(r["cost"] for r in REPORTS if "currency" not in r) * 1_000_000
                          + 11_000_000}  # fmt: skip
    assert {money.currency: money.micros for money in found.total.cost} == dict(sums)
    assert sum(row.conversions for row in found.rows) == pytest.approx(result.totals.conversions, abs=1e-9)
    assert sum(row.value for row in found.rows) == result.totals.value
    assert sum(row.reported for row in found.rows) == pytest.approx(found.total.reported, abs=1e-9)
    assert 0 < found.total.reported < found.total.conversions


def slow_costs(campaigns: Campaigns, touches, by, since, until):  # type: ignore[no-untyped-def]  # of parsed rows
    """Share costs out touch by touch, in exact fractions."""
    mine = [
        (campaigns.place_of(Origin(each["source"] or "", each["campaign"] or "", each["paid"])), each)
        for each in touches
        if since <= each["day"] < until
    ]
    sums: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for campaign in campaigns.all:
        brought = [each for place, each in mine if place == campaign.place]
        for row in campaign.told:
            for each in brought:
                key = (each[by] or "(not set)", row.currency)
                sums[key] += Fraction(row.cost_micros, len(brought))
    return sums


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 10**6), min_size=1, max_size=8), st.integers(0, 10**15))
def test_a_cost_is_shared_out_to_the_micro(touches: dict[str, int], cost: int) -> None:
    campaigns = Campaigns([told("meta", "A", cost=cost), told("meta", "B", cost=3)])
    found = allotted(campaigns, {campaigns.all[0].place: touches})
    assert sum(money.micros for amounts in found.by_key.values() for money in amounts) == cost
    assert all(money.micros >= 0 for amounts in found.by_key.values() for money in amounts)
    assert [campaign.names for campaign in found.unseen] == [("B",)]
