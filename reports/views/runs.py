"""Computations: what runs, why, how far it is; and the way to end one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from reports import running
from reports.attribution.learning import LABELS, LEARNED
from reports.models import Run
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action

A_PAGE = 50


@allow(Action.SEE_TRACKING)
@require_GET
def listing(request: MemberRequest) -> HttpResponse:
    """List the computations, the newest first."""
    rows = request.workspace.runs.select_related("goal", "workspace", "by__user", "cancelled_by__user")
    shown = Paginator(rows.defer("result"), A_PAGE).get_page(request.GET.get("page"))
    address = reverse("reports:attribution", args=[request.workspace.slug])
    told = [(run, model_of(run), f"{address}?{urlencode(run.asked)}") for run in shown.object_list]
    is_busy = any(run.is_under_way for run in shown.object_list)
    return page(request, "reports/runs.html", part="runs", context={"rows": told, "page": shown, "is_busy": is_busy})


@allow(Action.EDIT_TRACKING)
@require_POST
def cancel(request: MemberRequest, run: int) -> HttpResponse:
    """End one that waits, or ask the worker of one to end."""
    row = get_object_or_404(request.workspace.runs.select_related("goal", "workspace"), pk=run)
    if running.cancel(row, by=request.member, now=timezone.now()):
        messages.success(request, _("It ends at its next step."))
    else:
        messages.info(request, _("It had ended already."))
    return redirect("reports:runs", request.workspace.slug)


def model_of(run: Run) -> str:
    """Give the data-driven model that it asks, as people say it."""
    asked = str(run.asked.get("models", "")).split(",")
    return str(next((LABELS[model] for model in asked if model in LEARNED), ""))
