"""One goal: what it is, how it does, where its conversions come from."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from goals.coverage import tracking_of
from goals.models import Goal
from reports import controls, exports, goal_page, passes, restating
from reports.answer import Answer, answer
from reports.asked import from_page, has_value, plan_span
from reports.dimensions import DIMENSIONS
from reports.goalposts import goalpost
from reports.metrics import METRICS, PER
from reports.question import Fault, Question
from reports.trends import chart_of, metric_label
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action


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
def rows_csv(request: MemberRequest, goal: str) -> HttpResponse:
    """Give the table of the breakdown as a file."""
    return _csv(request, goal, exports.breakdown_rows, "breakdown")


@allow(Action.EXPORT)
@require_GET
def trend_csv(request: MemberRequest, goal: str) -> HttpResponse:
    """Give the table of the trend as a file."""
    return _csv(request, goal, exports.trend_rows, "trend")


def _csv(request: MemberRequest, slug: str, rows_of: Any, name: str) -> HttpResponse:  # a function of an Answer
    found = _find(request, slug)
    question, _ = from_page(request.GET.dict(), request.workspace, found, now=timezone.now())
    result = answer(request.workspace, found, question, now=timezone.now())
    response = HttpResponse(exports.as_csv(rows_of(result)), content_type="text/csv; charset=utf-8")
    file = f"{found.slug}-{name}-{question.since}-{question.span.last}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _find(request: MemberRequest, slug: str) -> Goal:
    goals = request.workspace.goals.select_related("plan", "owner__user", "workspace", "watch")
    return get_object_or_404(goals.prefetch_related("rules", "supports", "versions"), slug=slug)


def _context(request: MemberRequest, goal: Goal, result: Answer, faults: tuple[Fault, ...]) -> dict[str, Any]:
    question = result.question
    names = [request.workspace.slug, goal.slug]
    return {
        "goal": goal,
        "answer": result,
        "faults": faults,
        "tracking": tracking_of(goal),
        "trigger": goal_page.trigger(goal),
        "counting": goal_page.counting(goal),
        "up": goal_page.up(request.workspace),
        "cards": goal_page.cards(result, has_value=has_value(goal)),
        "trend": chart_of(result, goalpost=goalpost(goal, question)) if result.buckets else None,
        "metric_menu": _metric_menu(question, has_value=has_value(goal)),
        "breakdown": result.breakdown,
        "dimension": DIMENSIONS[question.breakdown],
        "per": PER[question.per],
        "parts": goal_page.paid_split(result),
        "model_label": controls.model_label(question),
        "windows_label": controls.windows_label(question),
        "has_value": has_value(goal),
        "controls": controls.of_goal(
            question,
            csv_url=reverse("reports:goal-rows", args=names),
            trend_url=reverse("reports:goal-trend", args=names),
            has_plan=plan_span(request.workspace) is not None,
        ),
        "method": goal_page.method(result, goal),
        "restatements": restating.told(goal),
        "held": passes.standing_still(goal.workspace_id, now=timezone.now()),
        "total_rate": result.totals.rate(question.per),
        "total_part": result.totals.part(question.per),
        "total_whole": result.totals.whole(question.per),
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
