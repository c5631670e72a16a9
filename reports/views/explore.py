"""Explorations: asked from the address, saved by those who edit the plan."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from reports.abouts import about
from reports.explore import choosing, question, showing
from reports.explore import page as shown
from reports.explore.answer import Answer, answer
from reports.explore.exporting import rows
from reports.explore.forms import ExplorationForm
from reports.explore.method import method
from reports.explore.question import SEGMENT_NAMES, Known
from reports.explore.usual import known_of
from reports.files import Table, file_of
from reports.kept import kept
from reports.models import Exploration
from reports.sharing.offering import offered
from reports.views import questions
from reports.views.questions import kept_whole
from reports.views.saved import Shelf
from workspaces.access import MemberRequest, allow
from workspaces.pages import page
from workspaces.roles import Action

KIND = kept_whole(
    model=Exploration,
    shelf=Shelf("reports:explore", gettext_lazy("Explore")),
    pages="reports:explore-{}",
    known=known_of,
    read=question.read_leniently,
    form=ExplorationForm,
    save=gettext_lazy("Save this question"),
    change=gettext_lazy("Save the question"),
)


@kept
@allow(Action.SEE_REPORTS)
@require_GET
def explore(request: MemberRequest) -> HttpResponse:
    """Show what the address asks for, or else sessions by channel."""
    known, asked, faults = KIND.asked(request)
    result = answer(request.workspace, asked, known, now=timezone.now())
    context = _context(request, known, result) | {"faults": faults}
    return page(request, "reports/explore.html", part="figures", context=context, status=400 if faults else 200)


@allow(Action.EXPORT)
@require_GET
def explore_file(request: MemberRequest, kind: str) -> HttpResponse:
    """Give the rows as a file."""
    known, asked, _faults = KIND.asked(request)
    workspace = request.workspace
    result = answer(workspace, asked, known, now=timezone.now())
    told = about(
        workspace, _("Explore"), path=reverse("reports:explore", args=[workspace.slug]), params=asked.params(),
        method=method(result, workspace, known), made=result.stamp,
    )  # fmt: skip
    name = f"{asked.saved or 'explore'}-{asked.since}-{asked.span.last}"
    return file_of(Table(name, rows(result, known), told), kind)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def explore_new(request: MemberRequest) -> HttpResponse:
    """Save the question of the address under a name."""
    return questions.new(request, KIND)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def explore_edit(request: MemberRequest, exploration: str) -> HttpResponse:
    """Save the question anew: its name, and what the address says."""
    return questions.edit(request, KIND, exploration)


@allow(Action.EDIT_PLAN)
@require_http_methods(["GET", "POST"])
def explore_remove(request: MemberRequest, exploration: str) -> HttpResponse:
    """Ask, then take the saved question away."""
    return questions.remove(request, KIND, exploration)


def _context(request: MemberRequest, known: Known, result: Answer) -> dict[str, Any]:
    asked, workspace = result.asked, request.workspace
    kept = asked.kept()
    row = choosing.control_row(asked, known, workspace=workspace.slug)
    return {
        **showing.context(workspace, result, known),
        "kept": kept,
        "segments": [(name, kept[name]) for name in SEGMENT_NAMES],
        "controls": offered(request, row, "explore", asked.params()),
        "chips": shown.chips(asked, known),
        "hidden": choosing.hidden(asked),
        "offered_columns": choosing.offered_columns(known),
        "offered_conditions": choosing.offered_conditions(known),
        "offered_levels": choosing.offered_levels(),
        **KIND.addresses(request, asked, asked.saved),
    }
