"""The tracking pages in real Chromium: accessible, at every width, in light and dark; the header's part arrives."""

import os
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goals.models import Goal, Level
from goals.watching import watch
from reports.filling import fill
from tests.browsing import NARROW, WIDE, opened, wrong_with
from tests.builders import make_member, make_workspace
from tests.goals.arriving import append, hourly, make_source
from tests.goals.makers import make_goal, make_kpi, make_plan, make_target, rules_for
from tracking.derive import derive
from tracking.models import LakeState
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "tracking": "/w/fjellsport/goal-tracking/",
    "tracking broken": "/w/fjellsport/goal-tracking/?state=broken",
    "goals": "/w/fjellsport/goals/",
    "broken goal": "/w/fjellsport/goals/signup/",
    "overview": "/w/fjellsport/",
    "plan": "/w/fjellsport/plan/",
}
SHOTS = os.environ.get("MP_TEST_SHOTS")  # a folder; pictures of every page are put there


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """A lead whose shop lost its sign-ups for three days last week, and again since yesterday."""
    shop = make_workspace()
    lead = make_member(shop, "lead@example.com", Role.LEAD)
    now = timezone.now()
    plan = make_plan(shop)
    order = make_goal(plan, "Order")
    signup = make_goal(plan, "Signup", level=Level.MICRO, supports=[order], rules=rules_for("signup"))
    make_goal(plan, "Search", level=Level.MICRO, supports=[order], rules=rules_for("search"))
    make_target(make_kpi(signup, "Sign-ups"), 2_400)
    with scope.in_workspace(shop.pk):
        Goal.objects.filter(pk=signup.pk).update(owner=lead)
    source = make_source(shop)
    begun = now - timedelta(days=60)
    append(source, hourly(begun, now, minutes=30), name="page_view")
    append(source, hourly(begun, now, minutes=90))
    for since, until in ((begun, now - timedelta(days=10)), (now - timedelta(days=7), now - timedelta(hours=30))):
        append(source, hourly(since, until), name="signup")
    with scope.in_workspace(shop.pk):
        state = LakeState.objects.get(workspace=shop)
        state.events, state.dirty_since, state.first_day = 1, begun, begun.date()
        state.stored_through = now
        state.save()
    derive(shop.pk, now)
    fill(shop.pk, now=now)
    watch(shop.pk, now=now)
    return lead


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible_and_fits(lead: Membership, live_server: Any, width: Any) -> None:
    found = []
    with opened(live_server.url, member=lead, viewport=width) as page:
        for name, path in PAGES.items():
            page.goto(path)
            page.wait_for_load_state("networkidle")
            found += wrong_with(page, f"{name}-{width['width']}")
    assert found == []


def test_a_part_of_the_sentence_leads_to_its_goals_without_a_script(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead, viewport=WIDE, java_script_enabled=False) as page:
        page.goto(PAGES["tracking"])
        page.get_by_role("link", name="1 broken since").click()
        expect(page.locator("tbody").first.locator("tr")).to_have_count(1)
        expect(page.get_by_role("link", name="Signup").first).to_be_visible()
