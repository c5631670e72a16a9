"""An import is taken back: its events, and what followed from them, as if the file had never come.

Its event ids are forgotten too, so that the file can come again with another mapping. An event that a tag sent first,
and the file repeated, is the tag's and stays.
"""

from collections.abc import Iterator
from datetime import datetime

import pyarrow as pa
from celery import current_app
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from tracking import derive as derivation
from tracking import ledger, persons
from tracking.conversions.matching import PROTOCOL
from tracking.identity import Link
from tracking.lake import removal, writer
from tracking.lake.query import connected
from tracking.lake.removal import Condition, newest
from tracking.ledger import Origin
from tracking.locks import alone_with_lake
from tracking.models import IdentityLink, Import, ImportState, LakeState, PersonOf
from tracking.recounting import recount
from workspaces import scope
from workspaces.hints import hint
from workspaces.models import AuditEntry, Membership
from workspaces.refusal import Refusal

UNDO = "tracking.undo_import"  # the task, known here by name only
PATIENCE_SECONDS = 20
AGAIN_SECONDS = 5.0
ROWS = 10_000  # event ids forgotten at a time
_PLAN = "undoing"  # in the import's result: names and paths of what goes, for the one who takes it up after a kill
_LINKING = "select visitor_id, user_id, name, consent from events where user_id is not null"
_OF_THEM = "and user_id in (select user_id from linked)"
# What a CRM sent; those that were matched later than they came carry the import's id.
_SENT = (
    "(source_id = $source and protocol = $protocol and received_at between $since and $last"
    " and (import_id is null or import_id = $import))"
)


class NotImported(Refusal):
    """Only what was imported can be taken back."""

    code = "not_imported"


@transaction.atomic
def order(row: Import, *, by: Membership | str, now: datetime) -> Import:
    """Have a finished import taken back; raises NotImported."""
    done = Import.objects.filter(pk=row.pk, state=ImportState.DONE)
    if not done.update(state=ImportState.UNDOING, heartbeat_at=None, attempts=0):
        raise NotImported(_("Only a finished import can be undone."))
    row.state = ImportState.UNDOING
    AuditEntry.record(by, "ordered to undo", row, workspace=row.workspace, now=now)
    hint(current_app.signature(UNDO), row.workspace_id, row.pk)
    return row


def undo(workspace_id: int, import_id: int, *, now: datetime) -> bool:
    """Take the import's events out; False where others kept it from that. Safe to run at any time, by anybody."""
    with alone_with_lake(workspace_id, patience_seconds=PATIENCE_SECONDS) as free:
        if not free:
            return False
        with scope.in_workspace(workspace_id):
            ordered = Import.objects.filter(pk=import_id, state=ImportState.UNDOING)
            row = ordered.select_related("workspace").first()
        if row is None:
            return True
        writer.drain(workspace_id, now)  # what of the file waits in the inbox
        _take_out(row)
        derivation.derive(workspace_id, now)
        plan = row.result.pop(_PLAN)
        recount(workspace_id, names=plan["names"], paths=plan["paths"], now=now)
        _settle(row, plan["events"], now)
    return True


def _take_out(row: Import) -> None:
    condition = _condition(row)
    sought = removal.seek(row.workspace_id, condition)
    # Before anything is gone: who takes this up after a kill could not find out any more what is to be redone.
    with scope.in_workspace(row.workspace_id):
        derivation.mark(row.workspace_id, sought.first)
        _unlink(row)
        _forget_ids(row)
        row.ad_costs.all().delete()
        row.imported_days.all().delete()
        row.unmatched.all().delete()
        plan = row.result.get(_PLAN, {"events": 0, "names": [], "paths": []})
        plan["events"] = max(plan["events"], sought.events)  # after a kill all of them are there still, or none
        plan["names"], plan["paths"] = [*plan["names"], *sought.names], [*plan["paths"], *sought.paths]
        row.result[_PLAN] = plan
        row.save(update_fields=["result"])
    removal.remove(row.workspace_id, condition, sought.days)


def _condition(row: Import) -> Condition:
    """Say which events the import brought; what came over HTTP is known by when it was received."""
    if row.has_file:
        return Condition(sql="import_id = $import", params={"import": row.pk})
    given = {"import": row.pk, "source": row.source_id, "protocol": PROTOCOL}
    return Condition(sql=_SENT, params=given | {"since": row.created_at, "last": row.finished_at})


def _forget_ids(row: Import) -> None:
    """Forget the ids; an event with one of them that comes again from now on is not the one that goes."""
    origin = Origin(workspace_id=row.workspace_id, source_id=row.source_id, import_id=row.pk)
    condition = _condition(row)
    with connected(newest(row.workspace_id)) as engine:
        read = engine.sql(f"select event_id from events where {condition.sql}", params=dict(condition.params))  # noqa: S608
        for batch in read.to_arrow_reader(ROWS):
            ledger.forget(origin, batch.column(0).to_pylist())


def _unlink(row: Import) -> None:
    """Take the links back that the file alone proved; who is who is then resolved from the start."""
    condition = _condition(row)
    given = dict(condition.params)
    with connected(newest(row.workspace_id)) as engine:
        theirs = engine.sql(f"{_LINKING} and {condition.sql}", params=given).to_arrow_table()
        engine.register("linked", pa.table({"user_id": theirs.column("user_id").unique()}))
        rest = f"{_LINKING} and not coalesce({condition.sql}, false) {_OF_THEM}"
        others = engine.sql(rest, params=given).to_arrow_table()
    gone = set(persons.links_in(theirs)) - set(persons.links_in(others))
    if sum(_deleted(gone)):
        PersonOf.objects.all().delete()
        IdentityLink.objects.update(is_resolved=False)
        LakeState.objects.filter(workspace_id=row.workspace_id).update(people_changed=F("people_changed") + 1)
        derivation.mark(row.workspace_id, derivation.EPOCH)


def _deleted(links: set[Link]) -> Iterator[int]:
    for link in links:
        known = {"visitor_id": link.visitor_id, "user_id": link.user_id, "is_alias": link.is_alias}
        yield IdentityLink.objects.filter(**known).delete()[0]


def _settle(row: Import, events: int, now: datetime) -> None:
    with scope.in_workspace(row.workspace_id):
        row.state, row.finished_at = ImportState.UNDONE, now
        row.save(update_fields=["state", "finished_at", "result"])
        AuditEntry.record("system", "undone", row, workspace=row.workspace, now=now, after={"events": events})
        hint(current_app.signature("reports.fill"), row.workspace_id)
