"""Paths: asked from the address, saved by those who edit the plan."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from reports import saving
from reports.abouts import about
from reports.exports import Cell
from reports.files import Table, file_of
from reports.flows import page as shown
from reports.flows import question
from reports.flows.answer import Answer, answer
from reports.flows.exporting import move_rows, node_rows
from reports.flows.forms import FlowForm
from reports.flows.method import method
from reports.flows.question import Asked, Known
from reports.flows.saving import FlowDraft
from reports.flows.usual import known_of
from reports.funnels.page import offered
from reports.kept import kept
from reports.models import Flow
from reports.question import Fault
from reports.views.saved import Shelf, keep, take_away
from tracking.catalogue import seen_events
from workspaces.access import MemberRequest, allow
from workspaces.forms import sent
from workspaces.pages import page
from workspaces.roles import Action

SHELF = Shelf("reports:paths", gettext_lazy("Paths"))
MOST_OFFERED = 40  # events; typing finds the others


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def paths(request: MemberRequest) -> HttpResponse:
    """Show the paths of the address, or else those from the beginning of visits."""
    known, asked, faults = _read(request)
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
    _known, asked, _faults = _read(request)
    form = FlowForm(sent(request))

    def save() -> Flow:
        draft = form.draft_of(asked)
        return saving.save(Flow, request.workspace, draft, by=request.member, now=timezone.now())

    return keep(request, form, save, SHELF, title=_("Save these paths"), said=_said(asked), query=asked.query())


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def path_edit(request: MemberRequest, flow: str) -> HttpResponse:
    """Save the question anew: its name, and what the address says."""
    found = get_object_or_404(request.workspace.flows, slug=flow)
    params = request.GET.dict() | {"saved": found.slug}
    asked, _faults = question.read_leniently(params, known_of(request.workspace, now=timezone.now()))
    form = FlowForm(sent(request), instance=found)

    def save() -> Flow:
        return saving.change(found, form.draft_of(asked), by=request.member, now=timezone.now())

    delete_url = reverse("reports:path-remove", args=[request.workspace.slug, found.slug])
    title, said = _("Save the paths"), _said(asked)
    return keep(request, form, save, SHELF, title=title, said=said, query=asked.query(), delete_url=delete_url)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def path_remove(request: MemberRequest, flow: str) -> HttpResponse:
    """Ask, then take the saved question away."""
    found = get_object_or_404(request.workspace.flows, slug=flow)
    return take_away(request, found, FlowDraft.of(found), SHELF)


def _said(asked: Asked) -> list[str]:
    return [f"{name}: {value}" for name, value in asked.kept().items() if value]


def _file(request: MemberRequest, rows_of: Callable[[Answer], list[list[Cell]]], name: str, kind: str) -> HttpResponse:
    known, asked, _faults = _read(request)
    workspace = request.workspace
    result = answer(workspace, asked, known.goals, now=timezone.now())
    told = about(
        workspace, _("Paths"), path=reverse("reports:paths", args=[workspace.slug]), params=asked.params(),
        method=method(result, workspace), made=result.stamp,
    )  # fmt: skip
    name = f"{asked.saved or 'paths'}-{name}-{asked.since}-{asked.span.last}"
    return file_of(Table(name, rows_of(result), told), kind)


def _read(request: MemberRequest) -> tuple[Known, Asked, tuple[Fault, ...]]:
    known = known_of(request.workspace, now=timezone.now())
    return known, *question.read_leniently(request.GET.dict(), known)


def _context(request: MemberRequest, known: Known, result: Answer) -> dict[str, Any]:
    asked, workspace = result.asked, request.workspace
    names = [workspace.slug]
    live = [goal for goal in known.goals.values() if goal.archived_at is None]
    groups = shown.groups(result, workspace=workspace.slug)
    return {
        "answer": result,
        "controls": shown.control_row(asked, known, workspace=workspace.slug),
        "asked": asked,
        "groups": groups,
        "picture": shown.picture(result, groups) if result.narrowed else None,
        "units": shown.UNITS[asked.per],
        "begun": shown.units(asked, result.begun),
        "again_url": shown.again(asked),
        "hidden": shown.hidden(asked),
        "offered": offered(live, [seen.text for seen in seen_events(workspace.pk, "", limit=MOST_OFFERED)]),
        "choices": shown.form_choices(asked),
        "method": method(result, workspace),
        "new_url": f"{reverse('reports:path-new', args=names)}?{asked.query()}",
        "edit_url": f"{reverse('reports:path-edit', args=[*names, asked.saved])}?{asked.query()}"
        if asked.saved
        else "",
    }
