"""Schedules: made, paused, resumed, tried, removed; and left by those who want no more of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from celery import current_app
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.mailed import clock
from reports.mailed.clock import Rhythm
from reports.models import Delivery, DeliveryState, PauseReason, Problem, Recipient, Schedule
from workspaces import notices
from workspaces.hints import hint
from workspaces.models import AuditEntry, Membership
from workspaces.refusal import Refusal

MOST_ADDRESSES: Final = 20  # of people outside; for more there are shared links
MOST_SCHEDULES: Final = 100  # of a workspace
MAIL_TASK: Final = "reports.mail"  # by its name alone: tasks are a door, and stand above


class TooMany(Refusal):
    """A workspace has so many schedules and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When a report goes, to whom, and how.

    members     ids of memberships
    addresses   of people outside, checked and each once
    """

    title: str
    language: str
    rhythm: Rhythm
    members: Iterable[int] = ()
    addresses: Iterable[str] = ()
    with_xlsx: bool = False
    with_pdf: bool = False

    def columns(self) -> dict[str, Any]:  # values of the row's columns
        """Give what the schedule's own row holds of them."""
        return {
            "title": self.title, "language": self.language, "cadence": self.rhythm.cadence,
            "weekday": self.rhythm.weekday, "month_day": self.rhythm.month_day, "hour": self.rhythm.hour,
            "with_xlsx": self.with_xlsx, "with_pdf": self.with_pdf,
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish(Terms):
    """What a schedule is to be; `params` are the question, as its address's parameters."""

    report: str
    params: Mapping[str, str]


@transaction.atomic
def make(wish: Wish, *, by: Membership, now: datetime) -> Schedule:
    """Schedule a report; raise TooMany."""
    workspace, rhythm = by.workspace, wish.rhythm
    if workspace.schedules.count() >= MOST_SCHEDULES:
        raise TooMany(_("A workspace has at most %(n)s scheduled reports; remove one first.") % {"n": MOST_SCHEDULES})
    row = Schedule.objects.create(
        workspace=workspace, report=wish.report, params=dict(wish.params), **wish.columns(),
        due_on=clock.first_day(rhythm, workspace.zone, now=now), made_by=by.user, made_at=now,
    )  # fmt: skip
    known = {"workspace": workspace, "schedule": row}
    members = Membership.objects.filter(workspace=workspace, pk__in=wish.members).select_related("user")
    readers = [Recipient(**known, member=member) for member in members]
    readers += [Recipient(**known, email=address) for address in wish.addresses]
    Recipient.objects.bulk_create(readers)
    after = {
        "report": row.report, "params": row.params, "cadence": row.cadence, "hour": row.hour,
        "recipients": sorted(str(each) for each in readers),
    }  # fmt: skip
    AuditEntry.record(by, "created", row, workspace=workspace, now=now, after=after)
    return row


@transaction.atomic
def pause(row: Schedule, reason: PauseReason, *, by: Membership | None, now: datetime) -> bool:
    """Send no more of it until somebody resumes it; tell who made it, unless they did. False where it was paused."""
    if Schedule.objects.filter(pk=row.pk, paused_at=None).update(paused_at=now, pause_reason=reason) != 1:
        return False
    row.deliveries.filter(state=DeliveryState.WAITING, tester=None).update(
        state=DeliveryState.SKIPPED, problem=Problem.STOPPED, next_try_at=None
    )
    after = {"reason": reason.value}
    AuditEntry.record(by or "system", "paused", row, workspace=row.workspace, now=now, after=after)
    if reason is not PauseReason.BY_HAND:
        notices.notify(
            Membership.objects.filter(workspace=row.workspace, user_id=row.made_by_id).select_related("workspace"),
            kind="report_paused",
            title=format_lazy(gettext_lazy("“{title}” is mailed no more"), title=row.title),
            text=reason.label,
            path=row.get_absolute_url(),
            key=f"schedule {row.pk} paused {now.isoformat()}",
            now=now,
        )
    return True


@transaction.atomic
def resume(row: Schedule, *, by: Membership, now: datetime) -> bool:
    """Send it again from its next due time on, on behalf of who resumes it; False where it was not paused."""
    # A day before the one that it waited for has had its mail.
    due_on = clock.first_day(clock.of(row), row.workspace.zone, now=now, since=row.due_on)
    changed = {"paused_at": None, "pause_reason": "", "made_by": by.user, "due_on": due_on}
    if Schedule.objects.filter(pk=row.pk).exclude(paused_at=None).update(**changed) != 1:
        return False
    AuditEntry.record(by, "resumed", row, workspace=row.workspace, now=now)
    return True


@transaction.atomic
def remove(row: Schedule, *, by: Membership, now: datetime) -> None:
    """Take the schedule away, with what it tells of its mails."""
    before = {"report": row.report, "params": row.params, "recipients": sorted(map(str, row.recipients.all()))}
    AuditEntry.record(by, "deleted", row, workspace=row.workspace, now=now, before=before)
    row.delete()


@transaction.atomic
def try_now(row: Schedule, *, by: Membership, now: datetime) -> Delivery:
    """Have it mailed to the member alone, at once; a test of theirs that still waits is not doubled."""
    Schedule.objects.select_for_update(of=("self",)).get(pk=row.pk)  # two presses of the button
    waiting = row.deliveries.filter(tester=by, state=DeliveryState.WAITING).first()
    known = {"workspace": row.workspace, "schedule": row, "tester": by}
    made = waiting or Delivery.objects.create(**known, due_at=now, next_try_at=now)
    hint(current_app.signature(MAIL_TASK), row.workspace_id)
    return made


@transaction.atomic
def leave(recipient: Recipient, *, now: datetime) -> bool:
    """Send the recipient no more of it; False where they had left before."""
    if Recipient.objects.filter(pk=recipient.pk, left_at=None).update(left_at=now) != 1:
        return False
    recipient.deliveries.filter(state=DeliveryState.WAITING).update(
        state=DeliveryState.SKIPPED, problem=Problem.LEFT, next_try_at=None
    )
    row = recipient.schedule
    after = {"recipient": str(recipient)}
    AuditEntry.record(str(recipient), "unsubscribed", row, workspace=row.workspace, now=now, after=after)
    return True
