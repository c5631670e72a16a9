"""A goal outside of its page: its KPIs, its figures, where its conversions come from."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Goal
from reports import boards, exports, goal_figures, goal_page
from reports.answer import READY, Answer, answer
from reports.asked import fallback_span, from_page
from reports.boards import Section
from reports.progress import board
from reports.question import Question
from reports.sharing import wording
from reports.sharing.overview import unlinked
from reports.sharing.shareable import Inquiry, NotThere, Params, Rows, Shareable, Told
from workspaces.models import Workspace


def ask(workspace: Workspace, params: Params, now: datetime) -> Inquiry:
    """Read the question of the goal's page; what its address leaves out is as it is now."""
    goal = find(workspace, params)
    question, _faults = from_page(params, workspace, goal, now=now)
    return Inquiry(
        title=goal.name,
        path=reverse("reports:goal", args=[workspace.slug, goal.slug]),
        params=question.params(),
        tell=partial(_tell, workspace, goal, question, now),
        named={"goal": goal.slug},
        span=question.span,
    )


def _tell(workspace: Workspace, goal: Goal, question: Question, now: datetime) -> Told:
    result = answer(workspace, goal, question, now=now)
    kpis = [kpi for kpi in boards.live_kpis(workspace) if kpi.goal_id == goal.pk]
    rows = board(workspace, kpis, fallback=fallback_span(workspace, now=now), now=now).rows if kpis else ()
    sections = boards.sections(workspace, rows)
    return Told(
        is_ready=result.state == READY,
        name=goal.name,
        made=result.provenance,
        method=goal_page.method(result, goal),
        context=lambda: {**goal_figures.context(goal, result), "sections": unlinked(sections)},
        sentences=lambda: wording.of_goal(goal, result, rows),
        tables=lambda: _tables(result, sections),
    )


def _tables(result: Answer, sections: list[Section]) -> Mapping[str, Rows]:
    return {
        **({_("KPIs"): exports.board_rows(sections)} if sections else {}),
        _("Breakdown"): exports.breakdown_rows(result),
        _("Trend"): exports.trend_rows(result),
    }


def find(workspace: Workspace, params: Params) -> Goal:
    """Give the goal that the parameters name; raise NotThere."""
    goals = workspace.goals.select_related("plan", "workspace").prefetch_related("rules")
    found = goals.filter(slug=params.get("goal", "")).first()
    if found is None:
        raise NotThere
    return found


GOAL = Shareable(gettext_lazy("Goal"), "reports/shared/goal.html", ask)
