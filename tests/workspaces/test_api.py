"""Members, invitations, tokens and the audit trail over HTTP."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from workspaces import scope
from workspaces.models import AuditEntry, Membership

Program = Callable[..., Any]


def test_members_are_listed_newest_first_by_pages(program: Program, owner: Membership, viewer: Membership) -> None:
    first = program("get", "members?limit=1").json()
    assert [member["email"] for member in first["results"]] == ["viewer@example.com"]
    second = program.client.get(first["next"]).json()  # type: ignore[attr-defined]
    assert second["results"][0] == {
        "id": owner.pk,
        "email": "owner@example.com",
        "name": "Owner",
        "role": "owner",
        "department": "Marketing",
        "joined_at": second["results"][0]["joined_at"],
    }
    assert second["next"] is None


def test_a_changed_member_is_recorded_in_the_token_s_name(program: Program, viewer: Membership) -> None:
    answer = program("patch", f"members/{viewer.pk}", {"role": "lead"})
    assert (answer.status_code, answer.json()["role"], answer.json()["department"]) == (200, "lead", "Marketing")
    with scope.in_workspace(viewer.workspace_id):
        assert AuditEntry.objects.first().actor_name == "API token nightly"  # type: ignore[union-attr]


def test_the_last_owner_is_kept_over_http_too(program: Program, owner: Membership) -> None:
    answer = program("delete", f"members/{owner.pk}")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")


def test_a_member_can_be_removed(program: Program, viewer: Membership) -> None:
    assert program("delete", f"members/{viewer.pk}").status_code == 204
    assert program("get", f"members/{viewer.pk}").status_code == 404


@pytest.mark.parametrize("body", [{"id": 7}, {"email": "x@example.com"}, {"role": "king"}, {"department": "x" * 81}])
def test_what_cannot_be_changed_is_refused(program: Program, viewer: Membership, body: dict[str, Any]) -> None:
    assert program("patch", f"members/{viewer.pk}", body).status_code == 400


def test_an_invitation_can_be_made_and_withdrawn(program: Program) -> None:
    made = program("post", "invitations", {"email": "New@Example.com", "role": "contributor", "department": "Support"})
    assert (made.status_code, made.json()["email"]) == (201, "new@example.com")
    assert program("get", "invitations").json()["results"][0]["id"] == made.json()["id"]
    assert program("delete", f"invitations/{made.json()['id']}").status_code == 204
    assert program("get", "invitations").json()["results"] == []


def test_a_token_can_be_made_used_and_revoked(program: Program) -> None:
    made = program("post", "tokens", {"name": "child", "scopes": ["manage", "manage"]}).json()
    assert made["scopes"] == ["manage"]
    child = type(program)(made["secret"])  # type: ignore[call-arg]
    assert child("get", "members").status_code == 200
    assert child("post", "tokens", {"name": "wider", "scopes": ["plan"]}).json()["code"] == "wider_than_its_maker"
    assert program("delete", f"tokens/{made['id']}").status_code == 204
    assert child("get", "members").json()["code"] == "invalid_token"
    assert "secret" not in program("get", "tokens").json()["results"][0]


def test_the_audit_trail_can_be_filtered(program: Program, viewer: Membership) -> None:
    program("patch", f"members/{viewer.pk}", {"role": "lead"})
    rows = program("get", "audit?act=changed&actor=API+token+nightly").json()["results"]
    assert [(row["subject_type"], row["before"], row["after"]) for row in rows] == [
        ("membership", {"role": "viewer"}, {"role": "lead"})
    ]
    assert program("get", "audit?act=deleted").json()["results"] == []


def test_the_description_of_the_api_is_whole(db: None) -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "/api/v1/members/{member}:" in out.getvalue()
    assert "#/components/responses/Problem" in out.getvalue()
