"""A goal may be planned before anybody knows how it is noticed: nothing counts, and every place says so."""

from collections.abc import Callable

from django.test import Client

from goals.conversions import find
from goals.definition import Definition
from goals.models import Counting, Goal, Plan
from goals.preview import preview
from tests.goals.makers import NOW, fill_lake, make_goal
from tests.goals.test_pages import at, goal_data
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.zones import day_of

BrowserOf = Callable[[Membership], Client]
EVENT = {"event_id": "e1", "visitor_id": "v1", "name": "purchase", "time": NOW.replace(day=20), "transaction_id": "t1"}


def test_nothing_counts_for_a_goal_without_rules(shop: Workspace) -> None:
    fill_lake(shop, [EVENT])
    with scope.in_workspace(shop.pk):
        day = day_of(NOW, shop.zone)
        for counting in Counting:
            definition = Definition((), counting=counting)
            assert find(shop, definition, day.replace(day=1), day).num_rows == 0, counting
        found = preview(shop, Definition(()), now=NOW)
    assert (found.conversions, found.visitors) == (0, 1)


def test_the_form_saves_a_goal_that_is_not_tracked_yet(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    browser = browser_of(lead)
    answer = browser.post(at("goal-new", lead.workspace), goal_data(trigger="nothing", event=""))
    assert answer.status_code == 302
    with scope.in_workspace(lead.workspace_id):
        goal = Goal.objects.get()
        assert (goal.name, goal.rules.count(), goal.version) == ("Newsletter", 0, 1)
    form = browser.get(at("goal-edit", lead.workspace, goal.slug))
    assert form.context["form"].initial["trigger"] == "nothing"
    assert "Not tracked yet" in form.content.decode()
    assert "Not defined" in browser.get(at("plan", lead.workspace)).content.decode()


def test_saying_how_it_is_noticed_is_a_new_version(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    browser = browser_of(lead)
    browser.post(at("goal-new", lead.workspace), goal_data(trigger="nothing"))
    with scope.in_workspace(lead.workspace_id):
        goal = Goal.objects.get()
    sent = goal_data(event="signup", revision=str(goal.revision))
    assert browser.post(at("goal-edit", lead.workspace, goal.slug), sent).status_code == 302
    with scope.in_workspace(lead.workspace_id):
        goal.refresh_from_db()
        assert (goal.version, goal.rules.count()) == (2, 1)


def test_the_preview_of_a_goal_that_is_not_tracked_counts_nothing(
    lead: Membership, plan: Plan, browser_of: BrowserOf
) -> None:
    fill_lake(lead.workspace, [EVENT])
    sent = goal_data(trigger="nothing")
    page = browser_of(lead).post(at("preview", lead.workspace), sent, headers={"HX-Request": "true"}).content.decode()
    assert "Not tracked yet" in page
    assert "Last 28 days" not in page


def test_a_goal_of_rules_is_still_shown_by_them(lead: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    make_goal(plan, "Order")
    page = browser_of(lead).get(at("goal-edit", lead.workspace, "order"))
    assert page.context["form"].initial["trigger"] == "event"
