"""Saves funnels: the verbs, each with its audit entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from goals.drafts import Draft
from goals.naming import free_slug
from goals.revising import By, locked, revise
from reports.models import Funnel
from workspaces.models import AuditEntry, Workspace


@dataclass(frozen=True, slots=True)
class FunnelDraft(Draft):
    """What a person saves of a funnel."""

    name: str
    steps: list[str]
    step_order: str
    window_days: int


@transaction.atomic
def save(workspace: Workspace, draft: FunnelDraft, *, by: By, now: datetime) -> Funnel:
    """Save a funnel under a name."""
    made = Funnel.objects.create(workspace=workspace, slug=free_slug(workspace.funnels, draft.name), **draft.columns())
    AuditEntry.record(by, "created", made, workspace=workspace, now=now, after=_given(draft))
    return made


@transaction.atomic
def change(funnel: Funnel, draft: FunnelDraft, *, by: By, now: datetime, seen: int | None = None) -> Funnel:
    """Save the funnel anew; what stays the same leaves no trace."""
    saved = locked(funnel, seen=seen)
    revise(saved, draft.columns(), by=by, now=now)
    return saved


@transaction.atomic
def remove(funnel: Funnel, *, by: By, now: datetime) -> None:
    """Take the funnel away; the audit trail keeps what it said."""
    AuditEntry.record(by, "deleted", funnel, workspace=funnel.workspace, now=now, before=_given(FunnelDraft.of(funnel)))
    funnel.delete()


def _given(draft: FunnelDraft) -> dict[str, Any]:  # JSON values
    return {name: value for name, value in draft.columns().items() if value}
