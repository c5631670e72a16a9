"""Imports the reports of the demo's ad platforms, by the same way as everybody's files."""

from collections.abc import Iterable
from datetime import datetime

from measureplan.demo.ad_reports import AdReport
from tracking import importing
from tracking.models import ImportState, Kind, Source
from workspaces import scope
from workspaces.models import Workspace

SLUG = "ad-reports"


def import_ad_reports(workspace: Workspace, reports: Iterable[AdReport], *, now: datetime) -> None:
    """Check and store each report; one that is stored already changes nothing."""
    with scope.in_workspace(workspace.pk):
        source, _ = Source.objects.get_or_create(
            workspace=workspace, slug=SLUG, defaults={"name": "Ad reports", "kind": Kind.IMPORT}
        )
    for report in reports:
        _bring_in(source, report, now=now)


def _bring_in(source: Source, report: AdReport, *, now: datetime) -> None:
    with scope.in_workspace(source.workspace_id):
        stored = source.imports.filter(file_name=report.name, state=ImportState.DONE)
        if stored.exists():
            return
        row = importing.receive(source, [report.content], name=report.name, by="the demo", now=now)
    importing.check(source.workspace_id, row.pk, now=now)
    with scope.in_workspace(source.workspace_id):
        importing.order(row, good_rows_only=False, by="the demo", now=now)
    importing.apply(source.workspace_id, row.pk, now=now)
