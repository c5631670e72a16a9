"""What people and programs see of tracking: coverage, the list of goals, outages, the navigation's mark."""

from datetime import timedelta

import pytest
from django.test import Client

from goals.coverage import coverage
from goals.models import Goal, Level, Plan
from goals.watching import watch
from tests.goals.arriving import HISTORY, NOW, append, hourly, make_source
from tests.goals.makers import make_goal, make_kpi, make_plan, make_target, rules_for
from workspaces import scope, tokens
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

PAGE, HEADER = "/w/fjellsport/goal-tracking/", "/w/fjellsport/plan/coverage/"


@pytest.fixture
def plan(shop: Workspace) -> Plan:
    """Four goals: orders are verified, sign-ups broken for a day, searches awaited, and calls not defined."""
    plan = make_plan(shop)
    order = make_goal(plan, "Order")
    make_target(make_kpi(order))
    for name in ("signup", "search", "call"):
        make_goal(plan, name.title(), level=Level.MICRO, rules=rules_for(name))
    with scope.in_workspace(shop.pk):
        Goal.objects.get(name="Call").rules.all().delete()
    source = make_source(shop)
    append(source, hourly(NOW - HISTORY, NOW, minutes=20), name="page_view")
    append(source, hourly(NOW - HISTORY, NOW))
    append(source, hourly(NOW - HISTORY, NOW - timedelta(days=1)), name="signup")
    watch(shop.pk, now=NOW)
    return plan


@pytest.fixture
def page(client: Client, plan: Plan, viewer: Membership) -> Client:
    client.force_login(viewer.user)
    return client


def names(page: Client, address: str) -> list[str]:
    return [row[0].goal.name for row in page.get(address).context["rows"]]


def test_the_sentence_says_how_much_is_tracked(shop: Workspace, plan: Plan) -> None:
    with scope.in_workspace(shop.pk):
        assert coverage(shop).sentence == (
            "1 of 4 goals tracked, 1 verified, 1 waiting for its first hit, 1 not defined, 3 without target,"
            " 1 broken since 20 November 2026"
        )


def test_a_workspace_without_goals_has_a_sentence_too(shop: Workspace, viewer: Membership, client: Client) -> None:
    with scope.in_workspace(shop.pk):
        assert coverage(shop).sentence == "0 of 0 goals tracked"
    client.force_login(viewer.user)
    assert "Each goal of the plan is watched" in client.get(PAGE).content.decode()


def test_each_part_chooses_its_goals_those_that_need_somebody_first(page: Client) -> None:
    assert names(page, PAGE) == ["Signup", "Search", "Call", "Order"]
    for part, expected in {
        "broken": ["Signup"],
        "tracked": ["Order"],
        "no_target": ["Signup", "Search", "Call"],
    }.items():
        assert names(page, f"{PAGE}?state={part}") == expected, part
    assert len(names(page, f"{PAGE}?state=nonsense")) == 4
    body = page.get(f"{PAGE}?state=broken").content.decode()
    assert "Show all goals" in body
    assert "?state=no_target" in body


def test_the_list_shows_the_outage_and_the_navigation_how_many_are_broken(page: Client) -> None:
    body = page.get(PAGE).content.decode()
    assert "Last event before" in body
    assert "its own events" in body
    assert "1 goal is broken" in body
    assert "1 goal is broken" in page.get("/w/fjellsport/members/").content.decode()


def test_the_header_comes_as_a_part_with_each_goal_s_state(page: Client, plan: Plan) -> None:
    part = page.get(HEADER, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    with scope.in_workspace(plan.workspace_id):
        for goal in plan.goals.all():
            assert f'id="track-goal-{goal.pk}"' in part, goal
    assert "1 of 4 goals tracked" in part
    assert page.get(HEADER)["Location"] == PAGE, "as a page, all goals' tracking"


def test_goals_that_the_plan_s_page_filters_out_get_no_place(page: Client, plan: Plan) -> None:
    with scope.in_workspace(plan.workspace_id):
        order, search = (plan.goals.get(name=name).pk for name in ("Order", "Search"))
    for address, place in ((HEADER, "track-goal"), ("/w/fjellsport/live-figures/", "now-goal")):
        part = page.get(f"{address}?level=macro", headers={"HX-Request": "true"}).content.decode()
        assert f'id="{place}-{order}"' in part, address
        assert f'id="{place}-{search}"' not in part, address


def test_the_list_of_goals_and_the_goal_s_own_page_say_the_state_in_words(page: Client) -> None:
    listed = page.get("/w/fjellsport/goals/").content.decode()
    for word in ("Verified", "Broken", "Waiting for the first hit", "Not defined"):
        assert word in listed, word
    assert "Broken" in page.get("/w/fjellsport/goals/signup/").content.decode()


def test_the_number_of_queries_does_not_grow_with_goals(
    page: Client, plan: Plan, django_assert_max_num_queries: object
) -> None:
    for n in range(12):
        make_goal(plan, f"Goal {n}", level=Level.MICRO)
    # 18 to admit the member and show bell and badge; 2 goals with rules; 1 outages
    with django_assert_max_num_queries(24):  # type: ignore[operator]
        page.get(PAGE)


def test_programs_read_a_goal_s_tracking_and_the_coverage(plan: Plan, owner: Membership) -> None:
    with scope.in_workspace(plan.workspace_id):
        _, secret = tokens.create(owner, name="program", scopes=[Scope.READ], now=NOW)
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    told = program.get("/api/v1/goals/signup/tracking").json()
    assert (told["goal"], told["state"], told["last_week"]) == ("signup", "broken", 7 * 24 - 11)
    assert [(each["ended_at"], each["silent_source"]) for each in told["outages"]] == [(None, None)]
    assert told["since"] == told["last_seen_at"] == told["outages"][0]["started_at"]
    found = program.get("/api/v1/coverage").json()
    assert {name: found[name] for name in ("goals", "tracked", "verified", "broken", "waiting", "undefined")} == {
        "goals": 4, "tracked": 1, "verified": 1, "broken": 1, "waiting": 1, "undefined": 1,
    }  # fmt: skip
    assert program.get("/api/v1/goals/nothing/tracking").status_code == 404
    assert program.get("/api/v1/coverage?by=owner").status_code == 400
