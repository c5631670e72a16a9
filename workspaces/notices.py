"""Tells members what concerns them, as far as each wants to hear of it.

    notify(
        deciders,
        kind="proposal_submitted",
        title=format_lazy(_("{person} proposes {goal}"), person=author.user, goal=proposal.name),
        text=proposal.reason,
        path=proposal.get_absolute_url(),
        key=f"proposal {proposal.pk} submitted {proposal.revision}",
        by=author,
        now=now,
    )

Lazy texts are put into words once for each reader, in the reader's language.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from celery import current_app
from django.db import transaction
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import Truncator

from workspaces.hints import hint
from workspaces.languages import speaking
from workspaces.models import Membership, Notification, NotificationSetting, QuietHours, User, Workspace
from workspaces.notice_kinds import KINDS, Choice, Kind, Mail, next_digest
from workspaces.quiet import Quiet, first_loud

__all__ = [
    "KINDS",
    "Choice",
    "Kind",
    "Mail",
    "choices_of",
    "choose",
    "keep_quiet",
    "mark_all_read",
    "notify",
    "quiet_of",
    "unread_count",
]

MAIL_TASK: Final = "workspaces.mail_notices"  # by its name alone: tasks are a door, and stand above
MOST_COUNTED: Final = 100  # the bell says "99+" from here on, so counting further would be for nothing
LONGEST_TITLE: Final = 200


def notify(
    members: Iterable[Membership],
    *,
    kind: str,
    title: str | Promise,
    text: str | Promise,
    path: str,
    now: datetime,
    key: str = "",
    by: Membership | None = None,
) -> list[Notification]:
    """Tell the members of one workspace, inside the transaction of what they are told about.

    kind      a key of KINDS; a member's own settings for it decide whether and how they hear
    path      the page that it is about, from the root: "/w/fjellsport/plan/"
    key       the same key tells the same member once, also when two workers say it at the same time
    by        who did it; nobody is told of their own act
    returns   the notices made now: none for those told before, switched off, or whose account is closed
    raises    KeyError for an unknown kind; ValueError for a path that leads outside, or members of two workspaces
    """
    if not (path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)):
        raise ValueError(f"{path!r} leads outside; a notice's path is an address of the product, from the root")
    told = {member.pk: member for member in members if by is None or member.pk != by.pk}
    readers = _readers(told, KINDS[kind])
    if not readers:
        return []
    workspace = readers[0][0].workspace  # asked for once: the readers share it
    quiet = {row.membership_id: row.quiet for row in QuietHours.objects.filter(membership__in=told)}
    about = {"kind": kind, "path": path, "key": key, "created_at": now}
    return _keep(
        [
            Notification(
                **about,
                **_words(title, text, member.user, workspace),
                workspace=workspace,
                membership=member,
                in_product=choice.in_product,
                mail=choice.mail,
                mail_due_at=_mail_due(choice.mail, quiet.get(member.pk, Quiet()), workspace.zone, now=now),
            )
            for member, choice in readers
        ]
    )


def choices_of(member: Membership) -> dict[str, Choice]:
    """Give how the member hears of each kind."""
    own = {row.kind: Choice(row.in_product, Mail(row.mail)) for row in member.notification_settings.all()}
    return {kind.key: own.get(kind.key, kind.default) for kind in KINDS.values()}


@transaction.atomic
def choose(member: Membership, choices: Mapping[str, Choice]) -> None:
    """Save how the member wants to hear of each kind; a mail that still waits goes as before, or not at all."""
    before = choices_of(member)
    changed = {key: choice for key, choice in choices.items() if choice != before[key]}
    rows = [
        NotificationSetting(
            workspace_id=member.workspace_id,
            membership=member,
            kind=key,
            in_product=choice.in_product,
            mail=choice.mail,
        )
        for key, choice in changed.items()
    ]
    NotificationSetting.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["membership", "kind"], update_fields=["in_product", "mail"]
    )
    unwanted = [key for key, choice in changed.items() if choice.mail == Mail.OFF]
    member.notifications.filter(kind__in=unwanted, mail_due_at__isnull=False).update(mail=Mail.OFF, mail_due_at=None)


def quiet_of(member: Membership) -> Quiet:
    """Give when the member wants no mails."""
    row = QuietHours.objects.filter(membership=member).first()
    return row.quiet if row else Quiet()


def keep_quiet(member: Membership, quiet: Quiet) -> None:
    """Save when the member wants no mails; those that wait already go as before."""
    values = {"begins": quiet.begins, "ends": quiet.ends, "weekends": quiet.weekends}
    QuietHours.objects.update_or_create(workspace_id=member.workspace_id, membership=member, defaults=values)


def unread_count(member: Membership) -> int:
    """Give how many notices the member has not read, MOST_COUNTED at most."""
    return member.notifications.unread().order_by()[:MOST_COUNTED].count()


def mark_all_read(member: Membership, *, until: datetime, now: datetime) -> int:
    """Mark what the member was told up to a moment: what came after their page was made stays unread."""
    return member.notifications.unread().filter(created_at__lte=until).update(read_at=now)


def _readers(members: dict[int, Membership], kind: Kind) -> list[tuple[Membership, Choice]]:
    """Give who hears of the kind, and how; each with their user, in as many queries for one as for fifty."""
    if len({member.workspace_id for member in members.values()}) > 1:
        raise ValueError("members of two workspaces cannot be told at once: each sees its own rows only")
    own = {
        row.membership_id: Choice(row.in_product, Mail(row.mail))
        for row in NotificationSetting.objects.filter(membership__in=members, kind=kind.key)
    }
    users = User.objects.filter(is_active=True).in_bulk([member.user_id for member in members.values()])
    readers = []
    for member in members.values():
        choice = own.get(member.pk, kind.default)
        if not choice.is_nothing and member.user_id in users:
            member.user = users[member.user_id]
            readers.append((member, choice))
    return readers


def _mail_due(mail: Mail, quiet: Quiet, zone: ZoneInfo, *, now: datetime) -> datetime | None:
    """Give when the mail goes out: at once or with the next daily one, and not before quiet hours are over."""
    if mail == Mail.OFF:
        return None
    return first_loud(quiet, zone, since=now if mail == Mail.AT_ONCE else next_digest(zone, now=now))


def _words(title: str | Promise, text: str | Promise, reader: User, workspace: Workspace) -> dict[str, str]:
    with speaking(reader, workspace):
        return {"title": Truncator(str(title)).chars(LONGEST_TITLE), "text": str(text)}


def _keep(made: list[Notification]) -> list[Notification]:
    # A second worker that says the same waits here for the first, and then inserts nothing.
    Notification.objects.bulk_create(made, ignore_conflicts=True)
    kept = set(Notification.objects.filter(pk__in=[notice.pk for notice in made]).values_list("pk", flat=True))
    if any(notice.pk in kept and notice.mail == Mail.AT_ONCE for notice in made):
        hint(current_app.signature(MAIL_TASK), made[0].workspace_id)
    return [notice for notice in made if notice.pk in kept]
