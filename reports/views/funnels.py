"""Funnels: asked from the address, saved by those who edit the plan."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from analysis.funnels import FEWEST_STEPS
from reports.abouts import about
from reports.annotations.offering import annotate_url
from reports.exports import Cell
from reports.files import Table, file_of
from reports.funnels import page as shown
from reports.funnels import question, showing
from reports.funnels.answer import Answer, answer
from reports.funnels.exporting import next_rows, step_rows, trend_rows
from reports.funnels.forms import FunnelForm
from reports.funnels.method import method
from reports.funnels.question import Known
from reports.funnels.saving import FunnelDraft, draft_of
from reports.funnels.usual import known_of
from reports.kept import kept
from reports.models import Funnel
from reports.sharing.offering import offered
from reports.views import questions
from reports.views.questions import Kind
from reports.views.saved import Shelf
from tracking.catalogue import seen_events
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action

MOST_OFFERED = 40  # events; typing finds the others
KIND = Kind(
    model=Funnel,
    shelf=Shelf("reports:funnels", gettext_lazy("Funnels")),
    pages="reports:funnel-{}",
    known=known_of,
    read=question.read_leniently,
    form=FunnelForm,
    save=gettext_lazy("Save this funnel"),
    change=gettext_lazy("Save the funnel"),
    draft=draft_of,
    draft_type=FunnelDraft,
    said=lambda asked: [step.text for step in asked.steps],
    parameter="funnel",
)


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def funnels(request: MemberRequest) -> HttpResponse:
    """Show the funnel of the address, or else the plan's."""
    known, asked, faults = KIND.asked(request)
    result = answer(request.workspace, asked, now=timezone.now())
    context = _context(request, known, result) | {"faults": faults}
    return page(request, "reports/funnels.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.EXPORT)
@require_GET
def funnel_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the steps as a file."""
    return _file(request, step_rows, "steps", kind)


@allow(Action.EXPORT)
@require_GET
def funnel_trend(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the trend as a file."""
    return _file(request, trend_rows, "trend", kind)


@allow(Action.EXPORT)
@require_GET
def funnel_next(request: MemberRequest, kind: str) -> HttpResponse:
    """Give all that those did next who left, as a file."""
    return _file(request, next_rows, "next", kind)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def funnel_new(request: MemberRequest) -> HttpResponse:
    """Save the funnel of the address under a name."""
    if len(KIND.asked(request)[1].steps) < FEWEST_STEPS:
        return redirect(KIND.shelf.url_name, request.workspace.slug)
    return questions.new(request, KIND)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def funnel_edit(request: MemberRequest, funnel: str) -> HttpResponse:
    """Save the funnel anew: its name, and what the address says."""
    return questions.edit(request, KIND, funnel)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def funnel_remove(request: MemberRequest, funnel: str) -> HttpResponse:
    """Ask, then take the saved funnel away."""
    return questions.remove(request, KIND, funnel)


def _file(request: MemberRequest, rows_of: Callable[[Answer], list[list[Cell]]], name: str, kind: str) -> HttpResponse:
    _known, asked, _faults = KIND.asked(request)
    workspace = request.workspace
    result = answer(workspace, asked, now=timezone.now())
    told = about(
        workspace, _("Funnel"), path=reverse("reports:funnels", args=[workspace.slug]), params=asked.params(),
        method=method(result, workspace), made=result.stamp,
    )  # fmt: skip
    name = f"{asked.funnel or 'funnel'}-{name}-{asked.since}-{asked.span.last}"
    return file_of(Table(name, rows_of(result), told), kind)


def _context(request: MemberRequest, known: Known, result: Answer) -> dict[str, Any]:
    asked, workspace = result.asked, request.workspace
    live = [goal for goal in known.goals.values() if goal.archived_at is None]
    row = shown.control_row(asked, known, workspace=workspace.slug)
    can_share = len(asked.steps) >= FEWEST_STEPS
    return {
        **showing.context(workspace, result),
        "controls": offered(request, row, "funnel", asked.params()) if can_share else row,
        "annotate_url": annotate_url(request, since=asked.since, until=asked.until),
        "edited": shown.edited(asked),
        "hidden": shown.hidden(asked),
        "offered": shown.offered(live, [seen.text for seen in seen_events(workspace.pk, "", limit=MOST_OFFERED)]),
        "left": shown.next_lines(result) if result.following is not None else None,
        "left_title": shown.left_title(result) if result.following is not None else "",
        **KIND.addresses(request, asked, asked.funnel),
    }
