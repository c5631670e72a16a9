"""Versions over HTTP: made by asking for signatures, read, compared, withdrawn; a signature stays a person's."""

from collections.abc import Callable
from typing import Any

import pytest

from goals import signing
from goals.models import Goal, Plan, PlanVersion
from tests.builders import make_member, make_token, make_workspace
from tests.goals.makers import NOW, make_goal, make_kpi, make_target
from tests.workspaces.conftest import Program
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Notification
from workspaces.roles import Role, Scope

Ask = Callable[..., Any]
PLAN = "plans/plan-of-the-winter"
ASKED = {"signers": ["viewer@example.com"], "note": "First version"}


@pytest.fixture
def program(lead: Membership) -> Ask:
    return Program(make_token(lead, Scope.READ, Scope.PLAN))


def signed(plan: Plan, number: int, by: Membership) -> None:
    with scope.in_workspace(plan.workspace_id):
        signing.sign(PlanVersion.objects.get(plan=plan, number=number), by=by, now=NOW)


def test_a_program_asks_members_to_sign_what_the_plan_says(
    program: Ask, plan: Plan, order: Goal, viewer: Membership
) -> None:
    made = program("post", f"{PLAN}/versions", ASKED)
    assert made.status_code == 201, made.json()
    body = made.json()
    assert (body["number"], body["state"], body["made_by"]) == (1, "in_review", "API token nightly")
    assert body["sign_offs"] == [
        {"member": "viewer@example.com", "name": "Viewer", "answer": "pending", "reason": "", "answered_at": None}
    ]
    whole = program("get", f"{PLAN}/versions/1")
    assert whole.json()["document"] == program("get", f"{PLAN}/document").json()
    assert program("get", PLAN).json()["state"] == "in_review"
    with scope.in_workspace(plan.workspace_id):
        notice = Notification.objects.get(membership=viewer)
        assert (notice.kind, notice.title) == (
            "sign_off_requested", "API token nightly asks you to sign Plan of the winter",
        )  # fmt: skip
        assert AuditEntry.objects.filter(act="asked to sign", actor_name="API token nightly").count() == 1
    signed(plan, 1, viewer)
    listed = program("get", f"{PLAN}/versions?state=approved").json()["results"]
    assert [(each["number"], each["sign_offs"][0]["answer"], "document" in each) for each in listed] == [
        (1, "signed", False)
    ]
    assert program("get", f"{PLAN}/versions/1")["ETag"] != whole["ETag"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"signers": []}, 400, "no_signers"),
        ({"signers": ["nobody@example.com"]}, 400, "validation_failed"),
        ({"signers": [None]}, 400, "validation_failed"),
        ({"signers": "viewer@example.com"}, 400, "validation_failed"),
        ({"note": "Whom?"}, 400, "validation_failed"),
        ({**ASKED, "hue": 1}, 400, "unknown_field"),
        ({**ASKED, "note": "x" * 501}, 400, "validation_failed"),
    ],
)
def test_a_version_that_cannot_be_made_is_answered(
    program: Ask, plan: Plan, viewer: Membership, body: Any, status: int, code: str
) -> None:
    answer = program("post", f"{PLAN}/versions", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert program("get", f"{PLAN}/versions").json()["results"] == []


def test_one_version_waits_at_a_time_and_a_repeated_request_makes_no_second(
    program: Ask, plan: Plan, viewer: Membership
) -> None:
    first = program("post", f"{PLAN}/versions", ASKED, Idempotency_Key="a")
    again = program("post", f"{PLAN}/versions", ASKED, Idempotency_Key="a")
    assert (again.status_code, again["Idempotent-Replayed"], again.json()) == (201, "true", first.json())
    assert program("post", f"{PLAN}/versions", ASKED).json()["code"] == "in_review"


def test_a_plan_that_says_something_else_by_now_is_not_published(
    program: Ask, plan: Plan, order: Goal, viewer: Membership
) -> None:
    seen = program("get", f"{PLAN}/document")["ETag"]
    program("patch", "goals/order", {"rationale": "It pays."})
    assert program("post", f"{PLAN}/versions", ASKED, If_Match=seen).status_code == 412
    seen = program("get", f"{PLAN}/document")["ETag"]
    assert program("post", f"{PLAN}/versions", ASKED, If_Match=seen).status_code == 201


def test_a_version_is_withdrawn_once(program: Ask, plan: Plan, viewer: Membership) -> None:
    made = program("post", f"{PLAN}/versions", ASKED)
    path = f"{PLAN}/versions/1/withdraw"
    assert program("post", path, If_Match='"1-approved-1"').status_code == 412
    done = program("post", path, If_Match=made["ETag"])
    assert (done.status_code, done.json()["state"], program("get", PLAN).json()["state"]) == (200, "withdrawn", "draft")
    assert (program("post", path).status_code, program("post", path).json()["code"]) == (409, "settled")


def test_a_signature_is_a_person_s(program: Ask, plan: Plan, viewer: Membership) -> None:
    program("post", f"{PLAN}/versions", ASKED)
    refused = program("post", f"{PLAN}/versions/1/sign")
    assert (refused.status_code, refused.json()["code"]) == (409, "person_needed")
    assert "/w/fjellsport/plan/versions/" in refused.json()["detail"]
    assert program("get", f"{PLAN}/versions/1").json()["state"] == "in_review"


def test_any_two_versions_are_compared_and_each_with_the_plan(
    program: Ask, plan: Plan, order: Goal, viewer: Membership
) -> None:
    for rationale in ("It pays.", "It pays well."):
        program("patch", "goals/order", {"rationale": rationale})
        number = program("post", f"{PLAN}/versions", ASKED).json()["number"]
        signed(plan, number, viewer)
    program("patch", "goals/order", {"name": "Purchase"})
    one = program("get", f"{PLAN}/differences?from=1&to=2").json()
    assert one["differences"] == [
        {"table": "goals", "address": ["order"], "name": "Order", "change": "changed", "column": "rationale",
         "before": "It pays.", "after": "It pays well."},
    ]  # fmt: skip
    now = program("get", f"{PLAN}/differences?from=2").json()
    assert (now["before"], now["after"], [each["column"] for each in now["differences"]]) == ("2", "now", ["name"])
    assert len(program("get", f"{PLAN}/differences?from=now&to=1").json()["differences"]) == 2


@pytest.mark.parametrize(
    "query", ["", "?from=9", "?from=-1", "?from=x", "?from=1&to=99999999999", "?from=now&from=now", "?from=now&hue=1"]
)
def test_what_names_no_version_is_refused(program: Ask, plan: Plan, viewer: Membership, query: str) -> None:
    program("post", f"{PLAN}/versions", ASKED)
    answer = program("get", f"{PLAN}/differences{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


def test_a_version_is_given_as_a_pdf(program: Ask, plan: Plan, viewer: Membership) -> None:
    program("post", f"{PLAN}/versions", ASKED)
    answer = program("get", f"{PLAN}/versions/1/file?as=pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert program("get", f"{PLAN}/versions/1/file").json()["code"] == "invalid_parameter"
    assert program("get", f"{PLAN}/versions/99999999999/file?as=pdf").status_code == 404


def test_the_list_of_versions_asks_as_often_for_many_as_for_one(
    program: Ask, plan: Plan, viewer: Membership, django_assert_max_num_queries: Any
) -> None:
    for _version in range(3):
        program("post", f"{PLAN}/versions", ASKED)
        program("post", f"{PLAN}/versions/{_version + 1}/withdraw")
    # 4 transactions, 4 token and workspace, 1 plan, 1 versions, 3 sign-offs with their members and users
    with django_assert_max_num_queries(13):
        assert len(program("get", f"{PLAN}/versions").json()["results"]) == 3


def test_a_plan_in_the_archive_is_read_and_left_alone(program: Ask, plan: Plan, order: Goal) -> None:
    head = program("get", PLAN)
    assert program("post", f"{PLAN}/archive", If_Match='"99"').status_code == 412
    done = program("post", f"{PLAN}/archive", If_Match=head["ETag"])
    assert (done.status_code, done.json()["state"]) == (200, "archived")
    assert program("get", "goals").json()["results"] == []
    document = program("get", f"{PLAN}/document").json()
    for method, path, body in (
        ("patch", PLAN, {"about": "x"}), ("put", f"{PLAN}/document", document), ("post", f"{PLAN}/versions",
         {"signers": ["lead@example.com"]}),
    ):  # fmt: skip
        refused = program(method, path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "archived"), path
    assert program("post", f"{PLAN}/reopen").json()["state"] == "draft"
    assert program("post", f"{PLAN}/reopen").json()["code"] == "not_archived"
    assert [goal["slug"] for goal in program("get", "goals").json()["results"]] == ["order"]


@pytest.fixture
def elsewhere() -> Ask:
    """Ask the API of another workspace, whose plan has a goal of the same short name."""
    workspace = make_workspace("Fjord", slug="fjord")
    owner = make_member(workspace, "fjord@example.com", Role.OWNER)
    ask = Program(make_token(owner, Scope.READ, Scope.PLAN))
    ask("post", "plans", {"name": "Ours", "starts_on": "2026-01-01", "ends_on": "2026-12-31"})
    with scope.in_workspace(workspace.pk):
        make_goal(workspace.plans.get(), "Order")
    return ask


def test_a_plan_is_copied_into_another_workspace_by_its_document(
    program: Ask, elsewhere: Ask, plan: Plan, order: Goal
) -> None:
    make_target(make_kpi(order))
    program("patch", "goals/order", {"owner": "lead@example.com"})
    document = program("get", f"{PLAN}/document").json()
    put = elsewhere("put", "plans/ours/document", document)
    assert (put.status_code, put.json()["unknown_owners"]) == (200, ["lead@example.com"])
    copied = elsewhere("get", "plans/ours/document").json()
    document["goals"][0]["owner"] = ""
    assert copied == document | {"plan": document["plan"] | {"owner": copied["plan"]["owner"]}}


def test_a_goal_is_copied_by_its_rows_of_the_document(program: Ask, elsewhere: Ask, plan: Plan, order: Goal) -> None:
    make_target(make_kpi(make_goal(plan, "Gift card")))
    here, there = program("get", f"{PLAN}/document").json(), elsewhere("get", "plans/ours/document")
    wanted = there.json()
    for table, column in (("goals", "slug"), ("kpis", "goal")):
        wanted[table] += [row for row in here[table] if row[column] == "gift-card"]
    wanted["targets"] += here["targets"]
    put = elsewhere("put", "plans/ours/document", wanted, If_Match=there["ETag"])
    assert {(each["table"], each["change"]) for each in put.json()["differences"]} == {
        ("goals", "added"), ("kpis", "added"), ("targets", "added"),
    }  # fmt: skip
    assert [row["slug"] for row in elsewhere("get", "plans/ours/document").json()["goals"]] == ["order", "gift-card"]
