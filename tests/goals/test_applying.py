"""Applying a document: the plan says it afterwards, twice is once, and what is equal is left alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from goals.applying import Applied, apply
from goals.conditions import from_text
from goals.defining import GoalInUse
from goals.definition import Definition
from goals.document import Document, document_of
from goals.models import Goal, Kpi, Measure, Plan, Target
from goals.rows import GoalRow, KpiRow, ObjectiveRow, PlanRow, QuestionRow, TargetRow
from goals.targeting import MeasureUnfit
from goals.writing import Dangling
from tests.builders import make_member
from tests.goals.documents import documents, plans_made_up, taken_back
from tests.goals.makers import NOW, TEST, make_kpi, make_plan, make_target
from workspaces import scope
from workspaces.models import AuditEntry, Workspace

HEAD = PlanRow("Plan of the winter", "2026-10-01", "2026-12-31")
ORDER = GoalRow("order", "Order", "macro", definition=Definition(from_text("event purchase")))


def put(document: Document, plan: Plan, **more: Any) -> Applied:
    with scope.in_workspace(plan.workspace_id):
        return apply(document, plan, by=TEST, now=NOW, **more)


def said(plan: Plan) -> Document:
    with scope.in_workspace(plan.workspace_id):
        return document_of(Plan.objects.get(pk=plan.pk))


def acts(plan: Plan) -> list[tuple[str, str]]:
    with scope.in_workspace(plan.workspace_id):
        return list(AuditEntry.objects.order_by("pk").values_list("act", "subject_type"))


@plans_made_up
@given(document=documents(members=["kari@example.com"]))
def test_an_empty_workspace_says_what_any_document_says(shop: Workspace, document: Document) -> None:
    with taken_back():
        make_member(shop, "kari@example.com")
        plan = make_plan(shop)
        put(document, plan)
        assert said(plan) == document
        assert put(document, plan).is_nothing


@plans_made_up
@given(before=documents(), after=documents())
def test_any_plan_can_become_any_other_unless_a_verb_refuses(
    shop: Workspace, before: Document, after: Document
) -> None:
    with taken_back():
        plan = make_plan(shop)
        put(before, plan)
        try:
            put(after, plan, remove_missing=True)
        except (GoalInUse, MeasureUnfit):
            assert said(plan) == before
        else:
            assert said(plan) == after


def test_what_is_equal_leaves_no_trace(plan: Plan, order: Goal) -> None:
    make_target(make_kpi(order))
    before = acts(plan)
    assert put(said(plan), plan, remove_missing=True).is_nothing
    assert acts(plan) == before


def test_one_changed_value_is_one_audited_change(plan: Plan, order: Goal, newsletter: Goal) -> None:
    before = acts(plan)
    document = said(plan)
    changed = replace(document, goals=(document.goals[0], replace(document.goals[1], department="Sales")))
    assert put(changed, plan).changed == [("goals", ("newsletter",))]
    assert acts(plan)[len(before) :] == [("changed", "goal")]
    with scope.in_workspace(plan.workspace_id):
        assert Goal.objects.get(pk=newsletter.pk).version == 1


def test_missing_rows_stay_unless_they_are_to_go(plan: Plan, order: Goal, newsletter: Goal) -> None:
    document = replace(said(plan), goals=(ORDER,))
    assert put(document, plan).is_nothing
    assert put(document, plan, remove_missing=True).removed == [("goals", ("newsletter",))]
    assert [row.slug for row in said(plan).goals] == ["order"]


def test_an_archived_goal_comes_back_with_its_history(plan: Plan, order: Goal) -> None:
    target = make_target(make_kpi(order))
    whole = said(plan)
    put(Document(whole.plan), plan, remove_missing=True)
    assert said(plan) == Document(whole.plan)
    put(whole, plan)
    assert said(plan) == whole
    with scope.in_workspace(plan.workspace_id):
        assert Target.objects.get().pk == target.pk
        assert (Goal.objects.count(), Kpi.objects.count()) == (1, 1)


def test_rows_come_into_the_documents_order(plan: Plan) -> None:
    objectives = tuple(ObjectiveRow(slug, slug.title()) for slug in ("one", "two", "three"))
    questions = (QuestionRow("two", "why", "Why?"), QuestionRow("two", "how", "How?"))
    document = Document(HEAD, objectives=objectives, questions=questions)
    put(document, plan)
    turned = replace(document, objectives=objectives[::-1], questions=questions[::-1])
    assert put(turned, plan).is_reordered
    assert said(plan) == turned
    assert put(turned, plan).is_nothing


def test_rows_that_a_document_does_not_name_keep_their_places(plan: Plan) -> None:
    one, two, three = (ObjectiveRow(slug, slug.title()) for slug in ("one", "two", "three"))
    put(Document(HEAD, objectives=(one, two, three)), plan)
    put(Document(HEAD, objectives=(three, one)), plan)
    assert [row.slug for row in said(plan).objectives] == ["three", "two", "one"]


def test_an_owner_who_is_no_member_is_left_out_and_named(plan: Plan) -> None:
    document = Document(HEAD, objectives=(ObjectiveRow("sell", "Sell", owner="gone@example.com"),))
    applied = put(document, plan)
    assert applied.fit.unknown == {"gone@example.com"}
    assert said(plan).objectives[0].owner == ""
    assert put(document, plan).is_nothing


def test_a_reference_to_nothing_is_refused_whole(plan: Plan) -> None:
    document = Document(HEAD, goals=(ORDER,), kpis=(KpiRow("sales", "nothing", "Sales", "count"),))
    with pytest.raises(Dangling, match='Goal "nothing" is named and not there'):
        put(document, plan)
    assert said(plan) == Document(HEAD)


def test_rows_without_a_short_name_get_one(plan: Plan) -> None:
    goals = (replace(ORDER, slug=""), replace(ORDER, slug="", name="Kjøp på nett"))
    kpi = KpiRow("orders", "order", "Orders", "rate", per="visitors")
    target = TargetRow("orders", "", "3.4", "2026-10-01", "2026-12-31")
    put(Document(HEAD, goals=goals, kpis=(kpi,), targets=(target,)), plan)
    found = said(plan)
    assert [row.slug for row in found.goals] == ["order", "kjop-pa-nett"]
    assert (found.targets[0].slug, found.targets[0].value) == ("until-2026-12-31", "3.4%")


def test_a_short_name_of_an_older_plan_is_numbered_once(
    shop: Workspace, plan: Plan, order: Goal, count_of_goals: Callable[[], int]
) -> None:
    with scope.in_workspace(shop.pk):
        Plan.objects.filter(pk=plan.pk).update(archived_at=NOW)
    new = make_plan(shop)
    micro = GoalRow("search", "Search", "micro", supports=("order",))
    document = Document(HEAD, goals=(ORDER, micro), kpis=(KpiRow("sales", "order", "Sales", Measure.COUNT),))
    assert put(document, new).fit.renamed["goals"] == {"order": "order-2"}
    assert put(document, new).is_nothing
    assert said(new).goals[1].supports == ("order-2",)
    assert count_of_goals() == 3


@pytest.fixture
def count_of_goals(shop: Workspace) -> Callable[[], int]:
    def count() -> int:
        with scope.in_workspace(shop.pk):
            return Goal.objects.count()

    return count
