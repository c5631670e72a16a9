"""Mails to people, as text and HTML."""

from collections.abc import Sequence
from datetime import date
from smtplib import SMTPException
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workspaces import scope
from workspaces.languages import long_day, speaking
from workspaces.models import Invitation, Membership, Notification, User

log = structlog.get_logger(__name__)


def send_invitation(invitation_id: int, *, workspace_id: int, secret: str) -> bool:
    """Mail the link, and note that the server took it; False where it did not, which the members page shows."""
    with scope.in_workspace(workspace_id):
        invitation = Invitation.objects.select_related("workspace", "invited_by").get(pk=invitation_id)
    link = settings.BASE_URL + reverse("workspaces:join", args=[secret])
    until = invitation.expires_at.astimezone(invitation.workspace.zone).date()
    person = User.objects.filter(email=invitation.email).first()
    try:
        with speaking(person, invitation.workspace):
            context = {"invitation": invitation, "link": link, "until": long_day(until)}
            _send("workspaces/mails/invitation", invitation.email, _subject(invitation), context)
    except (SMTPException, OSError) as fault:
        log.error("invitation_not_mailed", invitation=invitation_id, exc_info=fault)
        return False
    with scope.in_workspace(workspace_id):
        Invitation.objects.filter(pk=invitation_id).update(mailed_at=timezone.now())
    return True


def _subject(invitation: Invitation) -> str:
    names = {"person": invitation.invited_by, "workspace": invitation.workspace}
    return _("%(person)s invites you to %(workspace)s on Measureplan") % names


def send_notice(notice: Notification) -> None:
    """Mail one notice to its member, in their language; raise what the mail server or the way there raises."""
    context = {"notice": notice, "link": _link_to(notice), "found": _found(notice)}
    _tell(notice.membership, "notice", notice.title, f"notice.{notice.pk}", context)


def _found(notice: Notification) -> str:
    """Write when it was found, where the mail was held back: by quiet hours, or by a server that was away."""
    if notice.mail_due_at is None or notice.mail_due_at <= notice.created_at:
        return ""
    workspace = notice.membership.workspace
    local = notice.created_at.astimezone(workspace.zone)
    with speaking(notice.membership.user, workspace):
        return _("Found on %(day)s at %(time)s.") % {"day": long_day(local.date()), "time": f"{local:%H:%M}"}


def send_digest(member: Membership, notices: Sequence[Notification], *, day: date) -> None:
    """Mail the day's notices together; raise what the mail server or the way there raises."""
    with speaking(member.user, member.workspace):
        subject = ngettext(
            "%(n)d notification from %(workspace)s", "%(n)d notifications from %(workspace)s", len(notices)
        )
    words = {"n": len(notices), "workspace": member.workspace}
    links = [(notice, _link_to(notice)) for notice in notices]
    _tell(member, "digest", subject % words, f"digest.{member.pk}.{day}", {"links": links})


def _link_to(notice: Notification) -> str:
    return settings.BASE_URL + notice.get_absolute_url()


def _tell(member: Membership, template: str, subject: str, name: str, context: dict[str, object]) -> None:
    """Send a mail that the product made by itself.

    name   the same for the same mail: a process that dies after the server took it and before that was noted sends
           it again, and mail programs show one of two with one Message-ID
    """
    settings_link = settings.BASE_URL + reverse("workspaces:notification-settings", args=[member.workspace.slug])
    headers = {
        "Message-ID": f"<{name}@{urlsplit(settings.BASE_URL).hostname}>",
        "List-Unsubscribe": f"<{settings_link}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: answering machines stay silent
    }
    shown = {"workspace": member.workspace, "settings_link": settings_link}
    with speaking(member.user, member.workspace):
        _send(f"workspaces/mails/{template}", member.user.email, subject, shown | context, headers)


def _send(
    template: str, address: str, subject: str, context: dict[str, object], headers: dict[str, str] | None = None
) -> None:
    one_line = " ".join(subject.split())  # a name with a line break would end the header
    text = render_to_string(f"{template}.txt", context)
    mail = EmailMultiAlternatives(one_line, text, to=[address], headers=headers)
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    mail.send()
