"""Differences: what people read of two documents."""

from dataclasses import replace

from hypothesis import given

from goals.conditions import from_text
from goals.definition import Definition
from goals.differing import Change, Difference, differences
from goals.document import Document
from goals.models import Counting
from goals.rows import GoalRow, KpiRow, ObjectiveRow, PlanRow, QuestionRow, TargetRow
from tests.goals.documents import documents, plans_made_up

HEAD = PlanRow("Winter", "2026-10-01", "2026-12-31")
GROW, SELL = ObjectiveRow("grow", "Grow"), ObjectiveRow("sell", "Sell more")
ORDER = GoalRow("order", "Order", "macro", objective="sell", definition=Definition(from_text("event purchase")))
LEAD = GoalRow("lead", "Lead", "macro", objective="sell")
PLAN = Document(HEAD, objectives=(GROW, SELL), goals=(ORDER, LEAD))


def told(one: Difference) -> tuple[str, str, str, str, str]:
    return (one.change, one.name, str(one.label), one.before, one.after)


def between(before: Document, after: Document) -> list[tuple[str, str, str, str, str]]:
    return [told(one) for one in differences(before, after)]


@plans_made_up
@given(documents(), documents())
def test_documents_differ_if_and_only_if_they_are_not_equal(one: Document, other: Document) -> None:
    assert differences(one, one) == ()
    assert bool(differences(one, other)) == (one != other)


def test_a_changed_value_is_told_in_words() -> None:
    definition = Definition(from_text("page /thanks*"), counting=Counting.PERSON)
    after = replace(PLAN, goals=(replace(ORDER, definition=definition, department="Sales"), LEAD))
    assert between(PLAN, after) == [
        ("changed", "Order", "Department", "", "Sales"),
        ("changed", "Order", "What counts", "event purchase", "page /thanks*"),
        ("changed", "Order", "Counting", "Every time", "Once per person"),
    ]


def test_added_and_removed_rows_are_named() -> None:
    kpi = KpiRow("orders", "order", "Orders", "count")
    target = TargetRow("orders", "q4", "412", "2026-10-01", "2026-12-31")
    after = replace(PLAN, goals=(ORDER,), kpis=(kpi,), targets=(target,))
    assert between(PLAN, after) == [
        ("removed", "Lead", "", "Macro goal", ""),
        ("added", "Orders", "", "", "Order"),
        ("added", "Orders: 412 by 31\N{NO-BREAK SPACE}Dec\N{NO-BREAK SPACE}2026", "", "", ""),
    ]


def test_the_fewest_rows_that_explain_a_new_order_are_moved() -> None:
    goals = tuple(replace(ORDER, slug=slug, name=slug) for slug in "abcde")
    turned = tuple(goals[place] for place in (4, 0, 1, 2, 3))
    assert between(replace(PLAN, goals=goals), replace(PLAN, goals=turned)) == [("moved", "e", "", "", "Macro goal")]


def test_goals_do_not_move_because_their_objectives_did() -> None:
    goals = (replace(ORDER, objective="grow"), LEAD)
    before = replace(PLAN, goals=goals)
    found = between(before, replace(before, objectives=(SELL, GROW)))
    assert [(change, name) for change, name, *_rest in found] == [("moved", "Sell more")]


def test_a_goal_moves_below_another_objective() -> None:
    after = replace(PLAN, goals=(ORDER, replace(LEAD, objective="grow")))
    assert between(PLAN, after) == [("moved", "Lead", "Objective", "Sell more", "Grow")]


def test_a_question_moves_below_another_objective() -> None:
    before = replace(PLAN, questions=(QuestionRow("sell", "why", "Why?"),))
    after = replace(PLAN, questions=(QuestionRow("grow", "why", "Why?"),))
    assert between(before, after) == [("moved", "Why?", "", "Sell more", "Grow")]


def test_each_difference_says_what_kind_of_row_it_is_about() -> None:
    one = differences(PLAN, replace(PLAN, plan=replace(HEAD, about="A shop")))[0]
    assert (one.table, str(one.kind), one.address, one.column, one.change) == (
        "plan",
        "Plan",
        (),
        "about",
        Change.CHANGED,
    )
