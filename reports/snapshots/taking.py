"""Snapshots: taken, signed, taken away while nobody has signed."""

from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _

from reports.models import Snapshot, SnapshotSignOff
from reports.sharing.shareable import Params
from reports.snapshots.record import as_text
from reports.snapshots.recording import record
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.refusal import Refusal


class AlreadySigned(Refusal):
    """The member's name stands under the snapshot, or, where it is to go, somebody's does."""


@transaction.atomic
def take(report: str, params: Params, *, name: str, language: str, by: Membership, now: datetime) -> Snapshot:
    """Keep the report as it is now, in the language; raise NotThere, NothingYet."""
    with translation.override(language):
        kept = record(report, by.workspace, params, now)
    row = Snapshot.objects.create(
        workspace=by.workspace,
        name=name,
        report=report,
        language=language,
        content=as_text(kept),
        taken_by=str(by.user),
        taken_at=now,
    )
    AuditEntry.record(by, "created", row, workspace=by.workspace, now=now, after={"report": report, **kept.params})
    return row


@transaction.atomic
def sign(row: Snapshot, *, comment: str, by: Membership, now: datetime) -> SnapshotSignOff:
    """Put the member's name under the snapshot; raise AlreadySigned where it stands there."""
    _alone_with(row)
    if row.sign_offs.filter(member=by).exists():
        raise AlreadySigned(_("You have signed this snapshot already."))
    AuditEntry.record(by, "signed", row, workspace=row.workspace, now=now, after={"comment": comment})
    return SnapshotSignOff.objects.create(
        workspace=row.workspace, snapshot=row, member=by, name=str(by.user), comment=comment, signed_at=now
    )


@transaction.atomic
def remove(row: Snapshot, *, by: Membership, now: datetime) -> None:
    """Take the snapshot away; raise AlreadySigned where somebody has signed it."""
    _alone_with(row)
    if row.sign_offs.exists():
        raise AlreadySigned(_("Somebody has signed this snapshot; it stays."))
    AuditEntry.record(by, "deleted", row, workspace=row.workspace, now=now, before={"report": row.report})
    row.delete()


def _alone_with(row: Snapshot) -> None:
    """Have others wait who sign or remove here; the snapshot's own row can't be locked, since nobody may change it."""
    Workspace.objects.select_for_update().get(pk=row.workspace_id)
    get_object_or_404(Snapshot, pk=row.pk)  # gone meanwhile
