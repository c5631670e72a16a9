"""The way to the first plan in real Chromium: accessible, at every width, light and dark, by keys, without a script."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from goals.models import Goal, Plan, Target
from tests.browsing import NARROW, SHOTS, WIDE, faults, opened, overflows
from tests.builders import make_member, make_workspace
from tests.goals.makers import fill_lake
from tracking.models import LakeState, Seen, SeenKind
from workspaces import scope
from workspaces.models import Invitation, Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

START = "/w/fjellsport/plan/start/"


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """A lead of a workspace without a plan, to which a shop's events have come for more than a year."""
    shop = make_workspace()
    lead = make_member(shop, "lead@example.com", Role.LEAD)
    now = timezone.now()
    names = ("page_view", "purchase", "newsletter_signup", "add_to_cart")
    fill_lake(
        shop,
        [
            {
                "event_id": f"e{n}",
                "visitor_id": f"v{n}",
                "name": names[n % 4],
                "path": "/",
                "time": now - timedelta(days=n % 420),
            }
            for n in range(1, 1600)
        ],
    )
    with scope.in_workspace(shop.pk):
        LakeState.objects.update(first_day=(now - timedelta(days=421)).date())
        for name, events in (("purchase", 400), ("newsletter_signup", 399), ("add_to_cart", 400)):
            Seen.objects.create(workspace=shop, kind=SeenKind.EVENT, text=name, events=events, last_at=now)
    return lead


def wrong(page: Page, name: str, look: str) -> list[str]:
    """Give what is wrong with the open page, and picture it."""
    found = [f"{name}: {fault}" for fault in faults(page)]
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/start-{name}-{look}.png", full_page=True)
    return found + ([f"{name} is wider than its window"] if overflows(page) else [])


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Go on").last.click()


def walk(page: Page, look: str = "") -> list[str]:
    """Go the whole way; give what is wrong on it."""
    found = []

    def look_at(name: str) -> None:
        if look:
            found.extend(wrong(page, name, look))

    page.goto(START)
    page.get_by_label("What is it, in a sentence?").fill("A shop for hiking gear")
    page.get_by_label("Web shop").check()
    look_at("about")
    go_on(page)
    page.get_by_role("heading", name="What do we make money on?").wait_for()
    assert page.get_by_label("Order", exact=True).is_checked(), "purchases have arrived"
    look_at("macro")
    go_on(page)
    page.get_by_role("heading", name="What do people usually do before they become customers?").wait_for()
    assert page.get_by_label("Added to cart", exact=True).is_checked()
    page.get_by_label("Search used", exact=True).check()
    page.get_by_role("group", name="Own goal 1").get_by_label("Name").fill("Size guide read")
    look_at("micro")
    go_on(page)
    page.get_by_role("heading", name="How much of it by when?").wait_for()
    page.get_by_role("button", name="for Orders").click()
    assert page.locator("#id_kpi-0-value").input_value() not in {"", "0"}
    look_at("targets")
    go_on(page)
    page.get_by_role("heading", name="Who should say what is missing?").wait_for()
    page.get_by_label("E-mail address").nth(0).fill("mina@example.com")
    page.get_by_label("E-mail address").nth(2).fill("kaisa@example.com")
    look_at("people")
    page.get_by_role("button", name="Make the plan").last.click()
    page.get_by_role("heading", name="Your plan is made").wait_for()
    look_at("done")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_lead_goes_from_an_empty_workspace_to_a_plan(
    lead: Membership, live_server: Any, width: Any, scheme: Any
) -> None:
    with opened(live_server.url, member=lead, viewport=width, color_scheme=scheme) as page:
        assert walk(page, f"{width['width']}-{scheme}") == []
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
        assert not page.get_by_label("Order", exact=True).is_checked()
        assert not page.locator("#id_card-0-name").is_visible()
