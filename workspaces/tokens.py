"""API tokens: made, presented, revoked. The secret is shown once; its hash is kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from workspaces import scope
from workspaces.models import ApiToken, AuditEntry, Membership, Workspace
from workspaces.refusal import Refusal
from workspaces.roles import Scope

PREFIX = "mp_"  # lets a secret scanner recognise ours
HINT_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Bearer:
    """The token that a request showed, and the workspace it opens."""

    token: ApiToken
    workspace: Workspace

    def __str__(self) -> str:
        return f"API token {self.token.name}"


def hash_of(secret: str) -> str:
    """Give the hash under which a secret is kept: SHA-256, enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


class WiderThanItsMaker(Refusal):
    """A token may make no token that can do more than itself, or lives longer."""

    code = "wider_than_its_maker"
    field = "scopes"
    status = 403


def create(
    member: Membership, *, name: str, scopes: list[Scope], now: datetime, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token; give it with its secret, which can't be read again."""
    fields = {"workspace": member.workspace, "created_by": member.user, "expires_at": expires_at}
    return _create(member, name, scopes, now=now, **fields)


def create_by_token(
    maker: Bearer, *, name: str, scopes: list[Scope], now: datetime, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token for a program that shows one; raise WiderThanItsMaker."""
    if not set(scopes) <= set(maker.token.scopes):
        raise WiderThanItsMaker(_("This token cannot give scopes that it does not have itself."))
    limit = maker.token.expires_at
    if limit is not None and (expires_at is None or expires_at > limit):
        expires_at = limit
    fields = {"workspace": maker.workspace, "created_by": maker.token.created_by, "expires_at": expires_at}
    return _create(str(maker), name, scopes, now=now, **fields)


@transaction.atomic
def revoke(token: ApiToken, *, by: Membership | str, now: datetime) -> bool:
    """Close the token at once; say False where it was closed already."""
    closed = ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now) == 1
    if closed:
        AuditEntry.record(by, "revoked", token, workspace=token.workspace, now=now)
    return closed


@transaction.atomic
def _create(
    by: Membership | str, name: str, scopes: list[Scope], *, now: datetime, **fields: Any
) -> tuple[ApiToken, str]:
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name,
        secret_hash=hash_of(secret),
        hint=secret[:HINT_LENGTH],
        scopes=[str(each) for each in scopes],
        created_at=now,
        **fields,
    )
    after = {"scopes": token.scopes, "expires_at": token.expires_at}
    AuditEntry.record(by, "created", token, workspace=token.workspace, now=now, after=after)
    return token, secret


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer mp_…`; puts the request inside the token's workspace."""

    def authenticate(self, request: Request) -> tuple[None, Bearer] | None:
        """Give no user but the bearer; None where no token is shown."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Authorization must read: Bearer, a blank, and the token")
        bearer = find(parts[1].decode("latin-1"), now=timezone.now())
        if bearer is None:
            raise AuthenticationFailed("This token is unknown, revoked or expired; make a new one under API tokens")
        scope.enter(bearer.workspace.pk)
        return None, bearer

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  # DRF's signature
        """Name the scheme, so that a missing token answers 401."""
        return "Bearer"


def find(secret: str, *, now: datetime) -> Bearer | None:
    """Give the bearer of a live token, and note the day of its use."""
    with scope.presenting(hash_of(secret)):
        token = (
            ApiToken.objects.select_related("workspace")
            .filter(Q(expires_at=None) | Q(expires_at__gt=now), secret_hash=hash_of(secret), revoked_at=None)
            .first()
        )
    if token is None:
        return None
    if token.last_used_on != now.date():
        with scope.in_workspace(token.workspace_id):
            ApiToken.objects.filter(pk=token.pk).update(last_used_on=now.date())
    return Bearer(token, token.workspace)
