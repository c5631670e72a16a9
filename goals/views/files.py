"""The plan in and out of spreadsheets: exported, and taken in from a file after a dry run."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from goals import taking_in
from goals.document import document_of
from goals.downloads import PLAN_FILES, download
from goals.forms.files import FileForm, MatchingForm, TakeInForm
from goals.models import Plan, PlanFile
from goals.sheets.book import Book
from goals.sheets.csv_writing import csv_of
from goals.sheets.faults import Reject, headings
from goals.views.plans import with_plan
from goals.views.showing import plan_address
from workspaces.access import MemberRequest, allow
from workspaces.forms import submit
from workspaces.pages import page
from workspaces.roles import Action

# What the plan is written as: the content type and the writer, by the ending of the file's name.


@allow(Action.EXPORT)
@require_GET
@with_plan
def export(request: MemberRequest, plan: Plan) -> HttpResponse:
    """Offer the plan's files, or give the one that is asked for: `?as=xlsx`."""
    wanted = request.GET.get("as")
    if wanted is None:
        return page(request, "goals/export.html", context={"plan": plan})
    if wanted not in PLAN_FILES:
        raise Http404
    kind, write = PLAN_FILES[wanted]
    return download(write(document_of(plan)), f"{plan.slug}.{wanted}", kind)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def file_new(request: MemberRequest) -> HttpResponse:
    """Take a file and show what it would change."""
    form = FileForm(request.POST or None, request.FILES or None)

    def act() -> str:
        sent = form.cleaned_data["file"]
        row = taking_in.receive(
            request.workspace, name=sent.name, content=sent.read(), by=request.member, now=timezone.now()
        )
        return file_address(request, row)

    context = {"form": form, "cancel_url": plan_address(request)}
    return submit(request, form, act) or page(request, "goals/file_new.html", context=context, status=form.status)


@allow(Action.EDIT_PLAN)
@require_GET
def file_show(request: MemberRequest, plan_file: int) -> HttpResponse:
    """Show the dry run, how the columns are matched, and what to do next; or how far a worker is."""
    return _show(request, _found(request, plan_file))


@allow(Action.EDIT_PLAN)
@require_POST
def file_check(request: MemberRequest, plan_file: int) -> HttpResponse:
    """Try the file with another matching."""
    row = _found(request, plan_file)
    form = _matching(row, request.POST)

    def act() -> str:
        taking_in.check_again(row, form.wanted(), by=request.member, now=timezone.now())
        return file_address(request, row)

    return submit(request, form, act) or _show(request, row, matching=form, status=form.status)


@allow(Action.EDIT_PLAN)
@require_POST
def file_apply(request: MemberRequest, plan_file: int) -> HttpResponse:
    """Take the file into the plan."""
    row = _found(request, plan_file)
    form = TakeInForm(request.POST)

    def act() -> str:
        good = form.cleaned_data["good_rows_only"]
        applied = taking_in.take_in(row, by=request.member, now=timezone.now(), good_rows_only=good)
        if applied is None:
            return file_address(request, row)  # a worker does it; the page shows how far it is
        count = len(applied.added) + len(applied.changed) + len(applied.removed)
        text = ngettext("%(count)s row of the plan was written.", "%(count)s rows of the plan were written.", count)
        messages.success(request, text % {"count": count})
        return plan_address(request)

    done = submit(request, form, act)
    for fault in form.summary:
        messages.error(request, fault.message)
    return done or _show(request, row, take_in=form, status=form.status)


@allow(Action.EDIT_PLAN)
@require_GET
def file_rejects(request: MemberRequest, plan_file: int) -> HttpResponse:
    """Give the rows that can't be taken in as a CSV file."""
    row = _found(request, plan_file)
    rejects = [Reject.from_json(each) for each in row.result.get("rejects", ())]
    lines = [[each.sheet, str(each.line or ""), each.column, each.value, each.reason] for each in rejects]
    name = _("not taken in from %(file)s.csv") % {"file": row.file_name}
    return download(csv_of([headings(), *lines]), name, "text/csv; charset=utf-8")


def file_address(request: MemberRequest, row: PlanFile) -> str:
    """Give the address of the file's page."""
    return reverse("goals:plan-file", args=[request.workspace.slug, row.pk])


def _found(request: MemberRequest, number: int) -> PlanFile:
    # The tables can be megabytes, and a page that waits asks every second.
    rows = request.workspace.plan_files.select_related("workspace", "member__user").defer("tables")
    return get_object_or_404(rows, pk=number)


def _matching(row: PlanFile, data: Any = None) -> MatchingForm:  # a QueryDict
    return MatchingForm(data, book=Book.from_json(row.tables), reading=taking_in.reading_of(row))


def _show(
    request: MemberRequest,
    row: PlanFile,
    *,
    matching: MatchingForm | None = None,
    take_in: TakeInForm | None = None,
    status: int = 200,
) -> HttpResponse:
    if row.is_under_way:
        return page(request, "goals/file.html", part="state", context={"row": row, "result": {}})
    same = request.workspace.plan_files.filter(digest=row.digest, applied_at__isnull=False).defer("tables")
    context = {
        "row": row,
        "result": row.result,
        "book": Book.from_json(row.tables),
        "matching": matching or _matching(row),
        "take_in": take_in or TakeInForm(initial={"good_rows_only": False}),
        "earlier": same.exclude(pk=row.pk).first(),
        "is_open": row.applied_at is None,
        "has_changes": any(row.result.get(key) for key in ("new", "changed", "removed")),
    }
    return page(request, "goals/file.html", part="state", context=context, status=status)
