"""Explorations: asked from the address, saved by those who edit the plan."""

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
from reports.explore import choosing, question
from reports.explore import page as shown
from reports.explore.answer import Answer, answer
from reports.explore.exporting import rows
from reports.explore.forms import ExplorationForm
from reports.explore.method import method
from reports.explore.question import SEGMENT_NAMES, Asked, Known
from reports.explore.saving import ExplorationDraft
from reports.explore.usual import known_of
from reports.files import Table, file_of
from reports.kept import kept
from reports.models import Exploration
from reports.question import Fault
from reports.views.saved import Shelf, keep, take_away
from workspaces.access import MemberRequest, allow
from workspaces.forms import sent
from workspaces.pages import page
from workspaces.roles import Action

SHELF = Shelf("reports:explore", gettext_lazy("Explore"))


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def explore(request: MemberRequest) -> HttpResponse:
    """Show what the address asks for, or else sessions by channel."""
    known, asked, faults = _read(request)
    result = answer(request.workspace, asked, known, now=timezone.now())
    context = _context(request, known, result) | {"faults": faults}
    return page(request, "reports/explore.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.EXPORT)
@require_GET
def explore_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the rows as a file."""
    known, asked, _faults = _read(request)
    workspace = request.workspace
    result = answer(workspace, asked, known, now=timezone.now())
    told = about(
        workspace, _("Explore"), path=reverse("reports:explore", args=[workspace.slug]), params=asked.params(),
        method=method(result, workspace, known), made=result.stamp,
    )  # fmt: skip
    name = f"{asked.saved or 'explore'}-{asked.since}-{asked.span.last}"
    return file_of(Table(name, rows(result, known), told), kind)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def explore_new(request: MemberRequest) -> HttpResponse:
    """Save the question of the address under a name."""
    _known, asked, _faults = _read(request)
    form = ExplorationForm(sent(request))

    def save() -> Exploration:
        draft = form.draft_of(asked)
        return saving.save(Exploration, request.workspace, draft, by=request.member, now=timezone.now())

    return keep(request, form, save, SHELF, title=_("Save this question"), said=_said(asked), query=asked.query())


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def explore_edit(request: MemberRequest, exploration: str) -> HttpResponse:
    """Save the question anew: its name, and what the address says."""
    found = get_object_or_404(request.workspace.explorations, slug=exploration)
    params = request.GET.dict() | {"saved": found.slug}
    asked, _faults = question.read_leniently(params, known_of(request.workspace, now=timezone.now()))
    form = ExplorationForm(sent(request), instance=found)

    def save() -> Exploration:
        return saving.change(found, form.draft_of(asked), by=request.member, now=timezone.now())

    delete_url = reverse("reports:explore-remove", args=[request.workspace.slug, found.slug])
    title, said = _("Save the question"), _said(asked)
    return keep(request, form, save, SHELF, title=title, said=said, query=asked.query(), delete_url=delete_url)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def explore_remove(request: MemberRequest, exploration: str) -> HttpResponse:
    """Ask, then take the saved question away."""
    found = get_object_or_404(request.workspace.explorations, slug=exploration)
    return take_away(request, found, ExplorationDraft.of(found), SHELF)


def _said(asked: Asked) -> list[str]:
    return [f"{name}: {value}" for name, value in asked.kept().items() if value]


def _read(request: MemberRequest) -> tuple[Known, Asked, tuple[Fault, ...]]:
    known = known_of(request.workspace, now=timezone.now())
    return known, *question.read_leniently(request.GET.dict(), known)


def _context(request: MemberRequest, known: Known, result: Answer) -> dict[str, Any]:
    asked, workspace = result.asked, request.workspace
    names, kept = [workspace.slug], asked.kept()
    is_ready = bool(result.total)
    name_url, name_sort = shown.name_sorting(result)
    return {
        "answer": result,
        "asked": asked,
        "kept": kept,
        "segments": [(name, kept[name]) for name in SEGMENT_NAMES],
        "controls": choosing.control_row(asked, known, workspace=workspace.slug),
        "chips": shown.chips(asked, known),
        "columns": shown.columns(result, known),
        "lines": shown.lines(result, known),
        "total": shown.total(result, known) if is_ready else (),
        "levels": " › ".join(str(each.label) for each in asked.by),
        "name_url": name_url,
        "name_sort": name_sort,
        "does_not_add": shown.does_not_add(result),
        "hidden": choosing.hidden(asked),
        "offered_columns": choosing.offered_columns(known),
        "offered_conditions": choosing.offered_conditions(known),
        "offered_levels": choosing.offered_levels(),
        "method": method(result, workspace, known),
        "new_url": f"{reverse('reports:explore-new', args=names)}?{asked.query()}",
        "edit_url": f"{reverse('reports:explore-edit', args=[*names, asked.saved])}?{asked.query()}"
        if asked.saved
        else "",
    }
