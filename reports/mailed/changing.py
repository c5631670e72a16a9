"""Changes a schedule: when it goes, to whom, and how. What it asks stays, and so does whatever went."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from goals.revising import locked, revise
from reports.mailed import clock
from reports.mailed.schedules import Terms
from reports.models import Delivery, DeliveryState, Problem, Recipient, Schedule
from workspaces.models import AuditEntry, Membership
from workspaces.refusal import Refusal
from workspaces.zones import day_of


class HasLeft(Refusal):
    """Somebody asked for no more of these mails; nobody else takes that back."""

    field = "addresses"

    def __init__(self, recipient: Recipient) -> None:
        words = _("%(reader)s has ended these mails and gets no more of them; leave them out.")
        super().__init__(words % {"reader": recipient})


@transaction.atomic
def change(row: Schedule, terms: Terms, *, by: Membership, now: datetime) -> Schedule:
    """Change it from its next mail on; raise HasLeft."""
    saved = locked(row)  # a worker that makes the mails of a due time holds the row as well
    before = _readers(saved)
    _set_readers(saved, terms, now=now)
    due_on = saved.due_on
    if terms.rhythm != clock.of(saved):
        zone = saved.workspace.zone
        due_on = clock.changed(clock.of(saved), terms.rhythm, zone, sent_on=_sent_on(saved), now=now)
    revise(saved, terms.columns() | {"due_on": due_on}, by=by, now=now)
    after = _readers(saved)
    if before != after:
        told = {"before": {"recipients": before}, "after": {"recipients": after}}
        AuditEntry.record(by, "changed", saved, workspace=saved.workspace, now=now, **told)
    return saved


def _sent_on(row: Schedule) -> date | None:
    """Give the last day whose mails were made, be they sent or skipped."""
    last: datetime | None = row.deliveries.filter(tester=None).aggregate(last=Max("due_at"))["last"]
    return None if last is None else day_of(last, row.workspace.zone)


def _readers(row: Schedule) -> list[str]:
    return sorted(str(each) for each in row.recipients.here().select_related("member__user"))


def _set_readers(row: Schedule, terms: Terms, *, now: datetime) -> None:
    """Bring the readers to these; who stays keeps what they got, and who is taken off gets nothing that waits."""
    known = {_key(each): each for each in row.recipients.select_related("member__user")}
    members = Membership.objects.filter(workspace=row.workspace, pk__in=terms.members)
    fields = {"workspace": row.workspace, "schedule": row}
    wanted = [Recipient(**fields, member=member) for member in members]
    wanted += [Recipient(**fields, email=address) for address in terms.addresses]
    if left := next((known[_key(each)] for each in wanted if _has_left(known.get(_key(each)))), None):
        raise HasLeft(left)
    keys = {_key(each) for each in wanted}
    _take_off([each for key, each in known.items() if key not in keys and each.removed_at is None], now=now)
    row.recipients.filter(pk__in=[known[key].pk for key in keys if key in known]).update(removed_at=None)
    Recipient.objects.bulk_create([each for each in wanted if _key(each) not in known])


def _key(recipient: Recipient) -> int | str:
    """Tell readers apart: a member by their membership, an address however it is written."""
    return recipient.member_id or recipient.email.lower()


def _has_left(recipient: Recipient | None) -> bool:
    return recipient is not None and recipient.left_at is not None


def _take_off(recipients: Iterable[Recipient], *, now: datetime) -> None:
    gone = [each.pk for each in recipients if each.left_at is None]
    Recipient.objects.filter(pk__in=gone).update(removed_at=now)
    Delivery.objects.filter(recipient__in=gone, state=DeliveryState.WAITING).update(
        state=DeliveryState.SKIPPED, problem=Problem.REMOVED, next_try_at=None
    )
