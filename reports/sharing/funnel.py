"""A funnel behind a link: its steps are fixed, whatever the plan or the saved funnel becomes."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy

from analysis.funnels import FEWEST_STEPS
from reports.answer import READY
from reports.explore.answer import MISSING
from reports.funnels import showing
from reports.funnels.answer import answer
from reports.funnels.question import Asked, read, read_leniently
from reports.funnels.usual import known_of
from reports.question import BadQuestion
from reports.sharing import wording
from reports.sharing.shareable import Frozen, NotThere, Params, Shareable, Shown
from workspaces.models import Workspace


def freeze(workspace: Workspace, params: Params, now: datetime) -> Frozen:
    """Give the question of the funnel's page, its steps written out."""
    asked, _faults = read_leniently(params, known_of(workspace, now=now))
    if len(asked.steps) < FEWEST_STEPS:
        raise NotThere
    # Of its own steps alone: a saved funnel may be changed or removed, a plan gets other milestones.
    return Frozen(replace(asked.with_steps(asked.steps), funnel="").params(), title_of(asked))


def show(workspace: Workspace, params: Params, now: datetime) -> Shown:
    """Show the steps; raise NotThere where one of them names a goal that is gone, or a segment is."""
    try:
        asked = read(params, known_of(workspace, now=now))
    except BadQuestion as fault:
        raise NotThere from fault
    result = answer(workspace, asked, now=now)
    if result.state == MISSING:
        raise NotThere
    said = wording.of_funnel(result) if result.state == READY else ()
    return Shown(title_of(asked), said, showing.context(workspace, result))


def title_of(asked: Asked) -> str:
    """Name the way, and whose it is where it is not everybody's."""
    way = f"{asked.steps[0].label} → {asked.steps[-1].label}"
    return f"{way} ({asked.groups.names.get(asked.only, asked.only)})" if asked.only else way


FUNNEL = Shareable(gettext_lazy("Funnel"), "reports/shared/funnel.html", freeze, show)
