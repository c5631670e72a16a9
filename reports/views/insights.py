"""Conversion insights: asked from the address."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from reports.abouts import about
from reports.annotations.offering import annotate_url
from reports.asked import plan_span
from reports.files import Table, file_of
from reports.insights import menus, question, showing
from reports.insights.answer import answer
from reports.insights.exporting import TABLES
from reports.insights.method import method
from reports.insights.roles import known_of
from reports.kept import kept
from reports.sharing.offering import offered
from reports.views.windows import windows_row
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
    row = menus.control_row(
        asked, known.goals, result.found.accounts if result.found else (), workspace=request.workspace.slug,
        has_plan=plan_span(request.workspace) is not None,
    )  # fmt: skip
    context = {
        "has_goals": True,
        "faults": faults,
        "controls": offered(request, row, "insights", asked.params()),
        "annotate_url": annotate_url(request, since=asked.since, until=asked.until),
        **windows_row(request, asked, "insights"),
        **showing.context(result),
    }
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
