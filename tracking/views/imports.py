"""Imports: a file uploaded, its dry run shown, its columns mapped, its events stored."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tracking import importing
from tracking.ads.forms import ReportForm
from tracking.import_forms import MappingForm, OrderForm, PartForm, UploadForm
from tracking.imports import running, showing, undoing, uploads
from tracking.imports.findings import Findings
from tracking.imports.reading import MAPPED, REPLACING
from tracking.imports.sources import add_host, find_or_make
from tracking.models import Format, Import, ImportState
from workspaces.access import MemberRequest, allow
from workspaces.forms import Form, sent, submit
from workspaces.pages import page
from workspaces.roles import Action

A_PAGE = 50
HowForm = MappingForm | PartForm | ReportForm
# Formats of which it can be said how they are read, and what the page calls the form.
ASKING: dict[str, str] = {
    **dict.fromkeys(MAPPED, "mapping_form"),
    **dict.fromkeys(REPLACING, "part_form"),
    Format.AD_REPORT: "report_form",
}


@allow(Action.EDIT_TRACKING)
@require_GET
def listing(request: MemberRequest) -> HttpResponse:
    """List the imports, newest first."""
    pages = Paginator(request.workspace.imports.select_related("source", "by", "workspace"), A_PAGE)
    shown = pages.get_page(request.GET.get("page"))
    rows = [(row, Findings.of(row.result)) for row in shown.object_list]
    return page(request, "tracking/imports.html", context={"rows": rows, "page": shown})


@allow(Action.EDIT_TRACKING)
@require_http_methods(["GET", "POST"])
def upload(request: MemberRequest) -> HttpResponse:
    """Take a file in; its dry run begins at once."""
    form = UploadForm(request.POST or None, request.FILES or None)

    def act() -> Import:
        typed, now = form.values, timezone.now()
        source = find_or_make(request.workspace, typed["source"], by=request.member, now=now)
        if typed["host"]:
            add_host(source, typed["host"], by=request.member, now=now)
        return importing.receive(
            source,
            typed["file"].chunks(),
            name=typed["file"].name,
            format_name=typed["format"] or None,
            by=request.member,
            now=now,
        )

    done = submit(request, form, act)
    sources = request.workspace.sources.filter(closed_at=None)
    return done or page(
        request, "tracking/import_new.html", context={"form": form, "sources": sources}, status=form.status
    )


@allow(Action.EDIT_TRACKING)
@require_GET
def show(request: MemberRequest, number: int) -> HttpResponse:
    """Show how far an import is, what its dry run found, and what to do next."""
    return _page(request, _found(request, number))


@allow(Action.EDIT_TRACKING)
@require_POST
def check(request: MemberRequest, number: int) -> HttpResponse:
    """Have the file checked with another mapping."""
    row = _found(request, number)
    form = _how(row, request.POST)
    done = submit(request, form, lambda: importing.check_again(row, form.wish()))
    return done or _page(request, row, how=form, status=form.status)


@allow(Action.EDIT_TRACKING)
@require_POST
def order(request: MemberRequest, number: int) -> HttpResponse:
    """Have the checked file stored."""
    row = _found(request, number)
    form = OrderForm(request.POST)

    def act() -> Import:
        good_rows_only = form.values["good_rows_only"]
        return importing.order(row, good_rows_only=good_rows_only, by=request.member, now=timezone.now())

    done = submit(request, form, act)
    for fault in form.summary:
        messages.error(request, fault.message)
    return done or _page(request, row, status=form.status)


@allow(Action.EDIT_TRACKING)
@require_http_methods(["GET", "POST"])
def undo(request: MemberRequest, number: int) -> HttpResponse:
    """Ask, then have the import taken back."""
    row = _found(request, number)
    form = Form(sent(request))
    done = submit(request, form, lambda: undoing.order(row, by=request.member, now=timezone.now()))
    has_events = row.format not in importing.WITHOUT_EVENTS
    context = {"form": form, "row": row, "found": Findings.of(row.result), "has_events": has_events}
    return done or page(request, "tracking/import_undo.html", context=context, status=form.status)


@allow(Action.EDIT_TRACKING)
@require_GET
def rejects(request: MemberRequest, number: int) -> HttpResponse:
    """Give the rows with errors as a CSV file."""
    row = _found(request, number)
    content = uploads.read_rejects(row.stored_as)
    if content is None:
        raise Http404
    name = _("errors in %(file)s.csv") % {"file": row.file_name}
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _found(request: MemberRequest, number: int) -> Import:
    return get_object_or_404(request.workspace.imports.select_related("source", "by", "workspace"), pk=number)


def _how(row: Import, typed: QueryDict | None = None) -> HowForm:
    """Give the form about how the file is read: formats that say what their columns are ask less."""
    if row.format in MAPPED:
        return MappingForm(typed, wish=running.wish_of(row))
    if row.format == Format.AD_REPORT:
        return ReportForm(typed, initial=ReportForm.initial_of(running.wish_of(row)))
    return PartForm(typed, initial={"is_part": running.wish_of(row).is_part})


def _page(request: MemberRequest, row: Import, *, how: HowForm | None = None, status: int = 200) -> HttpResponse:
    found = Findings.of(row.result)
    is_open = row.state in {ImportState.CHECKED, ImportState.FAILED} and bool(row.stored_as)
    context: dict[str, Any] = {
        "row": row,
        "found": found,
        "is_log": row.format == Format.ACCESS_LOG,
        "is_costs": row.format == Format.AD_REPORT,
        "is_sums": row.format == Format.PLAUSIBLE,
        "has_events": row.format not in importing.WITHOUT_EVENTS,
        "unmatched": row.unmatched.count() if row.format == Format.CONVERSIONS else 0,
        "shown": showing.shown(row, found),
        "order_form": OrderForm(initial={"good_rows_only": bool(found.rejected)}),
    }
    if is_open and row.format in ASKING:
        context[ASKING[row.format]] = how or _how(row)
    return page(request, "tracking/import.html", part="state", context=context, status=status)
