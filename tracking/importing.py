"""A file of events comes in: received, read through without storing anything, then stored whole or not at all.

receive -> check (a worker; the dry run) -> order -> apply (a worker). A worker holds the import's advisory lock while
it works, on the connection of its transaction: when it is killed, lock and transaction go together, nothing of the file
is stored, and the sweep gives the import to the next one. The ledger and the inbox take the whole file in one
transaction, in chunks; how far it has come is told through another connection.
"""

from collections.abc import Iterable
from datetime import datetime
from types import ModuleType

from celery import current_app
from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from tracking.ads import storing as ads
from tracking.import_file import UnreadableFileError
from tracking.imports import reading, running, uploads, visitors
from tracking.imports.claiming import taken
from tracking.imports.findings import Findings
from tracking.imports.reading import REPLACING, Wish
from tracking.imports.sources import open_one
from tracking.imports.undoing import UNDO
from tracking.models import Format, Import, ImportState, Source
from tracking.sums import storing as sums
from workspaces import scope
from workspaces.hints import hint
from workspaces.models import AuditEntry, Membership, User
from workspaces.refusal import Refusal
from workspaces.telling import Progress

CHECK, APPLY = "tracking.check_import", "tracking.apply_import"  # tasks, known here by name only
MOST_NAME_CHARS = 255


class UnsupportedFile(Refusal):
    """The file is of no kind that can be imported."""

    code = "unsupported_file"
    field = "file"
    status = 400


class NotReady(Refusal):
    """The import is not in a state for this."""

    code = "not_ready"


@transaction.atomic
def receive(
    source: Source,
    file: Iterable[bytes],
    *,
    name: str,
    format_name: str | None = None,
    wish: Wish | None = None,
    by: Membership | str,
    person: User | None = None,
    now: datetime,
) -> Import:
    """Take the file in and have it checked; call it inside the source's workspace.

    format_name  one of Format; None: told by the file's beginning
    by           who acts, for the audit trail; `person` is whose import it is, where `by` is no member
    raises       UnsupportedFile, uploads.TooLarge, BadSource; nothing is left of the file then
    """
    stored = uploads.store(open_one(source).workspace_id, file)
    row = Import.objects.create(
        workspace=source.workspace,
        source=source,
        file_name=_base_name(name),
        stored_as=stored.name,
        size=stored.size,
        digest=stored.digest,
        format=format_name or _detected(stored.name),
        mapping=running.kept(wish or Wish()),
        by=by.user if isinstance(by, Membership) else person,
        created_at=now,
    )
    AuditEntry.record(by, "uploaded", row, workspace=source.workspace, now=now)
    hint(current_app.signature(CHECK), row.workspace_id, row.pk)
    return row


@transaction.atomic
def check_again(row: Import, wish: Wish) -> Import:
    """Have the file checked with another mapping; raises NotReady for one that is stored or being worked on."""
    states = (ImportState.CHECKED, ImportState.FAILED)
    waits = Import.objects.filter(pk=row.pk, state__in=states).exclude(stored_as="")
    fresh = {"state": ImportState.UPLOADED, "attempts": 0, "fault": "", "heartbeat_at": None, "rows_total": None}
    if not waits.update(mapping=running.kept(wish), **fresh):
        raise NotReady(_("This import is done or being worked on; its mapping stays as it is."))
    hint(current_app.signature(CHECK), row.workspace_id, row.pk)
    return row


@transaction.atomic
def order(row: Import, *, good_rows_only: bool, by: Membership | str, now: datetime) -> Import:
    """Have the checked file stored; raises NotReady, running.CannotBeRead, running.HasErrors."""
    row = Import.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=row.pk)
    if row.state != ImportState.CHECKED:
        state = row.get_state_display()
        raise NotReady(_('Only a file that is ready can be imported; this one is "%(state)s".') % {"state": state})
    found = Findings.of(row.result)
    running.require_readable(found.faults)
    running.require_whole(row, found.rejected, good_rows_only=good_rows_only)
    row.state, row.good_rows_only, row.attempts, row.heartbeat_at = ImportState.ORDERED, good_rows_only, 0, None
    row.save(update_fields=["state", "good_rows_only", "attempts", "heartbeat_at"])
    after = {"new": found.new, "rejected": found.rejected, "good_rows_only": good_rows_only}
    AuditEntry.record(by, "ordered", row, workspace=row.workspace, now=now, after=after)
    hint(current_app.signature(APPLY), row.workspace_id, row.pk)
    return row


def check(workspace_id: int, import_id: int, *, now: datetime) -> None:
    """Read the file through and say what an import would do; stores no event. Safe to run at any time, by anybody."""
    waiting, doing = ImportState.UPLOADED, ImportState.CHECKING
    with taken(workspace_id, import_id, waiting=waiting, doing=doing, now=now) as row:
        if row is None:
            return
        with Progress(row) as progress, scope.in_workspace(workspace_id):
            settled, found = WITHOUT_EVENTS.get(row.format, running).rehearse(row, progress, now=now)
            row.mapping = running.kept(settled.wish)
            _settle(row, ImportState.CHECKED, found)


def apply(workspace_id: int, import_id: int, *, now: datetime) -> None:
    """Store the ordered file's events, in one transaction. Safe to run at any time, by anybody."""
    waiting, doing = ImportState.ORDERED, ImportState.APPLYING
    with taken(workspace_id, import_id, waiting=waiting, doing=doing, now=now) as row:
        if row is None:
            return
        with Progress(row) as progress, scope.in_workspace(workspace_id):
            found = WITHOUT_EVENTS.get(row.format, running).store(row, progress, now=now)
            row.finished_at = now
            _settle(row, ImportState.DONE, found)
            after = {"new": found.new, "already there": found.repeated, "rejected": found.rejected}
            if row.format in REPLACING | set(WITHOUT_EVENTS):
                after |= {"changed": found.changed, "removed": found.removed}
            AuditEntry.record("system", "imported", row, workspace=row.workspace, now=now, after=after)


def waiting(*, now: datetime) -> list[tuple[str, int]]:
    """Give the task and the id of each of the workspace's imports that no worker is known to be at."""
    rows = Import.objects.filter(Import.abandoned(now), state__in=_TASKS).values_list("state", "pk")
    return [(_TASKS[ImportState(state)], pk) for state, pk in rows]


def purge(workspace_id: int, *, now: datetime) -> None:
    """Remove the workspace's files whose time is over, and secrets that no import needed for long."""
    old = Import.objects.annotate(since=Coalesce("finished_at", "created_at")).filter(since__lt=now - uploads.KEPT)
    for row in old.exclude(stored_as="").exclude(state__in=_TASKS):
        _forget_file(row)
    known = Import.objects.exclude(stored_as="").values_list("stored_as", flat=True)
    uploads.remove_strays(workspace_id, known=known, now=now)
    visitors.purge(now=now)


# What runs through a file that holds no events.
WITHOUT_EVENTS: dict[str, ModuleType] = {Format.AD_REPORT: ads, Format.PLAUSIBLE: sums}
# What brings an import on that is in the state.
_TASKS = {
    ImportState.UPLOADED: CHECK,
    ImportState.CHECKING: CHECK,
    ImportState.ORDERED: APPLY,
    ImportState.APPLYING: APPLY,
    ImportState.UNDOING: UNDO,
}


def _detected(stored_as: str) -> str:
    try:
        with uploads.path_of(stored_as).open("rb") as stream:
            return reading.detect(stream)
    except UnreadableFileError as fault:
        uploads.remove(stored_as)
        raise UnsupportedFile(_("This file cannot be imported: %(fault)s.") % {"fault": fault}) from fault


def _settle(row: Import, state: ImportState, found: Findings) -> None:
    row.state, row.result = state, found.as_json()
    row.rows_done = row.rows_total = found.rows
    row.save(update_fields=["state", "mapping", "result", "rows_done", "rows_total", "finished_at"])


def _forget_file(row: Import) -> None:
    uploads.remove(row.stored_as)
    row.stored_as = ""
    if row.state == ImportState.CHECKED:
        row.state = ImportState.FAILED
        row.fault = _("It was not imported within %(days)s days, so the file was removed.") % {
            "days": uploads.KEPT.days
        }
    row.save(update_fields=["stored_as", "state", "fault"])


def _base_name(name: str) -> str:
    """Give the file's own name, without the folders that some browsers send and what no column holds."""
    storable = name.encode("utf-8", "replace").decode().replace("\x00", "")
    base = storable.replace("\\", "/").rpartition("/")[2]
    return base[-MOST_NAME_CHARS:] or "file"
