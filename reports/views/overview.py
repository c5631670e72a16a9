"""The stakeholder's first page: every KPI against its target. And the KPI board, the same table on its own."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from goals.checklist import checklist_of
from goals.coverage import coverage
from reports import boards, figures, passes, sentences, uniques
from reports.asked import fallback_span
from reports.controls import of_board
from reports.exports import as_csv, board_rows
from reports.periods import Span, previous
from reports.progress import Board, board
from reports.standing import standing
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
    shown = _board(request, now=timezone.now())
    rows = board_rows(boards.sections(request.workspace, shown.rows))
    response = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="kpis.csv"'
    return response


def _board(request: MemberRequest, *, now: datetime) -> Board:
    workspace = request.workspace
    return board(workspace, boards.live_kpis(workspace), fallback=fallback_span(workspace, now=now), now=now)


def _visits(shown: Board, span: Span) -> dict[str, object]:
    """Give the visitors of the plan's period to date, and of the same weekdays before it."""
    before = previous(span)
    rows = {day: visit.persons for day, visit in shown.published.visits.items()}
    known = shown.published.publication
    reaches = known is not None and known.first_day is not None and known.first_day < before.since
    return {
        "visitors": uniques.distinct(rows, span.since, span.until),
        "before": uniques.distinct(rows, before.since, before.until) if reaches else None,
        "days": figures.days(span.since, span.until),
    }


def _context(request: MemberRequest, *, now: datetime) -> dict[str, Any]:
    shown = _board(request, now=now)
    workspace = request.workspace
    found = coverage(workspace)
    return {
        "sections": boards.sections(workspace, shown.rows),
        "sentences": sentences.summary(shown.rows),
        "measured": [row for row in shown.rows if row.is_judged],
        "on_track": sum(row.is_good for row in shown.rows),
        "coverage": found,
        "standing": standing(shown.published, has_goals=found.total > 0, has_kpis=bool(shown.rows)),
        "tally": sentences.tally(shown.rows),
        "visits": _visits(shown, fallback_span(workspace, now=now)),
        "controls": of_board(workspace),
        "held": passes.standing_still(workspace.pk, now=now),
        "checklist": checklist_of(workspace) if found.total else None,
    }
