"""A funnel outside of its page: its steps are fixed, whatever the plan or the saved funnel becomes."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analysis.funnels import FEWEST_STEPS
from reports.funnels import exporting, showing
from reports.funnels.answer import answer
from reports.funnels.method import method
from reports.funnels.question import STEP_NAMES, Asked, read_leniently
from reports.funnels.usual import known_of
from reports.sharing import wording
from reports.sharing.of_visits import has_figures, inquiry_of, of_whom
from reports.sharing.shareable import Inquiry, NotThere, Params, Shareable, Told, of_what_is_there
from workspaces.models import Workspace


def ask(workspace: Workspace, params: Params, now: datetime) -> Inquiry:
    """Read the question of the funnel's page, its steps written out; raise NotThere where one's goal is gone."""
    read = of_what_is_there(read_leniently(params, known_of(workspace, now=now)), {"funnel", *STEP_NAMES})
    if len(read.steps) < FEWEST_STEPS:
        raise NotThere
    # Of its own steps alone: a saved funnel may be changed or removed, a plan gets other milestones.
    asked = replace(read.with_steps(read.steps), funnel="")
    title = of_whom(f"{asked.steps[0].label} → {asked.steps[-1].label}", asked)
    tell = partial(_tell, workspace, asked, now)
    return inquiry_of(asked, title=title, page="reports:funnels", workspace=workspace, tell=tell)


def _tell(workspace: Workspace, asked: Asked, now: datetime) -> Told:
    result = answer(workspace, asked, now=now)
    return Told(
        is_ready=has_figures(result),
        name=_("Funnel"),
        made=result.stamp,
        method=method(result, workspace),
        context=lambda: showing.context(workspace, result),
        sentences=lambda: wording.of_funnel(result),
        tables=lambda: {_("Steps"): exporting.step_rows(result), _("Trend"): exporting.trend_rows(result)},
    )


FUNNEL = Shareable(gettext_lazy("Funnel"), "reports/shared/funnel.html", ask)
