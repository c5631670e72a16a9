"""Roles change and members go, but never the last owner."""

import threading
from datetime import datetime

import pytest
from django.db import connection, connections

from tests.builders import make_member, make_token, make_workspace
from workspaces import members, scope, tokens
from workspaces.models import AuditEntry, Membership
from workspaces.roles import Role, Scope


def test_a_changed_role_is_told_from_what_to_what(owner: Membership, viewer: Membership, now: datetime) -> None:
    with scope.in_workspace(owner.workspace_id):
        members.change(viewer, role=Role.LEAD, department="Marketing", by=owner, now=now)
        entry = AuditEntry.objects.get()
        assert (entry.act, entry.before, entry.after) == ("changed", {"role": "viewer"}, {"role": "lead"})
        assert Membership.objects.get(pk=viewer.pk).role == Role.LEAD


def test_a_change_of_nothing_leaves_no_trace(owner: Membership, viewer: Membership, now: datetime) -> None:
    with scope.in_workspace(owner.workspace_id):
        members.change(viewer, role=Role.VIEWER, department="Marketing", by=owner, now=now)
        assert not AuditEntry.objects.exists()


def test_the_last_owner_cannot_step_down_or_leave(owner: Membership, lead: Membership, now: datetime) -> None:
    with scope.in_workspace(owner.workspace_id):
        with pytest.raises(members.LastOwner):
            members.change(owner, role=Role.LEAD, department="", by=owner, now=now)
        with pytest.raises(members.LastOwner):
            members.remove(owner, by=owner, now=now)
        members.change(lead, role=Role.OWNER, department="", by=owner, now=now)
        members.remove(owner, by=owner, now=now)
        assert AuditEntry.objects.first().act == "left"  # type: ignore[union-attr]


def test_who_is_removed_takes_their_tokens_along(owner: Membership, now: datetime) -> None:
    second = make_member(owner.workspace, "second@example.com", Role.OWNER)
    secret, kept = make_token(second, Scope.READ), make_token(owner, Scope.READ)
    with scope.in_workspace(owner.workspace_id):
        members.remove(second, by=owner, now=now)
        assert [entry.act for entry in AuditEntry.objects.order_by("pk")][-2:] == ["revoked", "removed"]
    assert tokens.find(secret, now=now) is None
    assert tokens.find(kept, now=now) is not None


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_do_not_leave_it_without_one(now: datetime) -> None:
    workspace = make_workspace()
    both = [make_member(workspace, f"{name}@example.com", Role.OWNER) for name in ("a", "b")]
    start, refused = threading.Barrier(2, timeout=60), []

    def leave(member: Membership) -> None:
        try:
            with scope.in_workspace(workspace.pk):
                start.wait()
                members.remove(member, by=member, now=now)
        except members.LastOwner:
            refused.append(member)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=leave, args=[member]) for member in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with scope.in_workspace(workspace.pk):
        assert Membership.objects.filter(role=Role.OWNER).count() == 1
    assert len(refused) == 1
    connection.close()
