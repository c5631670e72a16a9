"""Whether goals are tracked: the coverage in the plan's header, its column, and a page of all goals and outages."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goals import triggers
from goals.conditions import Misstated
from goals.coverage import Coverage, Tracking, coverage
from goals.definition import Definition
from goals.live_checks import checks_of
from goals.plan_page import Asked, has_place
from goals.planning import current_plan
from goals.wording import rules_text
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action

MOST_OUTAGES = 50


@allow(Action.SEE_REPORTS)
@require_GET
def tracking(request: MemberRequest) -> HttpResponse:
    """Show the tracking of every goal, or of those in one state, and the outages."""
    found = coverage(request.workspace)
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in {part.key for part in found.parts} else ""
    context = _context(found, chosen) | {
        "rows": [(row, *_told(row)) for row in found.chosen(chosen)],
        "outages": request.workspace.outages.select_related("goal", "source")[:MOST_OUTAGES],
    }
    return page(request, "goals/tracking.html", part="tracking", context=context)


@allow(Action.SEE_REPORTS)
@require_GET
def header(request: MemberRequest) -> HttpResponse:
    """Give the sentence for the plan's header, and with it each goal's place in the column (`track-goal-<id>`).

    The query is that of the plan's page: goals that it leaves out have no place there. Opened as a page, it leads to
    the tracking of every goal.
    """
    if not request.htmx:
        return redirect("goals:tracking", request.workspace.slug)
    found = coverage(request.workspace)
    context = _context(found, "") | {"cells": _cells(request, found)}
    return page(request, "goals/coverage.html", context=context)


@allow(Action.SEE_REPORTS)
@require_GET
def live(request: MemberRequest, goal: str) -> HttpResponse:
    """Show the goal's checks, which tick as its first events arrive; for htmx the list alone."""
    goals = request.workspace.goals.live().select_related("workspace", "watch", "spec").prefetch_related("rules")
    found, now = get_object_or_404(goals, slug=goal), timezone.now()
    context = {"goal": found, "checks": checks_of(found, now=now)}
    return page(request, "goals/live.html", part="checks", context=context)


def _cells(request: MemberRequest, found: Coverage) -> list[Tracking]:
    is_shown = has_place(current_plan(request.workspace), Asked.of(request.GET))
    return [row for row in found.rows if is_shown(row.goal)]


def _context(found: Coverage, chosen: str) -> dict[str, Any]:  # whatever the templates show
    checked = [row.checked_at for row in found.rows if row.checked_at]
    return {"coverage": found, "chosen": chosen, "checked_at": min(checked, default=None)}


def _told(row: Tracking) -> tuple[str, str]:
    """Give the event or page that counts, "" where rules say more than that, and the rules in words."""
    try:
        definition = Definition.of(row.goal)
    except Misstated:  # written by an older version of the language
        return "", _("These rules can't be read any more; write them anew.")
    told = triggers.told(definition)
    return next((text for name, text in told.items() if name != "trigger"), ""), rules_text(definition.rules)
