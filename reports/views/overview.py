"""The stakeholder's first page: every KPI against its target. And the KPI board, the same table on its own."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goals.checklist import checklist_of
from reports import boards, passes
from reports import overview as overview_figures
from reports.abouts import about
from reports.controls import of_board
from reports.exports import board_rows
from reports.files import Table, file_of
from reports.kept import kept
from reports.sharing.offering import offered
from reports.standing import standing
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def overview(request: MemberRequest) -> HttpResponse:
    """Show how the plan is doing."""
    return page(request, "reports/overview.html", part="figures", context=_context(request, now=timezone.now()))


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def kpis(request: MemberRequest) -> HttpResponse:
    """Show the KPI board."""
    return page(request, "reports/kpis.html", part="figures", context=_context(request, now=timezone.now()))


@allow(Action.EXPORT)
@require_GET
def kpis_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the KPI board as a file."""
    workspace = request.workspace
    shown = overview_figures.board_of(workspace, now=timezone.now())
    sections = boards.sections(workspace, shown.rows)
    told = about(
        workspace, _("KPIs against target"), path=reverse("reports:kpis", args=[workspace.slug]), params={},
        method=overview_figures.method(sections), made=standing(shown.published, has_goals=True, has_kpis=True),
    )  # fmt: skip
    return file_of(Table("kpis", board_rows(sections), told), kind)


def _context(request: MemberRequest, *, now: datetime) -> dict[str, Any]:
    shown = overview_figures.context(request.workspace, now=now)
    return {
        **shown,
        "controls": offered(request, of_board(request.workspace), "overview", {}),
        "held": passes.standing_still(request.workspace.pk, now=now),
        "checklist": checklist_of(request.workspace) if shown["coverage"].total else None,
    }
