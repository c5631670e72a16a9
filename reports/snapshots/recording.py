"""Makes the record of a report: its question put once more, and what it says."""

from datetime import datetime

from django.utils.translation import gettext as _

from reports import periods
from reports.abouts import about
from reports.periods import Span
from reports.sharing.registry import inquire
from reports.sharing.shareable import Inquiry, Params
from reports.snapshots.record import Record, plain, sheet
from workspaces.models import Workspace
from workspaces.refusal import Refusal


class NothingYet(Refusal):
    """The report has no figures that could be kept: its goal is not tracked, or is being computed."""

    def __init__(self) -> None:
        super().__init__(_("There are no figures to keep: none were computed yet. Open the report to see why."))


def record(report: str, workspace: Workspace, params: Params, now: datetime) -> Record:
    """Ask the report, and keep what it says; raise NotThere, NothingYet."""
    return record_of(inquire(report, workspace, params, now), workspace)


def record_of(inquiry: Inquiry, workspace: Workspace) -> Record:
    """Keep what is told, with the days of the question written out; raise NotThere, NothingYet."""
    told = inquiry.tell()
    if not told.is_ready:
        raise NothingYet
    asked = on_days(inquiry.params, inquiry.span) if inquiry.span else dict(inquiry.params)
    facts = about(workspace, told.name, path=inquiry.path, params=asked, method=told.method, made=told.made)
    return Record(
        title=inquiry.title,
        params={**inquiry.named, **asked},
        sentences=plain(told.sentences()),
        sheets=tuple(sheet(title, rows) for title, rows in told.tables().items()),
        method=tuple(facts),
        computed_through=told.made.computed_through,
    )


def on_days(params: Params, span: Span) -> dict[str, str]:
    """Write the question's days out: "the last 28 days" would be others tomorrow."""
    return {**params, "period": periods.CUSTOM, "from": span.since.isoformat(), "to": span.last.isoformat()}
