"""Faults that other products had with these figures, each on a case small enough to work out by hand."""

from datetime import timedelta

import pytest

from goals.models import Outage
from reports.insights.answer import Answer
from reports.insights.metrics import METRICS
from tests.reports.insights.asks import answered, found, open_shop, refill, values
from tests.reports.lake import NOW, hit, store
from tracking.models import LakeState
from workspaces import scope
from workspaces.models import Workspace

SALE = {"name": "purchase", "value": 500}


def parts(result: Answer) -> dict[str, int | None]:
    """Give the checkouts of each part."""
    assert result.found
    return {row.key: row.values[0] for row in result.found.parts}


def test_a_paid_click_followed_by_a_direct_visit_is_not_told_as_direct(shop: Workspace) -> None:
    # umami#3264: the paid click of last week was lost behind the direct visit that bought.
    open_shop(
        shop,
        [
            hit("a", channel="paid_search", content="boots"),
            hit("a", days=6, channel=""),
            hit("a", days=6, minutes=4, **SALE),
        ],
    )
    assert parts(answered(shop)) == {
        "paid_unassisted": 0, "paid_assisted": 1, "organic": 0, "(none)": 0, "total": 1,
    }  # fmt: skip
    result = found(shop, split="source")
    assert [(line.key, line.whole) for line in result.trend.lines] == [("paid_search.example", 1)]
    assert [(row.key, row.values[0]) for row in result.contents.rows] == [("boots", 1)]
    assert values(found(shop, content="paid").figures)["checkouts"] == (1, 1, 0)


def test_the_purchase_rate_stays_below_all_of_the_audience(shop: Workspace) -> None:
    # vibes.diy#2075: buyers whom nobody had shown anything were divided by those who had seen something.
    seen = [
        hit("a", name="ad_impression", channel="paid_social"),
        hit("a", minutes=30, **SALE),
        hit("a", minutes=40, **SALE),
    ]
    strangers = [hit(f"s{n}", days=1, minutes=n, **SALE) for n in range(9)]
    early = [hit("b", days=1, **SALE), hit("b", days=2, name="ad_impression", channel="paid_social")]
    open_shop(shop, [*seen, *strangers, *early])
    activity = found(shop).activity
    assert (activity.is_ads, activity.audience, activity.bought) == (True, 2, 1)
    assert activity.purchase_rate
    assert activity.purchase_rate.value == 0.5
    everybody = found(shop, view="off").activity
    assert (everybody.is_ads, everybody.audience, everybody.bought) == (False, 11, 11)


def test_an_average_is_never_a_sum_or_a_mean_of_averages(shop: Workspace) -> None:
    # dgpulse#31: the ratio of the total was the sum of the ratios of its rows.
    hits = [hit("a", channel="paid_search"), hit("a", minutes=1, name="purchase", value=900)]
    for n in range(3):
        hits += [hit(f"b{n}", channel="email"), hit(f"b{n}", minutes=1, name="purchase", value=100)]
    open_shop(shop, hits)
    rows = {row.key: row.values for row in found(shop).parts}
    averages = {key: values[2] for key, values in rows.items()}
    assert averages == {
        "paid_unassisted": 900_000_000, "paid_assisted": None, "organic": 100_000_000, "(none)": None,
        "total": 300_000_000,
    }  # fmt: skip
    line = found(shop, metric="aov", interval="month").trend.lines[0]
    assert line.whole == 300_000_000


def test_purchasers_of_two_contents_are_one_in_all(shop: Workspace) -> None:
    hits = [
        hit("a", channel="email", content="x"), hit("a", minutes=1, **SALE),
        hit("a", days=2, channel="email", content="y"), hit("a", days=2, minutes=1, **SALE),
    ]  # fmt: skip
    open_shop(shop, hits)
    result = found(shop, metric="purchasers", split="content")
    assert [line.whole for line in result.trend.lines] == [1, 1]
    assert values(result.figures)["purchasers"] == (1, 0, 1)


@pytest.mark.parametrize(("older", "counts"), [(0, 1), (1, 0)], ids=["as old as the window", "a microsecond older"])
def test_windows_hold_to_the_microsecond(shop: Workspace, older: int, counts: int) -> None:
    ad = hit("a", name="ad_impression", channel="paid_social")
    sale = hit("a", days=1, **SALE)
    sale = type(sale)(
        **{name: getattr(sale, name) for name in sale.__slots__} | {"at": sale.at + timedelta(microseconds=older)}
    )
    open_shop(shop, [ad, sale])
    assert values(found(shop, view="1").figures)["checkouts"][1] == counts
    assert found(shop, view="1").activity.bought == counts


def test_an_account_s_touches_alone_earn_for_it(shop: Workspace) -> None:
    north = {"name": "ad_click", "channel": "paid_social", "properties": '{"account":"north","format":"video"}'}
    hits = [
        hit("a", **north), hit("a", minutes=1, channel="paid_social"), hit("a", minutes=2, **SALE),
        hit("b", channel="email"), hit("b", minutes=2, **SALE),
    ]  # fmt: skip
    open_shop(shop, hits)
    assert parts(answered(shop, account="north")) == {
        "paid_unassisted": 1, "paid_assisted": 0, "organic": 0, "(none)": 1, "total": 1,
    }  # fmt: skip
    assert parts(answered(shop))["total"] == 2
    lines = found(shop, account="north", split="format").trend.lines
    assert [(line.key, line.whole) for line in lines] == [("video", 1)]


def test_notices_tell_broken_tracking_from_a_report_still_being_built(shop: Workspace) -> None:
    sale = [hit("a", channel="email"), hit("a", minutes=1, **SALE)]
    open_shop(shop, sale)
    assert answered(shop, from_="2026-11-02").notices == ()
    with scope.in_workspace(shop.pk):
        goal = shop.goals.get(slug="sale")
        Outage.objects.create(workspace=shop, goal=goal, started_at=NOW - timedelta(days=5), found_at=NOW)
    broken = answered(shop, from_="2026-11-02").notices
    assert [(notice.kind, notice.is_fault) for notice in broken] == [("broken", True)]
    assert "16\u00a0Nov\u00a02026" in broken[0].words
    with scope.in_workspace(shop.pk):
        Outage.objects.all().delete()
    # Newer events wait: what is published stays, and says how old it is.
    store(shop, [*sale, hit("b", days=1, **SALE)], new=[hit("b", days=1, **SALE)])
    building = answered(shop, from_="2026-11-02").notices
    assert [(notice.kind, notice.is_fault) for notice in building] == [("building", False)]


@pytest.mark.parametrize(("late", "is_fault"), [(3, False), (9, True)], ids=["three days", "more than a week"])
def test_figures_that_stay_behind_are_called_stale(shop: Workspace, late: int, is_fault: bool) -> None:
    sale = [hit("a", channel="email"), hit("a", minutes=1, **SALE)]
    open_shop(shop, sale)
    with scope.in_workspace(shop.pk):
        shop.publications.update(computed_through=NOW - timedelta(days=late))
        LakeState.objects.filter(workspace=shop).update(dirty_since=NOW)
    (notice,) = answered(shop, from_="2026-11-02").notices
    assert (notice.kind, notice.is_fault) == ("stale", is_fault)
    assert f"{late} days old" in notice.words


def test_the_first_healthy_day_is_the_first(shop: Workspace) -> None:
    open_shop(shop, [hit("a", channel="email"), hit("a", days=4, **SALE)])
    with scope.in_workspace(shop.pk):
        goal = shop.goals.get(slug="sale")
        start = hit("a").at
        until = start + timedelta(days=2, hours=14)
        Outage.objects.create(workspace=shop, goal=goal, started_at=start, ended_at=until, found_at=NOW)
    result = answered(shop, from_="2026-10-26")
    assert result.first
    assert result.found
    assert (result.first.day.isoformat(), result.first.kind) == ("2026-11-05", "broken")
    assert result.found.days.since == result.first.day
    assert {notice.kind for notice in result.notices} == {"broken"}


def test_every_figure_says_how_it_is_computed(shop: Workspace) -> None:
    assert all(str(metric.formula).endswith(".") for metric in METRICS.values())
    refill_is_same = [hit("a", channel="email"), hit("a", minutes=1, **SALE)]
    open_shop(shop, refill_is_same)
    before = found(shop)
    refill(shop, refill_is_same)
    assert found(shop).figures == before.figures
