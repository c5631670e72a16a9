"""Mails to people, as text and HTML."""

from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from workspaces import scope
from workspaces.models import Invitation

log = structlog.get_logger(__name__)


def send_invitation(invitation_id: int, *, workspace_id: int, secret: str) -> bool:
    """Mail the link, and note that the server took it; False where it did not, which the members page shows."""
    with scope.in_workspace(workspace_id):
        invitation = Invitation.objects.select_related("workspace", "invited_by").get(pk=invitation_id)
    context = {"invitation": invitation, "link": settings.BASE_URL + reverse("workspaces:join", args=[secret])}
    try:
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


def _send(template: str, address: str, subject: str, context: dict[str, object]) -> None:
    one_line = " ".join(subject.split())  # a name with a line break would end the header
    mail = EmailMultiAlternatives(one_line, render_to_string(f"{template}.txt", context), to=[address])
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    mail.send()
