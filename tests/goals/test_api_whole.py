"""The plan's further parts over HTTP: the whole document, lists, specifications, files, and the fields of each row."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from goals.models import Goal, Plan
from tests.builders import make_token
from tests.goals.makers import make_kpi, make_target
from workspaces.models import Membership
from workspaces.roles import Scope

Call = Callable[..., Any]
HEAD = {"name": "a", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
GOAL = {"slug": "a", "name": "b", "level": "macro"}
KPI = {"slug": "a", "goal": "none", "name": "b", "measure": "count"}
TARGET = {"kpi": "a", "slug": "b", "starts_on": "2026-01-01", "ends_on": "2026-02-01"}
DOCUMENT = "plans/plan-of-the-winter/document"


@pytest.fixture
def call(lead: Membership) -> Call:
    """Ask the API with a token that may read and edit the plan."""
    token = make_token(lead, Scope.READ, Scope.PLAN)

    def asked(method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {token}"} | {name.replace("_", "-"): each for name, each in headers.items()}
        data = json.dumps(body) if body is not None else ""
        return Client().generic(method, f"/api/v1/{path}", data, content_type="application/json", headers=sent)

    return asked


def test_a_plan_is_read_whole_and_written_back_without_a_change(call: Call, order: Goal) -> None:
    make_target(make_kpi(order))
    read = call("GET", DOCUMENT)
    assert [each["slug"] for each in read.json()["goals"]] == ["order"]
    answer = call("PUT", DOCUMENT, read.json(), If_Match=read["ETag"])
    assert (answer.status_code, answer.json()["differences"]) == (200, [])
    assert answer["ETag"] == read["ETag"]


def test_a_dry_run_says_what_would_change_and_changes_nothing(call: Call, order: Goal) -> None:
    document = call("GET", DOCUMENT).json()
    document["goals"][0]["name"] = "Purchase"
    document["segments"] = [{"slug": "new", "name": "New visitors"}]
    tried = call("PUT", f"{DOCUMENT}?dry_run=1", document).json()
    assert [(each["table"], each["change"], each["after"]) for each in tried["differences"]] == [
        ("goals", "changed", "Purchase"), ("segments", "added", ""),
    ]  # fmt: skip
    assert call("GET", DOCUMENT).json()["goals"][0]["name"] == "Order"
    assert call("PUT", DOCUMENT, document).json()["differences"] == tried["differences"]
    assert call("GET", DOCUMENT).json()["goals"][0]["name"] == "Purchase"


def test_what_the_document_lacks_is_taken_out(call: Call, order: Goal) -> None:
    document = call("GET", DOCUMENT).json() | {"goals": []}
    answer = call("PUT", DOCUMENT, document)
    assert [each["change"] for each in answer.json()["differences"]] == ["removed"]
    assert call("GET", "goals").json()["results"] == []


@pytest.mark.parametrize(
    ("change", "status", "code", "pointer"),
    [
        ({"colour": 1}, 400, "unknown_field", "/colour"),
        ({"format": 2}, 400, "validation_failed", "/format"),
        ({"plan": HEAD | {"starts_on": "soon"}}, 400, "validation_failed", "/plan/starts_on"),
        ({"plan": HEAD | {"ends_on": "2025-01-01"}}, 400, "constraint_violated", None),
        ({"goals": [GOAL | {"level": "mega"}]}, 400, "validation_failed", "/goals/0/level"),
        ({"goals": [GOAL | {"supports": [1, {}]}]}, 400, "validation_failed", None),
        ({"goals": [GOAL | {"hue": 1}]}, 400, "unknown_field", "/goals/0/hue"),
        ({"goals": [GOAL | {"definition": {"rules": [[{"field": "x"}]]}}]}, 400, "unknown_field", "/goals/0"),
        ({"goals": [GOAL | {"definition": {"view_days": "x"}}]}, 400, "validation_failed", "/goals/0/definition"),
        ({"kpis": [KPI]}, 400, "dangling_reference", None),
        ({"targets": [TARGET | {"value": "many"}]}, 400, "validation_failed", "/targets/0/value"),
        ({"goals": "all"}, 400, "validation_failed", "/goals"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_is_answered(
    call: Call, plan: Plan, change: Any, status: int, code: str, pointer: str | None
) -> None:
    answer = call("PUT", DOCUMENT, call("GET", DOCUMENT).json() | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert pointer is None or any(each["pointer"].startswith(pointer) for each in answer.json()["errors"])


def test_a_document_is_not_written_over_a_newer_one(call: Call, plan: Plan) -> None:
    read = call("GET", DOCUMENT)
    assert call("PUT", DOCUMENT, read.json(), If_Match='"other"').status_code == 412


@pytest.mark.parametrize(
    ("path", "body", "change"),
    [
        ("segments", {"name": "New visitors"}, {"about": "First visit"}),
        ("reportings", {"audience": "The board"}, {"cadence": "quarterly"}),
    ],
)
def test_rows_of_lists_are_made_changed_and_removed(call: Call, plan: Plan, path: str, body: Any, change: Any) -> None:
    made = call("POST", path, body)
    assert made.status_code == 201
    one = f"{path}/{made.json()['id']}"
    assert call("PATCH", one, change, If_Match='"9"').status_code == 412
    changed = call("PATCH", one, change, If_Match=made["ETag"]).json()
    assert changed | change == changed
    assert call("POST", path, body | {"hue": 1}).json()["code"] == "unknown_field"
    assert [each["id"] for each in call("GET", path).json()["results"]] == [made.json()["id"]]
    assert call("DELETE", one).status_code == 204
    assert call("GET", one).status_code == 404


def test_a_question_stands_below_an_objective(call: Call, plan: Plan) -> None:
    objective = call("POST", "objectives", {"name": "Sell more", "owner": "lead@example.com"}).json()
    assert objective["owner"] == "lead@example.com"
    made = call("POST", "questions", {"objective": objective["id"], "text": "Who buys?"})
    assert made.json()["objective"] == objective["id"]
    assert call("PATCH", f"questions/{made.json()['id']}", {"objective": 0}).status_code == 400
    assert call("POST", "questions", {"objective": 0, "text": "Who?"}).json()["errors"][0]["pointer"] == "/objective"


def test_a_specification_is_put_whole(call: Call, order: Goal) -> None:
    assert call("GET", "specs/order").status_code == 404
    body = {"event_name": "purchase", "owner": "lead@example.com", "parameters": [{"name": "size", "allowed": ["s"]}]}
    made = call("PUT", "specs/order", body)
    assert (made.status_code, made.json()["parameters"][0]["allowed"]) == (200, ["s"])
    assert call("PUT", "specs/order", body, If_Match='"77"').status_code == 412
    assert call("PUT", "specs/order", {"parameters": []}, If_Match=made["ETag"]).json()["parameters"] == []
    assert call("PUT", "specs/order", {"owner": "nobody@example.com"}).json()["errors"][0]["code"] == "unknown_member"
    assert call("PUT", "specs/order", {"parameters": [{"name": "a", "hue": 1}]}).json()["code"] == "unknown_field"
    assert len(call("GET", "specs?state=proposed").json()["results"]) == 1
    assert call("GET", "specs?state=lost").json()["code"] == "invalid_parameter"
    assert call("DELETE", "specs/order").status_code == 204


def test_files_are_given_to_programs_too(call: Call, order: Goal) -> None:
    assert call("GET", "plans/plan-of-the-winter/file?as=xlsx").content.startswith(b"PK")
    assert call("GET", "specs-file?as=md").content.startswith(b"# Plan of the winter")
    assert call("GET", "specs-file").json()["code"] == "invalid_parameter"
    assert call("GET", "plans/plan-of-the-winter/file?as=pdf").json()["code"] == "invalid_parameter"


def test_the_further_fields_of_rows_are_written_and_read(call: Call, order: Goal) -> None:
    call("POST", "segments", {"name": "New visitors"})
    goal = call("PATCH", "goals/order", {"stage": "do", "moment": "paid", "owner": "lead@example.com"}).json()
    assert (goal["stage"], goal["moment"], goal["owner"]) == ("do", "paid", "lead@example.com")
    assert call("PATCH", "goals/order", {"owner": None}).json()["owner"] is None
    kpi = {"goal": "order", "name": "Orders", "measure": "count", "weight": "primary", "timing": "lagging"}
    made = call("POST", "kpis", kpi | {"data_source": "Shop"}).json()
    assert (made["weight"], made["timing"], made["data_source"]) == ("primary", "lagging", "Shop")
    days = {"starts_on": "2026-10-01", "ends_on": "2026-12-31", "baseline_since": "2026-07-01"}
    target = {"kpi": "orders", "value": "400", "green_share": "0.95", "segment": "new-visitors"}
    set_ = call("POST", "targets", target | days).json()
    assert (set_["green_share"], set_["segment"], set_["baseline_since"]) == ("0.9500", "new-visitors", "2026-07-01")
    assert call("PATCH", f"targets/{set_['id']}", {"segment": "x"}).json()["errors"][0]["pointer"] == "/segment"
    head = call("PATCH", "plans/plan-of-the-winter", {"about": "The shop", "next_review_on": "2027-01-10"}).json()
    assert (head["about"], head["next_review_on"], head["state"]) == ("The shop", "2027-01-10", "draft")
