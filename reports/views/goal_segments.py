"""One goal by the workspace's saved segments, each beside everybody else."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from goals.models import Goal
from reports import controls, goal_page
from reports.abouts import about
from reports.asked import plan_span
from reports.asking import leniently
from reports.controls import Controls
from reports.explore.usual import known_of
from reports.files import Table, file_of
from reports.goal_tabs import SEGMENTS, tabs
from reports.question import Fault
from reports.segments.exporting import segment_rows
from reports.segments.method import of_goal as method
from reports.segments.of_goal import Answer, answer, asked_of
from reports.segments.page import Ranged
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action


@allow(Action.SEE_REPORTS)
@require_GET
def goal_segments(request: MemberRequest, goal: str) -> HttpResponse:
    """Show what each segment did of the goal."""
    found, result, faults = _answered(request, goal)
    workspace = request.workspace
    ranged = Ranged(result.asked)
    context = {
        "goal": found,
        "answer": result,
        "faults": faults,
        "controls": _control_row(request, found, ranged),
        "tabs": tabs(workspace.slug, found, ranged.params(), current=SEGMENTS),
        "days": ranged.query(),
        "method": method(result, workspace),
        "up": goal_page.up(workspace),
    }
    return page(request, "reports/goal_segments.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.EXPORT)
@require_GET
def goal_segments_file(request: MemberRequest, goal: str, kind: str) -> HttpResponse:
    """Give the table as a file; nobody's identity is in it."""
    found, result, _faults = _answered(request, goal)
    workspace = request.workspace
    told = about(
        workspace, f"{found.name}: {_('Segments')}",
        path=reverse("reports:goal-segments", args=[workspace.slug, found.slug]), params=Ranged(result.asked).params(),
        method=method(result, workspace), made=result.stamp,
    )  # fmt: skip
    name = f"{found.slug}-segments-{result.asked.since}-{result.asked.span.last}"
    return file_of(Table(name, segment_rows(result), told), kind)


def _answered(request: MemberRequest, slug: str) -> tuple[Goal, Answer, tuple[Fault, ...]]:
    known = known_of(request.workspace, now=timezone.now())
    found = get_object_or_404(request.workspace.goals.prefetch_related("rules"), slug=slug)
    asked, faults = leniently(lambda params: asked_of(params, known), request.GET.dict())
    return found, answer(request.workspace, found, asked, known, now=timezone.now()), faults


def _control_row(request: MemberRequest, goal: Goal, ranged: Ranged) -> Controls:
    address = reverse("reports:goal-segments-csv", args=[request.workspace.slug, goal.slug])
    return Controls(
        choices=(),
        period=controls.period_menu(ranged, has_plan=plan_span(request.workspace) is not None),
        compare=None,
        more=controls.files(_("Download CSV"), _("Download XLSX"), address, ranged.query()),
        dates=controls.date_form(ranged),
    )
