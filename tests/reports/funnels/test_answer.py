"""A funnel's figures: equal to a slow reference in every option, and what always holds of them."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.funnels.answer import NOTHING, UNTRACKED, Answer
from tests.reports.funnels.asks import STEPS, answered, expected, filled, histories
from tests.reports.lake import Hit, hit, make_goal
from workspaces import scope
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("view_item", "add_to_cart", "wish", "purchase", "page_view", "search", "ad_click")
HITS = st.lists(
    st.builds(
        lambda person, quarter, name, channel: hit(f"p{person}", minutes=quarter * 13, name=name, channel=channel),
        st.integers(0, 4),
        st.integers(0, 700),
        st.sampled_from(NAMES),
        st.sampled_from(("", "email", "referral")),
    ),
    min_size=1,
    max_size=60,
)


def agrees(shop: Workspace, hits: list[Hit], *, window: int, order: str, drop: int = 1) -> Answer:
    """Compare every figure with the reference; give the answer."""
    result = answered(
        shop, **STEPS, window=str(window or "session"), order=order, by="channel", interval="week", drop=str(drop)
    )
    spans = [(each.since, each.until) for each in result.spans]
    wanted = expected(shop, hits, window=window, strict=order == "strict", spans=spans)
    assert [step.persons for step in result.steps] == wanted.persons
    assert {each.key: list(each.persons) for each in result.segments} == wanted.segments
    assert [(each.entered, each.completed) for each in result.spans] == [(n[0], n[-1]) for n in wanted.spans]
    medians = [None if step.median is None else step.median.total_seconds() for step in result.steps]
    assert medians == pytest.approx(wanted.medians)
    found = Counter({(each.kind, each.label): each.persons for each in result.following or ()})
    assert found == wanted.following[drop - 1]
    return result


@pytest.mark.parametrize("order", ["sequential", "strict"])
@pytest.mark.parametrize("window", [0, 1, 7, 90])
@pytest.mark.parametrize("drop", [1, 2])
def test_every_figure_equals_the_reference(shop: Workspace, window: int, order: str, drop: int) -> None:
    filled(shop, histories())
    result = agrees(shop, histories(), window=window, order=order, drop=drop)
    assert result.entered == 50


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HITS, st.sampled_from([0, 1, 7]), st.sampled_from(["sequential", "strict"]), st.sampled_from([1, 2]))
def test_random_histories_give_what_the_reference_gives(
    shop: Workspace, hits: list[Hit], window: int, order: str, drop: int
) -> None:
    hits = list(dict.fromkeys(hits))
    filled(shop, hits)
    agrees(shop, hits, window=window, order=order, drop=drop)
    filled(shop, [*reversed(hits), *hits])  # neither the order of arrival nor what arrives twice changes anything
    agrees(shop, hits, window=window, order=order, drop=drop)


def test_what_happens_at_one_moment_has_the_order_of_its_ids(shop: Workspace) -> None:
    hits = [hit("a", name="add_to_cart"), hit("a", name="view_item"), hit("a", name="purchase")]
    hits += [hit("b", name="view_item"), hit("b", name="wish"), hit("b", minutes=1, name="purchase")]
    filled(shop, hits)
    result = agrees(shop, hits, window=1, order="sequential", drop=1)
    assert [step.persons for step in result.steps] == [2, 1, 1]  # "add…" and "purchase" come before "view…" by name


def test_those_who_left_are_counted_to_the_last_of_them(shop: Workspace) -> None:
    filled(shop, histories())
    for drop in (1, 2):
        result = answered(shop, **STEPS, window="7", drop=str(drop))
        lost = result.steps[drop].lost
        assert lost, "needs somebody who left"
        assert sum(each.persons for each in result.following or ()) == lost
        assert any(not each.kind for each in result.following or ()), "nothing more is a row"


def test_a_span_is_the_funnel_of_its_own_days(shop: Workspace) -> None:
    filled(shop, histories())
    whole = answered(shop, **STEPS, window="7", interval="week")
    for each in whole.spans[2:5]:
        alone = answered(
            shop, **STEPS, window="7", **{"from": each.since.isoformat(), "to": alone_to(each.until).isoformat()}
        )
        assert (alone.entered, alone.completed) == (each.entered, each.completed)


def alone_to(until: date) -> date:
    return date.fromordinal(until.toordinal() - 1)


def test_steps_after_the_range_count_for_those_who_began_in_it(shop: Workspace) -> None:
    filled(shop, [hit("a", name="view_item"), hit("a", days=3, name="wish"), hit("a", days=4, name="purchase")])
    day = {"from": "2026-11-02", "to": "2026-11-02"}
    assert answered(shop, **STEPS | day, window="7").completed == 1
    assert answered(shop, **STEPS | day, window="3").completed == 0


def test_the_greatest_share_lost_is_marked_not_the_greatest_number(shop: Workspace) -> None:
    hits = [hit(f"p{n}", name="view_item") for n in range(100)]
    hits += [hit(f"p{n}", minutes=1, name="wish") for n in range(40)]
    hits += [hit(f"p{n}", minutes=2, name="purchase") for n in range(4)]
    filled(shop, hits)
    steps = answered(shop, **STEPS, window="1").steps
    assert [(step.lost, step.is_worst) for step in steps] == [(0, False), (60, False), (36, True)]


def test_a_goal_as_a_step_asks_what_the_goal_s_rules_ask(shop: Workspace) -> None:
    make_goal(shop)
    filled(shop, histories())
    by_goal = answered(shop, **STEPS | {"step3": "goal sale"}, window="7")
    assert by_goal.steps[2].step.label == "Sale"
    assert by_goal.completed == answered(shop, **STEPS, window="7").completed > 0


def test_a_goal_that_nobody_can_notice_yet_is_named(shop: Workspace) -> None:
    goal = make_goal(shop)
    filled(shop, histories())
    with scope.in_workspace(shop.pk):
        goal.rules.all().delete()
    result = answered(shop, **STEPS | {"step3": "goal sale"})
    assert (result.state, result.waiting, result.steps) == (UNTRACKED, ("Sale",), ())


def test_without_steps_and_without_a_plan_there_is_nothing(shop: Workspace) -> None:
    assert answered(shop).state == NOTHING


def test_the_plan_makes_a_funnel_of_its_milestones_and_its_goal(shop: Workspace) -> None:
    sale = make_goal(shop)
    for name, event, stage in (("Cart", "add_to_cart", "do"), ("Look", "view_item", "think")):
        kind = {"level": "micro", "micro_kind": "milestone", "stage": stage, "value_rule": "none"}
        goal = make_goal(shop, name, event=event, **kind)
        with scope.in_workspace(shop.pk):
            goal.supports.add(sale, through_defaults={"workspace": shop})
    filled(shop, histories())
    result = answered(shop)
    assert [step.step.label for step in result.steps] == ["Look", "Cart", "Sale"]
    assert result.entered == 50


@pytest.mark.parametrize(("by", "most"), [("none", "MOST_EVENTS"), ("channel", "MOST_VISITED")])
def test_persons_read_in_several_goes_are_the_same_persons(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, by: str, most: str
) -> None:
    filled(shop, histories())
    whole = answered(shop, **STEPS, by=by, drop="1")
    monkeypatch.setattr(f"reports.funnels.reading.{most}", 50)
    assert answered(shop, **STEPS, by=by, drop="1") == whole
