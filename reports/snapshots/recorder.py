"""What makes a record of a report, and what keeps it from one."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from reports import periods
from reports.periods import Span
from reports.snapshots.record import Record
from workspaces.models import Workspace
from workspaces.refusal import Refusal

Params = Mapping[str, str]

# Reads the parameters of the members' page; raises NotThere (reports.sharing.shareable) or NothingYet.
Recorder = Callable[[Workspace, Params, datetime], Record]


class NothingYet(Refusal):
    """The report has no figures that could be kept: its goal is not tracked, or is being computed."""

    def __init__(self) -> None:
        super().__init__(_("There are no figures to keep: none were computed yet. Open the report to see why."))


def on_days(params: Params, span: Span) -> dict[str, str]:
    """Write the question's days out: "the last 28 days" would be others tomorrow."""
    return {**params, "period": periods.CUSTOM, "from": span.since.isoformat(), "to": span.last.isoformat()}
