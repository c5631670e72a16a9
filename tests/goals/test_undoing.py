"""Undo and redo of what is done on the plan's page."""

from collections.abc import Callable
from typing import Any

import pytest

from goals import editing, undoing
from goals.kinds import address, find
from goals.models import Goal, Kpi, Level, Measure, Plan, PlanEdit, Target
from goals.outline import outline
from goals.undoing import ChangedSince, NothingToUndo
from tests.goals.makers import NOW, make_goal, make_kpi, make_target
from workspaces import scope
from workspaces.models import AuditEntry, Membership


@pytest.fixture
def by(lead: Membership, plan: Plan) -> Any:
    with scope.in_workspace(lead.workspace_id):
        yield {"member": lead, "now": NOW}


def told(plan: Plan) -> list[str]:
    lines = outline(plan)
    return [f"{line.depth} {line.kind} {line.name} {line.words} {line.target and line.target.value}" for line in lines]


def back(plan: Plan, by: Any) -> str:
    return undoing.undo(plan, by["member"], now=NOW).label


def again(plan: Plan, by: Any) -> str:
    return undoing.redo(plan, by["member"], now=NOW).label


def write(plan: Plan, row: Any, key: str, text: str, by: Any) -> PlanEdit | None:
    return editing.write_cell(plan, find(plan, address(row)), key, text, seen=None, **by)


Act = Callable[[Plan, dict[str, Any], Any], Any]
ACTS: dict[str, Act] = {
    "rename": lambda plan, rows, by: write(plan, rows["order"], "name", "Purchase", by),
    "what counts": lambda plan, rows, by: write(plan, rows["order"], "counts", "/thanks*", by),
    "nothing counts": lambda plan, rows, by: write(plan, rows["order"], "counts", "", by),
    "owner": lambda plan, rows, by: write(plan, rows["order"], "owner", "lead@example.com", by),
    "target": lambda plan, rows, by: write(plan, rows["orders"], "target", "1 234", by),
    "no target": lambda plan, rows, by: write(plan, rows["orders"], "target", "", by),
    "last day": lambda plan, rows, by: write(plan, rows["orders"], "until", "2026-11-30", by),
    "target of a goal": lambda plan, rows, by: write(plan, rows["letter"], "target", "3.4 %", by),
    "move in": lambda plan, rows, by: editing.move(plan, rows["visit"], "in", **by),
    "move out": lambda plan, rows, by: editing.move(plan, rows["cart"], "out", **by),
    "move up": lambda plan, rows, by: editing.move(plan, rows["visit"], "up", **by),
    "to another objective": lambda plan, rows, by: editing.move(plan, rows["order"], "up", **by),
    "add a macro goal": lambda plan, rows, by: editing.add(plan, "macro", "New", at=rows["order"], **by),
    "add an objective": lambda plan, rows, by: editing.add(plan, "objective", "New", at=rows["sales"], **by),
    "add a question": lambda plan, rows, by: editing.add(plan, "question", "Why?", at=rows["sales"], **by),
    "archive a KPI": lambda plan, rows, by: editing.take_out(plan, rows["orders"], **by),
    "archive a goal with KPIs": lambda plan, rows, by: editing.take_out(plan, rows["letter"], **by),
    "remove an objective": lambda plan, rows, by: editing.take_out(plan, rows["sales"], **by),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_is_taken_back_and_done_again(plan: Plan, by: Any, act: Act) -> None:
    sales = editing.add(plan, "objective", "Sales", at=None, **by)[0]
    editing.add(plan, "question", "Which channel?", at=sales, **by)
    order, visit = make_goal(plan, "Order"), make_goal(plan, "Visit")
    rows = {"sales": sales, "order": order, "visit": visit, "letter": make_goal(plan, "Letter")}
    rows |= {"cart": make_goal(plan, "Cart", level=Level.MICRO, supports=[order]), "orders": make_kpi(order)}
    make_target(rows["orders"])
    before = told(plan)
    act(plan, rows, by)
    after = told(plan)
    done = PlanEdit.objects.latest("pk").label
    assert back(plan, by) == done
    assert told(plan) == before
    assert again(plan, by) == done
    assert told(plan) == after
    back(plan, by)
    assert told(plan) == before


def test_what_somebody_wrote_since_is_not_taken_back(plan: Plan, order: Goal, by: Any, owner: Membership) -> None:
    write(plan, order, "department", "Sales", by)
    other = {"member": owner, "now": NOW}
    write(plan, order, "department", "Stores", other)
    with pytest.raises(ChangedSince, match=r'"Order" was changed by Owner since'):
        back(plan, by)
    assert Goal.objects.get(pk=order.pk).department == "Stores"
    # Another column of the same row stands in nobody's way.
    write(plan, order, "why", "It pays the wages.", other)
    undoing.undo(plan, owner, now=NOW)
    undoing.undo(plan, owner, now=NOW)
    back(plan, by)
    assert Goal.objects.get(pk=order.pk).department == ""


def test_each_member_takes_back_their_own_acts(plan: Plan, order: Goal, by: Any, owner: Membership) -> None:
    write(plan, order, "name", "Purchase", by)
    with pytest.raises(NothingToUndo):
        undoing.undo(plan, owner, now=NOW)
    assert undoing.next_undo(plan, by["member"]) is not None


def test_a_new_act_ends_what_could_be_done_again(plan: Plan, order: Goal, by: Any) -> None:
    write(plan, order, "name", "Purchase", by)
    back(plan, by)
    write(plan, order, "department", "Sales", by)
    with pytest.raises(NothingToUndo):
        again(plan, by)
    assert back(plan, by) == "Department of Order"


def test_an_act_that_changes_nothing_is_none(plan: Plan, order: Goal, by: Any) -> None:
    assert write(plan, order, "name", " Order ", by) is None
    assert not PlanEdit.objects.exists()


def test_the_audit_trail_tells_of_both_ways(plan: Plan, order: Goal, by: Any) -> None:
    editing.take_out(plan, order, **by)
    back(plan, by)
    acts = AuditEntry.objects.filter(subject_type="goal").values_list("act", flat=True)
    assert list(acts) == ["restored", "archived", "created"]


def test_cells_of_one_row_are_written_side_by_side(plan: Plan, order: Goal, by: Any, owner: Membership) -> None:
    write(plan, order, "why", "It pays the wages.", {"member": owner, "now": NOW})
    editing.write_cell(plan, order, "department", "Sales", seen="", **by)
    kept = Goal.objects.get(pk=order.pk)
    assert (kept.rationale, kept.department) == ("It pays the wages.", "Sales")


def test_the_same_cell_is_refused_with_what_the_other_wrote(
    plan: Plan, order: Goal, by: Any, owner: Membership
) -> None:
    write(plan, order, "name", "Theirs", {"member": owner, "now": NOW})
    with pytest.raises(editing.Clash) as clash:
        editing.write_cell(plan, order, "name", "Mine", seen="Order", **by)
    assert (clash.value.theirs, clash.value.who) == ("Theirs", "Owner")
    assert Goal.objects.get(pk=order.pk).name == "Theirs"
    mine = editing.write_cell(plan, order, "name", "Mine", seen="Theirs", **by)
    assert mine is not None
    assert Goal.objects.get(pk=order.pk).name == "Mine"


def test_a_number_on_a_goal_makes_its_kpi_and_target(plan: Plan, order: Goal, newsletter: Goal, by: Any) -> None:
    write(plan, order, "target", "1 500", by)
    write(plan, newsletter, "target", "3,4 %", by)
    found = [(kpi.name, kpi.measure, kpi.per, kpi.targets.get().value) for kpi in Kpi.objects.order_by("pk")]
    assert [(name, measure, per, f"{value.normalize():f}") for name, measure, per, value in found] == [
        ("Order", Measure.COUNT, "", "1500"),
        ("Newsletter", Measure.RATE, "visitors", "0.034"),
    ]
    assert {target.ends_on for target in Target.objects.all()} == {plan.ends_on}
