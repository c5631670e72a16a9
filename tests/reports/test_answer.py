"""Answers: figures of one goal over one range."""

import pytest

from goals.models import Goal
from reports import asking
from reports.answer import Answer
from tests.reports.asks import answered, asked
from tests.reports.lake import NOW, hit, make_goal, store
from workspaces import scope
from workspaces.models import Workspace


def credited(found: Answer) -> dict[str, float]:
    assert found.breakdown is not None
    return {row.key: row.conversions for row in found.breakdown.rows}


SALE = {"name": "purchase", "value": 500}


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    return make_goal(shop)


def test_the_last_touch_that_is_not_direct_gets_the_conversion(shop: Workspace, goal: Goal) -> None:
    store(shop, [hit("a", channel="email"), hit("a", days=2), hit("a", days=2, minutes=1, **SALE)])
    found = asked(shop, goal)
    assert credited(found) == {"email": 1.0}
    assert credited(asked(shop, goal, keep_direct="1")) == {"direct": 1.0}


def test_credits_and_none_add_up_to_the_total_under_every_additive_model(shop: Workspace, goal: Goal) -> None:
    hits = [
        hit("a", channel="paid_search"), hit("a", days=1, channel="email"), hit("a", days=2, minutes=1, **SALE),
        hit("b", days=3, channel="display", name="ad_impression"), hit("b", days=3, minutes=90, **SALE),
        hit("c", days=-60, channel="email"), hit("c", days=5, channel="referral"), hit("c", days=5, minutes=1, **SALE),
        hit("d", days=6, name="ad_click", channel="paid_social"),
    ]  # fmt: skip
    store(shop, hits)
    for model in asking.OFFERED_MODELS:
        for window in ("off", "1", "90"):
            found = asked(shop, goal, model=model, click=window, engagement=window, view=window)
            assert found.totals.conversions == 3, model
            if found.breakdown and found.breakdown.is_additive:
                assert sum(credited(found).values()) == pytest.approx(3, abs=1e-9), model
                assert sum(row.units for row in found.breakdown.rows) == pytest.approx(found.totals.converters), model


def test_touches_before_the_range_are_looked_back_on(shop: Workspace, goal: Goal) -> None:
    store(shop, [hit("a", channel="email"), hit("a", days=10), hit("a", days=10, minutes=3, **SALE)])
    found = asked(shop, goal, from_="2026-11-12", to="2026-11-12")
    assert credited(found) == {"email": 1.0}
    assert [(row.denominator, row.rate and row.rate.value) for row in found.breakdown.rows] == [(1, 1.0)]  # type: ignore[union-attr]


def test_a_later_visit_does_not_change_an_earlier_conversion_s_credit(shop: Workspace, goal: Goal) -> None:
    before = [hit("a", channel="email"), hit("a", minutes=5, **SALE)]
    store(shop, before)
    assert credited(asked(shop, goal)) == {"email": 1.0}
    later = hit("a", days=3, channel="paid_search", campaign="brand")
    store(shop, [*before, later], new=[later])
    assert credited(asked(shop, goal)) == {"email": 1.0}


def test_a_person_who_converts_often_counts_once_in_the_rate(shop: Workspace, goal: Goal) -> None:
    visits = [hit("a", days=n, channel="email") for n in range(4)]
    store(shop, [*visits, *(hit("a", days=n, minutes=1, **SALE) for n in range(4)), hit("b")])
    found = asked(shop, goal)
    assert (found.totals.conversions, found.totals.converters, found.totals.visitors) == (4, 1, 2)
    rate = found.totals.rate("visitors")
    assert rate is not None
    assert rate.value == 0.5
    assert [(row.conversions, row.units, row.denominator) for row in found.breakdown.rows] == [(4.0, 1.0, 1)]  # type: ignore[union-attr]


def test_who_converts_after_midnight_is_among_the_visitors_of_that_day(shop: Workspace, goal: Goal) -> None:
    night = 13 * 60 + 50  # 23:50 in Oslo
    store(shop, [hit("a", minutes=night, channel="email"), hit("a", minutes=night + 20, **SALE)])
    found = asked(shop, goal, from_="2026-11-03", to="2026-11-03")
    assert (found.totals.converters, found.totals.visitors, found.totals.sessions) == (1, 1, 0)
    assert found.totals.rate("sessions") is None
    day_before = asked(shop, goal, from_="2026-11-02", to="2026-11-02")
    assert (day_before.totals.converting_sessions, day_before.totals.sessions) == (1, 1)


def test_a_range_s_people_are_not_the_sum_of_its_days(shop: Workspace, goal: Goal) -> None:
    store(shop, [hit("a", days=n, channel="email") for n in range(3)])
    found = asked(shop, goal, from_="2026-11-02", to="2026-11-04", interval="day")
    assert [bucket.figures.visitors for bucket in found.buckets] == [1, 1, 1]
    assert found.totals.visitors == 1


def test_the_denominator_is_the_same_for_every_goal_and_breakdown(shop: Workspace, goal: Goal) -> None:
    signup = make_goal(shop, "Signup", event="signup", level="micro")
    store(shop, [hit("a", channel="email"), hit("b", channel="email"), hit("a", minutes=1, **SALE), hit("c", days=1)])
    asks = [asked(shop, each, by=by) for each in (goal, signup) for by in ("channel", "campaign")]
    assert {each.totals.visitors for each in asks} == {3}


def test_values_in_another_currency_are_left_out_and_said(shop: Workspace, goal: Goal) -> None:
    store(
        shop,
        [
            hit("a", channel="email"),
            hit("a", minutes=1, **SALE),
            hit("a", minutes=2, name="purchase", value=70, currency="EUR"),
        ],
    )
    found = asked(shop, goal)
    assert (found.totals.conversions, found.totals.value, found.currency) == (2, 500_000_000, "NOK")
    assert found.provenance.other_currencies == {"EUR": 1}


def test_a_refund_is_booked_on_its_conversion_and_leaves_gross_alone(shop: Workspace, goal: Goal) -> None:
    bought = [hit("a", channel="email"), hit("a", minutes=1, transaction="t1", **SALE)]
    store(shop, bought)
    asked(shop, goal)
    refund = hit("a", days=9, name="refund", value=-200, transaction="t1", refund=True)
    store(shop, [*bought, refund], new=[refund])
    found = asked(shop, goal, from_="2026-11-02", to="2026-11-02")
    assert (found.totals.value, found.totals.value_net) == (500_000_000, 300_000_000)
    assert [(row.value, row.value_net) for row in found.breakdown.rows] == [(500_000_000, 300_000_000)]  # type: ignore[union-attr]


def test_before_any_event_the_answer_says_so(shop: Workspace, goal: Goal) -> None:
    found = asked(shop, goal)
    assert (found.state, found.breakdown, found.totals.rate("visitors")) == ("no_events", None, None)


def test_a_goal_that_was_changed_is_computing_until_it_is_filled_again(shop: Workspace, goal: Goal) -> None:
    store(shop, [hit("a", **SALE)])
    asked(shop, goal)
    goal.version, goal.changed_at = 2, NOW
    with scope.in_workspace(shop.pk):
        goal.save()
    assert answered(shop, goal).state == "computing"
    assert asked(shop, goal).provenance.definition_version == 2


def test_the_paid_split_adds_up_to_the_conversions(shop: Workspace, goal: Goal) -> None:
    store(
        shop,
        [
            hit("a", channel="paid_search"), hit("a", minutes=1, **SALE),
            hit("b", channel="paid_search"), hit("b", days=1, channel="email"), hit("b", days=1, minutes=1, **SALE),
            hit("c", channel="email"), hit("c", minutes=1, **SALE),
        ],
    )  # fmt: skip
    found = asked(shop, goal)
    assert {part.key: part.conversions for part in found.breakdown.parts} == {  # type: ignore[union-attr]
        "paid_unassisted": 1, "paid_assisted": 1, "organic": 1, "(none)": 0,
    }  # fmt: skip
