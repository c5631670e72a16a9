"""Persons over HTTP."""

import io
import zipfile
from typing import Any

import pytest
from django.test import Client

from tests.builders import make_token
from tests.tracking.makers import Lake, make_event, make_source
from tracking.models import Erasure
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

PERSONS = "/api/v1/persons/"
KARI = {"named_by": "user", "name": "kari"}


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    lake = Lake(make_source(shop))
    lake.take(make_event("1", visitor="phone", user_id="kari"), make_event("2", visitor="other"))
    return lake


def send(member: Membership, address: str, body: dict[str, Any], *, may: Scope = Scope.PERSONS) -> Any:
    headers = {"Authorization": f"Bearer {make_token(member, may)}"}
    return Client().post(f"{PERSONS}{address}", body, content_type="application/json", headers=headers)


def test_a_look_up_names_ids_and_counts_events(owner: Membership, lake: Lake) -> None:
    answer = send(owner, "look-up", KARI)
    assert answer.status_code == 200
    assert answer.json() | {"first": None, "last": None} == {
        "visitor_ids": ["phone", "u.kari"],
        "user_ids": ["kari"],
        "transaction_ids": [],
        "shared_devices": [],
        "events": 1,
        "first": None,
        "last": None,
        "events_by_name": {"page_view": 1},
    }


def test_an_order_is_taken_and_can_be_followed(owner: Membership, lake: Lake) -> None:
    answer = send(owner, "erasures", KARI)
    assert (answer.status_code, answer.json()["state"]) == (202, "ordered")
    assert "kari" not in answer.content.decode()
    with scope.in_workspace(owner.workspace_id):
        assert Erasure.objects.get().name == "kari", "needed until it is done"
    headers = {"Authorization": f"Bearer {make_token(owner, Scope.PERSONS)}"}
    shown = Client().get(f"{PERSONS}erasures/{answer.json()['id']}", headers=headers).json()
    listed = Client().get(f"{PERSONS}erasures", headers=headers).json()
    assert shown == answer.json()
    assert listed["results"] == [shown]


def test_an_export_is_a_zip(owner: Membership, lake: Lake) -> None:
    answer = send(owner, "export", KARI)
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert b'"kari"' in archive.read("events.jsonl")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"named_by": "user", "name": "null"}, "names_nobody"),
        ({"named_by": "face", "name": "kari"}, "validation_failed"),
        ({"named_by": "user"}, "validation_failed"),
    ],
    ids=["nobody", "unknown kind", "no name"],
)
def test_who_cannot_be_meant_is_answered_with_a_problem(
    owner: Membership, lake: Lake, body: dict[str, str], code: str
) -> None:
    answer = send(owner, "look-up", body)
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code


def test_other_scopes_do_not_open_it(owner: Membership, lake: Lake) -> None:
    assert send(owner, "look-up", KARI, may=Scope.MANAGE).status_code == 403
