"""A snapshot of evidence: which micro goals go along with a macro goal."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reports.abouts import about
from reports.answer import READY
from reports.evidence import design, exporting, keeping, page
from reports.evidence.answer import answer, macros_of
from reports.sharing.shareable import NotThere
from reports.snapshots.record import Record, sheet
from reports.snapshots.recorder import NothingYet, Params
from workspaces.models import Workspace


def record(workspace: Workspace, params: Params, now: datetime) -> Record:
    """Keep the table and what is said of each micro goal; raise NotThere, NothingYet."""
    goals = keeping.live_goals(workspace)
    macro = next((goal for goal in macros_of(goals) if goal.slug == params.get("goal")), None)
    if macro is None:
        raise NotThere
    asked, _faults = design.read_leniently(params, goal=macro.slug)
    result = answer(workspace, macro, goals, asked, now=now)
    if result.state != READY:
        raise NothingYet
    told = about(
        workspace, macro.name, path=reverse("reports:evidence", args=[workspace.slug]), params=asked.params(),
        method=page.method(result, macro), made=result.provenance,
    )  # fmt: skip
    return Record(
        title=_("What goes along with %(goal)s") % {"goal": macro.name},
        params=asked.params(),
        sentences=tuple(line.sentence for line in page.lines(result, macro, workspace.slug)),
        sheets=(sheet(_("Evidence"), exporting.table_rows(result)),),
        method=tuple(told),
        computed_through=result.provenance.computed_through,
    )
