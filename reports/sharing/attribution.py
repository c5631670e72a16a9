"""Attribution behind a link: one goal under several models; without sample journeys, paths and costs."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Goal
from reports.answer import READY
from reports.asked import defaults_of
from reports.attribution import learned, showing
from reports.attribution.answer import answer
from reports.attribution.question import Asked, read_leniently
from reports.sharing import wording
from reports.sharing.goal import find
from reports.sharing.shareable import Frozen, Params, Shareable, Shown
from workspaces.models import Workspace


def freeze(workspace: Workspace, params: Params, now: datetime) -> Frozen:
    """Give the question of the attribution page, no row of it opened: that would show journeys."""
    goal, asked = asked_of(workspace, params, now)
    return Frozen(replace(asked, open="").params(), _title(goal))


def prepare(workspace: Workspace, params: Params, now: datetime) -> None:
    """Have data-driven models computed, as a look at the page would."""
    goal, asked = asked_of(workspace, params, now)
    learned.order(goal, asked, by=None, now=now)


def show(workspace: Workspace, params: Params, now: datetime) -> Shown:
    """Show the table of the models."""
    goal, asked = asked_of(workspace, params, now)
    result = answer(workspace, goal, asked, now=now)
    said = wording.of_attribution(goal, result) if result.state == READY else ()
    return Shown(_title(goal), said, showing.context(workspace, goal, result))


def asked_of(workspace: Workspace, params: Params, now: datetime) -> tuple[Goal, Asked]:
    """Give the goal and the question of the parameters; raise NotThere."""
    goal = find(workspace, params)
    asked, _faults = read_leniently(params, defaults_of(workspace, goal, now=now))
    return goal, replace(asked, open="")


def _title(goal: Goal) -> str:
    return _("Where it comes from: %(goal)s") % {"goal": goal.name}


ATTRIBUTION = Shareable(gettext_lazy("Attribution"), "reports/shared/attribution.html", freeze, show, prepare)
