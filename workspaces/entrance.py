"""Who may sign up, and what happens to a mail that can't be sent: allauth's hooks."""

from smtplib import SMTPException
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _

from workspaces.languages import known
from workspaces.models import User

log = structlog.get_logger(__name__)

INVITED = "account_verified_email"  # allauth's own key in the session: the address that an invitation has proved


class Entrance(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The rules of the door."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Let the invited in always, and everybody where MP_SIGN_UP is "open"."""
        return settings.SIGN_UP == "open" or bool(request.session.get(INVITED))

    def send_mail(self, template_prefix: str, email: str, mail_context: dict[str, Any]) -> None:  # as allauth's
        """Send the mail; where the server does not take it, say so instead of undoing the person's act."""
        person = User.objects.filter(email=email).first()
        # Who is asking now may have chosen nothing: then the page's language is the best guess.
        language = known(person.language) if person else ""
        try:
            with translation.override(language or translation.get_language()):
                super().send_mail(template_prefix, email, {"base_url": settings.BASE_URL, **mail_context})
        except (SMTPException, OSError) as fault:
            log.error("mail_not_sent", kind=template_prefix, exc_info=fault)
            if context.request is not None:
                messages.error(context.request, _("The mail could not be sent. Try again in a few minutes."))
