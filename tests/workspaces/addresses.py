"""What the addresses of workspaces need."""

import uuid

from django.utils import timezone

from tests.builders import make_member, make_notice
from workspaces import joining, tokens
from workspaces.models import Membership
from workspaces.roles import Role, Scope


def a_member(owner: Membership) -> int:
    return make_member(owner.workspace, f"{uuid.uuid4()}@example.com", Role.VIEWER).pk


def an_invitation(owner: Membership) -> int:
    wish = joining.Wish(f"{uuid.uuid4()}@example.com", Role.VIEWER)
    return joining.invite(owner.workspace, wish, by=owner, invited_by=owner.user, now=timezone.now())[0].pk


def a_token(owner: Membership) -> int:
    return tokens.create(owner, name="sample", scopes=[Scope.READ], now=timezone.now())[0].pk


def a_notification(owner: Membership) -> uuid.UUID:
    return make_notice(owner).pk


def nothing(_owner: Membership) -> str:
    return "unknown"


SAMPLES = {
    "member": a_member,
    "invitation": an_invitation,
    "token": a_token,
    "notification": a_notification,
    "key": nothing,
    "secret": nothing,
}
PUBLIC = {
    "language/": "keeps the language chosen on a page without sign-in; changes nothing else",
    "join/<str:secret>/": "whoever has the link may see what it invites to",
}
