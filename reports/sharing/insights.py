"""Conversion insights outside of their page: one account or all, under the windows that were asked for."""

from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.answer import READY
from reports.insights import showing
from reports.insights.answer import Answer, answer
from reports.insights.exporting import TABLES
from reports.insights.method import method
from reports.insights.metrics import ROLES
from reports.insights.question import Asked, Known, read_leniently
from reports.insights.roles import known_of
from reports.sharing import wording
from reports.sharing.shareable import Inquiry, NotThere, Params, Rows, Shareable, Told, of_what_is_there
from workspaces.models import Workspace


def ask(workspace: Workspace, params: Params, now: datetime) -> Inquiry:
    """Read the question of the page; raise NotThere where the goal of a role is gone, or archived."""
    known = known_of(workspace, now=now)
    if known is None:
        raise NotThere
    asked = of_what_is_there(read_leniently(params, known), ROLES)
    return Inquiry(
        title=_("What ads and posts brought: %(goal)s") % {"goal": known.goals[asked.checkout].name},
        path=reverse("reports:insights", args=[workspace.slug]),
        params=asked.params(),
        tell=partial(_tell, workspace, known, asked, now),
        span=asked.span,
    )


def _tell(workspace: Workspace, known: Known, asked: Asked, now: datetime) -> Told:
    result = answer(workspace, known, asked, now=now)
    return Told(
        is_ready=result.state == READY,
        name=_("Insights"),
        made=result.provenance,
        method=method(result),
        context=lambda: showing.context(result),
        sentences=lambda: wording.of_insights(result),
        tables=lambda: _tables(result),
    )


def _tables(result: Answer) -> dict[str, Rows]:
    return {str(table.label): table.rows(result) for table in TABLES.values()}


INSIGHTS = Shareable(gettext_lazy("Insights"), "reports/shared/insights.html", ask)
