"""A goal's checks tick as its first events arrive."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goals.live_checks import checks_of
from goals.models import Goal, Parameter, TrackingSpec
from tests.goals.makers import make_goal, make_plan, rules_for
from tests.tracking.makers import Lake, make_event, make_source, us
from workspaces import scope
from workspaces.models import Membership, Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    rules = rules_for("signup", {"field": "path", "operator": "is", "value": "/join"})
    goal = make_goal(make_plan(shop), "Sign-up", rules=rules)
    with scope.in_workspace(shop.pk):
        spec = TrackingSpec.objects.create(workspace=shop, goal=goal)
        Parameter.objects.create(workspace=shop, spec=spec, name="tier", type="text", is_required=True)
    return goal


def ticks(goal: Goal) -> list[str]:
    """Give each check as done, wrong or waiting."""
    with scope.in_workspace(goal.workspace_id):
        fresh = Goal.objects.select_related("workspace", "spec").get(pk=goal.pk)
        found = checks_of(fresh, now=timezone.now())
    return ["done" if each.is_done else "wrong" if each.wrong else "hint" if each.hint else "waiting" for each in found]


def test_each_check_waits_for_its_own_event(shop: Workspace, goal: Goal) -> None:
    lake = Lake(make_source(shop))
    now = timezone.now()
    said = {"name": "signup", "at": now, "received_us": us(now)}
    assert ticks(goal) == ["waiting", "waiting", "waiting", "waiting"]
    lake.store(make_event("a", **said, path="/elsewhere"))
    assert ticks(goal) == ["done", "waiting", "waiting", "waiting"]
    lake.store(make_event("b", **said, path="/join"))
    assert ticks(goal) == ["done", "done", "wrong", "hint"]
    later = {**said, "received_us": us(now + timedelta(seconds=1))}
    lake.store(make_event("c", **later, path="/join", properties='{"tier":"gold"}', consent='{"analytics":true}'))
    assert ticks(goal) == ["done", "done", "done", "done"]


def test_a_goal_is_held_to_its_own_specification_alone(shop: Workspace, goal: Goal) -> None:
    other = make_goal(goal.plan, "Club", rules=rules_for("signup"))
    with scope.in_workspace(shop.pk):
        spec = TrackingSpec.objects.create(workspace=shop, goal=other)
        Parameter.objects.create(workspace=shop, spec=spec, name="club", type="text", is_required=True)
    now = timezone.now()
    said = {"at": now, "received_us": us(now), "path": "/join", "consent": '{"analytics":true}'}
    Lake(make_source(shop)).store(make_event("a", name="signup", properties='{"tier":"gold"}', **said))
    assert ticks(goal) == ["done", "done", "done", "done"]


def test_a_goal_without_rules_has_no_checks(shop: Workspace, goal: Goal) -> None:
    with scope.in_workspace(shop.pk):
        goal.rules.all().delete()
    assert ticks(goal) == []


def test_the_page_and_its_part_show_the_checks(viewer: Membership, goal: Goal) -> None:
    client = Client()
    client.force_login(viewer.user)
    path = f"/w/fjellsport/plan/goal/{goal.slug}/live/"
    assert "waiting for the first hit" in client.get(path).content.decode()
    part = client.get(path, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<ul")
    assert path in client.get(f"/w/fjellsport/plan/goal/{goal.slug}/tracking/").content.decode()
    assert path in client.get(f"/w/fjellsport/goals/{goal.slug}/").content.decode()
