"""How people come into a workspace: invited, reminded, joined; or the invitation is withdrawn."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from workspaces import mails, scope
from workspaces.models import AuditEntry, Invitation, Membership, User, Workspace
from workspaces.refusal import Refusal
from workspaces.roles import Role
from workspaces.tokens import hash_of


class NotOpen(Refusal):
    """The invitation was accepted or withdrawn, or has expired."""

    code = "invitation_not_open"


class AlreadyMember(Refusal):
    code = "already_member"
    field = "email"


class AlreadyInvited(Refusal):
    code = "already_invited"
    field = "email"


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom to invite, and as what."""

    email: str
    role: Role
    department: str = ""


@transaction.atomic
def invite(
    workspace: Workspace, wish: Wish, *, by: Membership | str, invited_by: User, now: datetime
) -> tuple[Invitation, str]:
    """Invite an address and mail it the link; give the invitation with the link's secret, which is kept nowhere.

    raises   AlreadyMember, AlreadyInvited
    """
    email = wish.email.lower()
    if Membership.objects.filter(workspace=workspace, user__email=email).exists():
        raise AlreadyMember(_("%(email)s is a member already.") % {"email": email})
    before = workspace.invitations.select_for_update().filter(email=email, accepted_at=None, withdrawn_at=None).first()
    if before is not None and before.expires_at > now:
        raise AlreadyInvited(_("%(email)s has an open invitation; send that one again.") % {"email": email})
    if before is not None:  # it expired; the new one takes its place
        _close(before, now)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        workspace=workspace,
        email=email,
        role=wish.role,
        department=wish.department,
        secret_hash=hash_of(secret),
        invited_by=invited_by,
        created_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    after = {"role": str(wish.role), "department": wish.department}
    AuditEntry.record(by, "invited", invitation, workspace=workspace, now=now, after=after)
    _mail(invitation, secret)
    return invitation, secret


@transaction.atomic
def send_again(invitation: Invitation, *, by: Membership | str, now: datetime) -> str:
    """Mail a new link, which runs its full time; the old one stops. Give the new secret; raise NotOpen."""
    secret = secrets.token_urlsafe(32)
    expires_at = now + timedelta(days=settings.INVITATION_DAYS)
    changed = _open(invitation).update(secret_hash=hash_of(secret), expires_at=expires_at, mailed_at=None)
    if changed != 1:
        raise NotOpen(_("This invitation was accepted or withdrawn already."))
    AuditEntry.record(by, "sent again", invitation, workspace=invitation.workspace, now=now)
    _mail(invitation, secret)
    return secret


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Membership | str, now: datetime) -> None:
    """Close the invitation, so that its link stops; raise NotOpen."""
    if _close(invitation, now) != 1:
        raise NotOpen(_("This invitation was accepted or withdrawn already."))
    AuditEntry.record(by, "withdrew", invitation, workspace=invitation.workspace, now=now)


def find(secret: str, *, now: datetime) -> Invitation | None:
    """Give the open invitation that the link leads to."""
    digest = hash_of(secret)
    with scope.presenting(digest):
        return (
            Invitation.objects.select_related("workspace", "invited_by")
            .filter(secret_hash=digest, accepted_at=None, withdrawn_at=None, expires_at__gt=now)
            .first()
        )


def accept(invitation: Invitation, *, user: User, now: datetime) -> Membership:
    """Make the person a member; who is one already keeps the role. Raise NotOpen."""
    with scope.in_workspace(invitation.workspace_id):
        if _open(invitation).filter(expires_at__gt=now).update(accepted_at=now) != 1:
            raise NotOpen(_("This invitation was used, withdrawn or has expired. Ask for a new one."))
        member, is_new = Membership.objects.get_or_create(
            workspace=invitation.workspace,
            user=user,
            defaults={"role": invitation.role, "department": invitation.department},
        )
        if is_new:
            after = {"role": member.role, "department": member.department, "invited as": invitation.email}
            AuditEntry.record(member, "joined", member, workspace=invitation.workspace, now=now, after=after)
    if user.email == invitation.email:
        _confirm(user)
    return member


def _open(invitation: Invitation) -> "QuerySet[Invitation]":
    return Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)


def _close(invitation: Invitation, now: datetime) -> int:
    return _open(invitation).update(withdrawn_at=now)


def _mail(invitation: Invitation, secret: str) -> None:
    # After the commit: a mail can't be undone, and its sending must not hold the transaction.
    transaction.on_commit(
        partial(mails.send_invitation, invitation.pk, workspace_id=invitation.workspace_id, secret=secret)
    )


def _confirm(user: User) -> None:
    """The link came by mail, so whoever has it reads that address."""
    EmailAddress.objects.filter(user=user, email=user.email).update(verified=True)
