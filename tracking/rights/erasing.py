"""A person is forgotten: found, taken out of everything that names them, and everything derived computed again.

order -> erase (a worker of tracking) -> reports.forgetting (figures, then the bytes of old files). Each step writes its
state when it is done and may be cut off anywhere before: the next worker does it again, and finds what is left of it.
The ids stand on the erasure's row until the end, since the work could not go on without them, and nowhere else: tasks
carry the row's number, the audit trail counts.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from celery import current_app
from django.db import transaction

from tracking import derive as derivation
from tracking.lake import removal, writer
from tracking.lake.removal import Condition, Sought
from tracking.locks import alone_with_lake
from tracking.models import Erasure, ErasureState, LakeState
from tracking.recounting import recount
from tracking.rights import places, tombstones
from tracking.rights.finding import THEIRS, find, tables_of
from tracking.rights.subject import Subject
from workspaces import kept, scope
from workspaces.hints import hint
from workspaces.models import AuditEntry, Membership, Workspace

ERASE, FORGET = "tracking.erase", "reports.forget"  # tasks, known here by name only
PATIENCE_SECONDS = 20  # a drain or derivation of the workspace takes no longer, mostly
AGAIN_SECONDS = 2.0
_OURS = (ErasureState.ORDERED, ErasureState.FOUND)  # further states are the business of reports
_ON_THE_WAY = (*_OURS, ErasureState.REMOVED, ErasureState.REFILLED)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure's row keeps of its subject while the work goes on."""

    subject: Subject
    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@transaction.atomic
def order(workspace: Workspace, *, named_by: str, name: str, by: Membership | str, now: datetime) -> Erasure:
    """Have a person erased; one that is ordered already is given again. Call it inside the workspace.

    raises   finding.NamesNobody
    """
    find(workspace.pk, named_by, name)  # a refusal comes to who asks, not to a worker
    asked = {"named_by": named_by, "name": name, "state__in": _ON_THE_WAY}
    if (held := workspace.erasures.filter(**asked).first()) is not None:
        return held
    row = Erasure.objects.create(
        workspace=workspace,
        named_by=named_by,
        name=name,
        by=by.user if isinstance(by, Membership) else None,
        by_name=str(by.user) if isinstance(by, Membership) else by,
        ordered_at=now,
    )
    AuditEntry.record(by, "ordered", row, workspace=workspace, now=now)
    hint(current_app.signature(ERASE), workspace.pk)
    return row


def waiting() -> Iterator[str]:
    """Give the task that the workspace's erasures wait for; call it inside the workspace."""
    states = set(Erasure.objects.exclude(state=ErasureState.DONE).values_list("state", flat=True))
    if states & set(_OURS):
        yield ERASE
    if states - set(_OURS):
        yield FORGET


def erase(workspace_id: int, *, now: datetime) -> bool:
    """Take everybody who waits for it out of the lake and the database; False where others kept it from that.

    Safe to run at any time, by anybody. Nothing enters the lake meanwhile; it waits in the inbox.
    """
    with alone_with_lake(workspace_id, patience_seconds=PATIENCE_SECONDS) as free:
        if not free:
            return False
        with scope.in_workspace(workspace_id):
            rows = list(Erasure.objects.filter(state__in=_OURS).order_by("pk"))
        if not rows:
            return True
        # What was accepted before the order is to be found as well.
        writer.drain(workspace_id, now)
        for row in rows:
            _remove(row, _planned(row, now), now)
        derivation.derive(workspace_id, now)
        plans = [plan_of(row) for row in rows]
        recount(
            workspace_id,
            names={name for plan in plans for name in plan.names},
            paths={path for plan in plans for path in plan.paths},
            now=now,
        )
        _settle(workspace_id, rows)
        kept.forget()
    return True


def plan_of(row: Erasure) -> Plan:
    """Give who is meant, of an erasure that was found and is not done."""
    return msgspec.convert(row.subject, Plan)


def condition_of(subject: Subject) -> Condition:
    """Give what is the subject's, for the lake."""
    return Condition(sql=THEIRS, tables=tables_of(subject))


def _planned(row: Erasure, now: datetime) -> Plan:
    """Say once and for all who is meant, and from now on refuse what they did."""
    if row.state == ErasureState.FOUND:
        return plan_of(row)
    plan = Plan(subject=find(row.workspace_id, row.named_by, row.name))
    with scope.in_workspace(row.workspace_id):
        tombstones.raise_for(row.workspace_id, plan.subject, now=now)
        _keep(row, plan)
    return plan


def _remove(row: Erasure, plan: Plan, now: datetime) -> None:
    """Take the person out of the lake and of every other place."""
    workspace_id, condition = row.workspace_id, condition_of(plan.subject)
    # What came since the first look waits no longer, and was refused.
    writer.drain(workspace_id, now)
    sought = removal.seek(workspace_id, condition)
    # Before anything is gone: who takes this up after a kill could not find out any more what is to be redone.
    with scope.in_workspace(workspace_id):
        row.removed["events"] = max(row.removed.get("events", 0), sought.events)  # after a kill: all again, or none
        _keep(row, _with(plan, sought))
        derivation.mark(workspace_id, sought.first)
    removal.remove(workspace_id, condition, sought.days)
    with scope.in_workspace(workspace_id):
        counts = {name: place(workspace_id, plan.subject) for name, place in places.PLACES.items()}
        _keep(row, _with(plan, sought), **counts)


def _with(plan: Plan, sought: Sought) -> Plan:
    # A second look, after a kill, finds less.
    names, paths = (*plan.names, *sought.names), (*plan.paths, *sought.paths)
    return Plan(subject=plan.subject, names=tuple(dict.fromkeys(names)), paths=tuple(dict.fromkeys(paths)))


def _keep(row: Erasure, plan: Plan, **counts: int) -> None:
    row.subject, row.state = msgspec.to_builtins(plan), ErasureState.FOUND
    for name, count in counts.items():
        row.removed[name] = row.removed.get(name, 0) + count
    row.save(update_fields=["subject", "state", "removed"])


def _settle(workspace_id: int, rows: list[Erasure]) -> None:
    """Give the erasures on to those who compute figures."""
    with scope.in_workspace(workspace_id):
        revision = LakeState.objects.filter(workspace_id=workspace_id).values_list("revision", flat=True).first()
        Erasure.objects.filter(pk__in=[row.pk for row in rows], state=ErasureState.FOUND).update(
            state=ErasureState.REMOVED, revision=revision or 0
        )
        hint(current_app.signature(FORGET), workspace_id)


def finish(row: Erasure, *, now: datetime) -> None:
    """Forget who it was: only how much was removed stays. Call it inside the workspace, once nothing holds a trace."""
    row.name, row.subject = "", {}
    row.state, row.done_at = ErasureState.DONE, now
    row.save(update_fields=["name", "subject", "state", "done_at"])
    AuditEntry.record("system", "erased", row, workspace=row.workspace, now=now, after=dict(row.removed))
