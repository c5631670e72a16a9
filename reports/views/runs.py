"""Computations: what runs, why, how far it is; and the ways to end one, and to have it begin again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reports import at_work, running, runs_page
from reports.models import Run, Why
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action

A_PAGE = 50


@allow(Action.SEE_TRACKING)
@require_GET
def listing(request: MemberRequest) -> HttpResponse:
    """List the computations, the newest first."""
    chosen, faults = runs_page.read(request.GET.dict())
    rows = request.workspace.runs.defer("result")
    known = at_work.seen(chosen.of(rows)).select_related("goal", "workspace", "by__user", "cancelled_by__user")
    shown = Paginator(known, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": runs_page.rows_of(shown.object_list, newest=runs_page.newest_of(rows), slug=request.workspace.slug),
        "page": shown,
        "menus": chosen.menus(),
        "query": chosen.query(),
        "is_narrowed": bool(chosen.query()),
        "is_busy": any(run.is_under_way for run in shown.object_list),
        "faults": faults,
    }
    return page(request, "reports/runs.html", part="runs", context=context, status=400 if faults else 200)


@allow(Action.EDIT_TRACKING)
@require_POST
def cancel(request: MemberRequest, run: int) -> HttpResponse:
    """End one that waits, or ask the worker of one to end."""
    row = _find(request, run)
    if running.cancel(row, by=request.member, now=timezone.now()):
        messages.success(request, _("It ends at its next step. What was published before stays."))
    elif row.is_under_way and Why.ERASURE in row.reasons:
        messages.error(request, _("It takes somebody out who asked to be erased, and can't be cancelled."))
    else:
        messages.info(request, _("It had ended already."))
    return redirect("reports:runs", request.workspace.slug)


@allow(Action.EDIT_TRACKING)
@require_POST
def again(request: MemberRequest, run: int) -> HttpResponse:
    """Have one begin again that failed or was cancelled."""
    row = _find(request, run)
    if row.has_ended_badly and running.start_again(row, by=request.member, now=timezone.now()):
        messages.success(request, _("A worker takes it up in a moment."))
    else:
        messages.info(request, _("There is nothing to begin again: it is under way, or done."))
    return redirect("reports:runs", request.workspace.slug)


def _find(request: MemberRequest, run: int) -> Run:
    found: Run = get_object_or_404(request.workspace.runs.select_related("goal", "workspace"), pk=run)
    return found
