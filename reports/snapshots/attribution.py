"""A snapshot of attribution: one goal under several models."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reports.abouts import about
from reports.answer import READY
from reports.asked import defaults_of
from reports.attribution import exporting, page
from reports.attribution.answer import answer
from reports.attribution.question import read_leniently
from reports.sharing import wording
from reports.sharing.goal import find
from reports.snapshots.record import Record, sheet
from reports.snapshots.recorder import NothingYet, Params, on_days
from workspaces.models import Workspace


def record(workspace: Workspace, params: Params, now: datetime) -> Record:
    """Keep the table of the models; raise NotThere, NothingYet."""
    goal = find(workspace, params)
    # No row of it opened: that would keep journeys, and somebody may ask to be erased.
    closed = {name: value for name, value in params.items() if name != "open"}
    asked, _faults = read_leniently(closed, defaults_of(workspace, goal, now=now))
    result = answer(workspace, goal, asked, now=now)
    if result.state != READY:
        raise NothingYet
    fixed = on_days(asked.params(), asked.span)
    told = about(
        workspace, goal.name, path=reverse("reports:attribution", args=[workspace.slug]), params=fixed,
        method=page.method(result, goal), made=result.provenance,
    )  # fmt: skip
    return Record(
        title=_("Where it comes from: %(goal)s") % {"goal": goal.name},
        params=fixed,
        sentences=wording.of_attribution(goal, result),
        sheets=(sheet(_("Attribution"), exporting.table_rows(result, workspace)),),
        method=tuple(told),
        computed_through=result.provenance.computed_through,
    )
