"""The demo's tracking specification is true of the demo's own events."""

import json
from datetime import UTC, date, datetime

import pytest

from measureplan.demo import Shop, shop
from measureplan.demo.plan import GOALS
from measureplan.demo.specs import SPECS, Specified
from measureplan.demo_filling import fill_workspace
from workspaces import scope

TODAY, NOW = date(2026, 11, 21), datetime(2026, 11, 21, 14, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def made() -> Shop:
    return shop(until=TODAY, now=NOW, days=40, scale=0.2)


@pytest.mark.parametrize("spec", SPECS, ids=lambda each: each.goal)
def test_events_carry_what_is_specified(spec: Specified, made: Shop) -> None:
    [goal] = [each for each in GOALS if each.key == spec.goal]
    assert ("name", spec.event) in {(each.field, each.value) for rule in goal.rules for each in rule}
    rows = [row for row in made.events.to_pylist() if row["name"] == spec.event and not row["refund"]]
    assert rows, "nothing to compare"
    for row in rows:
        held = json.loads(row["properties"] or "{}") | {
            "transaction_id": row["transaction_id"], "value": row["value_micros"], "currency": row["currency"],
        }  # fmt: skip
        if spec.goal == "store_visit_lead" and held["action"] != "directions":
            continue  # the search of a store, which is another goal's
        for each in spec.parameters:
            assert held.get(each.name) is not None or not each.is_required, f"{each.name} of {row}"
            assert not each.allowed or held[each.name] in each.allowed


def test_goals_are_specified_and_owned_by_their_departments(db: None, made: Shop) -> None:
    workspace = fill_workspace(made, "a password of the tests", now=NOW, say=lambda _: None)
    with scope.in_workspace(workspace.pk):
        specified = {goal.spec.event_name: goal for goal in workspace.goals.filter(spec__isnull=False)}
        assert {each.event for each in SPECS} == set(specified)
        assert specified["purchase"].spec.parameters.count() == 3
        for goal in workspace.goals.select_related("owner"):
            assert goal.owner is not None
            assert goal.owner.department == goal.department
