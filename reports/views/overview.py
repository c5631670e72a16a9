"""The stakeholder's first page: every KPI against its target. And the KPI board, the same table on its own."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from goals.checklist import checklist_of
from reports import boards
from reports import overview as overview_figures
from reports.controls import of_board
from reports.exports import as_csv, board_rows
from reports.sharing.offering import offered
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action


@allow(Action.SEE_REPORTS)
@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """Show how the plan is doing."""
    return page(request, "reports/overview.html", part="figures", context=_context(request, now=timezone.now()))


@allow(Action.SEE_REPORTS)
@require_GET
def kpis(request: MemberRequest) -> HttpResponse:
    """Show the KPI board."""
    return page(request, "reports/kpis.html", part="figures", context=_context(request, now=timezone.now()))


@allow(Action.EXPORT)
@require_GET
def kpis_csv(request: MemberRequest) -> HttpResponse:
    """Give the KPI board as a file."""
    shown = overview_figures.board_of(request.workspace, now=timezone.now())
    rows = board_rows(boards.sections(request.workspace, shown.rows))
    response = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kpis.csv"'
    return response


def _context(request: MemberRequest, *, now: datetime) -> dict[str, Any]:
    shown = overview_figures.context(request.workspace, now=now)
    return {
        **shown,
        "controls": offered(request, of_board(request.workspace), "overview", {}),
        "checklist": checklist_of(request.workspace) if shown["coverage"].total else None,
    }
