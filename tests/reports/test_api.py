"""Reports over HTTP."""

import json

import pytest
from django.test import Client

from goals.watching import watch
from reports import filling
from tests.reports.lake import NOW, hit, make_goal, store
from tests.reports.views.test_pages import make_kpi
from workspaces import scope, tokens
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

SALE = {"name": "purchase", "value": 500}
ADDRESSES = ["/api/v1/reports/goals/sale", "/api/v1/reports/kpis", "/api/v1/reports/overview"]


def program_of(member: Membership, *scopes: Scope) -> Client:
    with scope.in_workspace(member.workspace_id):
        _, secret = tokens.create(member, name="program", scopes=list(scopes), now=NOW)
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


@pytest.fixture
def program(shop: Workspace, owner: Membership) -> Client:
    goal = make_goal(shop)
    make_kpi(goal, target=2)
    return program_of(owner, Scope.READ)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_token_must_have_the_scope_and_the_workspace(
    client: Client, program: Client, owner: Membership, outsider: Membership, address: str
) -> None:
    assert client.get(address).status_code == 401
    assert program_of(owner, Scope.TRACKING).get(address).status_code == 403
    theirs = program_of(outsider, Scope.READ).get(address)
    assert theirs.status_code == (404 if "sale" in address else 200)
    assert b"Sales" not in theirs.content
    assert program.get(address).status_code == 200


def test_a_goal_s_answer_names_every_rate_s_parts(program: Client, shop: Workspace) -> None:
    store(shop, [hit("a", channel="email"), hit("a", minutes=1, **SALE), hit("b", channel="referral")])
    filling.fill(shop.pk, now=NOW)
    found = program.get("/api/v1/reports/goals/sale?from=2026-11-01&to=2026-11-20&compare=none").json()
    rate = found["totals"]["rate"]
    assert (rate["value"], rate["numerator"], rate["denominator"], rate["per"]) == (0.5, 1, 2, "visitors")
    assert rate["low"] < 0.5 < rate["high"]
    assert [(row["key"], row["conversions"]) for row in found["rows"]] == [("email", 1.0)]
    assert (found["state"], found["before"], found["definition_version"]) == ("ready", None, 1)


def test_kpis_stand_beside_their_targets(program: Client, shop: Workspace) -> None:
    store(shop, [hit("a", channel="email"), hit("a", minutes=1, **SALE)])
    filling.fill(shop.pk, now=NOW)
    (kpi,) = program.get("/api/v1/reports/kpis").json()["kpis"]
    assert (kpi["name"], kpi["actual"], kpi["target"], kpi["unit"]) == ("Sales", 1.0, 2.0, "count")
    watch(shop.pk, now=NOW)
    coverage = program.get("/api/v1/reports/overview").json()["coverage"]
    assert (coverage["goals"], coverage["tracked"], coverage["verified"], coverage["without_target"]) == (1, 1, 1, 0)
    assert coverage == program.get("/api/v1/coverage").json()


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("model=best&by=shoe", ["?by", "?model"]),
        ("from=2026-11-09&to=2026-11-01", ["?to"]),
        ("from=2020-01-01&to=2026-11-01", ["?to"]),
        ("model=last%00", ["?model"]),
        ("utm_source=x", ["?utm_source"]),
        ("model=last&model=first", ["?model"]),
    ],
    ids=["unknown values", "end before start", "over 800 days", "null character", "unknown name", "twice"],
)
def test_a_bad_question_is_refused_with_its_faults(program: Client, query: str, pointers: list[str]) -> None:
    answer = program.get(f"/api/v1/reports/goals/sale?{query}")
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert body["code"] == "invalid_parameter"
    assert sorted(fault["pointer"] for fault in body["errors"]) == pointers


def test_the_answer_is_json_that_any_reader_takes(program: Client, shop: Workspace) -> None:
    store(shop, [hit("a")])
    filling.fill(shop.pk, now=NOW)
    body = program.get("/api/v1/reports/goals/sale").content.decode()
    json.loads(body, parse_constant=pytest.fail)
