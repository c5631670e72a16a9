"""Conversion insights: asked from the address."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reports import controls
from reports.abouts import about
from reports.annotations.offering import annotate_url
from reports.asked import plan_span
from reports.files import Table, file_of
from reports.insights import menus, question
from reports.insights import page as shown
from reports.insights.answer import Answer, answer
from reports.insights.charting import chart_of
from reports.insights.exporting import TABLES
from reports.insights.method import method
from reports.insights.roles import known_of
from reports.insights.totals import UNTOLD
from reports.kept import kept
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def insights(request: MemberRequest) -> HttpResponse:
    """Show what the address asks for."""
    known = known_of(request.workspace, now=timezone.now())
    if known is None:
        return page(request, "reports/insights.html", part="figures", context={"has_goals": False})
    asked, faults = question.read_leniently(request.GET.dict(), known)
    result = answer(request.workspace, known, asked, now=timezone.now())
    context = {
        "has_goals": True,
        "faults": faults,
        "controls": menus.control_row(
            asked, known.goals, result.found.accounts if result.found else (), workspace=request.workspace.slug,
            has_plan=plan_span(request.workspace) is not None,
        ),
        "annotate_url": annotate_url(request, since=asked.since, until=asked.until),
        **_windows(request, result),
        **_figures(result),
    }  # fmt: skip
    return page(request, "reports/insights.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.EXPORT)
@require_GET
def insights_file(request: MemberRequest, table: str, kind: str) -> HttpResponse:
    """Give one of the tables as a file."""
    if table not in TABLES:
        raise Http404
    known = known_of(request.workspace, now=timezone.now())
    if known is None:
        return file_of(Table(f"insights-{table}"), kind)
    asked, _faults = question.read_leniently(request.GET.dict(), known)
    result = answer(request.workspace, known, asked, now=timezone.now())
    told = about(
        request.workspace, _("Insights"), path=reverse("reports:insights", args=[request.workspace.slug]),
        params=asked.params(), method=method(result), made=result.provenance,
    )  # fmt: skip
    name = f"insights-{table}-{asked.since}-{asked.span.last}"
    return file_of(Table(name, TABLES[table].rows(result), told), kind)


def _windows(request: MemberRequest, result: Answer) -> dict[str, Any]:
    """Give the form for windows of any length, and the way to make them the default."""
    asked = result.asked
    return {
        "windows": [(kind, controls.KIND_LABELS[kind], days) for kind, days in asked.window_days.items()],
        "windows_hidden": [(name, value) for name, value in asked.params().items() if name not in asked.window_days],
        "windows_url": f"{reverse('reports:attribution-windows', args=[request.workspace.slug])}?{asked.query()}",
    }


def _figures(result: Answer) -> dict[str, Any]:
    shared = {"answer": result, "goal": result.checkout, "method": method(result)}
    found = result.found
    if found is None:
        return shared
    return shared | {
        "found": found,
        "is_empty": not any(figure.all for figure in found.figures),
        "cards": shown.cards(result, found),
        "split_heads": shown.split_heads(),
        "split_rows": shown.split_rows(result, found),
        "split_sums": shown.split_rows(result, found, ("total", UNTOLD)),
        "slices": shown.slices(found),
        "chart": chart_of(result, found),
        "chart_menus": menus.over_chart(result.asked),
        "unknown": shown.unknown(result, found),
        "steps": shown.steps(found),
        "without_steps": shown.without_steps(result),
        "sort_menu": menus.of_sort(result.asked),
        "content_heads": shown.content_heads(result),
        "content_rows": shown.content_rows(result, found),
        "content_total": shown.content_total(result, found),
    }
