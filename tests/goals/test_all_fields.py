"""The forms of a plan hold every field of its rows; what is asked seldom is folded, and opens where it says more."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from goals.columns import GOALS, KPIS, OBJECTIVES, PLAN, REPORTINGS, SEGMENTS, TARGETS
from goals.forms.goals import GoalForm
from goals.forms.plans import ObjectiveForm, PlanForm, ReportingForm, SegmentForm
from goals.forms.targets import KpiForm, TargetForm
from goals.models import Goal, Kpi, Objective, Plan, Question, Reporting, Segment, Target
from tests.goals.makers import NOW, make_kpi, make_target
from tests.goals.test_pages import at, goal_data
from workspaces import scope
from workspaces.models import Membership, Workspace

BrowserOf = Callable[[Membership], Client]
OPEN = '<details class="fold" open>'


def sent(browser: Client, address: str, **typed: Any) -> Any:
    """Send a form as it is shown, with what is typed."""
    form = browser.get(address).context["form"]
    parts = [form, *getattr(form, "questions", [])]
    shown = {field.html_name: field.value() for part in parts for field in part}
    kept = {name: value for name, value in shown.items() if value not in (None, "", [])}
    return browser.post(address, kept | {"form_token": str(uuid4())} | typed)


def test_every_column_of_the_plan_is_a_field_of_its_form(shop: Workspace, order: Goal) -> None:
    kpi = make_kpi(order)
    with scope.in_workspace(shop.pk):
        forms = {
            PLAN: PlanForm(workspace=shop), OBJECTIVES: ObjectiveForm(workspace=shop), GOALS: GoalForm(plan=order.plan),
            KPIS: KpiForm(goal=order), TARGETS: TargetForm(kpi=kpi, today=NOW.date()), SEGMENTS: SegmentForm(),
            REPORTINGS: ReportingForm(),
        }  # fmt: skip
        # Short names are the house's; the rows above come from the address; rules have rows and triggers of their own.
        elsewhere = {"slug", "rules", "value_high", "goal", "kpi"}
        for table, form in forms.items():
            keys = {column.key for column in table.columns} - elsewhere
            assert keys - set(form.fields) == set(), table.key


def test_a_goal_keeps_stage_moment_and_owner(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    browser = browser_of(lead)
    assert OPEN not in browser.get(at("goal-new", lead.workspace)).content.decode()
    more = {"stage": "think", "moment": "The form was accepted", "owner": str(lead.pk), "department": "CRM"}
    assert browser.post(at("goal-new", lead.workspace), goal_data(**more)).status_code == 302
    with scope.in_workspace(lead.workspace_id):
        goal = Goal.objects.get()
    assert (goal.stage, goal.moment, goal.owner_id, goal.department) == (
        "think",
        "The form was accepted",
        lead.pk,
        "CRM",
    )
    page = browser.get(at("goal-edit", lead.workspace, goal.slug)).content.decode()
    assert OPEN in page
    assert '<option value="CRM">' in page


def test_an_owner_is_a_member_of_this_workspace(
    lead: Membership, outsider: Membership, plan: Plan, browser_of: BrowserOf
) -> None:
    sent_data = goal_data(owner=str(outsider.pk))
    assert browser_of(lead).post(at("goal-new", lead.workspace), sent_data).status_code == 422


def test_an_objective_is_saved_with_its_questions(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    browser, address = browser_of(lead), at("objective-new", lead.workspace)
    asked = {"question-new-0-text": "Which channels pay?", "question-new-0-asker": "Finance"}
    answer = sent(browser, address, name="Grow", horizon="by 2027", owner=str(lead.pk), **asked)
    assert answer.status_code == 302
    with scope.in_workspace(lead.workspace_id):
        objective, question = Objective.objects.get(), Question.objects.get()
    assert (objective.horizon, objective.owner_id) == ("by 2027", lead.pk)
    assert (question.text, question.asker, question.objective_id) == ("Which channels pay?", "Finance", objective.pk)
    edit = at("objective-edit", lead.workspace, objective.pk)
    sent(browser, edit, **{f"question-{question.pk}-decision": "The budget", "question-new-1-text": "And when?"})
    with scope.in_workspace(lead.workspace_id):
        assert [(each.text, each.decision) for each in Question.objects.all()] == [
            ("Which channels pay?", "The budget"), ("And when?", ""),
        ]  # fmt: skip
    sent(browser, edit, **{f"question-{question.pk}-text": ""})
    with scope.in_workspace(lead.workspace_id):
        assert [each.text for each in Question.objects.all()] == ["And when?"]


def test_a_question_that_somebody_else_changed_is_not_overwritten(
    lead: Membership, plan: Plan, browser_of: BrowserOf
) -> None:
    browser = browser_of(lead)
    sent(browser, at("objective-new", lead.workspace), name="Grow", **{"question-new-0-text": "Which?"})
    with scope.in_workspace(lead.workspace_id):
        question = Question.objects.get()
        Question.objects.update(text="Theirs", revision=2)
    typed = {f"question-{question.pk}-text": "Mine", f"question-{question.pk}-revision": "1"}
    answer = sent(browser, at("objective-edit", lead.workspace, question.objective_id), **typed)
    assert answer.status_code == 422
    assert "changed meanwhile" in answer.content.decode()
    with scope.in_workspace(lead.workspace_id):
        assert Question.objects.get().text == "Theirs"


def test_an_asker_without_a_question_is_asked_for_it(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    answer = sent(browser_of(lead), at("objective-new", lead.workspace), name="Grow", **{"question-new-0-asker": "Me"})
    assert answer.status_code == 422
    assert "Write the question" in answer.content.decode()


def test_the_plan_s_head_is_written_whole(
    lead: Membership, owner: Membership, plan: Plan, browser_of: BrowserOf
) -> None:
    typed = {
        "kind": "migration", "about": "A shop", "owner": str(owner.user_id), "next_review_on": "2026-12-01",
        "naming_rule": "snake_case", "approval_rule": "the lead",
    }  # fmt: skip
    browser = browser_of(lead)
    assert sent(browser, at("plan-edit", lead.workspace), **typed).status_code == 302
    with scope.in_workspace(lead.workspace_id):
        saved = Plan.objects.get()
    assert (saved.kind, saved.about, saved.owner, saved.naming_rule) == (
        "migration",
        "A shop",
        owner.user,
        "snake_case",
    )
    shown = browser.get(at("plan-details", lead.workspace)).content.decode()
    assert "snake_case" in shown
    assert "Move from another set-up" in shown


def test_a_kpi_keeps_weight_timing_owner_and_source(lead: Membership, order: Goal, browser_of: BrowserOf) -> None:
    typed = {"weight": "guardrail", "timing": "leading", "owner": str(lead.pk), "data_source": "Cash registers"}
    sent(browser_of(lead), at("kpi-new", lead.workspace, order.slug), **typed)
    with scope.in_workspace(lead.workspace_id):
        kpi = Kpi.objects.get()
    assert (kpi.weight, kpi.timing, kpi.owner_id, kpi.data_source) == (
        "guardrail",
        "leading",
        lead.pk,
        "Cash registers",
    )


def test_a_target_keeps_baseline_days_thresholds_and_segment(
    lead: Membership, order: Goal, browser_of: BrowserOf
) -> None:
    kpi, browser = make_kpi(order), browser_of(lead)
    sent(browser, at("segment-new", lead.workspace), name="Members")
    with scope.in_workspace(lead.workspace_id):
        segment = Segment.objects.get()
    typed = {
        "value": "453", "period": "quarter", "baseline": "412", "baseline_since": "2026-07-01",
        "baseline_until": "2026-09-30", "green_share": "97,5", "amber_share": "90", "segment": str(segment.pk),
    }  # fmt: skip
    assert sent(browser, at("target-new", lead.workspace, kpi.slug), **typed).status_code == 302
    with scope.in_workspace(lead.workspace_id):
        target = Target.objects.get()
    assert (target.baseline, str(target.baseline_since), str(target.baseline_until)) == (
        412,
        "2026-07-01",
        "2026-09-30",
    )
    assert (target.green_share, target.amber_share, target.segment) == (Decimal("0.975"), Decimal("0.9"), segment)
    page = browser.get(at("target-edit", lead.workspace, target.pk)).content.decode()
    assert OPEN in page
    assert 'value="97.5"' in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"green_share": "120"}, "less than or equal to 100"),
        ({"amber_share": "0"}, "greater than or equal to 0.01"),
        ({"green_share": "80", "amber_share": "90"}, "Green starts at or above amber."),
        ({"baseline_since": "2026-09-30", "baseline_until": "2026-07-01"}, "end before they start"),
    ],
    ids=["above all", "nothing", "wrong way round", "baseline backwards"],
)
def test_thresholds_and_baselines_that_mean_nothing_are_refused(
    lead: Membership, order: Goal, browser_of: BrowserOf, typed: dict[str, str], said: str
) -> None:
    kpi = make_kpi(order)
    answer = sent(browser_of(lead), at("target-new", lead.workspace, kpi.slug), value="453", period="quarter", **typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_baseline_that_was_chosen_on_its_page_stands_in_the_form(
    lead: Membership, order: Goal, browser_of: BrowserOf
) -> None:
    target = make_target(make_kpi(order))
    chosen = "?baseline=412&baseline_since=2026-07-01&baseline_until=2026-09-30"
    page = browser_of(lead).get(at("target-edit", lead.workspace, target.pk) + chosen).content.decode()
    assert 'value="412"' in page
    assert 'value="2026-07-01"' in page


def test_segments_and_reports_are_lists_of_the_plan(
    lead: Membership, viewer: Membership, plan: Plan, browser_of: BrowserOf
) -> None:
    browser, shop = browser_of(lead), lead.workspace
    sent(browser, at("segment-new", shop), name="Members", decision="Which mail they get")
    sent(browser, at("reporting-new", shop), audience="Management", cadence="weekly", channel="mail")
    with scope.in_workspace(shop.pk):
        segment, reporting = Segment.objects.get(), Reporting.objects.get()
    sent(browser, at("reporting-edit", shop, reporting.pk), recipients="the board")
    shown = browser_of(viewer).get(at("plan-details", shop)).content.decode()
    for text in ("Members", "Which mail they get", "Management", "Weekly", "the board"):
        assert text in shown, text
    assert at("segment-edit", shop, segment.pk) not in shown, "a viewer changes nothing"
    assert sent(browser, at("segment-remove", shop, segment.pk))["Location"] == at("plan-details", shop)
    assert sent(browser, at("reporting-remove", shop, reporting.pk)).status_code == 302
    with scope.in_workspace(shop.pk):
        assert not Segment.objects.exists()
        assert not Reporting.objects.exists()
