"""What a proposal would have counted: the days, who else, in which order, and what else counts the same."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import goals
from goals.backtest import DAYS, Backtest, backtest
from goals.conditions import parse
from goals.conversions import find
from goals.definition import Definition
from goals.duplicates import Lookalike, Reason, lookalikes, rivals
from goals.models import Counting, Goal, Level, Plan
from goals.preview import preview
from tests.goals.lake import ENGINE
from tests.goals.makers import NOW, fill_lake, make_goal, make_proposal, rules_for
from tracking.models import Source
from workspaces import scope
from workspaces.models import Membership, Workspace

MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)  # the last whole day before NOW
FITTING = rules_for("fitting_requested")
SQL = Path(goals.__file__).parent / "sql"
Events = list[dict[str, Any]]


def event(who: str, name: str, *, hours: float = 0, **more: Any) -> dict[str, Any]:
    time = MORNING + timedelta(hours=hours)
    return {"event_id": f"{who} {name} {hours}", "visitor_id": who, "name": name, "time": time} | more


def backtest_of(shop: Workspace, definition: Definition, *, macros: list[Goal] | None = None) -> Backtest:
    with scope.in_workspace(shop.pk):
        goals = list(rivals(shop))
        return backtest(shop, definition, macros=macros or [], others=goals, now=NOW)


def test_it_counts_ninety_whole_days_up_to_yesterday(shop: Workspace, plan: Plan) -> None:
    first = datetime(2026, 8, 22, 22, 0, tzinfo=UTC)  # midnight in Oslo of the first of the ninety days
    fill_lake(
        shop,
        [
            event("kari", "fitting_requested"),
            event("kari", "fitting_requested", hours=5),
            event("ola", "page_view"),
            event("today", "fitting_requested", time=NOW),
            event("first", "fitting_requested", time=first),
            event("early", "fitting_requested", time=first - timedelta(microseconds=1)),
        ],
    )
    found = backtest_of(shop, Definition(FITTING))
    assert (found.since, found.until, found.days) == (date(2026, 8, 23), date(2026, 11, 21), DAYS)
    assert (found.conversions, found.converters, found.visitors) == (3, 2, 3)
    assert (found.daily[0], found.daily[-1], sum(found.daily)) == (1, 2, 3)
    assert (sum(found.weekly), len(found.weekly)) == (2, 12)  # the first six days are no whole week
    assert found.rate is not None
    assert (found.rate.conversions, found.rate.visits) == (2, 3)


def test_it_equals_the_preview_of_the_goals_form(shop: Workspace, plan: Plan) -> None:
    fill_lake(shop, [event(f"v{n % 7}", "fitting_requested", hours=-n * 9) for n in range(60)])
    for counting in Counting:
        definition = Definition(FITTING, counting=counting, counting_days=3)
        found = backtest_of(shop, definition)
        with scope.in_workspace(shop.pk):
            shown = preview(shop, definition, days=90, now=NOW)
        assert found.daily == shown.daily, counting
        assert (found.converters, found.visitors) == (shown.converters, shown.visitors), counting


def test_a_page_goal_counts_what_people_do_there_on_every_way(shop: Workspace, plan: Plan) -> None:
    """A proposal's backtest, its form's preview, the fill's conversions, and what several goals read at once."""
    beside = ["engagement", "$autocapture", "identify", "ad_impression"]
    fill_lake(
        shop,
        [
            event("kari", "page_view", path="/thanks"),
            *(event("kari", name, hours=0.1, path="/thanks") for name in beside),
            event("ola", "page_view", path="/tea"),
            event("ola", "engagement", hours=0.1, path="/thanks"),
            event("per", "signup", path="/thanks"),
            event("per", "order", hours=1),
        ],
    )
    rules = parse([[{"field": "path", "operator": "is", "value": "/thanks"}]])
    page = Definition(rules)
    macros = [make_goal(plan, "Order", rules=rules_for("order")), make_goal(plan, "Thanked", rules=rules)]
    found = backtest_of(shop, page, macros=macros)
    with scope.in_workspace(shop.pk):
        shown = preview(shop, page, days=90, now=NOW)
        counted = find(shop, page, found.since, found.until)
    assert (found.conversions, found.converters) == (2, 2)
    assert (shown.conversions, shown.converters, shown.daily) == (2, 2, found.daily)
    assert counted["person_id"].to_pylist() == ["kari", "per"]
    assert [(each.mine, each.converters, each.both) for each in found.overlaps] == [(2, 1, 1), (2, 2, 0)]


def test_overlap_asks_for_the_proposed_before_the_macro_goal(shop: Workspace, plan: Plan, order: Goal) -> None:
    fill_lake(
        shop,
        [
            *(event("first this", name, hours=n) for n, name in enumerate(["fitting_requested", "purchase"])),
            *(event("first that", name, hours=n) for n, name in enumerate(["purchase", "fitting_requested"])),
            event("at once", "fitting_requested"),
            event("at once", "purchase"),
            *(event("between", name, hours=n) for n, name in enumerate(["purchase", "fitting_requested"])),
            event("between", "purchase", hours=2),
            event("only that", "purchase"),
            event("only this", "fitting_requested"),
        ],
    )
    found = backtest_of(shop, Definition(FITTING), macros=[order])
    [overlap] = found.overlaps
    assert (overlap.name, overlap.mine, overlap.converters, overlap.both) == ("Order", 5, 5, 2)
    assert (overlap.of_mine, overlap.of_theirs) == (0.4, 0.4)


@pytest.mark.parametrize("counting", Counting)
def test_the_macro_goals_persons_are_those_its_own_counting_gives(
    shop: Workspace, plan: Plan, counting: Counting
) -> None:
    macro = make_goal(plan, "Order", counting=counting, counting_days=2)
    long_ago = {"time": MORNING - timedelta(days=200)}
    fill_lake(
        shop,
        [
            event("old", "purchase", hours=-4000, **long_ago),
            event("old", "purchase"),
            event("new", "purchase"),
            event("copy", "purchase", hours=1, transaction_id="T"),
            event("original", "purchase", transaction_id="T"),
            *(event(who, "fitting_requested", hours=-1) for who in ("old", "new", "copy", "original")),
        ],
    )
    [overlap] = backtest_of(shop, Definition(FITTING), macros=[macro]).overlaps
    with scope.in_workspace(shop.pk):
        own = preview(shop, Definition.of(macro), days=90, now=NOW)
    assert overlap.converters == own.converters == (2 if counting is Counting.PERSON else 3)


def test_two_macro_goals_are_told_apart_though_read_at_once(shop: Workspace, plan: Plan) -> None:
    app_rule = {"field": "source", "operator": "is", "value": "app"}
    with scope.in_workspace(shop.pk):
        app = Source.objects.create(workspace=shop, name="App", slug="app")
    order, lead = make_goal(plan, "Order"), make_goal(plan, "Lead", rules=rules_for("lead", app_rule))
    fill_lake(
        shop,
        [
            event("kari", "fitting_requested"),
            event("kari", "purchase", hours=1),
            event("ola", "lead", hours=1, source_id=app.pk),
            event("per", "lead", hours=1, source_id=app.pk + 1),
        ],
    )
    found = backtest_of(shop, Definition(FITTING), macros=[order, lead])
    assert [(each.name, each.converters, each.both) for each in found.overlaps] == [("Order", 1, 1), ("Lead", 1, 0)]


def test_goals_that_count_the_same_events_are_found(shop: Workspace, plan: Plan, order: Goal) -> None:
    page = [{"field": "path", "operator": "starts_with", "value": "/fitting"}]
    make_goal(plan, "Reads of fitting", level=Level.MICRO, rules=parse([page]))
    fill_lake(
        shop,
        [
            *(event(f"v{n}", "fitting_requested", path="/fitting/form") for n in range(6)),
            *(event(f"v{n}", "page_view", hours=1, path="/fitting") for n in range(2)),
            event("v9", "purchase", path="/thanks"),
        ],
    )
    definition = Definition(FITTING)
    found = backtest_of(shop, definition)
    assert found.events == 6
    assert [(each.theirs, each.both, each.likeness(6)) for each in found.shared] == [(8, 6, 0.75)]
    assert order.pk not in {each.goal_id for each in found.shared}, "events of another name can't be the same"
    [alike] = alike_of(shop, "Something else", definition, found)
    assert (alike.reason, alike.row.name, alike.is_goal) == (Reason.EVENTS, "Reads of fitting", True)
    assert "75" in alike.words


def test_the_same_rules_look_alike_without_any_event(shop: Workspace, plan: Plan, newsletter: Goal) -> None:
    definition = Definition(rules_for("newsletter_signup"), counting=Counting.EVERY)
    assert [each.reason for each in alike_of(shop, "Fitting", definition, None)] == [Reason.RULES]


def test_a_similar_name_looks_alike_though_nothing_is_tracked(shop: Workspace, newsletter: Goal) -> None:
    assert [each.row for each in alike_of(shop, "The newsletters", None, None)] == [newsletter]


def test_an_open_proposal_looks_alike_too(plan: Plan, order: Goal, contributor: Membership) -> None:
    made = make_proposal(plan, by=contributor)
    with scope.in_workspace(plan.workspace_id):
        found = lookalikes("Fittings", Definition(FITTING), None, goals=[], proposals=[made])
    assert [(each.row, each.reason, each.is_goal) for each in found] == [(made, Reason.RULES, False)]


def test_what_is_kept_with_the_proposal_is_what_was_counted(shop: Workspace, plan: Plan, order: Goal) -> None:
    fill_lake(shop, [event("kari", "fitting_requested"), event("kari", "purchase", hours=1)])
    found = backtest_of(shop, Definition(FITTING), macros=[order])
    assert Backtest.from_json(found.as_json()) == found


def test_an_empty_lake_counts_nothing_and_has_no_rate(shop: Workspace, plan: Plan, order: Goal) -> None:
    found = backtest_of(shop, Definition(FITTING), macros=[order])
    assert (found.conversions, found.visitors, found.rate, found.through) == (0, 0, None, None)
    assert (found.overlaps[0].of_mine, found.overlaps[0].of_theirs) == (None, None)


moments = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 20)), max_size=14)


@settings(max_examples=50)
@given(micro=moments, macro=moments)
def test_order_is_judged_as_by_hand(micro: list[tuple[str, int]], macro: list[tuple[str, int]]) -> None:
    def table(rows: list[tuple[str, int]]) -> pa.Table:
        times = [MORNING + timedelta(minutes=minute) for _who, minute in rows]
        return pa.table(
            {"person_id": pa.array([who for who, _ in rows], pa.string()), "time": pa.array(times, _INSTANT)}
        )

    with ENGINE.cursor() as connection:
        connection.register("mine", table(micro))
        connection.register("macro", table(macro))
        connection.execute((SQL / "backtest.firsts.sql").read_text())
        asked = (SQL / "backtest.overlap.sql").read_text().format(moments="select * from macro")
        counted = connection.execute(asked).fetchone()
    before = {who for who, at in macro if any(who == mine and then < at for mine, then in micro)}
    assert counted == (len({who for who, _ in macro}), len(before))


_INSTANT = pa.timestamp("us", tz="UTC")


def alike_of(shop: Workspace, name: str, definition: Definition | None, found: Backtest | None) -> list[Lookalike]:
    with scope.in_workspace(shop.pk):
        return lookalikes(name, definition, found, goals=rivals(shop))
