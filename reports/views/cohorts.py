"""Cohorts: asked from the address, saved by those who edit the plan."""

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
from reports.cohorts import page as shown
from reports.cohorts import question
from reports.cohorts.answer import Answer, answer
from reports.cohorts.exporting import rows
from reports.cohorts.forms import CohortForm
from reports.cohorts.labels import did_label, first_label
from reports.cohorts.method import method
from reports.cohorts.question import Asked, Known
from reports.cohorts.saving import CohortDraft
from reports.cohorts.usual import known_of
from reports.files import Table, file_of
from reports.kept import kept
from reports.models import CohortTable
from reports.question import Fault
from reports.views.saved import Shelf, keep, take_away
from workspaces.access import MemberRequest, allow
from workspaces.forms import sent
from workspaces.pages import page
from workspaces.roles import Action

SHELF = Shelf("reports:cohorts", gettext_lazy("Cohorts"))


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def cohorts(request: MemberRequest) -> HttpResponse:
    """Show the cohorts of the address, or else who came back, by week."""
    known, asked, faults = _read(request)
    result = answer(request.workspace, asked, known, now=timezone.now())
    context = _context(request, known, result) | {"faults": faults}
    return page(request, "reports/cohorts.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.EXPORT)
@require_GET
def cohorts_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the cells as a file."""
    known, asked, _faults = _read(request)
    workspace = request.workspace
    result = answer(workspace, asked, known, now=timezone.now())
    told = about(
        workspace, _("Cohorts"), path=reverse("reports:cohorts", args=[workspace.slug]), params=asked.params(),
        method=method(result, workspace, known), made=result.stamp,
    )  # fmt: skip
    name = f"{asked.saved or 'cohorts'}-{asked.since}-{asked.span.last}"
    return file_of(Table(name, rows(result, known), told), kind)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def cohorts_new(request: MemberRequest) -> HttpResponse:
    """Save the question of the address under a name."""
    _known, asked, _faults = _read(request)
    form = CohortForm(sent(request))

    def save() -> CohortTable:
        draft = form.draft_of(asked)
        return saving.save(CohortTable, request.workspace, draft, by=request.member, now=timezone.now())

    return keep(request, form, save, SHELF, title=_("Save these cohorts"), said=_said(asked), query=asked.query())


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def cohorts_edit(request: MemberRequest, cohorts: str) -> HttpResponse:
    """Save the question anew: its name, and what the address says."""
    found = get_object_or_404(request.workspace.cohorts, slug=cohorts)
    params = request.GET.dict() | {"saved": found.slug}
    asked, _faults = question.read_leniently(params, known_of(request.workspace, now=timezone.now()))
    form = CohortForm(sent(request), instance=found)

    def save() -> CohortTable:
        return saving.change(found, form.draft_of(asked), by=request.member, now=timezone.now())

    delete_url = reverse("reports:cohorts-remove", args=[request.workspace.slug, found.slug])
    title, said = _("Save the cohorts"), _said(asked)
    return keep(request, form, save, SHELF, title=title, said=said, query=asked.query(), delete_url=delete_url)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def cohorts_remove(request: MemberRequest, cohorts: str) -> HttpResponse:
    """Ask, then take the saved question away."""
    found = get_object_or_404(request.workspace.cohorts, slug=cohorts)
    return take_away(request, found, CohortDraft.of(found), SHELF)


def _said(asked: Asked) -> list[str]:
    return [f"{name}: {value}" for name, value in asked.kept().items() if value]


def _read(request: MemberRequest) -> tuple[Known, Asked, tuple[Fault, ...]]:
    known = known_of(request.workspace, now=timezone.now())
    return known, *question.read_leniently(request.GET.dict(), known)


def _context(request: MemberRequest, known: Known, result: Answer) -> dict[str, Any]:
    asked, workspace = result.asked, request.workspace
    names = [workspace.slug]
    return {
        "answer": result,
        "asked": asked,
        "controls": shown.control_row(result, known, workspace=workspace.slug),
        "first": first_label(asked, known),
        "did": did_label(asked, known),
        "heads": shown.heads(result),
        "lines": shown.lines(result),
        "together": shown.together(result),
        "greatest": shown.greatest_share(result),
        "daily_url": shown.daily_url(asked),
        "method": method(result, workspace, known),
        "new_url": f"{reverse('reports:cohorts-new', args=names)}?{asked.query()}",
        "edit_url": f"{reverse('reports:cohorts-edit', args=[*names, asked.saved])}?{asked.query()}"
        if asked.saved
        else "",
    }
