"""Plain functions that make rows with sensible defaults, each inside its workspace."""

from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from workspaces import notices, scope, tokens
from workspaces.models import Membership, Notification, User, Workspace
from workspaces.roles import Role, Scope


def make_workspace(name: str = "Fjellsport", *, slug: str = "fjellsport", zone: str = "Europe/Oslo") -> Workspace:
    return Workspace.objects.create(name=name, slug=slug, zone_name=zone, currency="NOK")


def noon(workspace: Workspace, *, days_ago: int) -> datetime:
    """Give noon of the workspace's day so many days before today's, whatever the hour and season tests run in."""
    today = timezone.localdate(timezone=workspace.zone)
    return datetime.combine(today - timedelta(days=days_ago), time(12), tzinfo=workspace.zone).astimezone(UTC)


def make_member(
    workspace: Workspace, email: str, role: Role = Role.LEAD, *, department: str = "Marketing"
) -> Membership:
    user = User.objects.create_user(email, "correct horse battery", name=email.split("@", maxsplit=1)[0].title())
    with scope.in_workspace(workspace.pk):
        return Membership.objects.create(workspace=workspace, user=user, role=role, department=department)


def make_token(member: Membership, *scopes: Scope, expires_at: datetime | None = None) -> str:
    """Make an API token of the member's workspace; give its secret."""
    with scope.in_workspace(member.workspace_id):
        now = datetime(2026, 11, 1, tzinfo=UTC)
        return tokens.create(member, name="nightly", scopes=list(scopes), now=now, expires_at=expires_at)[1]


def make_notice(member: Membership, title: str = "Kari mentioned you", *, kind: str = "mention") -> Notification:
    """Tell the member something; a page that every workspace has is behind it."""
    with scope.in_workspace(member.workspace_id):
        path = f"/w/{member.workspace.slug}/members/"
        at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
        return notices.notify([member], kind=kind, title=title, text="Is this the right event?", path=path, now=at)[0]
