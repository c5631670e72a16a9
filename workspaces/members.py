"""What changes about a member: role, department, leaving. A workspace never loses its last owner."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from workspaces import tokens
from workspaces.models import ApiToken, AuditEntry, Membership
from workspaces.refusal import Refusal
from workspaces.roles import Role


class LastOwner(Refusal):
    """The workspace would be left without an owner."""

    code = "last_owner"
    field = "role"


@transaction.atomic
def change(member: Membership, *, role: Role, department: str, by: Membership | str, now: datetime) -> Membership:
    """Give the member another role or department; raise LastOwner."""
    old = {"role": member.role, "department": member.department}
    new = {"role": str(role), "department": department}
    changed = [name for name in new if old[name] != new[name]]
    if not changed:
        return member
    if role != Role.OWNER:
        _keep_an_owner(member)
    member.role, member.department = role, department
    member.save(update_fields=changed)
    before, after = ({name: values[name] for name in changed} for values in (old, new))
    AuditEntry.record(by, "changed", member, workspace=member.workspace, now=now, before=before, after=after)
    return member


@transaction.atomic
def remove(member: Membership, *, by: Membership | str, now: datetime) -> None:
    """Take the member out, and close the API tokens that they made: they know the secrets. Raise LastOwner."""
    _keep_an_owner(member)
    for token in live_tokens_of(member):
        tokens.revoke(token, by=by, now=now)
    act = "left" if isinstance(by, Membership) and by.pk == member.pk else "removed"
    before = {"role": member.role, "department": member.department}
    AuditEntry.record(by, act, member, workspace=member.workspace, now=now, before=before)
    member.delete()


def live_tokens_of(member: Membership) -> list[ApiToken]:
    """Give the tokens that end with the membership."""
    return list(member.workspace.api_tokens.filter(created_by=member.user, revoked_at=None))


def _keep_an_owner(member: Membership) -> None:
    if member.role != Role.OWNER:
        return
    # The lock makes two owners who step down at once wait for each other.
    owners = list(member.workspace.memberships.select_for_update().filter(role=Role.OWNER))
    if len(owners) <= 1:
        raise LastOwner(_("A workspace needs an owner: make somebody else one first."))
