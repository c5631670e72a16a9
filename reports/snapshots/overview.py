"""A snapshot of the overview: every KPI against its target."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from reports import boards, overview, sentences
from reports.abouts import about
from reports.exports import board_rows
from reports.snapshots.record import Record, plain, sheet
from reports.snapshots.recorder import NothingYet, Params
from reports.standing import READY, standing
from workspaces.models import Workspace


def record(workspace: Workspace, params: Params, now: datetime) -> Record:  # noqa: ARG001  # as every report's
    """Keep the KPI board."""
    shown = overview.board_of(workspace, now=now)
    made = standing(shown.published, has_goals=True, has_kpis=bool(shown.rows))
    if made.state != READY:
        raise NothingYet
    sections, title = boards.sections(workspace, shown.rows), _("KPIs against target")
    path = reverse("reports:overview", args=[workspace.slug])
    told = about(workspace, title, path=path, params={}, method=overview.method(sections), made=made)
    return Record(
        title=title,
        params={},
        sentences=plain(sentences.summary(shown.rows)),
        sheets=(sheet(_("KPIs"), board_rows(sections)),),
        method=tuple(told),
        computed_through=made.computed_through,
    )
