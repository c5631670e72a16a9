"""Which notices go out by mail, and when: each once, however many workers look.

A worker holds its member's row (`for update skip locked`) while it sends one mail and notes that it went; another
worker passes that member by. Killed before the server took the mail, nothing happened, and the next sweep sends it.
Killed between the server's yes and the commit, the mail is sent a second time, since nobody can know of the first: of
the two ways to be wrong, a notice twice beats a notice never. Both carry one Message-ID, by which mail servers and
programs that look at it show one.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum
from smtplib import SMTPRecipientsRefused
from typing import Final

import structlog

from workspaces import mails, scope
from workspaces.models import Membership, Notification, Workspace
from workspaces.models.notification import NotificationQuerySet
from workspaces.notice_kinds import Mail, next_digest
from workspaces.zones import day_of

# After each try that failed; some four days, then the mail is given up. The notice stands in the product all the same.
PAUSES: Final = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=1),
    timedelta(days=2),
)

log = structlog.get_logger(__name__)


class Outcome(Enum):
    """What came of looking for one member's next mail."""

    NOTHING = "nothing is due, or another worker is at it"
    SENT = "the server took it"
    REFUSED = "the server, or the address itself, will not have this one"
    AWAY = "the server cannot be reached"


def waiting(*, now: datetime) -> Iterator[int]:
    """Give the workspaces with mails that are due."""
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        with scope.in_workspace(workspace_id):
            waits = Notification.objects.to_mail(now).exists()
        if waits:
            yield workspace_id


def send_due(workspace_id: int, *, now: datetime) -> int:
    """Send what is due in the workspace, one transaction a mail; give how many went out.

    A server that cannot be reached ends the run: the next sweep tries again, and not once for each of a hundred mails.
    """
    with scope.in_workspace(workspace_id):
        due = Notification.objects.to_mail(now).order_by("membership_id")
        members = list(due.values_list("membership_id", flat=True).distinct())
    sent = 0
    for member_id in members:
        while (outcome := _send_next(workspace_id, member_id, now=now)) is not Outcome.NOTHING:
            sent += outcome is Outcome.SENT
            if outcome is Outcome.AWAY:
                return sent
    return sent


def _send_next(workspace_id: int, member_id: int, *, now: datetime) -> Outcome:
    with scope.in_workspace(workspace_id):
        # The notices themselves stay free, so that their reader need not wait for the mail server.
        member = (
            Membership.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .select_related("user", "workspace")
            .filter(pk=member_id)
            .first()
        )
        if member is None:
            return Outcome.NOTHING
        due = member.notifications.to_mail(now)
        if not member.user.is_active:
            due.update(mail_due_at=None)
            return Outcome.NOTHING
        first = due.filter(mail=Mail.AT_ONCE).order_by("created_at", "pk").first()
        if first is not None:
            return _send_notice(first, now=now)
        return _send_digest(member, due.filter(mail=Mail.DAILY), now=now)


def _send_notice(notice: Notification, *, now: datetime) -> Outcome:
    row = Notification.objects.filter(pk=notice.pk)
    try:
        mails.send_notice(notice)
    except (OSError, ValueError) as fault:  # smtplib's own are an OSError; an address that is none is a ValueError
        return _put_off([notice], fault, now=now)
    row.update(mailed_at=now, mail_due_at=None)
    return Outcome.SENT


def _send_digest(member: Membership, due: NotificationQuerySet, *, now: datetime) -> Outcome:
    """Send the day's notices that were not read meanwhile; once per day of the workspace's calendar."""
    today = day_of(now, member.workspace.zone)
    if member.digested_on == today:
        _leave_for_tomorrow(member, due, now=now)
        return Outcome.NOTHING
    notices = list(due.order_by("created_at", "pk"))
    fresh = [notice for notice in notices if notice.read_at is None]
    rows = Notification.objects.filter(pk__in=[notice.pk for notice in notices])
    if fresh:
        try:
            mails.send_digest(member, fresh, day=today)
        except (OSError, ValueError) as fault:
            return _put_off(fresh, fault, now=now)
        rows.filter(pk__in=[notice.pk for notice in fresh]).update(mailed_at=now)
        Membership.objects.filter(pk=member.pk).update(digested_on=today)
    rows.update(mail_due_at=None)
    return Outcome.SENT if fresh else Outcome.NOTHING


def _leave_for_tomorrow(member: Membership, due: NotificationQuerySet, *, now: datetime) -> None:
    """Keep for the next digest what was committed only after today's had gone."""
    due.update(mail_due_at=next_digest(member.workspace.zone, now=now))


def _put_off(notices: list[Notification], fault: Exception, *, now: datetime) -> Outcome:
    """Note that a mail did not go, and when to try again."""
    for notice in notices:
        notice.mail_due_at = now + PAUSES[notice.mail_tries] if notice.mail_tries < len(PAUSES) else None
        notice.mail_tries += 1
    Notification.objects.bulk_update(notices, ["mail_due_at", "mail_tries"])
    next_try = max((notice.mail_due_at for notice in notices if notice.mail_due_at), default=None)
    log.error("notice_not_mailed", notices=len(notices), next_try=next_try, exc_info=fault)
    return Outcome.REFUSED if isinstance(fault, SMTPRecipientsRefused | ValueError) else Outcome.AWAY
