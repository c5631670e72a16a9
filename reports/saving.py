"""Saves questions, segments and metrics of people's own under names: the verbs, each with its audit entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from goals import drafts
from goals.naming import free_slug
from goals.revising import By, locked, plain, revise
from reports.models import CalculatedMetric, CohortTable, Exploration, Flow, Funnel, Segment
from workspaces.models import AuditEntry, Workspace

Savable = Funnel | Flow | Exploration | CohortTable | Segment | CalculatedMetric
Saved = TypeVar("Saved", Funnel, Flow, Exploration, CohortTable, Segment, CalculatedMetric)


@dataclass(frozen=True, slots=True)
class Draft(drafts.Draft):
    """What a person saves: a name, and what else the model holds."""

    name: str


@dataclass(frozen=True, slots=True)
class QuestionDraft(Draft):
    """The name of a saved question, and what its address says."""

    params: dict[str, str]


@transaction.atomic
def save(kind: type[Saved], workspace: Workspace, draft: Draft, *, by: By, now: datetime) -> Saved:
    """Save a question under a name."""
    rows = kind.objects.filter(workspace=workspace)
    made = kind.objects.create(workspace=workspace, slug=free_slug(rows, draft.name), **draft.columns())
    AuditEntry.record(by, "created", made, workspace=workspace, now=now, after=_given(draft))
    return made


@transaction.atomic
def change(row: Saved, draft: Draft, *, by: By, now: datetime, seen: int | None = None) -> Saved:
    """Save the question anew; what stays the same leaves no trace."""
    saved = locked(row, seen=seen)
    revise(saved, draft.columns(), by=by, now=now)
    return saved


@transaction.atomic
def remove(row: Savable, draft: Draft, *, by: By, now: datetime) -> None:
    """Take the question away; the audit trail keeps what it said, which is its draft."""
    AuditEntry.record(by, "deleted", row, workspace=row.workspace, now=now, before=_given(draft))
    row.delete()


def _given(draft: Draft) -> dict[str, Any]:  # JSON values
    return {name: plain(value) for name, value in draft.columns().items() if value}
