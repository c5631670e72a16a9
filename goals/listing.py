"""Questions, segments and reportings: lists of a plan on which nothing else hangs. The verbs are the same for each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from goals.drafts import Draft
from goals.models import Cadence, Objective, Plan, Question, Reporting, Segment
from goals.models.audience import Channel
from goals.naming import free_slug
from goals.revising import By, locked, plain, revise
from workspaces.models import AuditEntry

Listed = Question | Segment | Reporting


@dataclass(frozen=True, slots=True)
class QuestionDraft(Draft):
    """What a person writes of a question."""

    text: str
    asker: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class SegmentDraft(Draft):
    """What a person writes of a segment."""

    name: str
    about: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class ReportingDraft(Draft):
    """What a person writes of a report that somebody is promised."""

    audience: str
    report: str = ""
    cadence: str = Cadence.MONTHLY
    channel: str = Channel.PAGE
    recipients: str = ""


# By the draft's class: what it is a draft of, and the column that names the row.
MODELS: Final[dict[type[Draft], tuple[type[Listed], str]]] = {
    QuestionDraft: (Question, "text"),
    SegmentDraft: (Segment, "name"),
    ReportingDraft: (Reporting, "audience"),
}


@transaction.atomic
def add(parent: Plan | Objective, draft: Draft, *, by: By, now: datetime, slug: str = "") -> Listed:
    """Put a row at the end of its list: a question below its objective, the others below the plan."""
    model, naming = MODELS[type(draft)]
    above = {type(parent)._meta.model_name or "": parent}
    rows = model._default_manager.filter(**above)  # noqa: SLF001  # Django's documented name
    last = rows.order_by("position").last()
    made = model._default_manager.create(  # noqa: SLF001
        workspace=parent.workspace,
        slug=free_slug(rows, getattr(draft, naming), wanted=slug),
        position=last.position + 1 if last else 0,
        **above,
        **draft.columns(),
    )
    AuditEntry.record(by, "created", made, workspace=parent.workspace, now=now, after=_given(draft))
    return made


@transaction.atomic
def change(row: Listed, draft: Draft, *, by: By, now: datetime, seen: int | None = None) -> Listed:
    """Write the row anew."""
    saved: Listed = locked(row, seen=seen)
    revise(saved, draft.columns(), by=by, now=now)
    return saved


@transaction.atomic
def remove(row: Listed, *, by: By, now: datetime) -> None:
    """Take the row out; the audit trail keeps what it said."""
    draft = next(draft for draft, (model, _) in MODELS.items() if isinstance(row, model))
    before = _given(draft.of(row))
    AuditEntry.record(by, "deleted", row, workspace=row.workspace, now=now, before=before)
    row.delete()


def _given(draft: Draft) -> dict[str, Any]:  # JSON values
    return {name: plain(value) for name, value in draft.columns().items() if value}
