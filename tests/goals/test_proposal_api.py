"""Proposals over HTTP: by a token's name, by the same verbs as the pages."""

from collections.abc import Callable
from typing import Any

import pytest

from goals.models import Goal, Lane, Plan, Proposal
from tests.builders import make_token
from tests.goals.makers import NOW, fill_lake, make_proposal
from tests.workspaces.conftest import Program
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Scope

Ask = Callable[..., Any]
RULES = [[{"field": "name", "operator": "is", "value": "fitting"}]]
WHOLE = {
    "name": "Fitting", "definition": {"rules": RULES}, "micro_kind": "secondary", "supports": ["order"],
    "rationale": "They come.", "department": "Stores",
}  # fmt: skip


@pytest.fixture
def program(lead: Membership) -> Ask:
    return Program(make_token(lead, Scope.READ, Scope.PLAN))


@pytest.fixture
def other(owner: Membership) -> Ask:
    return Program(make_token(owner, Scope.READ, Scope.PLAN))


def test_a_proposal_goes_its_whole_way(program: Ask, other: Ask, plan: Plan, order: Goal) -> None:
    fill_lake(plan.workspace, [{"event_id": "a", "visitor_id": "v", "name": "fitting", "time": NOW}])
    made = program("post", "proposals", WHOLE)
    assert made.status_code == 201, made.json()
    body = made.json()
    assert (body["lane"], body["author"], body["backtest"]) == ("draft", "API token nightly", None)
    assert body["definition"] == {"rules": RULES, "counting": "session", "counting_days": 30}
    path = f"proposals/{body['id']}"
    assert other("get", path).status_code == 404, "a draft is its author's"
    changed = program("patch", path, {"rationale": "They buy."}, If_Match=made["ETag"])
    assert (changed.status_code, changed.json()["revision"], changed.json()["supports"]) == (200, 2, ["order"])
    assert program("patch", path, {"rationale": "Late"}, If_Match='"1"').status_code == 412
    sent = program("post", f"{path}/submit").json()
    assert (sent["lane"], len(sent["backtest"]["daily"])) == ("submitted", 90)
    assert other("post", f"{path}/decision", {"decision": "ask", "text": "Where?"}).json()["lane"] == "needs_info"
    assert program("post", f"{path}/answer", {"text": "In Oslo"}).json()["lane"] == "submitted"
    done = other("post", f"{path}/decision", {"decision": "approve", "text": "Thanks"}).json()
    assert (done["lane"], done["goal"], done["decided_by"]) == ("approved", "fitting", "API token nightly")
    said = [comment["text"] for comment in program("get", f"{path}/comments").json()["results"]]
    assert said == ["In Oslo", "Where?"]


def test_a_token_does_not_decide_on_what_it_proposed(program: Ask, plan: Plan, order: Goal) -> None:
    path = f"proposals/{program('post', 'proposals', WHOLE).json()['id']}"
    program("post", f"{path}/submit")
    refused = program("post", f"{path}/decision", {"decision": "approve"})
    assert (refused.status_code, refused.json()["code"]) == (403, "own_proposal")
    with scope.in_workspace(plan.workspace_id):
        assert Proposal.objects.get().lane == Lane.SUBMITTED


def test_a_token_does_not_decide_on_what_its_maker_proposed(
    program: Ask, plan: Plan, order: Goal, lead: Membership
) -> None:
    mine = make_proposal(plan, by=lead)
    refused = program("post", f"proposals/{mine.pk}/decision", {"decision": "decline", "text": "No"})
    assert (refused.status_code, refused.json()["code"]) == (403, "own_proposal")


def test_the_same_key_decides_once(program: Ask, plan: Plan, order: Goal, contributor: Membership) -> None:
    made = make_proposal(plan, by=contributor)
    sent = {"decision": "approve"}
    answers = [program("post", f"proposals/{made.pk}/decision", sent, Idempotency_Key="k1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    again = program("post", f"proposals/{made.pk}/decision", sent)
    assert (again.status_code, again.json()["code"]) == (409, "not_open")


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"decision": "decline"}, "/text"),
        ({"decision": "ask", "text": " "}, "/text"),
        ({"decision": "merge"}, "/goal"),
        ({"decision": "merge", "goal": "none"}, "/goal"),
        ({"decision": "maybe"}, "/decision"),
        ({"decision": "approve", "colour": "red"}, "/colour"),
    ],
    ids=["no reason", "blank question", "no goal", "unknown goal", "unknown decision", "unknown member"],
)
def test_a_faulty_decision_says_where(
    program: Ask, plan: Plan, order: Goal, contributor: Membership, sent: dict[str, str], pointer: str
) -> None:
    made = make_proposal(plan, by=contributor)
    refused = program("post", f"proposals/{made.pk}/decision", sent)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer), refused.json()


def test_proposals_are_listed_by_lane_and_department(
    program: Ask, plan: Plan, order: Goal, contributor: Membership
) -> None:
    make_proposal(plan, "One", by=contributor, department="CRM")
    make_proposal(plan, "Two", by=contributor, department="Stores")
    make_proposal(plan, "Hidden", by=contributor, lane=Lane.DRAFT)

    def names(query: str) -> list[str]:
        return [row["name"] for row in program("get", f"proposals{query}").json()["results"]]

    assert names("") == ["Two", "One"]
    assert names("?department=CRM&lane=submitted") == ["One"]
    assert names("?lane=approved") == []
    assert program("get", "proposals?lane=nowhere").json()["code"] == "invalid_parameter"


def test_a_definition_is_tried_without_being_saved(program: Ask, plan: Plan, order: Goal) -> None:
    found = program("post", "proposal-backtests", {"rules": RULES}).json()
    assert (found["conversions"], found["rate"], [each["goal"] for each in found["overlaps"]]) == (0, None, ["Order"])
    refused = program("post", "proposal-backtests", {"rules": []})
    assert refused.status_code == 400
    with scope.in_workspace(plan.workspace_id):
        assert not Proposal.objects.exists()


def test_a_comment_tells_whom_it_names(program: Ask, plan: Plan, order: Goal, contributor: Membership) -> None:
    made = make_proposal(plan, by=contributor)
    said = program("post", f"proposals/{made.pk}/comments", {"text": "@contributor when?"})
    assert (said.status_code, said.json()["mentioned"], said.json()["author"]) == (
        201, [contributor.pk], "API token nightly",
    )  # fmt: skip
