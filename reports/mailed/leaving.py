"""The way out of a schedule's mails: a signed address, which needs no sign-in and which nobody can guess."""

from typing import Final

from django.conf import settings
from django.core import signing
from django.urls import reverse

from reports.models import Recipient
from workspaces import scope

SALT: Final = "reports.mailed.leaving"  # a signature that is made for something else opens nothing here


def address_for(recipient: Recipient) -> str:
    """Give the address at which the recipient asks for no more of it."""
    token = signing.Signer(salt=SALT).sign_object([recipient.workspace_id, recipient.pk])
    return settings.BASE_URL + reverse("reports:leave", args=[token])


def find(token: str) -> Recipient | None:
    """Give the recipient of a token, with schedule and workspace; None for a token that nobody made, or who is gone."""
    try:
        workspace_id, pk = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    with scope.in_workspace(workspace_id):
        rows = Recipient.objects.select_related("schedule__workspace", "workspace", "member__user")
        return rows.filter(pk=pk).first()
