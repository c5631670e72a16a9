"""What goals ask for is what tracking plans."""

import pytest

from goals.asking import bring
from goals.conditions import parse
from goals.defining import archive_goal
from goals.models import Parameter, Plan, TrackingSpec
from tests.goals.makers import NOW, TEST, make_goal, make_plan, rules_for
from tracking.agreeing import plan_by_hand, unplan
from tracking.models import PlannedEvent
from workspaces import scope
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(shop: Workspace) -> Plan:
    return make_plan(shop)


def planned(shop: Workspace) -> dict[str, PlannedEvent]:
    bring(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        return {row.name: row for row in PlannedEvent.objects.all()}


def test_the_names_in_rules_are_planned_and_patterns_are_not(shop: Workspace, plan: Plan) -> None:
    either = [{"field": "name", "operator": "one_of", "value": ["signup", "register"]}]
    make_goal(plan, "Sign-up", rules=parse([either, [{"field": "name", "operator": "contains", "value": "sign"}]]))
    make_goal(plan, "Order")
    rows = planned(shop)
    assert set(rows) == {"signup", "register", "purchase"}
    assert rows["purchase"].goals == [["order", "Order"]]


def test_a_page_goal_plans_no_event_of_its_own(shop: Workspace, plan: Plan) -> None:
    make_goal(plan, "Tea", rules=rules_for("page_view", {"field": "path", "operator": "is", "value": "/tea"}))
    assert planned(shop) == {}


def test_the_specification_says_which_properties(shop: Workspace, plan: Plan) -> None:
    goal = make_goal(plan, "Order")
    with scope.in_workspace(shop.pk):
        spec = TrackingSpec.objects.create(workspace=shop, goal=goal)
        Parameter.objects.create(workspace=shop, spec=spec, name="value", type="number", is_required=True)
    (row,) = planned(shop).values()
    assert row.properties == [{"name": "value", "types": ["number"], "is_required": True, "allowed": []}]


def test_an_archived_goal_asks_for_nothing_and_what_was_planned_by_hand_stays(shop: Workspace, plan: Plan) -> None:
    goal = make_goal(plan, "Order")
    make_goal(plan, "Sign-up", rules=rules_for("signup"))
    assert set(planned(shop)) == {"purchase", "signup"}
    with scope.in_workspace(shop.pk):
        plan_by_hand(shop, "purchase", by=TEST, now=NOW)
        plan_by_hand(shop, "wishlist", by=TEST, now=NOW)
        archive_goal(goal, by=TEST, now=NOW)
    rows = planned(shop)
    assert set(rows) == {"purchase", "signup", "wishlist"}
    assert rows["purchase"].goals == []
    with scope.in_workspace(shop.pk):
        assert unplan(rows["wishlist"], by=TEST, now=NOW)
        assert not unplan(rows["signup"], by=TEST, now=NOW)
    assert set(planned(shop)) == {"purchase", "signup"}


def test_a_second_look_changes_nothing(shop: Workspace, plan: Plan) -> None:
    make_goal(plan, "Order")
    assert bring(shop.pk, now=NOW) == 1
    assert bring(shop.pk, now=NOW) == 0
