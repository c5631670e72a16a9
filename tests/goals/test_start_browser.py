"""The way to the first plan in real Chromium: accessible, at every width, light and dark, by keys, without a script."""

from typing import Any

import pytest
from playwright.sync_api import expect

from goals.models import Goal, Plan, Target
from tests.browsing import NARROW, WIDE, opened
from tests.goals.wizard import START, make_lead, walk
from workspaces import scope
from workspaces.models import Invitation, Membership

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """A lead of a workspace without a plan, to which a shop's events have come for more than a year."""
    return make_lead()


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_lead_goes_from_an_empty_workspace_to_a_plan(lead: Membership, live_server: Any, width: Any) -> None:
    with opened(live_server.url, member=lead, viewport=width) as page:
        assert walk(page, str(width["width"])) == []
    with scope.in_workspace(lead.workspace_id):
        assert Plan.objects.get().about == "A shop for hiking gear"
        assert Goal.objects.get(slug="order").rules.exists()
        assert not Goal.objects.get(slug="size-guide-read").rules.exists()
        target = Target.objects.get()
        assert target.baseline is not None
        assert target.value > target.baseline > 0
        assert {each.department for each in Invitation.objects.all()} == {"Marketing", "Customer service"}


def test_the_way_is_walked_without_a_script(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead, viewport=WIDE, java_script_enabled=False) as page:
        walk(page)
    with scope.in_workspace(lead.workspace_id):
        assert Plan.objects.exists()


def test_a_step_is_answered_by_keys_alone(lead: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=lead, viewport=WIDE) as page:
        page.goto(START)
        page.get_by_label("What is it, in a sentence?").focus()
        page.keyboard.type("A shop")
        for _ in range(2):  # over the domain, to the period
            page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")  # the first starter
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="What do we make money on?").wait_for()
        page.get_by_label("Order", exact=True).focus()
        page.keyboard.press("Space")
        expect(page.get_by_label("Order", exact=True)).not_to_be_checked()
        expect(page.locator("#id_card-0-name")).not_to_be_visible()
