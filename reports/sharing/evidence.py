"""Evidence outside of its page: the micro goals of one macro goal; links leave out what no goal counts."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Goal
from reports.answer import READY
from reports.evidence import design, exporting, keeping, page, showing
from reports.evidence.answer import answer, macros_of
from reports.evidence.design import Asked
from reports.sharing.shareable import Inquiry, NotThere, Params, Shareable, Told
from workspaces.models import Workspace


def ask(workspace: Workspace, params: Params, now: datetime) -> Inquiry:
    """Read the question of the evidence page."""
    goals = keeping.live_goals(workspace)
    macro = next((goal for goal in macros_of(goals) if goal.slug == params.get("goal")), None)
    if macro is None:
        raise NotThere
    asked, _faults = design.read_leniently(params, goal=macro.slug)

    def prepare() -> None:
        keeping.kept(macro, asked.design, goals, now=now)

    return Inquiry(
        title=_("What goes along with %(goal)s") % {"goal": macro.name},
        path=reverse("reports:evidence", args=[workspace.slug]),
        params=asked.params(),
        tell=partial(_tell, workspace, macro, goals, asked, now),
        prepare=prepare,
    )


def _tell(workspace: Workspace, macro: Goal, goals: Sequence[Goal], asked: Asked, now: datetime) -> Told:
    result = answer(workspace, macro, goals, asked, now=now)
    return Told(
        is_ready=result.state == READY,
        name=macro.name,
        made=result.provenance,
        method=page.method(result, macro),
        context=lambda: showing.context(macro, result),
        sentences=lambda: [line.sentence for line in page.lines(result, macro, workspace.slug)],
        tables=lambda: {_("Evidence"): exporting.table_rows(result)},
        has_lede=False,  # they stand below the drawing, as on the members' page
    )


EVIDENCE = Shareable(gettext_lazy("Evidence"), "reports/shared/evidence.html", ask)
