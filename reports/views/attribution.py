"""One goal under several models, side by side."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from goals.models import Goal
from reports.abouts import about
from reports.asked import defaults_of, plan_span
from reports.asking import INVALID
from reports.attribution import exporting, learned, learning_page, question, samples, showing
from reports.attribution import page as shown
from reports.attribution.answer import Answer, answer
from reports.attribution.question import Asked
from reports.controls import Controls, files
from reports.dimensions import label_of
from reports.files import Table, file_of
from reports.goal_page import Fact
from reports.kept import kept
from reports.question import Fault
from reports.reconciliation import page as reconciling
from reports.reconciliation.spending import spending
from reports.sharing.offering import offered
from reports.views.windows import windows_row
from workspaces.access import MemberRequest, allow
from workspaces.kept import not_for_others
from workspaces.models import Workspace
from workspaces.pages import page
from workspaces.roles import Action


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def attribution(request: MemberRequest) -> HttpResponse:
    """Show the goal of the address under the models of the address."""
    goals = goals_of(request)
    if not goals:
        return page(request, "reports/attribution.html", part="figures", context={"has_goals": False})
    goal, asked, faults = read(request, goals)
    learned.order(goal, asked, by=request.member, now=timezone.now())
    result = answer(request.workspace, goal, asked, now=timezone.now())
    if result.learning or asked.open:  # what is being computed moves; journeys are of persons
        not_for_others(request)
    context = _context(request, goal, goals, result) | {"faults": faults}
    return page(request, "reports/attribution.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.SEE_REPORTS)
@require_GET
def attribution_progress(request: MemberRequest) -> HttpResponse:
    """Say how far the data-driven models of the address are: the part that the page asks for while it waits."""
    goals = goals_of(request)
    whole = reverse("reports:attribution", args=[request.workspace.slug])
    if not goals:  # the last one went meanwhile
        return redirect(whole)
    goal, asked, _faults = read(request, goals)
    context = {
        "progress": learning_page.progress(asked, learned.under_way(goal, asked)),
        "url": request.get_full_path(),
        "here": f"{whole}?{asked.query()}",
    }
    return render(request, "reports/attribution_progress.html", context)


@allow(Action.EXPORT)
@require_GET
def attribution_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the table as a file."""
    goals = goals_of(request)
    if not goals:
        return file_of(Table("attribution"), kind)
    goal, asked, _faults = read(request, goals)
    learned.order(goal, asked, by=request.member, now=timezone.now())
    result = answer(request.workspace, goal, asked, now=timezone.now())
    if any(each.found is None and each.is_under_way for each in result.learning):
        words = _("A data-driven model is being computed. Ask for the file again in a moment.")
        return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "5"})
    name = f"{goal.slug}-attribution-{asked.since}-{asked.span.last}"
    rows = exporting.table_rows(result, request.workspace)
    return file_of(Table(name, rows, about_answer(request.workspace, goal, result)), kind)


def about_answer(workspace: Workspace, goal: Goal, result: Answer) -> list[Fact]:
    """Say what a file about the attribution of the goal answers."""
    path = reverse("reports:attribution", args=[workspace.slug])
    method = shown.method(result, goal)
    return about(workspace, goal.name, path=path, params=result.asked.params(), method=method, made=result.provenance)


@allow(Action.EDIT_TRACKING)
@require_POST
def attribution_again(request: MemberRequest) -> HttpResponse:
    """Have what failed or was cancelled of the address's models computed again."""
    goals = goals_of(request)
    back = reverse("reports:attribution", args=[request.workspace.slug])
    if goals:
        goal, asked, _faults = read(request, goals)
        learned.order_again(goal, asked, by=request.member, now=timezone.now())
        back += f"?{asked.query()}"
    return redirect(back)


def goals_of(request: MemberRequest) -> list[Goal]:
    """Give the goals that can be asked about."""
    live = request.workspace.goals.live().select_related("plan", "workspace")
    return list(live.prefetch_related("rules", "versions"))


def read(request: MemberRequest, goals: list[Goal]) -> tuple[Goal, Asked, tuple[Fault, ...]]:
    """Find the goal, the first one by default, and read the question about it."""
    named = request.GET.get("goal")
    goal = next((each for each in goals if each.slug == named), goals[0])
    defaults = defaults_of(request.workspace, goal, now=timezone.now())
    asked, faults = question.read_leniently(request.GET.dict(), defaults)
    if named and named != goal.slug:
        faults = (Fault(INVALID, "goal", named[:60], _("There is no such goal.")), *faults)
    return goal, asked, faults


def _context(request: MemberRequest, goal: Goal, goals: list[Goal], result: Answer) -> dict[str, Any]:
    asked = result.asked
    under_way = [(each.model, each.run) for each in result.learning if each.run and each.is_under_way]
    return {
        **showing.context(request.workspace, goal, result),
        "has_goals": True,
        "controls": offered(request, _controls(request, asked, goals), "attribution", asked.params()),
        **windows_row(request, asked, "attribution"),
        "opened": _opened(result),
        "weighed": [shown.model_name(asked, model) for model in shown.weighed(asked)],
        "settings": learning_page.settings(asked) if asked.learned else None,
        "learning": learning_page.told(result),
        "progress": learning_page.progress(asked, under_way),
        "progress_url": f"{reverse('reports:attribution-progress', args=[request.workspace.slug])}?{asked.query()}",
        "here": f"?{asked.query()}",
        "again_url": f"{reverse('reports:attribution-again', args=[request.workspace.slug])}?{asked.query()}",
        "tabs": reconciling.tabs(request.workspace.slug, asked, "attribution"),
        **_costs(request, result),
    }


def _costs(request: MemberRequest, result: Answer) -> dict[str, Any]:
    """Give what ads cost beside the table's rows, where reports tell of costs."""
    found = spending(result)
    address = reverse("reports:costs-csv", args=[request.workspace.slug])
    links = files(_("Costs as CSV"), _("Costs as XLSX"), address, result.asked.query())
    return {"cost_lines": reconciling.cost_lines(found) if found else [], "cost_files": links}


def _controls(request: MemberRequest, asked: Asked, goals: list[Goal]) -> Controls:
    """Give the control row, with the settings of data-driven models where the question has any."""
    has_plan = plan_span(request.workspace) is not None
    row = shown.control_row(asked, goals, csv_url=shown.csv_url(request.workspace.slug), has_plan=has_plan)
    if not asked.learned:
        return row
    return replace(row, choices=(*row.choices, *learning_page.settings(asked).menus))


def _opened(result: Answer) -> dict[str, Any] | None:
    """Give what is shown of the opened row: its places and sample journeys."""
    asked, found = result.asked, result.found
    row = next((row for row in found.rows if row.key == asked.open), None) if found and asked.open else None
    if row is None or result.stored is None:
        return None
    return {
        "label": label_of(asked.breakdown, row.key),
        "row": row,
        "journeys": shown.told(asked, samples.samples(result.stored, asked)),
    }
