"""Annotations written, changed and taken away, each with its audit entry."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from goals import drafts
from goals.models import Goal
from goals.revising import By, locked, plain, revise
from reports.models import Annotation
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.refusal import Refusal

EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)  # a year of two digits or five is a slip of the finger
LONGEST_DAYS: Final = 800  # the longest range that a chart shows


class BadDays(Refusal):
    """The days of an annotation cannot be meant."""

    code = "bad_days"
    status = 400

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NoText(Refusal):
    """Nothing is left of the text that could be read."""

    code = "no_text"
    status = 400
    field = "text"


@dataclass(frozen=True, slots=True)
class AnnotationDraft(drafts.Draft):
    """What a person writes; `goal` None is about all goals."""

    text: str
    starts_on: date
    ends_on: date  # itself inside
    goal: Goal | None


@transaction.atomic
def write(workspace: Workspace, draft: AnnotationDraft, *, by: By, now: datetime) -> Annotation:
    """Say what happened; raise BadDays or NoText."""
    author = str(by.user) if isinstance(by, Membership) else by
    row = Annotation.objects.create(workspace=workspace, author=author, created_at=now, **_columns(draft))
    AuditEntry.record(by, "created", row, workspace=workspace, now=now, after=_told(draft))
    return row


@transaction.atomic
def change(row: Annotation, draft: AnnotationDraft, *, by: By, now: datetime) -> Annotation:
    """Say it otherwise; raise BadDays or NoText. What stays the same leaves no trace, and the author stays."""
    saved = locked(row)
    revise(saved, _columns(draft), by=by, now=now)
    return saved


@transaction.atomic
def remove(row: Annotation, *, by: By, now: datetime) -> None:
    """Take it away; the audit trail keeps what it said."""
    AuditEntry.record(by, "deleted", row, workspace=row.workspace, now=now, before=_told(AnnotationDraft.of(row)))
    row.delete()


def _columns(draft: AnnotationDraft) -> dict[str, Any]:  # values of the row's columns
    if draft.ends_on < draft.starts_on:
        raise BadDays("ends_on", _("The last day is not before the first."))
    for field, day in (("starts_on", draft.starts_on), ("ends_on", draft.ends_on)):
        if not EARLIEST <= day <= LATEST:
            raise BadDays(field, _("%(day)s is no day of the years 2000 to 2099.") % {"day": day.isoformat()})
    if (draft.ends_on - draft.starts_on).days >= LONGEST_DAYS:
        raise BadDays("ends_on", _("An annotation is about %(most)s days at most.") % {"most": LONGEST_DAYS})
    # One line of plain text: whatever else a program sends would tear table cells and mails apart.
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in draft.text).split())
    if not text:
        raise NoText(_("Say in a few words what happened."))
    return {**draft.columns(), "text": text}


def _told(draft: AnnotationDraft) -> dict[str, Any]:  # JSON values
    return {name: plain(value) for name, value in draft.columns().items() if value is not None}
