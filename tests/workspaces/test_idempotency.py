"""A POST repeated with its key does its work once."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.builders import make_token
from tests.workspaces.conftest import Program
from workspaces import scope
from workspaces.idempotency import lock_number
from workspaces.models import ApiToken, IdempotentReply, Invitation, Membership
from workspaces.roles import Scope

NEW = {"email": "new@example.com", "role": "viewer"}


def invitations(member: Membership) -> int:
    with scope.in_workspace(member.workspace_id):
        return Invitation.objects.count()


def test_the_same_body_gets_the_same_answer_and_does_nothing_again(
    program: Callable[..., Any], owner: Membership
) -> None:
    first = program("post", "invitations", NEW, Idempotency_Key="one")
    second = program("post", "invitations", NEW, Idempotency_Key="one")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert invitations(owner) == 1


def test_another_body_under_the_key_is_refused(program: Callable[..., Any]) -> None:
    program("post", "invitations", NEW, Idempotency_Key="one")
    answer = program("post", "invitations", {**NEW, "role": "lead"}, Idempotency_Key="one")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_another_key_is_another_request(program: Callable[..., Any]) -> None:
    program("post", "invitations", NEW, Idempotency_Key="one")
    answer = program("post", "invitations", NEW, Idempotency_Key="two")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_invited")


def test_a_refusal_is_kept_and_undone(program: Callable[..., Any], owner: Membership) -> None:
    wrong = {"email": "nobody", "role": "viewer"}
    first = program("post", "invitations", wrong, Idempotency_Key="one")
    again = program("post", "invitations", wrong, Idempotency_Key="one")
    assert (first.status_code, again.status_code) == (400, 400)
    assert again["Idempotent-Replayed"] == "true"
    assert again["Content-Type"] == "application/problem+json"
    assert program("post", "invitations", NEW, Idempotency_Key="one").status_code == 422
    assert invitations(owner) == 0


def test_keys_belong_to_their_token_and_route(program: Callable[..., Any], owner: Membership) -> None:
    program("post", "invitations", NEW, Idempotency_Key="one")
    made = program("post", "tokens", {"name": "x", "scopes": ["read"]}, Idempotency_Key="one")
    assert made.status_code == 201
    other = Program(make_token(owner, *Scope))
    assert other("post", "invitations", {**NEW, "email": "b@example.com"}, Idempotency_Key="one").status_code == 201


def test_after_72_hours_the_key_is_new(program: Callable[..., Any], owner: Membership) -> None:
    program("post", "invitations", {"email": "nobody", "role": "viewer"}, Idempotency_Key="one")
    with scope.in_workspace(owner.workspace_id):
        reply = IdempotentReply.objects.get()
        reply.created_at -= timedelta(hours=72, seconds=1)
        reply.save()
    assert program("post", "invitations", NEW, Idempotency_Key="one").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "\u00e6"])
def test_a_key_that_is_none_is_refused(program: Callable[..., Any], key: str) -> None:
    assert program("post", "invitations", NEW, Idempotency_Key=key).json()["code"] == "invalid_idempotency_key"


def test_a_replay_does_not_show_a_secret_again(program: Callable[..., Any], owner: Membership) -> None:
    body = {"name": "x", "scopes": ["read"]}
    first = program("post", "tokens", body, Idempotency_Key="one").json()
    again = program("post", "tokens", body, Idempotency_Key="one").json()
    assert first["secret"].startswith("mp_")
    assert again == {**first, "secret": None}
    with scope.in_workspace(owner.workspace_id):
        assert first["secret"].encode() not in bytes(IdempotentReply.objects.get().body)
        assert ApiToken.objects.filter(name="x").count() == 1


def test_a_request_while_the_first_still_runs_is_told_so(program: Callable[..., Any], owner: Membership) -> None:
    with scope.in_workspace(owner.workspace_id):
        number = lock_number(ApiToken.objects.get().pk, "POST api/v1/invitations", "one")
    with closing(connection.get_new_connection(connection.get_connection_params())) as other:
        other.execute("select pg_advisory_lock(%s)", [number])
        answer = program("post", "invitations", NEW, Idempotency_Key="one")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_in_progress")
    assert invitations(owner) == 0
