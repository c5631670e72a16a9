"""Attribution outside of its page: one goal under several models; without sample journeys, paths and costs."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Goal
from reports.answer import READY
from reports.asked import defaults_of
from reports.attribution import exporting, learned, page, showing
from reports.attribution.answer import answer
from reports.attribution.question import Asked, read_leniently
from reports.sharing import wording
from reports.sharing.goal import find
from reports.sharing.shareable import Inquiry, Params, Shareable, Told
from workspaces.models import Workspace


def ask(workspace: Workspace, params: Params, now: datetime) -> Inquiry:
    """Read the question of the attribution page, no row of it opened: that would show journeys of people."""
    goal = find(workspace, params)
    closed = {name: value for name, value in params.items() if name != "open"}
    read, _faults = read_leniently(closed, defaults_of(workspace, goal, now=now))
    asked = replace(read, open="")
    return Inquiry(
        title=_("Where it comes from: %(goal)s") % {"goal": goal.name},
        path=reverse("reports:attribution", args=[workspace.slug]),
        params=asked.params(),
        tell=partial(_tell, workspace, goal, asked, now),
        span=asked.span,
        prepare=lambda: learned.order(goal, asked, by=None, now=now),
        is_waiting=lambda: bool(learned.under_way(goal, asked)),
    )


def _tell(workspace: Workspace, goal: Goal, asked: Asked, now: datetime) -> Told:
    result = answer(workspace, goal, asked, now=now)
    return Told(
        is_ready=result.state == READY,
        name=goal.name,
        made=result.provenance,
        method=page.method(result, goal),
        context=lambda: showing.context(workspace, goal, result),
        sentences=lambda: wording.of_attribution(goal, result),
        tables=lambda: {_("Attribution"): exporting.table_rows(result, workspace)},
    )


ATTRIBUTION = Shareable(gettext_lazy("Attribution"), "reports/shared/attribution.html", ask)
