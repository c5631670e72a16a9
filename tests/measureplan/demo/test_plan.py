"""The demo plan hangs together, and its targets show every status on any day."""

import json
from datetime import date, timedelta

import pytest

from measureplan.demo import Shop, shop
from measureplan.demo.plan import Condition, Goal, Plan, plan
from measureplan.demo.targets import KPIS, PACE, expected_share, measured, period_of
from tests.measureplan.demo.conftest import TODAY


@pytest.fixture(scope="module")
def the_plan(demo: Shop) -> Plan:
    return plan(demo)


def holds(condition: Condition, event: dict[str, object]) -> bool:
    if condition.field.startswith("properties."):
        found = json.loads(str(event["properties"] or "{}")).get(condition.field.removeprefix("properties."))
    else:
        found = event[condition.field]
    if condition.operator == "is":
        return found == condition.value
    assert condition.operator == "starts_with", condition
    return str(found or "").startswith(str(condition.value))


def counts(goal: Goal, events: list[dict[str, object]]) -> int:
    return sum(any(all(holds(c, event) for c in rule) for rule in goal.rules) for event in events)


def test_every_key_leads_somewhere(the_plan: Plan) -> None:
    goals = {goal.key: goal for goal in the_plan.goals}
    objectives = {objective.key for objective in the_plan.objectives}
    emails = {member.email for member in the_plan.members}
    assert {goal.objective for goal in goals.values()} <= objectives
    assert {goal.department for goal in goals.values()} <= set(the_plan.departments)
    assert all(goals[key].level == "macro" for goal in goals.values() for key in goal.supports)
    assert all(goal.supports and goal.kind for goal in goals.values() if goal.level == "micro")
    assert {kpi.goal for kpi in the_plan.kpis} <= set(goals)
    assert {kpi.owner for kpi in the_plan.kpis} <= emails
    assert {target.kpi for target in the_plan.targets} <= {kpi.key for kpi in the_plan.kpis}
    assert all(initiative.goal in goals and initiative.owner in emails for initiative in the_plan.initiatives)


def test_the_team_has_each_role_and_made_up_addresses(the_plan: Plan) -> None:
    assert {member.role for member in the_plan.members} == {"owner", "lead", "contributor", "viewer"}
    assert all(member.email.endswith("@example.com") for member in the_plan.members)
    assert {member.department for member in the_plan.members} == set(the_plan.departments)


def test_two_macro_and_ten_micro_goals_each_count_something(the_plan: Plan, demo: Shop) -> None:
    levels = [goal.level for goal in the_plan.goals]
    assert (levels.count("macro"), levels.count("micro")) == (2, 10)
    events = demo.events.select(["name", "path", "properties"]).to_pylist()
    assert {goal.key: counts(goal, events) > 50 for goal in the_plan.goals} == {g.key: True for g in the_plan.goals}


@pytest.mark.parametrize("today", [TODAY, date(2027, 1, 3), date(2026, 8, 15), date(2026, 6, 30)], ids=str)
def test_targets_are_as_far_along_as_they_are_meant_to_be(today: date) -> None:
    shown = shop(until=today, scale=0.5)
    targets = {target.kpi: target for target in plan(shown).targets}
    assert {target.meant for target in targets.values()} == {*PACE, "too_early"}
    for kpi in KPIS:
        if kpi.key not in targets:
            continue
        target = targets[kpi.key]
        assert target.since < today < target.until
        share = expected_share(target.since, target.until, today)
        if target.meant == "too_early":
            assert (today - target.since) / (target.until - target.since) < 0.2
            continue
        due = target.value * (share if kpi.measure in {"count", "value"} else 1.0)
        pace = measured(kpi, shown, target.since, today) / due
        bands = {"ahead": (1.15, 1.3), "on_track": (0.99, 1.03), "at_risk": (0.85, 0.92), "behind": (0.6, 0.7)}
        low, high = bands[target.meant]
        assert low < pace < high, f"{kpi.key} is at {pace:.2f}"


@pytest.mark.parametrize(
    ("today", "since", "until"),
    [
        (date(2026, 11, 21), date(2026, 10, 1), date(2027, 1, 1)),
        (date(2026, 2, 28), date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 10, 5), date(2026, 8, 10), date(2026, 11, 9)),
        (date(2026, 12, 31), date(2026, 11, 2), date(2027, 2, 1)),
    ],
    ids=["in a quarter", "in another", "a quarter's first days", "a quarter's last day"],
)
def test_the_period_is_the_quarter_unless_little_of_it_has_passed_or_is_left(
    today: date, since: date, until: date
) -> None:
    assert period_of(today) == (since, until)


def test_expected_shares_follow_the_weekdays_and_end_at_one() -> None:
    monday = date(2026, 11, 2)
    week = monday + timedelta(days=7)
    assert expected_share(monday, week, monday) == 0
    assert expected_share(monday, week, week) == 1
    sunday = 1 - expected_share(monday, week, monday + timedelta(days=6))
    assert sunday == pytest.approx(1.29 / 7)
