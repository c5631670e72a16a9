"""Alerts made, changed, paused, muted and taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from goals import drafts
from goals.models import Goal, Kpi
from goals.revising import By, locked, plain, revise
from reports.models import Alert, AlertReader
from reports.models.alert import AlertKind
from workspaces.hints import hint
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.refusal import Refusal

WATCH_TASK: Final = "reports.watch_alerts_of"  # by its name alone: tasks are a door, and stand above


class NobodyHears(Refusal):
    """An alert has at least one reader."""

    code = "nobody_hears"
    field = "readers"
    status = 400


class NotYours(Refusal):
    """Only who hears of an alert can mute it for themselves."""

    code = "not_yours"


@dataclass(frozen=True, slots=True)
class AlertDraft(drafts.Draft):
    """What a person says of an alert; a rate's has a goal, a target's a KPI."""

    kind: str
    goal: Goal | None
    kpi: Kpi | None
    per: str
    width_days: int
    fall_percent: int
    stay_days: int

    @property
    def name(self) -> str:
        """Give what it is about by name."""
        return str(self.kpi if self.kind == AlertKind.TARGET_AT_RISK else self.goal)

    def row(self, workspace: Workspace, *, by: By, now: datetime) -> Alert:
        """Give a row that is not saved, to be tried on past days."""
        author = str(by.user) if isinstance(by, Membership) else by
        return Alert(workspace=workspace, name=self.name, made_by=author, created_at=now, **self.columns())


@transaction.atomic
def make(workspace: Workspace, draft: AlertDraft, readers: Sequence[Membership], *, by: By, now: datetime) -> Alert:
    """Make an alert; its last 90 days are looked at first, and what lasts is told. Raise NobodyHears."""
    row = draft.row(workspace, by=by, now=now)
    row.save(force_insert=True)
    after = {"readers": _set_readers(row, readers), **_told(draft)}
    AuditEntry.record(by, "created", row, workspace=workspace, now=now, after=after)
    _look_soon(row)
    return row


@transaction.atomic
def change(alert: Alert, draft: AlertDraft, readers: Sequence[Membership], *, by: By, now: datetime) -> Alert:
    """Change what it watches or who hears; what it watches is looked at anew. Raise NobodyHears."""
    row, also = locked(alert), list[str]()
    if any(getattr(row, name) != value for name, value in draft.columns().items()):
        _start_anew(row)
        also += ["checked_through", "firing_since"]
    before = sorted(str(reader.member) for reader in row.readers.select_related("member__user"))
    after = _set_readers(row, readers)
    if before != after:
        also.append("revision")  # they are rows of their own, and part of what it is
    revise(row, draft.columns() | {"name": draft.name}, by=by, now=now, also=also)
    if before != after:
        changed = {"before": {"readers": before}, "after": {"readers": after}}
        AuditEntry.record(by, "changed", row, workspace=row.workspace, now=now, **changed)
    return row


@transaction.atomic
def pause(alert: Alert, *, is_paused: bool, by: By, now: datetime) -> Alert:
    """Let it rest, or go on; after a rest the last 90 days are looked at anew."""
    row = locked(alert)
    if (row.paused_at is not None) == is_paused:
        return row
    _start_anew(row)
    revise(row, {"paused_at": now if is_paused else None}, by=by, now=now, also=["checked_through", "firing_since"])
    return row


@transaction.atomic
def mute(alert: Alert, *, is_muted: bool, by: Membership, now: datetime) -> None:
    """Let a reader hear no more of it, or again; it concerns nobody else. Raise NotYours."""
    if not alert.readers.filter(member=by).update(muted_at=now if is_muted else None):
        raise NotYours(_("You do not hear of this alert, so there is nothing to mute."))


@transaction.atomic
def remove(alert: Alert, *, by: By, now: datetime) -> None:
    """Take it away with its past; the audit trail keeps what it watched."""
    AuditEntry.record(by, "deleted", alert, workspace=alert.workspace, now=now, before=_told(AlertDraft.of(alert)))
    alert.delete()


def _start_anew(row: Alert) -> None:
    """Forget where it stands, since what it found of another condition says nothing; and have it looked at."""
    row.checked_through = row.firing_since = None
    _look_soon(row)


def _look_soon(row: Alert) -> None:
    hint(current_app.signature(WATCH_TASK), row.workspace_id)


def _set_readers(row: Alert, readers: Sequence[Membership]) -> list[str]:
    """Bring the readers to these; who stays keeps what they muted."""
    if not readers:
        raise NobodyHears(_("Choose at least one person who hears of it."))
    row.readers.exclude(member__in=readers).delete()
    rows = [AlertReader(workspace_id=row.workspace_id, alert=row, member=member) for member in readers]
    AlertReader.objects.bulk_create(rows, ignore_conflicts=True)
    return sorted(str(member) for member in readers)


def _told(draft: AlertDraft) -> dict[str, Any]:  # JSON values
    return {name: plain(value) for name, value in draft.columns().items() if value is not None}
