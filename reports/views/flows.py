"""Paths: asked from the address, saved by those who edit the plan."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from reports.abouts import about
from reports.exports import Cell
from reports.files import Table, file_of
from reports.flows import page as shown
from reports.flows import question, showing
from reports.flows.answer import Answer, answer
from reports.flows.exporting import move_rows, node_rows
from reports.flows.forms import FlowForm
from reports.flows.method import method
from reports.flows.question import Known
from reports.flows.usual import known_of
from reports.funnels.page import offered as offered_steps
from reports.kept import kept
from reports.models import Flow
from reports.sharing.offering import offered
from reports.views import questions
from reports.views.questions import kept_whole
from reports.views.saved import Shelf
from tracking.catalogue import seen_events
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action

MOST_OFFERED = 40  # events; typing finds the others
KIND = kept_whole(
    model=Flow,
    shelf=Shelf("reports:paths", gettext_lazy("Paths")),
    pages="reports:path-{}",
    known=known_of,
    read=question.read_leniently,
    form=FlowForm,
    save=gettext_lazy("Save these paths"),
    change=gettext_lazy("Save the paths"),
)


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def paths(request: MemberRequest) -> HttpResponse:
    """Show the paths of the address, or else those from the beginning of visits."""
    known, asked, faults = KIND.asked(request)
    result = answer(request.workspace, asked, known.goals, now=timezone.now())
    context = _context(request, known, result) | {"faults": faults}
    return page(request, "reports/paths.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.EXPORT)
@require_GET
def paths_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the steps as a file."""
    return _file(request, node_rows, "steps", kind)


@allow(Action.EXPORT)
@require_GET
def path_moves(request: MemberRequest, kind: str) -> HttpResponse:
    """Give who went from where to where as a file."""
    return _file(request, move_rows, "moves", kind)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def path_new(request: MemberRequest) -> HttpResponse:
    """Save the question of the address under a name."""
    return questions.new(request, KIND)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def path_edit(request: MemberRequest, flow: str) -> HttpResponse:
    """Save the question anew: its name, and what the address says."""
    return questions.edit(request, KIND, flow)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def path_remove(request: MemberRequest, flow: str) -> HttpResponse:
    """Ask, then take the saved question away."""
    return questions.remove(request, KIND, flow)


def _file(request: MemberRequest, rows_of: Callable[[Answer], list[list[Cell]]], name: str, kind: str) -> HttpResponse:
    known, asked, _faults = KIND.asked(request)
    workspace = request.workspace
    result = answer(workspace, asked, known.goals, now=timezone.now())
    told = about(
        workspace, _("Paths"), path=reverse("reports:paths", args=[workspace.slug]), params=asked.params(),
        method=method(result, workspace), made=result.stamp,
    )  # fmt: skip
    name = f"{asked.saved or 'paths'}-{name}-{asked.since}-{asked.span.last}"
    return file_of(Table(name, rows_of(result), told), kind)


def _context(request: MemberRequest, known: Known, result: Answer) -> dict[str, Any]:
    asked, workspace = result.asked, request.workspace
    live = [goal for goal in known.goals.values() if goal.archived_at is None]
    row = shown.control_row(asked, known, workspace=workspace.slug)
    return {
        **showing.context(workspace, result),
        "controls": offered(request, row, "paths", asked.params()),
        "hidden": shown.hidden(asked),
        "offered": offered_steps(live, [seen.text for seen in seen_events(workspace.pk, "", limit=MOST_OFFERED)]),
        "choices": shown.form_choices(asked),
        **KIND.addresses(request, asked, asked.saved),
    }
