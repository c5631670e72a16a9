"""A goal behind a link: its KPIs, its figures, where its conversions come from."""

from datetime import datetime

from django.utils.translation import gettext_lazy

from goals.models import Goal
from reports import boards, goal_figures
from reports.answer import READY, answer
from reports.asked import fallback_span, from_page
from reports.progress import board
from reports.sharing import wording
from reports.sharing.overview import unlinked
from reports.sharing.shareable import Frozen, NotThere, Params, Shareable, Shown
from workspaces.models import Workspace


def freeze(workspace: Workspace, params: Params, now: datetime) -> Frozen:
    """Give the question of the goal's page; what its address leaves out is as it is now."""
    goal = find(workspace, params)
    question, _faults = from_page(params, workspace, goal, now=now)
    return Frozen({"goal": goal.slug, **question.params()}, goal.name)


def show(workspace: Workspace, params: Params, now: datetime) -> Shown:
    """Show the goal."""
    goal = find(workspace, params)
    question, _faults = from_page(params, workspace, goal, now=now)
    result = answer(workspace, goal, question, now=now)
    kpis = [kpi for kpi in boards.live_kpis(workspace) if kpi.goal_id == goal.pk]
    rows = board(workspace, kpis, fallback=fallback_span(workspace, now=now), now=now).rows if kpis else ()
    said = wording.of_goal(goal, result, rows) if result.state == READY else ()
    context = goal_figures.context(goal, result)
    return Shown(goal.name, said, {**context, "sections": unlinked(boards.sections(workspace, rows))})


def find(workspace: Workspace, params: Params) -> Goal:
    """Give the goal that the parameters name; raise NotThere."""
    goals = workspace.goals.select_related("plan", "workspace").prefetch_related("rules")
    found = goals.filter(slug=params.get("goal", "")).first()
    if found is None:
        raise NotThere
    return found


GOAL = Shareable(gettext_lazy("Goal"), "reports/shared/goal.html", freeze, show)
