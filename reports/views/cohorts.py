"""Cohorts: asked from the address, saved by those who edit the plan."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from reports.abouts import about
from reports.cohorts import page as shown
from reports.cohorts import question, showing
from reports.cohorts.answer import Answer, answer
from reports.cohorts.exporting import rows
from reports.cohorts.forms import CohortForm
from reports.cohorts.method import method
from reports.cohorts.question import Known
from reports.cohorts.usual import known_of
from reports.files import Table, file_of
from reports.kept import kept
from reports.models import CohortTable
from reports.sharing.offering import offered
from reports.views import questions
from reports.views.questions import kept_whole
from reports.views.saved import Shelf
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action

KIND = kept_whole(
    model=CohortTable,
    shelf=Shelf("reports:cohorts", gettext_lazy("Cohorts")),
    pages="reports:cohorts-{}",
    known=known_of,
    read=question.read_leniently,
    form=CohortForm,
    save=gettext_lazy("Save these cohorts"),
    change=gettext_lazy("Save the cohorts"),
)


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def cohorts(request: MemberRequest) -> HttpResponse:
    """Show the cohorts of the address, or else who came back, by week."""
    known, asked, faults = KIND.asked(request)
    result = answer(request.workspace, asked, known, now=timezone.now())
    context = _context(request, known, result) | {"faults": faults}
    return page(request, "reports/cohorts.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.EXPORT)
@require_GET
def cohorts_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the cells as a file."""
    known, asked, _faults = KIND.asked(request)
    workspace = request.workspace
    result = answer(workspace, asked, known, now=timezone.now())
    told = about(
        workspace, _("Cohorts"), path=reverse("reports:cohorts", args=[workspace.slug]), params=asked.params(),
        method=method(result, workspace, known), made=result.stamp,
    )  # fmt: skip
    name = f"{asked.saved or 'cohorts'}-{asked.since}-{asked.span.last}"
    return file_of(Table(name, rows(result, known), told), kind)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def cohorts_new(request: MemberRequest) -> HttpResponse:
    """Save the question of the address under a name."""
    return questions.new(request, KIND)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def cohorts_edit(request: MemberRequest, cohorts: str) -> HttpResponse:
    """Save the question anew: its name, and what the address says."""
    return questions.edit(request, KIND, cohorts)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def cohorts_remove(request: MemberRequest, cohorts: str) -> HttpResponse:
    """Ask, then take the saved question away."""
    return questions.remove(request, KIND, cohorts)


def _context(request: MemberRequest, known: Known, result: Answer) -> dict[str, Any]:
    asked, workspace = result.asked, request.workspace
    row = shown.control_row(result, known, workspace=workspace.slug)
    return {
        **showing.context(workspace, result, known),
        "controls": offered(request, row, "cohorts", asked.params()),
        **KIND.addresses(request, asked, asked.saved),
    }
