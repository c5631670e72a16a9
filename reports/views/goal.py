"""One goal: what it is, how it does, where its conversions come from."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from goals.coverage import tracking_of
from goals.models import Goal
from reports import controls, exports, goal_figures, goal_page, passes, restating
from reports.abouts import about
from reports.annotations.offering import annotate_url
from reports.answer import Answer, answer
from reports.asked import from_page, has_value, plan_span
from reports.explore.ready_made import engagement
from reports.files import Table, file_of
from reports.goal_tabs import FIGURES, tabs
from reports.kept import kept
from reports.metrics import METRICS
from reports.question import Fault, Question
from reports.sharing.offering import offered
from reports.trends import metric_label
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def goal(request: MemberRequest, goal: str) -> HttpResponse:
    """Show the goal under the question of the address."""
    found = _find(request, goal)
    question, faults = from_page(request.GET.dict(), request.workspace, found, now=timezone.now())
    result = answer(request.workspace, found, question, now=timezone.now())
    status = HTTPStatus.BAD_REQUEST if faults else HTTPStatus.OK
    return page(
        request, "reports/goal.html", part="figures", context=_context(request, found, result, faults), status=status
    )


@allow(Action.EXPORT)
@require_GET
def rows_file(request: MemberRequest, goal: str, kind: str) -> HttpResponse:
    """Give the table of the breakdown as a file."""
    return _file(request, goal, exports.breakdown_rows, "breakdown", kind)


@allow(Action.EXPORT)
@require_GET
def trend_file(request: MemberRequest, goal: str, kind: str) -> HttpResponse:
    """Give the table of the trend as a file."""
    return _file(request, goal, exports.trend_rows, "trend", kind)


def _file(
    request: MemberRequest, slug: str, rows_of: Callable[[Answer], list[list[exports.Cell]]], name: str, kind: str
) -> HttpResponse:
    found, workspace = _find(request, slug), request.workspace
    question, _ = from_page(request.GET.dict(), workspace, found, now=timezone.now())
    result = answer(workspace, found, question, now=timezone.now())
    told = about(
        workspace, found.name, path=reverse("reports:goal", args=[workspace.slug, found.slug]),
        params=question.params(), method=goal_page.method(result, found), made=result.provenance,
    )  # fmt: skip
    return file_of(Table(f"{found.slug}-{name}-{question.since}-{question.span.last}", rows_of(result), told), kind)


def _find(request: MemberRequest, slug: str) -> Goal:
    goals = request.workspace.goals.select_related("plan", "owner__user", "workspace", "watch")
    return get_object_or_404(goals.prefetch_related("rules", "supports", "versions"), slug=slug)


def _context(request: MemberRequest, goal: Goal, result: Answer, faults: tuple[Fault, ...]) -> dict[str, Any]:
    question = result.question
    names = [request.workspace.slug, goal.slug]
    row = controls.of_goal(
        question,
        csv_url=reverse("reports:goal-rows", args=names),
        trend_url=reverse("reports:goal-trend", args=names),
        has_plan=plan_span(request.workspace) is not None,
    )
    return {
        **goal_figures.context(goal, result),
        "faults": faults,
        "tracking": tracking_of(goal),
        "tabs": tabs(request.workspace.slug, goal, question.days, current=FIGURES),
        "trigger": goal_page.trigger(goal),
        "counting": goal_page.counting(goal),
        "up": goal_page.up(request.workspace),
        "metric_menu": _metric_menu(question, has_value=has_value(goal)),
        "controls": offered(request, row, "goal", {"goal": goal.slug, **question.params()}),
        "annotate_url": annotate_url(request, since=question.since, until=question.until, goal=goal.slug),
        "restatements": restating.told(goal),
        "engagement_url": f"{reverse('reports:explore', args=names[:1])}?{urlencode(engagement(goal.slug))}",
        "held": passes.standing_still(goal.workspace_id, now=timezone.now()),
    }


def _metric_menu(question: Question, *, has_value: bool) -> controls.Menu:
    offered = [name for name in METRICS if has_value or METRICS[name].unit != "money"]
    options = tuple(
        controls.Option(
            metric_label(question, name), "?" + question.query({"metric": name}), is_current=name == question.metric
        )
        for name in offered
    )
    return controls.Menu(metric_label(question), options)
