"""Every cell of conversion insights equals what a slow reference works out from the hits."""

import itertools
import random

import pytest
from django.test import Client

from reports.insights.contents import COLUMNS, Contents
from reports.insights.metrics import METRICS
from reports.insights.question import CONTENTS, SORTS
from reports.insights.splits import SPLITS
from reports.insights.totals import PARTS, SPLIT_METRICS
from reports.insights.trending import OTHERS, Trend
from tests.reports.insights.asks import answered, asked, found, histories, open_shop, refill, values
from tests.reports.insights.reference import Reference
from tests.reports.lake import hit
from workspaces.models import Membership, Workspace

WINDOWS = ("off", "1", "7", "30", "60")


def questions(seed: int, n: int) -> list[dict[str, str]]:
    """Draw questions that ask for every split and metric in turn."""
    dice = random.Random(seed)
    begun = itertools.count(seed * n)  # seeds that follow each other ask for every metric by every split
    places = [next(begun) for _ in range(n)]
    return [
        {
            "view": dice.choice(WINDOWS), "engagement": dice.choice(WINDOWS), "click": dice.choice(WINDOWS),
            "account": dice.choice(("", "", "north", "nobody")), "content": dice.choice(CONTENTS),
            "metric": list(METRICS)[place % len(METRICS)], "split": list(SPLITS)[place % len(SPLITS)],
            "sort": dice.choice(SORTS), "interval": dice.choice(("day", "week", "month")),
        }
        for place in places
    ]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_cell_equals_the_slow_reference(shop: Workspace, seed: int) -> None:
    hits = histories(seed)
    open_shop(shop, hits)
    for params in questions(seed, 14):
        result, slow = found(shop, **params), Reference(shop, hits, asked(shop, **params))
        assert values(result.figures) == {metric: slow.figure(metric) for metric in METRICS}, params
        parts = {row.key: row.values for row in result.parts}
        for key, keys in {**{part: {part} for part in PARTS}, "(none)": {"(none)"}, "total": set(PARTS)}.items():
            assert parts[key] == tuple(slow.part(metric, keys) for metric in SPLIT_METRICS), (params, key)
        check_trend(result.trend, slow, params)
        check_contents(result.contents, slow, params)
        each = result.activity
        assert (each.audience, each.visited, each.carted, each.bought) == slow.activity(), params


def check_trend(trend: Trend, slow: Reference, params: dict[str, str]) -> None:
    groups = slow.grouped(params["metric"], slow.key)
    named = {line.key for line in trend.lines} - {OTHERS}
    assert {key for key in groups if key in named or OTHERS in {line.key for line in trend.lines}} == set(groups), (
        params
    )
    for line in trend.lines:
        keys = set(groups) - named if line.key == OTHERS else {line.key}
        mine = [row for key in keys for row in groups.get(key, ())]
        assert line.whole == slow.measure(params["metric"], mine), (params, line.key)
        for bucket, value in zip(trend.buckets, line.values, strict=True):
            inside = [row for row in mine if bucket.since <= slow.day(row.hit) < bucket.until]
            assert value == slow.measure(params["metric"], inside), (params, line.key, bucket)


def check_contents(contents: Contents, slow: Reference, params: dict[str, str]) -> None:
    columns = [slow.grouped(metric, lambda row: row.credited.key("content")) for metric in COLUMNS]
    assert contents.others is None
    assert {row.key for row in contents.rows} == {key for column in columns for key in column}, params
    for row in contents.rows:
        expected = [slow.measure(m, column.get(row.key, ())) for m, column in zip(COLUMNS, columns, strict=True)]
        assert list(row.values) == expected, (params, row.key)
    place = COLUMNS.index(params["sort"])
    assert [row.values[place] for row in contents.rows] == sorted(
        (row.values[place] for row in contents.rows), reverse=True
    )


def test_longer_windows_never_credit_less(shop: Workspace) -> None:
    open_shop(shop, histories(4))
    grew = 0
    for kind in ("view", "engagement", "click"):
        others = {name: "1" for name in ("view", "engagement", "click") if name != kind}
        steps = [found(shop, **others, **{kind: window}) for window in WINDOWS]
        for shorter, longer in itertools.pairwise(steps):
            before, after = values(shorter.figures), values(longer.figures)
            for metric in ("checkouts", "revenue", "purchasers", "visits", "carts"):
                assert before[metric][0] <= after[metric][0], (kind, metric)
                assert before[metric][1] <= after[metric][1], (kind, metric, "paid")
                grew += after[metric][0] > before[metric][0]
    assert grew, "needs windows that matter"


def test_the_parts_are_those_of_the_attribution_page(client: Client, shop: Workspace, lead: Membership) -> None:
    open_shop(shop, histories(5))
    client.force_login(lead.user)
    query = {"from": "2026-10-26", "to": "2026-11-18", "goal": "sale", "view": "7", "click": "30"}
    page = client.get("/w/fjellsport/attribution/", query)
    parts = {part.key: (part.conversions, part.value) for part in page.context["found"].parts}
    rows = {row.key: row.values for row in found(shop, view="7", click="30").parts}
    assert {key: rows[key][:2] for key in parts} == parts
    assert sum(count for count, _value in parts.values()) > 0
    total = [sum(rows[key][place] or 0 for key in PARTS) for place in (0, 1, 3, 4)]
    assert total == [rows["total"][place] for place in (0, 1, 3, 4)]


def test_no_day_before_the_first_is_shown_and_the_reason_is_said(shop: Workspace) -> None:
    open_shop(shop, histories(6))
    result = answered(shop, from_="2026-01-01")
    assert result.found
    assert result.first
    assert result.found.days.since == result.first.day == result.found.trend.buckets[0].since
    assert [notice.kind for notice in result.notices] == ["before"]
    none = answered(shop, from_="2026-01-01", to="2026-02-01")
    assert (none.state, none.found) == ("before_first", None)


def test_rows_that_are_not_shown_are_counted_in_the_last(shop: Workspace) -> None:
    hits = []
    for n in range(30):
        hits += [
            hit(f"p{n}", channel="paid_social", content=f"c{n:02}"),
            hit(f"p{n}", minutes=1, name="purchase", value=n + 1),
        ]
    open_shop(shop, hits)
    contents = found(shop).contents
    assert len(contents.rows) == 20
    assert contents.others
    assert (contents.others.stands_for, contents.others.values[0]) == (10, 10)
    assert contents.total[0] == sum(row.values[0] for row in contents.rows) + 10 == 30
    lines = found(shop, split="content").trend.lines
    assert [line.key for line in lines][-1] == OTHERS
    assert sum(line.whole for line in lines) == 30


def test_without_ad_events_nothing_is_made_up(shop: Workspace) -> None:
    hits = [each for each in histories(7) if not each.name.startswith("ad_")]
    open_shop(shop, hits)
    result = found(shop)
    figures = {each.metric: each for each in result.figures}
    for metric in ("impressions", "engagements", "clicks", "saves"):
        assert figures[metric].all is None, metric
        assert "no ad_" in figures[metric].why, metric
    assert not result.activity.is_ads
    assert found(shop, metric="saves").trend.lines == ()
    assert result.accounts == ()
    assert result.activity.audience > 0


def test_engagements_that_do_not_say_what_they_were_are_no_saves(shop: Workspace) -> None:
    hits = [each for each in histories(8) if each.name != "ad_engagement"]
    open_shop(shop, [*hits, hit("p1", name="ad_engagement", channel="paid_social")])
    saves = next(each for each in found(shop).figures if each.metric == "saves")
    assert saves.all is None
    assert "action" in saves.why
    refill(
        shop,
        [
            *hits,
            *(
                hit(f"p{n}", name="ad_engagement", channel="display", properties=p)
                for n, p in enumerate(('{"action":"Save"}', "{}"))
            ),
        ],
    )
    saves = next(each for each in found(shop).figures if each.metric == "saves")
    assert (saves.all, saves.paid, saves.organic) == (1, 1, 0)
    assert saves.note.startswith("1 ")
