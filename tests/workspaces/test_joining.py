"""Invitations: mailed, accepted once, sent again, withdrawn; never a second open one."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail

from workspaces import joining, scope
from workspaces.models import AuditEntry, Invitation, Membership, User
from workspaces.roles import Role

Captured = Any  # pytest-django's fixture


def invite(
    owner: Membership, now: datetime, email: str = "new@example.com", role: Role = Role.VIEWER
) -> tuple[Invitation, str]:
    with scope.in_workspace(owner.workspace_id):
        wish = joining.Wish(email, role, "Support")
        return joining.invite(owner.workspace, wish, by=owner, invited_by=owner.user, now=now)


def acts(member: Membership) -> list[str]:
    with scope.in_workspace(member.workspace_id):
        return list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))


def test_an_invitation_is_mailed_as_text_and_html(
    owner: Membership, now: datetime, django_capture_on_commit_callbacks: Captured
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invitation, secret = invite(owner, now)
    (message,) = mail.outbox
    assert message.to == ["new@example.com"]
    link = f"{settings.BASE_URL}/join/{secret}/"
    assert link in message.body
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    assert f'href="{link}"' in html
    with scope.in_workspace(owner.workspace_id):
        invitation.refresh_from_db()
    assert invitation.mailed_at is not None
    assert secret not in invitation.secret_hash
    assert acts(owner) == ["invited"]


def test_a_mail_server_that_refuses_leaves_the_invitation_unsent(
    owner: Membership, now: datetime, django_capture_on_commit_callbacks: Captured, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nothing listens there
    with django_capture_on_commit_callbacks(execute=True):
        invitation, _ = invite(owner, now)
    with scope.in_workspace(owner.workspace_id):
        invitation.refresh_from_db()
    assert invitation.mailed_at is None


def test_a_name_with_a_line_break_adds_no_header(
    owner: Membership, now: datetime, django_capture_on_commit_callbacks: Captured
) -> None:
    owner.user.name = "Kari\nBcc: victim@example.com"
    owner.user.save()
    with django_capture_on_commit_callbacks(execute=True):
        invite(owner, now)
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["new@example.com"]


def test_accepting_makes_a_member_once(owner: Membership, now: datetime) -> None:
    invitation, secret = invite(owner, now)
    found = joining.find(secret, now=now)
    assert found == invitation
    person = User.objects.create_user("new@example.com", "correct horse battery")
    EmailAddress.objects.create(user=person, email="new@example.com", primary=True, verified=False)
    member = joining.accept(invitation, user=person, now=now)
    assert (member.role, member.department) == (Role.VIEWER, "Support")
    assert EmailAddress.objects.get(user=person).verified
    assert joining.find(secret, now=now) is None
    with pytest.raises(joining.NotOpen):
        joining.accept(invitation, user=person, now=now)
    assert acts(owner) == ["invited", "joined"]


def test_a_member_who_accepts_keeps_the_role(owner: Membership, lead: Membership, now: datetime) -> None:
    invitation, _ = invite(owner, now, "other@example.com", Role.VIEWER)
    assert joining.accept(invitation, user=lead.user, now=now).role == Role.LEAD


def test_an_invitation_ends_with_its_time(owner: Membership, now: datetime) -> None:
    invitation, secret = invite(owner, now)
    late = now + timedelta(days=settings.INVITATION_DAYS)
    assert joining.find(secret, now=late) is None
    with pytest.raises(joining.NotOpen):
        joining.accept(invitation, user=owner.user, now=late)


def test_a_second_open_invitation_is_refused_and_a_member_is_not_invited(
    owner: Membership, lead: Membership, now: datetime
) -> None:
    invite(owner, now)
    with pytest.raises(joining.AlreadyInvited):
        invite(owner, now, "NEW@example.com")
    with pytest.raises(joining.AlreadyMember):
        invite(owner, now, "lead@example.com")


def test_after_an_expired_invitation_a_new_one_takes_its_place(owner: Membership, now: datetime) -> None:
    _, old = invite(owner, now)
    late = now + timedelta(days=settings.INVITATION_DAYS + 1)
    _, new = invite(owner, late)
    assert joining.find(new, now=late) is not None
    assert joining.find(old, now=late) is None


def test_sending_again_stops_the_old_link(owner: Membership, now: datetime) -> None:
    invitation, old = invite(owner, now)
    with scope.in_workspace(owner.workspace_id):
        new = joining.send_again(invitation, by=owner, now=now + timedelta(days=10))
    assert joining.find(old, now=now) is None
    assert joining.find(new, now=now + timedelta(days=20)) is not None


def test_a_withdrawn_invitation_is_closed(owner: Membership, now: datetime) -> None:
    invitation, secret = invite(owner, now)
    with scope.in_workspace(owner.workspace_id):
        joining.withdraw(invitation, by=owner, now=now)
        with pytest.raises(joining.NotOpen):
            joining.withdraw(invitation, by=owner, now=now)
        with pytest.raises(joining.NotOpen):
            joining.send_again(invitation, by=owner, now=now)
    assert joining.find(secret, now=now) is None
    assert acts(owner) == ["invited", "withdrew"]
