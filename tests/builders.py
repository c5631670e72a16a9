"""Plain functions that make rows with sensible defaults, each inside its workspace."""

from workspaces import scope
from workspaces.models import Membership, User, Workspace
from workspaces.roles import Role


def make_workspace(name: str = "Fjellsport", *, slug: str = "fjellsport", zone: str = "Europe/Oslo") -> Workspace:
    return Workspace.objects.create(name=name, slug=slug, zone_name=zone, currency="NOK")


def make_member(
    workspace: Workspace, email: str, role: Role = Role.LEAD, *, department: str = "Marketing"
) -> Membership:
    user = User.objects.create_user(email, "correct horse battery", name=email.split("@", maxsplit=1)[0].title())
    with scope.in_workspace(workspace.pk):
        return Membership.objects.create(workspace=workspace, user=user, role=role, department=department)
