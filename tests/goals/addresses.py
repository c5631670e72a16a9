"""What the addresses of goals need."""

import uuid

from goals.drafts import Draft
from goals.listing import QuestionDraft, ReportingDraft, SegmentDraft, add
from goals.models import Goal, Kpi, Objective, Plan, PlanFile, PlanVersion
from goals.planning import ObjectiveDraft, create_objective
from goals.signing import request_sign_off
from goals.specifying import SpecDraft, specify
from goals.taking_in import receive
from tests.goals.makers import NOW, TEST, make_goal, make_kpi, make_plan, make_proposal, make_target
from workspaces import scope
from workspaces.models import Membership


def a_plan(owner: Membership) -> Plan:
    return owner.workspace.plans.first() or make_plan(owner.workspace)


def a_goal(owner: Membership) -> Goal:
    """Give a goal whose tracking is specified."""
    goal = make_goal(a_plan(owner), f"Goal {uuid.uuid4().hex[:8]}")
    with scope.in_workspace(owner.workspace_id):
        specify(goal, SpecDraft(), by=TEST, now=NOW)
    return goal


def a_kpi(owner: Membership) -> Kpi:
    return make_kpi(a_goal(owner), f"KPI {uuid.uuid4().hex[:8]}")


def an_objective(owner: Membership) -> Objective:
    return create_objective(a_plan(owner), ObjectiveDraft("Sell more"), by=TEST, now=NOW)


def a_version(owner: Membership) -> PlanVersion:
    """Give a version that waits."""
    plan = Plan.objects.get(pk=a_plan(owner).pk)
    waiting = plan.versions.filter(state="in_review").first()
    return waiting or request_sign_off(plan, [owner], by=owner, now=NOW)


def with_a_plan(owner: Membership) -> str:
    return a_plan(owner).workspace.slug


def a_file(owner: Membership) -> PlanFile:
    a_plan(owner)
    with scope.in_workspace(owner.workspace_id):
        return receive(owner.workspace, name="goals.csv", content=b"Macro goal,KPI\nOrder,Orders\n", by=owner, now=NOW)


def a_proposal(owner: Membership) -> int:
    return make_proposal(a_plan(owner), by=owner).pk


def a_listed(owner: Membership, draft: Draft) -> int:
    """Put a row into one of the plan's lists; give its number."""
    parent = an_objective(owner) if isinstance(draft, QuestionDraft) else a_plan(owner)
    with scope.in_workspace(owner.workspace_id):
        return add(parent, draft, by=TEST, now=NOW).pk


SAMPLES = {
    "proposal": a_proposal,
    "workspace": with_a_plan,
    "row": lambda owner: f"goal-{a_goal(owner).pk}",
    "field": lambda _owner: "name",
    "plan": lambda owner: a_plan(owner).slug,
    "goal": lambda owner: a_goal(owner).slug,
    "kpi": lambda owner: a_kpi(owner).slug,
    "objective": lambda owner: an_objective(owner).pk,
    "version": lambda owner: a_version(owner).pk,
    "number": lambda owner: a_version(owner).number,
    "plan_file": lambda owner: a_file(owner).pk,
    "step": lambda _owner: "about",
    "question": lambda owner: a_listed(owner, QuestionDraft("Who buys?")),
    "segment": lambda owner: a_listed(owner, SegmentDraft("New visitors")),
    "reporting": lambda owner: a_listed(owner, ReportingDraft("The board")),
    "target": lambda owner: make_target(a_kpi(owner)).pk,
}
