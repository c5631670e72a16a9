"""Small figures for pages of lower storeys, which know the address and the ids of their places, and nothing else."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from goals.coverage import coverage
from goals.models import Goal
from goals.plan_page import Asked, has_place
from goals.planning import current_plan
from reports import boards, publishing
from reports.answer import READY, state_of
from reports.asked import fallback_span
from reports.daily import figures
from reports.progress import Progress, board
from reports.publishing import Published
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action
from workspaces.zones import day_of

DAYS = 28


@allow(Action.SEE_REPORTS)
@require_GET
def live_figures(request: MemberRequest) -> HttpResponse:
    """Give figures as elements that htmx puts in the place of those with their ids.

    `now-goal-<id>`: count, rate and tracking state of the last four weeks; `?goals=3,7` names some, all by default.
    `now-kpi-<id>`: actual and status against its target, of those goals' KPIs.
    The rest of the query is that of the plan's page: rows that it leaves out have no place there.
    """
    is_shown = has_place(current_plan(request.workspace), Asked.of(request.GET))
    goals = _goals(request)
    kpis = [row for row in _kpis(request, {goal.pk for goal in goals}) if is_shown(row.kpi)]
    goals = [goal for goal in goals if is_shown(goal)]
    today = day_of(timezone.now(), request.workspace.zone)
    since = today - timedelta(days=DAYS)
    published = publishing.read(request.workspace.pk, [goal.pk for goal in goals], since=since, until=today)
    covered = coverage(request.workspace)
    rows = [_row(goal, published, covered.of(goal.pk).state, since=since, until=today) for goal in goals]
    return page(request, "reports/live_figures.html", context={"rows": rows, "kpis": kpis})


def _goals(request: MemberRequest) -> list[Goal]:
    live = request.workspace.goals.filter(archived_at=None)
    if "goals" not in request.GET:
        return list(live)
    wanted = {text for text in request.GET["goals"].split(",") if text.isascii() and text.isdecimal()}
    return [goal for goal in live if str(goal.pk) in wanted]


def _kpis(request: MemberRequest, goals: set[int]) -> list[Progress]:
    """Give each KPI against the target that ends first; a second one has its own row on the board."""
    now, workspace = timezone.now(), request.workspace
    kpis = [kpi for kpi in boards.live_kpis(workspace) if kpi.goal_id in goals]
    if not kpis:
        return []
    shown = board(workspace, kpis, fallback=fallback_span(workspace, now=now), now=now)
    return list({row.kpi.pk: row for row in reversed(shown.rows)}.values())


def _row(goal: Goal, published: Published, tracking: str, *, since: date, until: date) -> dict[str, object]:
    if state_of(published, goal) != READY:
        return {"goal": goal, "tracking": tracking, "is_untracked": goal.pk in published.untracked}
    totals = figures(published.days[goal.pk], published.visits, since=since, until=until)
    return {"goal": goal, "figures": totals, "rate": totals.rate("visitors"), "tracking": tracking}
