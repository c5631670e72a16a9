"""The wizard in a real browser: the shop whose events have come, and the way through all steps."""

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browsing import wrong_with
from tests.builders import make_member, make_workspace, noon
from tests.goals.makers import fill_lake
from tracking.models import LakeState, Seen, SeenKind
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

START = "/w/fjellsport/plan/start/"


def make_lead() -> Membership:
    """Make a lead of a workspace without a plan, to which a shop's events have come for more than a year.

    They come once a week: a day is a file, and each step of the way reads them all.
    """
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
                "time": noon(shop, days_ago=1 + n % 60 * 7),
            }
            for n in range(1, 1600)
        ],
    )
    with scope.in_workspace(shop.pk):
        LakeState.objects.update(first_day=noon(shop, days_ago=421).date())
        for name, events in (("purchase", 400), ("newsletter_signup", 399), ("add_to_cart", 400)):
            Seen.objects.create(workspace=shop, kind=SeenKind.EVENT, text=name, events=events, last_at=now)
    return lead


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Go on").last.click()


def walk(page: Page, look: str = "") -> list[str]:
    """Go the whole way; give what is wrong on it."""
    found = []

    def look_at(name: str) -> None:
        if look:
            found.extend(wrong_with(page, f"start-{name}-{look}"))

    page.goto(START)
    page.get_by_label("What is it, in a sentence?").fill("A shop for hiking gear")
    page.get_by_label("Web shop").check()
    look_at("about")
    go_on(page)
    page.get_by_role("heading", name="What do we make money on?").wait_for()
    expect(page.get_by_label("Order", exact=True), "purchases have arrived").to_be_checked()
    look_at("macro")
    go_on(page)
    page.get_by_role("heading", name="What do people usually do before they become customers?").wait_for()
    expect(page.get_by_label("Added to cart", exact=True)).to_be_checked()
    page.get_by_label("Search used", exact=True).check()
    page.get_by_role("group", name="Own goal 1").get_by_label("Name").fill("Size guide read")
    look_at("micro")
    go_on(page)
    page.get_by_role("heading", name="How much of it by when?").wait_for()
    page.get_by_role("button", name="for Orders").click()
    expect(page.locator("#id_kpi-0-value")).to_have_value(re.compile("[1-9]"))
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
