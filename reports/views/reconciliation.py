"""What platforms claim beside what is credited here; and what ads cost, as a file."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from reports.abouts import about
from reports.asked import has_value, plan_span
from reports.attribution import answer as attributing
from reports.files import Table, file_of
from reports.reconciliation import exporting, spending
from reports.reconciliation import page as shown
from reports.reconciliation.answer import answer
from reports.views.attribution import about_answer, goals_of, read
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action


@allow(Action.SEE_REPORTS)
@require_GET
def reconciliation(request: MemberRequest) -> HttpResponse:
    """Show the platforms' claims beside the credits of the address's goal."""
    goals = goals_of(request)
    if not goals:
        return page(request, "reports/reconciliation.html", part="figures", context={"has_goals": False})
    goal, asked, faults = read(request, goals)
    result = answer(request.workspace, goal, asked, now=timezone.now())
    found, slug = result.found, request.workspace.slug
    context = {
        "has_goals": True,
        "goal": goal,
        "faults": faults,
        "answer": result.attributed,
        "found": found,
        "has_value": has_value(goal),
        "tabs": shown.tabs(slug, asked, "reconciliation"),
        "controls": shown.control_row(
            asked,
            goals,
            csv_url=reverse("reports:reconciliation-csv", args=[slug]),
            has_plan=plan_span(request.workspace) is not None,
        ),
        "cards": shown.cards(found) if found else [],
        "groups": shown.groups(found) if found else [],
        "has_reports": found is not None and any(line.is_reported for line in found.platforms),
        "method": shown.method(result, goal),
    }
    return page(request, "reports/reconciliation.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.EXPORT)
@require_GET
def reconciliation_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the claims and credits as a file."""
    goals = goals_of(request)
    if not goals:
        return file_of(Table("reconciliation"), kind)
    goal, asked, _faults = read(request, goals)
    workspace = request.workspace
    result = answer(workspace, goal, asked, now=timezone.now())
    told = about(
        workspace, goal.name, path=reverse("reports:reconciliation", args=[workspace.slug]), params=asked.params(),
        method=shown.method(result, goal), made=result.attributed.provenance,
    )  # fmt: skip
    name = f"{goal.slug}-reconciliation-{asked.since}-{asked.span.last}"
    return file_of(Table(name, exporting.claim_rows(result), told), kind)


@allow(Action.EXPORT)
@require_GET
def costs_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the costs beside the attribution table's rows as a file."""
    goals = goals_of(request)
    if not goals:
        return file_of(Table("costs"), kind)
    goal, asked, _faults = read(request, goals)
    result = attributing.answer(request.workspace, goal, asked, now=timezone.now())
    name = f"{goal.slug}-costs-{asked.since}-{asked.span.last}"
    rows = exporting.cost_rows(spending.spending(result), asked.breakdown)
    return file_of(Table(name, rows, about_answer(request.workspace, goal, result)), kind)
