"""Documents: plain, ordered, and equal where plans say the same."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given

from goals.document import FORMAT, Document, UnknownFormat, document_of
from goals.models import Goal, Level, Measure, Plan
from goals.rows import GoalRow, ObjectiveRow, PlanRow
from tests.goals.documents import documents, plans_made_up
from tests.goals.makers import make_goal, make_kpi, make_target
from workspaces import scope

HEAD = PlanRow("Winter", "2026-10-01", "2026-12-31")


@plans_made_up
@given(documents())
def test_a_document_survives_its_json(document: Document) -> None:
    assert Document.from_json(document.as_json()) == document


@plans_made_up
@given(documents())
def test_the_order_of_lists_that_stand_below_others_does_not_matter(document: Document) -> None:
    reversed_questions = replace(document, questions=(), goals=document.goals)
    assert Document.from_json(document.as_json()).goals == reversed_questions.goals
    macros = tuple(row for row in document.goals if row.level == "macro")
    micros = tuple(row for row in document.goals if row.level == "micro")
    assert replace(document, goals=micros + macros) == document


def test_goals_stand_in_the_order_of_their_objectives_macro_goals_first() -> None:
    rows = (
        GoalRow("search", "Search", "micro", objective="sell", supports=("order", "lead", "order")),
        GoalRow("order", "Order", "macro", objective="sell"),
        GoalRow("lead", "Lead", "macro", objective="grow"),
        GoalRow("other", "Other", "macro"),
    )
    document = Document(HEAD, objectives=(ObjectiveRow("grow", "Grow"), ObjectiveRow("sell", "Sell")), goals=rows)
    assert [row.slug for row in document.goals] == ["lead", "order", "other", "search"]
    assert document.goals[-1].supports == ("lead", "order")


def test_the_number_of_a_definition_is_no_part_of_what_the_plan_says() -> None:
    goal = GoalRow("order", "Order", "macro")
    assert Document(HEAD, goals=(goal,)) == Document(HEAD, goals=(replace(goal, version=7),))
    assert Document.from_json(Document(HEAD, goals=(replace(goal, version=7),)).as_json()).goals[0].version == 7


def test_another_format_is_refused_by_its_number() -> None:
    with pytest.raises(UnknownFormat, match=f"format 99 can't be read here; this release reads format {FORMAT}"):
        Document.from_json(Document(HEAD).as_json() | {"format": 99})


def queries_of(plan: Plan) -> int:
    with CaptureQueriesContext(connection) as seen, scope.in_workspace(plan.workspace_id):
        document_of(plan)
    return len(seen)


def test_a_plan_is_read_with_its_goals_kpis_and_targets(plan: Plan, order: Goal, newsletter: Goal) -> None:
    make_target(make_kpi(newsletter, "Sign-ups", measure=Measure.RATE, per="sessions"), Decimal("0.034"))
    with scope.in_workspace(plan.workspace_id):
        document = document_of(plan)
    assert document.plan == PlanRow("Plan of the winter", "2026-10-01", "2026-12-31")
    assert [(row.slug, row.supports) for row in document.goals] == [("order", ()), ("newsletter", ("order",))]
    assert document.kpis[0].goal == "newsletter"
    assert (document.targets[0].kpi, document.targets[0].value) == ("sign-ups", "3.4%")


def test_a_longer_plan_takes_no_more_queries(plan: Plan, order: Goal) -> None:
    make_target(make_kpi(order))
    few = queries_of(plan)
    for number in range(3):
        micro = make_goal(plan, f"Micro {number}", level=Level.MICRO, supports=[order])
        make_target(make_kpi(micro, f"KPI {number}"))
    # 2 settings of the workspace, 1 objectives, 2 questions, 3 goals, 4 rules, 5 supports, 6 KPIs, 7 targets,
    # 8 specs, 9 parameters, 10 segments, 11 reportings
    assert queries_of(plan) == few <= 15
