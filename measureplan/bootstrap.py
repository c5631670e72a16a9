"""Makes a workspace, its owner, a source, its write key and an API token: what a script needs to start."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from tracking.models import Kind, Source
from workspaces import scope, tokens
from workspaces.models import AuditEntry, Membership, User, Workspace
from workspaces.roles import Role, Scope


class Taken(ValueError):
    """The workspace's address is in use."""


@dataclass(frozen=True, slots=True)
class Bootstrapped:
    """What was made; the secrets are shown this once."""

    base_url: str
    workspace: str
    owner_email: str
    owner_password: str | None  # None: the account existed and keeps its own
    source: str
    write_key: str
    api_token: str

    def as_dict(self) -> dict[str, str | None]:
        return asdict(self)


@transaction.atomic
def bootstrap(*, slug: str, email: str, base_url: str, now: datetime) -> Bootstrapped:
    """Make everything at once, or, where the address is taken, nothing."""
    if Workspace.objects.filter(slug=slug).exists():
        raise Taken(f'the workspace "{slug}" exists; name another with --workspace')
    workspace = Workspace.objects.create(name=slug.replace("-", " ").title(), slug=slug)
    user, password = _owner(email)
    with scope.in_workspace(workspace.pk):
        member = Membership.objects.create(workspace=workspace, user=user, role=Role.OWNER)
        AuditEntry.record(member, "created", workspace, workspace=workspace, now=now)
        source = Source.objects.create(workspace=workspace, name="Server", slug="server", kind=Kind.SERVER)
        AuditEntry.record(member, "created", source, workspace=workspace, now=now)
        _, secret = tokens.create(member, name="bootstrap", scopes=list(Scope), now=now)
    return Bootstrapped(base_url, slug, email, password, source.slug, source.write_key, secret)


def _owner(email: str) -> tuple[User, str | None]:
    found = User.objects.filter(email=email.lower()).first()
    if found:
        return found, None
    password = secrets.token_urlsafe(12)
    return User.objects.create_user(email, password), password


def free_slug(*, most: int) -> str:
    """Give the first address of workspace, workspace-2, workspace-3 … that is not taken."""
    taken = set(Workspace.objects.filter(slug__startswith="workspace").values_list("slug", flat=True))
    names = ("workspace", *(f"workspace-{n}" for n in range(2, most)))
    return next(name for name in names if name not in taken)
