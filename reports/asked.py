"""The question that a request asks about a goal, with the defaults of the goal, its plan and its workspace."""

from collections.abc import Mapping
from datetime import datetime

from goals.models import Goal, ValueRule
from goals.planning import current_plan
from reports import asking
from reports.periods import DAY, PERIODS, PLAN, WITHOUT_PLAN, Span
from reports.question import Defaults, Fault, Question
from workspaces.models import Workspace
from workspaces.zones import day_of

FALLBACK_MODEL = "last"  # for a goal whose model needs parameters that a question does not carry


def plan_span(workspace: Workspace) -> Span | None:
    """Give the whole period of the plan at work."""
    plan = current_plan(workspace)
    return None if plan is None else Span(plan.starts_on, plan.ends_on + DAY)


def fallback_span(workspace: Workspace, *, now: datetime) -> Span:
    """Give the range of what has no dates of its own: the plan's period to date, else the last four weeks."""
    today = day_of(now, workspace.zone)
    plan = plan_span(workspace)
    found = PERIODS[PLAN].span(today, plan) or PERIODS[WITHOUT_PLAN].span(today, plan)
    return found or Span(today, today + DAY)


def defaults_of(workspace: Workspace, goal: Goal, *, now: datetime) -> Defaults:
    """Give what a question about the goal takes where the address says nothing."""
    return Defaults(
        goal=goal.slug,
        today=day_of(now, workspace.zone),
        plan=plan_span(workspace),
        model=goal.model if goal.model in asking.OFFERED_MODELS else FALLBACK_MODEL,
        view_days=workspace.view_days if goal.view_days is None else goal.view_days,
        engagement_days=workspace.engagement_days if goal.engagement_days is None else goal.engagement_days,
        click_days=workspace.click_days if goal.click_days is None else goal.click_days,
    )


def from_page(
    params: Mapping[str, str], workspace: Workspace, goal: Goal, *, now: datetime
) -> tuple[Question, tuple[Fault, ...]]:
    """Read a page's question; what can't be read falls back to its default, and is named."""
    return asking.read_leniently(params, defaults_of(workspace, goal, now=now))


def from_api(params: Mapping[str, str], workspace: Workspace, goal: Goal, *, now: datetime) -> Question:
    """Read the API's question; raise BadQuestion for anything that means nothing."""
    return asking.read(params, defaults_of(workspace, goal, now=now), strict=True)


def has_value(goal: Goal) -> bool:
    """Say whether the goal's conversions are worth money."""
    return goal.value_rule != ValueRule.NONE
