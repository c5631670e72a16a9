"""Plan, goals, KPIs and targets over HTTP, by the same verbs as the pages."""

from collections.abc import Callable
from typing import Any

import pytest

from goals.models import Goal, Plan
from tests.builders import make_token
from tests.goals.makers import make_goal, make_kpi
from tests.workspaces.conftest import Program
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

Ask = Callable[..., Any]
RULES = [[{"field": "name", "operator": "is", "value": "signup"}]]


@pytest.fixture
def program(owner: Membership) -> Ask:
    return Program(make_token(owner, Scope.READ, Scope.PLAN))


def test_a_plan_is_started_once(program: Ask, shop: Workspace) -> None:
    sent = {"name": "Winter", "starts_on": "2026-10-01", "ends_on": "2026-12-31"}
    made = program("post", "plans", sent)
    assert (made.status_code, made.json()["slug"], made["ETag"]) == (201, "winter", '"1"')
    assert program("post", "plans", sent).json()["code"] == "plan_exists"
    changed = program("patch", "plans/winter", {"name": "Winter at last"}, If_Match='"1"')
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)
    assert program("patch", "plans/winter", {"name": "Late"}, If_Match='"1"').status_code == 412
    backwards = program("patch", "plans/winter", {"ends_on": "2026-09-30"})
    assert (backwards.status_code, backwards.json()["errors"][0]["pointer"]) == (400, "/ends_on")


def test_a_goal_is_written_read_changed_and_archived(program: Ask, plan: Plan, order: Goal) -> None:
    sent = {"name": "Newsletter", "level": "micro", "rules": RULES, "supports": ["order"]}
    made = program("post", "goals", sent)
    assert made.status_code == 201, made.json()
    assert (made.json()["slug"], made.json()["counting"], made.json()["version"]) == ("newsletter", "session", 1)
    assert (made.json()["rules"], made.json()["supports"]) == (RULES, ["order"])
    changed = program("patch", "goals/newsletter", {"counting": "person"})
    assert (changed.status_code, changed.json()["version"], changed.json()["rules"]) == (200, 2, RULES)
    assert [goal["slug"] for goal in program("get", "goals").json()["results"]] == ["newsletter", "order"]
    assert program("delete", "goals/newsletter").status_code == 204
    assert program("get", "goals/newsletter").status_code == 404
    with scope.in_workspace(plan.workspace_id):
        entry = AuditEntry.objects.filter(subject_name="Newsletter", act="archived").get()
        assert entry.actor_name.startswith("API token")


def test_a_fixed_value_is_exact_and_whole(program: Ask, plan: Plan) -> None:
    sent = {"name": "Lead", "level": "macro", "rules": RULES, "value_rule": "fixed"}
    refused = program("post", "goals", sent | {"currency": "NOK"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/value_amount")
    made = program("post", "goals", sent | {"currency": "NOK", "value_amount": "249.90"})
    assert (made.status_code, made.json()["value_amount"]) == (201, "249.9")
    with scope.in_workspace(plan.workspace_id):
        assert Goal.objects.get().value_micros == 249_900_000


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"rules": [[{"field": "path", "operator": "regex", "value": "("}]]}, "/rules/0/0/value", "regex_invalid"),
        ({"rules": [[{"field": "path", "operator": "is"}]]}, "/rules/0/0/value", "value_required"),
        ({"colour": "red"}, "/colour", "unknown_field"),
        ({"level": "mega"}, "/level", "invalid_choice"),
        ({"supports": ["nothing"]}, "/supports", "unknown_goal"),
        ({"objective": 4711}, "/objective", "unknown_objective"),
        ({"click_days": 91}, "/click_days", "max_value"),
    ],
)
def test_a_wrong_goal_is_refused_at_its_place(
    program: Ask, plan: Plan, changed: dict[str, Any], pointer: str, code: str
) -> None:
    answer = program("post", "goals", {"name": "Wrong", "level": "macro", "rules": RULES} | changed)
    assert answer.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] in [
        [(pointer, code)],
        [(f"{pointer}/0", code)],
    ]


def test_a_macro_goal_supports_nothing(program: Ask, plan: Plan, order: Goal) -> None:
    answer = program("post", "goals", {"name": "Wrong", "level": "macro", "rules": RULES, "supports": ["order"]})
    assert (answer.status_code, answer.json()["code"]) == (400, "supports_not_macro")


def test_a_goal_in_use_answers_with_its_users(program: Ask, order: Goal, newsletter: Goal) -> None:
    make_kpi(order, "Orders a month")
    answer = program("delete", "goals/order")
    assert (answer.status_code, answer.json()["code"]) == (409, "goal_in_use")
    assert [user["message"] for user in answer.json()["errors"]] == ["KPI Orders a month", "micro goal Newsletter"]
    assert program("get", "goals/order").status_code == 200


def test_kpis_and_targets_speak_the_unit_of_what_is_measured(program: Ask, plan: Plan) -> None:
    make_goal(plan, "Order", value_rule="event")
    kpi = program("post", "kpis", {"goal": "order", "name": "Revenue", "measure": "value"})
    assert (kpi.status_code, kpi.json()["slug"]) == (201, "revenue")
    sent = {"kpi": "revenue", "value": "120000.50", "starts_on": "2026-10-01", "ends_on": "2026-12-31"}
    target = program("post", "targets", sent)
    assert (target.status_code, target.json()["value"]) == (201, "120000.5")
    address = f"targets/{target.json()['id']}"
    assert program("patch", address, {"value": "100000"}).json()["value"] == "100000"
    reversed_dates = program("patch", address, {"ends_on": "2026-09-30"})
    assert (reversed_dates.status_code, reversed_dates.json()["code"]) == (400, "target_unfit")
    in_use = program("delete", "kpis/revenue")
    assert (in_use.status_code, len(in_use.json()["errors"])) == (409, 1)
    assert program("delete", address).status_code == 204
    assert program("delete", "kpis/revenue").status_code == 204
    assert program("get", "targets?kpi=revenue").json()["results"] == []


def test_an_objective_comes_and_goes(program: Ask, plan: Plan) -> None:
    made = program("post", "objectives", {"name": "Grow"}).json()
    goal = program("post", "goals", {"name": "Order", "level": "macro", "rules": RULES, "objective": made["id"]})
    assert goal.json()["objective"] == made["id"]
    in_use = program("delete", f"objectives/{made['id']}")
    assert (in_use.status_code, [user["message"] for user in in_use.json()["errors"]]) == (409, ["Order"])
    assert program("patch", "goals/order", {"objective": None}).status_code == 200
    assert program("delete", f"objectives/{made['id']}").status_code == 204


def test_a_definition_can_be_tried(program: Ask, plan: Plan) -> None:
    answer = program("post", "goal-previews", {"rules": RULES, "days": 90})
    assert answer.status_code == 200
    assert (answer.json()["conversions"], answer.json()["rate"], len(answer.json()["daily"])) == (0, None, 90)


def test_a_reader_may_not_write(owner: Membership, plan: Plan) -> None:
    reader = Program(make_token(owner, Scope.READ))
    assert reader("get", "goals").status_code == 200
    for path in ("plans", "objectives", "goals", "kpis", "targets", "goal-previews"):
        assert reader("post", path, {}).status_code == 403, path


def test_another_workspaces_rows_do_not_exist(outsider: Membership, order: Goal) -> None:
    stranger = Program(make_token(outsider, *Scope))
    make_kpi(order)
    for path in ("goals/order", "kpis/orders", f"plans/{order.plan.slug}"):
        answers = [stranger(method, path, {}) for method in ("get", "patch", "delete")]
        assert {answer.status_code for answer in answers} <= {404, 403, 405}, path
    assert stranger("get", "goals").json()["results"] == []
