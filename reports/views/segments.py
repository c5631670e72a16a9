"""Segments: the list, one beside everybody else, and the form with its live size."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports import saving
from reports.abouts import about
from reports.asking import leniently
from reports.explore.question import Known
from reports.explore.usual import known_of
from reports.files import Table, file_of
from reports.models import Segment
from reports.question import Fault
from reports.segments import page as shown
from reports.segments import rows
from reports.segments.answer import Answer, answer, asked_of
from reports.segments.exporting import list_rows
from reports.segments.exporting import rows as figure_rows
from reports.segments.forms import SegmentForm
from reports.segments.method import method
from reports.segments.panel import Panel, panel_of
from reports.segments.saved import saved_of
from reports.segments.saving import SegmentDraft
from reports.views.saved import Shelf, take_away
from tracking.catalogue import seen_events, seen_pages
from workspaces.access import MemberRequest, allow
from workspaces.forms import submit
from workspaces.pages import page
from workspaces.roles import Action

SHELF = Shelf("reports:segments", gettext_lazy("Segments"))
PRESSED = ("add", "remove", "preview")  # buttons that show the form again and save nothing


@allow(Action.SEE_REPORTS)
@require_GET
def segments(request: MemberRequest) -> HttpResponse:
    """List the saved segments."""
    known = _known(request)
    listed = []
    for each in _rows(request):
        saved = saved_of([each.slug], known.segments, known.goals)
        definition = saved.found.get(each.slug)
        listed.append(
            {
                "row": each,
                "match": shown.match_label(definition) if definition else "",
                "words": shown.in_words(definition, known) if definition else (),
                "missing": saved.missing,
            }
        )
    return page(request, "reports/segments.html", context={"rows": listed})


@allow(Action.EXPORT)
@require_GET
def segments_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the list as a file."""
    return file_of(Table("segments", list_rows(_rows(request))), kind)


@allow(Action.SEE_REPORTS)
@require_GET
def segment(request: MemberRequest, segment: str) -> HttpResponse:
    """Show a segment beside everybody else."""
    found, known, result, faults = _answered(request, segment)
    row = shown.control_row(result.asked, found, request.workspace, has_plan=known.plan is not None)
    definition = result.definition
    context = {
        "segment": found,
        "answer": result,
        "faults": faults,
        "controls": row,
        "match": shown.match_label(definition) if definition else "",
        "words": shown.in_words(definition, known) if definition else (),
        "chart": shown.chart_of(result),
        "method": method(result, request.workspace),
        "days": shown.Ranged(result.asked).query(),
        "explore_query": shown.explore_query(result.asked),
    }
    return page(request, "reports/segment.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.EXPORT)
@require_GET
def segment_file(request: MemberRequest, segment: str, kind: str) -> HttpResponse:
    """Give a segment's figures as a file; nobody's identity is in it."""
    found, _asked, result, _faults = _answered(request, segment)
    workspace = request.workspace
    told = about(
        workspace, _("Segment"), path=found.get_absolute_url(), params=shown.Ranged(result.asked).params(),
        method=method(result, workspace), made=result.stamp,
    )  # fmt: skip
    name = f"{found.slug}-{result.asked.since}-{result.asked.span.last}"
    return file_of(Table(name, figure_rows(result), told), kind)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def segment_new(request: MemberRequest) -> HttpResponse:
    """Write a new segment; `text` in the address is what it begins with."""
    known = _known(request)
    if _pressed(request.POST):
        return _again(request, known, None)
    initial = {"text": request.GET.get("text", ""), "owner": request.member}
    form = _form(request, known, data=request.POST or None, initial=initial)

    def act() -> Segment:
        made = saving.save(Segment, request.workspace, form.draft, by=request.member, now=timezone.now())
        messages.success(request, _("%(name)s was saved.") % {"name": made})
        return made

    return submit(request, form, act) or _show(request, form, known, _("New segment"))


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def segment_edit(request: MemberRequest, segment: str) -> HttpResponse:
    """Write a segment anew."""
    found = get_object_or_404(request.workspace.segments, slug=segment)
    known, name = _known(request), found.name  # the form writes into the row it was given
    if _pressed(request.POST):
        return _again(request, known, found)
    form = _form(request, known, data=request.POST or None, instance=found)

    def act() -> Segment:
        saved = saving.change(found, form.draft, by=request.member, now=timezone.now())
        messages.success(request, _("%(name)s was saved.") % {"name": saved})
        return saved

    return submit(request, form, act) or _show(request, form, known, name, found)


@allow(Action.EDIT_PLAN)
@require_POST
def segment_preview(request: MemberRequest) -> HttpResponse:
    """Count what is written so far; nothing is saved."""
    known = _known(request)
    form = _form(request, known, data=request.POST)
    panel = panel_of(form, request.workspace, known, now=timezone.now())
    return page(request, "reports/segment_form.html", part="preview", context={"panel": panel, "form": form})


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def segment_remove(request: MemberRequest, segment: str) -> HttpResponse:
    """Ask, then take the segment away."""
    found = get_object_or_404(request.workspace.segments, slug=segment)
    return take_away(request, found, SegmentDraft.of(found), SHELF)


def _known(request: MemberRequest) -> Known:
    return known_of(request.workspace, now=timezone.now())


def _rows(request: MemberRequest) -> QuerySet[Segment]:
    return request.workspace.segments.select_related("owner__user")


def _answered(request: MemberRequest, slug: str) -> tuple[Segment, Known, Answer, tuple[Fault, ...]]:
    found, known = get_object_or_404(_rows(request), slug=slug), _known(request)
    asked, faults = leniently(lambda params: asked_of(found, params, known), request.GET.dict())
    return found, known, answer(request.workspace, found, asked, known, now=timezone.now()), faults


def _pressed(data: QueryDict) -> bool:
    return any(name in data for name in PRESSED)


def _form(request: MemberRequest, known: Known, **options: Any) -> SegmentForm:  # those of the form
    return SegmentForm(workspace=request.workspace, goals=known.goals, **options)


def _again(request: MemberRequest, known: Known, found: Segment | None) -> HttpResponse:
    """Show the form as it was typed, with a row more or less, or with its size."""
    typed = rows.typed_rows(request.POST)
    if "add" in request.POST:
        typed.append(rows.BLANK)
    elif request.POST.get("remove", "").isdecimal():
        gone = int(request.POST["remove"])
        typed = [row for place, row in enumerate(typed) if place != gone]
    sent = _form(request, known, data=request.POST)
    panel = panel_of(sent, request.workspace, known, now=timezone.now()) if "preview" in request.POST else Panel()
    form = _form(request, known, instance=found, typed=typed, initial={**request.POST.dict(), "text": ""})
    return _show(request, form, known, found.name if found else _("New segment"), found, panel=panel)


def _show(
    request: MemberRequest,
    form: SegmentForm,
    known: Known,
    title: str,
    found: Segment | None = None,
    *,
    panel: Panel | None = None,
) -> HttpResponse:
    workspace = request.workspace
    events, pages = (seen(workspace.pk, limit=shown.MOST_OFFERED) for seen in (seen_events, seen_pages))
    names = [workspace.slug]
    context = {
        "form": form,
        "title": title,
        "panel": panel or panel_of(form, workspace, known, now=timezone.now()),
        "offered": shown.offered(known, events, pages),
        "preview_url": reverse("reports:segment-preview", args=names),
        "delete_url": reverse("reports:segment-remove", args=[*names, found.slug]) if found else "",
        "cancel_url": found.get_absolute_url() if found else SHELF.address(request),
    }
    return page(request, "reports/segment_form.html", part="whole", context=context, status=form.status)
