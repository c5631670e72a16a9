"""Questions, segments and reportings: lists of a plan. The verbs are the same for each; targets hang on segments."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from goals.drafts import Draft
from goals.figures import figure_of, shown
from goals.models import Cadence, Objective, Plan, Question, Reporting, Segment
from goals.models.audience import Channel
from goals.naming import free_slug
from goals.revising import By, locked, plain, revise
from workspaces.models import AuditEntry
from workspaces.refusal import Refusal

Listed = Question | Segment | Reporting


class SegmentInUse(Refusal):
    """Targets are for the segment; without it they would be for everybody, and judged so."""

    code = "segment_in_use"

    def __init__(self, users: list[str]) -> None:
        text = _("Targets are for this segment: %(users)s. Move them to another one first, or to everybody.")
        super().__init__(text % {"users": "; ".join(users)})
        self.users = users


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
    """Take the row out; the audit trail keeps what it said. Raise SegmentInUse while targets are for the segment."""
    if isinstance(row, Segment):
        row = locked(row)  # a target that is being put onto it waits, and finds it gone
        if users := users_of(row):
            raise SegmentInUse(users)
    draft = next(draft for draft, (model, _column) in MODELS.items() if isinstance(row, model))
    before = _given(draft.of(row))
    AuditEntry.record(by, "deleted", row, workspace=row.workspace, now=now, before=before)
    row.delete()


def users_of(segment: Segment) -> list[str]:
    """Name the targets that are for the segment; those in the archive go on without it."""
    targets = segment.targets.filter(kpi__archived_at=None, kpi__goal__archived_at=None).select_related("kpi")
    return [
        _("%(kpi)s: %(value)s by %(day)s")
        % {
            "kpi": target.kpi.name,
            "value": shown(figure_of(target.value, target.kpi.format)),
            "day": target.ends_on.isoformat(),
        }
        for target in targets
    ]


def _given(draft: Draft) -> dict[str, Any]:  # JSON values
    return {name: plain(value) for name, value in draft.columns().items() if value}
