"""Every cell of a goal's report, of random histories, against the slow reference; and attribution under all models."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from goals.models import Goal
from reports import asking, filling
from reports.attribution import answer as attribution
from reports.attribution import blocks
from reports.attribution.question import Defaults, read
from reports.periods import Span
from tests.analysis import oracle
from tests.reports import goal_reference as reference
from tests.reports.asks import PLAN, TODAY, answered
from tests.reports.goal_reference import Asked
from tests.reports.lake import NOW, Hit, hit, make_goal, store
from workspaces import scope
from workspaces.models import Workspace

CHANNELS = ("email", "paid_search", "organic_search", "", "display", "referral", "paid_social")
CAMPAIGNS = ("spring", "høst", None)
COUNTINGS = {"every": {}, "session": {}, "person": {}, "person_window": {"counting_days": 5}}
KINDS = ("view", "engagement", "click")


def histories(seed: int) -> list[Hit]:
    """Give people who come, see and click ads, buy in visits and outside of them, and are refunded."""
    dice = random.Random(seed)
    hits = []
    for n in range(150):
        person, day = f"p{dice.randrange(30)}", dice.uniform(-40, 18)
        came = {
            "channel": dice.choice(CHANNELS), "campaign": dice.choice(CAMPAIGNS),
            "content": dice.choice(("boots", None)),
        }  # fmt: skip
        name = dice.choice(("page_view", "page_view", "page_view", "ad_impression", "ad_engagement", "ad_click"))
        hits.append(hit(person, days=day, name=name, **came))
        if dice.random() < 0.3:
            hits.append(hit(person, days=day, minutes=dice.randrange(1, 50), **came))
        for again in range(dice.choice((0, 0, 1, 1, 2))):
            value, sale = dice.choice((None, dice.randrange(1, 900))), dice.choice((None, f"t{n}", f"t{n}"))
            at = {"days": day + again * dice.choice((0, 1, 4, 5)), "minutes": dice.choice((0, 7, 31, 1440))}
            hits.append(hit(person, name="purchase", value=value, transaction=sale, **at))
            if sale and value and dice.random() < 0.3:
                hits.append(hit(person, days=day + 9, name="refund", value=-value, transaction=sale, refund=True))
    return hits


def asks(seed: int, counting: str, shop: Workspace) -> Asked:
    """Give a question by chance."""
    dice = random.Random(seed)
    return Asked(
        since=dice.choice((date(2026, 10, 20), date(2026, 10, 25), date(2026, 11, 2))),
        until=dice.choice((date(2026, 11, 7), date(2026, 11, 21))),
        zone=shop.zone,
        by=dice.choice(list(reference.BY)),
        model=dice.choice(list(asking.OFFERED_MODELS)),
        windows={kind: dice.choice((None, 1, 7, 30, 90)) for kind in KINDS},
        keep_direct=dice.random() < 0.5,
        per=dice.choice(("visitors", "sessions")),
        counting=counting,
        counting_days=COUNTINGS[counting].get("counting_days", 1),
    )


def params_of(asked: Asked) -> dict[str, str]:
    """Give the question as the address has it."""
    windows = {kind: "off" if days is None else str(days) for kind, days in asked.windows.items()}
    return windows | {
        "from": asked.since.isoformat(), "to": (asked.until - timedelta(days=1)).isoformat(), "by": asked.by,
        "model": asked.model, "keep_direct": str(int(asked.keep_direct)), "per": asked.per, "interval": "day",
    }  # fmt: skip


def filled(shop: Workspace, counting: str, seed: int) -> tuple[Goal, list[Hit]]:
    goal, hits = make_goal(shop, counting=counting, **COUNTINGS[counting]), histories(seed)
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)
    blocks.kept.forget()
    return goal, hits


@pytest.mark.parametrize("counting", COUNTINGS)
@pytest.mark.parametrize("seed", range(2))
def test_every_cell_of_a_goal_s_report_equals_the_reference(shop: Workspace, counting: str, seed: int) -> None:
    goal, hits = filled(shop, counting, seed)
    counted = 0
    for number in range(12):
        asked = asks(100 * seed + number, counting, shop)
        expected, found = reference.told(hits, asked), answered(shop, goal, **params_of(asked))
        totals, breakdown = found.totals, found.breakdown
        counted += expected.conversions
        assert (totals.conversions, totals.converters, totals.visitors, totals.sessions) == (
            expected.conversions, expected.converters, expected.visitors, expected.sessions,
        ), asked  # fmt: skip
        assert (totals.value / 1e6, totals.value_net / 1e6) == (expected.value, expected.net), asked
        by_day = {bucket.since: bucket.figures.conversions for bucket in found.buckets if bucket.figures.conversions}
        assert by_day == expected.by_day, asked
        assert breakdown is not None
        assert {part.key: part.conversions for part in breakdown.parts} == expected.split, asked
        assert {row.key for row in breakdown.rows} == set(expected.rows), asked
        for row in breakdown.rows:
            told = expected.rows[row.key]
            cells = (row.conversions, row.units, row.value / 1e6, row.value_net / 1e6)
            assert cells == pytest.approx((told.conversions, told.units, told.value, told.net), abs=1e-6), (row, asked)
            assert row.denominator == told.whole, (row, asked)
    assert counted > 20, "needs conversions"


@pytest.mark.parametrize("counting", ["every", "session"])
def test_every_model_s_column_of_attribution_equals_the_reference(shop: Workspace, counting: str) -> None:
    goal, hits = filled(shop, counting, 7)
    models = ("first", "last", "linear", "position", "time_decay", "last_priority", "same_touch", "j_curve")
    for number in range(6):
        asked = asks(number, counting, shop)
        params: Mapping[str, str] = {
            **{name: value for name, value in params_of(asked).items() if name in {*KINDS, "from", "to", "by"}},
            "models": ",".join(models), "direct": "keep" if asked.keep_direct else "rule",
        }  # fmt: skip
        with scope.in_workspace(shop.pk):
            question = read(params, Defaults(goal.slug, TODAY, Span(PLAN.since, PLAN.until), goal.model, 1, 30, 30))
            found = attribution.answer(shop, goal, question, now=NOW).found
        assert found is not None
        for model in models:
            expected = reference.told(hits, replace(asked, model=model)).rows
            got = {
                row.key: (cell.conversions, cell.value / 1e6, cell.value_net / 1e6)
                for row in found.rows
                for cell in row.cells
                if cell.model == model and cell.conversions > 1e-9
            }
            assert got.keys() == expected.keys(), (model, asked)
            for key, (conversions, value, net) in got.items():
                told = expected[key]
                assert (conversions, value, net) == pytest.approx((told.conversions, told.value, told.net), abs=1e-6), (
                    model,
                    key,
                    asked,
                )
        influenced = reference.told(hits, replace(asked, model="participation")).rows
        assert {row.key: row.influenced for row in found.rows if row.influenced} == {
            key: row.conversions for key, row in influenced.items() if key != oracle.NONE
        }
