"""Moving rows in the outline: in, out, up, down, and where a new row goes."""

from typing import Any

import pytest

from goals import editing
from goals.arranging import Immovable
from goals.defining import GoalInUse
from goals.kinds import find
from goals.models import Goal, Kpi, Level, Objective, Plan, Question, Target
from goals.outline import outline
from tests.goals.makers import NOW, make_goal, make_kpi, make_target
from workspaces import scope
from workspaces.models import AuditEntry, Membership

Row = Objective | Question | Goal | Kpi | Target


@pytest.fixture
def by(lead: Membership, plan: Plan) -> Any:
    """Act as the lead, inside the workspace."""
    with scope.in_workspace(lead.workspace_id):
        yield {"member": lead, "now": NOW}


def told(plan: Plan) -> list[str]:
    return [f"{'  ' * line.depth}{line.kind} {line.name}" for line in outline(plan)]


def add(plan: Plan, kind: str, name: str, at: Row | None, by: Any) -> Any:
    return editing.add(plan, kind, name, at=at, **by)[0]


def move(plan: Plan, row: Row, *ways: str, by: Any) -> None:
    for way in ways:
        editing.move(plan, find(plan, f"{row._meta.model_name}-{row.pk}"), way, **by)


def test_rows_are_added_below_or_behind_what_they_are_added_at(plan: Plan, by: Any) -> None:
    sales = add(plan, "objective", "Sales", None, by)
    add(plan, "objective", "Relation", None, by)
    order = add(plan, "macro", "Order", sales, by)
    cart = add(plan, "micro", "Cart", order, by)
    add(plan, "micro", "Search", cart, by)
    orders = add(plan, "kpi", "Orders", order, by)
    add(plan, "kpi", "Revenue", orders, by)
    add(plan, "question", "Which channel?", sales, by)
    add(plan, "macro", "Visit", cart, by)
    add(plan, "objective", "Trust", sales, by)
    assert told(plan) == [
        "objective Sales",
        "  question Which channel?",
        "  macro Order",
        "    kpi Orders",
        "    kpi Revenue",
        "    micro Cart",
        "    micro Search",
        "  macro Visit",
        "objective Trust",
        "objective Relation",
    ]


def test_in_and_out_are_each_others_way_back(plan: Plan, by: Any) -> None:
    order, letter = make_goal(plan, "Order"), make_goal(plan, "Letter")
    sales = add(plan, "objective", "Sales", None, by)
    loose = told(plan)
    move(plan, order, "in", by=by)
    move(plan, letter, "in", by=by)
    under = told(plan)
    assert under == ["objective Sales", "  macro Order", "  macro Letter"]
    move(plan, letter, "in", by=by)
    assert told(plan) == ["objective Sales", "  macro Order", "    micro Letter"]
    assert list(Goal.objects.get(pk=letter.pk).supports.all()) == [order]
    with pytest.raises(Immovable):
        move(plan, letter, "in", by=by)
    move(plan, letter, "out", by=by)
    assert told(plan) == under
    move(plan, letter, "out", by=by)
    move(plan, order, "out", by=by)
    assert told(plan)[-2:] == loose[-2:]
    assert sales.goals.count() == 0
    with pytest.raises(Immovable):
        move(plan, order, "out", by=by)


def test_a_macro_goal_that_others_support_stays_one(plan: Plan, by: Any) -> None:
    make_goal(plan, "First")
    order = make_goal(plan, "Order")
    make_goal(plan, "Cart", level=Level.MICRO, supports=[order])
    with pytest.raises(GoalInUse):
        move(plan, order, "in", by=by)


def test_a_macro_goal_takes_its_micro_goals_and_kpis_to_another_objective(plan: Plan, by: Any) -> None:
    sales, trust = add(plan, "objective", "Sales", None, by), add(plan, "objective", "Trust", None, by)
    order = add(plan, "macro", "Order", sales, by)
    add(plan, "micro", "Cart", order, by)
    kpi = add(plan, "kpi", "Orders", order, by)
    move(plan, order, "down", by=by)
    moved = ["objective Sales", "objective Trust", "  macro Order", "    kpi Orders", "    micro Cart"]
    assert told(plan) == moved
    assert Kpi.objects.get(pk=kpi.pk).objective == trust
    move(plan, order, "down", by=by)
    assert told(plan)[2:3] == ["objective Without an objective"]
    move(plan, order, "up", by=by)
    assert told(plan) == moved


def test_up_and_down_move_among_siblings_and_end_at_the_edge(plan: Plan, by: Any) -> None:
    order, visit = make_goal(plan, "Order"), make_goal(plan, "Visit")
    cart = make_goal(plan, "Cart", level=Level.MICRO, supports=[order])
    make_goal(plan, "Search", level=Level.MICRO, supports=[order])
    make_goal(plan, "Map", level=Level.MICRO, supports=[visit])
    move(plan, cart, "down", by=by)
    assert [each.strip() for each in told(plan)[1:4]] == ["macro Order", "micro Search", "micro Cart"]
    move(plan, cart, "down", by=by)
    assert [each.strip() for each in told(plan)[3:]] == ["macro Visit", "micro Cart", "micro Map"]
    move(plan, cart, "up", by=by)
    assert [each.strip() for each in told(plan)[1:4]] == ["macro Order", "micro Search", "micro Cart"]
    move(plan, visit, "up", by=by)
    assert [each.strip() for each in told(plan)[1:3]] == ["macro Visit", "micro Map"]
    with pytest.raises(Immovable):
        move(plan, visit, "up", by=by)
    assert AuditEntry.objects.filter(act="moved", subject_name="Visit").count() == 1


def test_kpis_and_objectives_change_places_and_targets_stand_by_their_days(plan: Plan, by: Any) -> None:
    order = make_goal(plan, "Order")
    orders, revenue = make_kpi(order, "Orders"), make_kpi(order, "Baskets")
    target = make_target(orders)
    move(plan, revenue, "up", by=by)
    assert [each.strip() for each in told(plan)[2:]] == ["kpi Baskets", "kpi Orders"]
    with pytest.raises(Immovable):
        move(plan, target, "up", by=by)
    with pytest.raises(Immovable):
        move(plan, revenue, "in", by=by)


def test_a_kpi_needs_a_goal_and_a_question_an_objective(plan: Plan, by: Any) -> None:
    for kind in ("kpi", "question"):
        with pytest.raises(editing.NotThere):
            add(plan, kind, "Something", None, by)
