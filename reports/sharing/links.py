"""Shared links: made, found by their secret, revoked. The secret is shown once; its hash is kept."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from reports.models import LinkState, SharedLink
from workspaces import scope
from workspaces.access import may
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Action
from workspaces.tokens import hash_of


@dataclass(frozen=True, slots=True)
class Wish:
    """What a link is to be.

    params         the question, as its address's parameters
    days           how long it opens; None: until it is revoked
    password       as typed; "" for none
    frame_origin   the one site that may show it inside its pages; "" for none
    """

    report: str
    params: Mapping[str, str]
    name: str
    language: str
    days: int | None = 30
    password: str = ""
    frame_origin: str = ""


@transaction.atomic
def share(wish: Wish, *, by: Membership, now: datetime) -> tuple[SharedLink, str]:
    """Make a link; give it with its secret, which can't be read again."""
    secret = secrets.token_urlsafe(32)
    link = SharedLink.objects.create(
        workspace=by.workspace,
        name=wish.name,
        report=wish.report,
        params=dict(wish.params),
        language=wish.language,
        secret_hash=hash_of(secret),
        password=make_password(wish.password) if wish.password else "",
        frame_origin=wish.frame_origin,
        created_by=by.user,
        created_at=now,
        expires_at=None if wish.days is None else now + timedelta(days=wish.days),
    )
    after = {
        "report": link.report, "params": link.params, "language": link.language, "expires_at": link.expires_at,
        "has_password": bool(link.password), "frame_origin": link.frame_origin,
    }  # fmt: skip
    AuditEntry.record(by, "created", link, workspace=by.workspace, now=now, after=after)
    return link, secret


@transaction.atomic
def revoke(link: SharedLink, *, by: Membership, now: datetime) -> bool:
    """Close the link at once; say False where it was closed already."""
    closed = SharedLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now) == 1
    if closed:
        AuditEntry.record(by, "revoked", link, workspace=link.workspace, now=now)
    return closed


def find(secret: str, *, now: datetime) -> tuple[SharedLink, LinkState] | None:
    """Give the secret's link and whether it opens; None for a secret that none has.

    It is looked up by its hash, which nobody who guesses can steer: how long that takes tells nothing of a secret.
    """
    digest = hash_of(secret)
    with scope.presenting(digest):
        link = SharedLink.objects.select_related("workspace", "created_by").filter(secret_hash=digest).first()
    if link is None:
        return None
    with scope.in_workspace(link.workspace_id):
        backers = who_may_share(link.workspace, [link.created_by_id])
    return link, link.state(now=now, is_backed=link.created_by_id in backers)


def who_may_share(workspace: Workspace, users: Iterable[int]) -> set[int]:
    """Give those of the users' ids that may share; call it inside the workspace."""
    members = Membership.objects.filter(workspace=workspace, user_id__in=users)
    return {member.user_id for member in members if may(member, Action.SHARE)}


def note_opening(link: SharedLink, *, now: datetime) -> None:
    """Note that the report was shown."""
    with scope.in_workspace(link.workspace_id):
        SharedLink.objects.filter(pk=link.pk).update(openings=F("openings") + 1, last_opened_at=now)
