"""Annotations over HTTP, by the same verbs as the pages."""

from typing import Any

import pytest

from goals.models import Goal
from tests.builders import make_token
from tests.reports.lake import make_goal
from tests.workspaces.conftest import Program
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

SENT = {"text": "Spring campaign begins", "starts_on": "2026-11-12"}


@pytest.fixture
def sale(shop: Workspace) -> Goal:
    return make_goal(shop)


@pytest.fixture
def program(owner: Membership, sale: Goal) -> Program:
    return Program(make_token(owner, Scope.READ, Scope.PLAN))


def test_one_is_written_read_changed_and_removed(program: Program, shop: Workspace) -> None:
    made = program("post", "annotations", SENT | {"goal": "sale"})
    assert made.status_code == 201, made.json()
    row = made.json()
    assert (row["ends_on"], row["goal"], made["ETag"]) == ("2026-11-12", "sale", '"1"')
    assert row["author"].startswith("API token")
    path = f"annotations/{row['id']}"
    assert program("get", path).json() == row
    changed = program("patch", path, {"ends_on": "2026-11-20", "goal": None}, If_Match='"1"')
    assert (changed.status_code, changed.json()["ends_on"], changed.json()["goal"]) == (200, "2026-11-20", None)
    assert program("patch", path, {"text": "Late"}, If_Match='"1"').status_code == 412
    assert program("delete", path).status_code == 204
    assert program("get", path).status_code == 404
    with scope.in_workspace(shop.pk):
        acts = AuditEntry.objects.filter(subject_type="annotation").order_by("pk").values_list("act", flat=True)
        assert list(acts) == ["created", "changed", "deleted"]


def test_the_list_comes_in_pages_and_by_goal(program: Program, shop: Workspace) -> None:
    make_goal(shop, "Other", event="sign_up")
    for goal in (None, "sale", "other"):
        assert program("post", "annotations", SENT | {"text": f"About {goal}", "goal": goal}).status_code == 201
    first = program("get", "annotations?limit=2").json()
    assert [row["text"] for row in first["results"]] == ["About other", "About sale"]
    rest = program("get", "annotations?" + first["next"].partition("?")[2]).json()
    assert [row["text"] for row in rest["results"]] == ["About None"]
    of_sale = program("get", "annotations?goal=sale").json()
    assert [row["text"] for row in of_sale["results"]] == ["About sale", "About None"]
    assert program("get", "annotations?goal=nothing").json()["code"] == "invalid_parameter"


def test_the_same_key_writes_once(program: Program) -> None:
    first, second = (program("post", "annotations", SENT, Idempotency_Key="k1") for _ in range(2))
    assert second["Idempotent-Replayed"] == "true"
    assert first.json() == second.json()
    assert len(program("get", "annotations").json()["results"]) == 1


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"text": ""}, "/text", "blank"),
        ({"text": "x" * 281}, "/text", "max_length"),
        ({"text": "\x1b\u200b"}, "/text", "no_text"),
        ({"starts_on": "12.11.2026"}, "/starts_on", "invalid"),
        ({"ends_on": "2026-11-11"}, "/ends_on", "bad_days"),
        ({"ends_on": "2096-11-11"}, "/ends_on", "bad_days"),
        ({"starts_on": "0001-01-01", "ends_on": "0001-01-01"}, "/starts_on", "bad_days"),
        ({"goal": "nothing"}, "/goal", "unknown_goal"),
        ({"author": "Kari"}, "/author", "unknown_field"),
    ],
    ids=str,
)
def test_a_wrong_one_is_refused_at_its_place(
    program: Program, changed: dict[str, Any], pointer: str, code: str
) -> None:
    answer = program("post", "annotations", SENT | changed)
    assert answer.status_code == 400, answer.json()
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]
    assert program("get", "annotations").json()["results"] == []


def test_a_token_that_reads_writes_none(owner: Membership) -> None:
    assert Program(make_token(owner, Scope.READ))("post", "annotations", SENT).status_code == 403
