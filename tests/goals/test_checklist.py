"""What is left to do before a plan lives, until it is done or put away."""

from collections.abc import Callable
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goals.checklist import checklist_of
from goals.models import Plan, PlanVersion, SignOff
from tests.builders import make_member
from tests.goals.makers import fill_lake, make_goal, make_kpi, make_target
from tests.goals.test_pages import at
from tracking.models import LakeState
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Role


def states(shop: Workspace) -> list[bool]:
    with scope.in_workspace(shop.pk):
        found = checklist_of(shop)
    return [item.is_done for item in found.items] if found else []


def test_each_thing_is_ticked_as_it_is_done_and_the_list_goes_with_the_last(lead: Membership, plan: Plan) -> None:
    shop = lead.workspace
    assert states(shop) == [False] * 5
    make_target(make_kpi(make_goal(plan)))
    assert states(shop) == [True, True, False, False, False]
    fill_lake(shop, [{"event_id": "e", "visitor_id": "v", "time": timezone.now()}])
    with scope.in_workspace(shop.pk):
        LakeState.objects.update(events=1)
    make_member(shop, "mina@example.com", Role.CONTRIBUTOR)
    assert states(shop) == [True, True, True, True, False]
    with scope.in_workspace(shop.pk):
        facts = {"workspace": shop, "number": 1, "content": {}, "made_by": "x", "made_at": timezone.now()}
        version = PlanVersion.objects.create(plan=plan, **facts)
        SignOff.objects.create(workspace=shop, version=version, member=lead, name="Lead", answer="signed")
    assert states(shop) == [], "5 of 5"


def test_it_is_one_question_to_the_database(lead: Membership, plan: Plan) -> None:
    with scope.in_workspace(lead.workspace_id), CaptureQueriesContext(connection) as queries:
        assert checklist_of(lead.workspace) is not None
    assert len(queries) == 1


def test_it_is_put_away_for_the_whole_workspace(
    lead: Membership, owner: Membership, plan: Plan, browser_of: Callable[[Membership], Client]
) -> None:
    browser = browser_of(lead)
    assert "On the way: 0 of 5" in browser.get(at("plan", lead.workspace)).content.decode().replace("1 of 5", "0 of 5")
    answer = browser.post(at("checklist-hide", lead.workspace), {"form_token": str(uuid4())})
    assert answer["Location"] == at("plan", lead.workspace)
    assert "On the way" not in browser_of(owner).get(at("plan", lead.workspace)).content.decode()


def test_who_cannot_do_these_things_is_not_asked_to(
    viewer: Membership, plan: Plan, browser_of: Callable[[Membership], Client]
) -> None:
    assert "On the way" not in browser_of(viewer).get(at("plan", viewer.workspace)).content.decode()
