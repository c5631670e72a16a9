"""Evidence behind a link: the micro goals of one macro goal; without what no goal counts, which names pages."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Goal
from reports.evidence import design, keeping, showing
from reports.evidence.answer import answer, macros_of
from reports.evidence.design import Asked
from reports.sharing.shareable import Frozen, NotThere, Params, Shareable, Shown
from workspaces.models import Workspace


def freeze(workspace: Workspace, params: Params, now: datetime) -> Frozen:  # noqa: ARG001  # as every report's
    """Give the question of the evidence page."""
    macro, asked, _goals = _asked(workspace, params)
    return Frozen(asked.params(), _title(macro))


def prepare(workspace: Workspace, params: Params, now: datetime) -> None:
    """Have the evidence computed, as a look at the page would."""
    macro, asked, goals = _asked(workspace, params)
    keeping.kept(macro, asked.design, goals, now=now)


def show(workspace: Workspace, params: Params, now: datetime) -> Shown:
    """Show the micro goals with their evidence."""
    macro, asked, goals = _asked(workspace, params)
    result = answer(workspace, macro, goals, asked, now=now)
    # The sentences stand below the drawing, as on the members' page.
    return Shown(_title(macro), (), showing.context(macro, result))


def _asked(workspace: Workspace, params: Params) -> tuple[Goal, Asked, Sequence[Goal]]:
    goals = keeping.live_goals(workspace)
    macro = next((goal for goal in macros_of(goals) if goal.slug == params.get("goal")), None)
    if macro is None:
        raise NotThere
    asked, _faults = design.read_leniently(params, goal=macro.slug)
    return macro, asked, goals


def _title(macro: Goal) -> str:
    return _("What goes along with %(goal)s") % {"goal": macro.name}


EVIDENCE = Shareable(gettext_lazy("Evidence"), "reports/shared/evidence.html", freeze, show, prepare)
