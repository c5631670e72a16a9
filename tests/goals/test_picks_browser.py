"""What somebody picks of what has arrived stays picked, whenever a search's answer comes."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from tests.browsing import WIDE, opened
from tests.builders import make_member, make_workspace
from tests.goals.makers import make_plan
from tracking.models import Seen, SeenKind
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "/w/fjellsport/proposals/new/"


@pytest.fixture
def author(transactional_db: None) -> Membership:
    """Somebody in a shop where three events have arrived."""
    shop = make_workspace()
    make_plan(shop)
    with scope.in_workspace(shop.pk):
        for text, events in (("fitting_requested", 10), ("fitting_booked", 5), ("purchase", 3)):
            Seen.objects.create(workspace=shop, kind=SeenKind.EVENT, text=text, events=events, last_at=timezone.now())
    return make_member(shop, "kaisa@example.com", Role.CONTRIBUTOR)


def search_for(page: Page, words: str) -> None:
    page.get_by_label("Search among what has arrived").fill(words)


@pytest.mark.parametrize(
    ("picked", "before"),
    [("fitting_booked", None), ("purchase", None), ("purchase", "fitting_requested")],
    ids=["found by the search", "not found by it", "another than before"],
)
def test_a_pick_made_while_the_answer_is_on_its_way_stays(
    author: Membership, live_server: Any, picked: str, before: str | None
) -> None:
    with opened(live_server.url, member=author, viewport=WIDE) as page:
        page.goto(NEW)
        if before:
            page.get_by_role("radio", name=before).check()

        def choose_first(route: Route) -> None:
            page.get_by_role("radio", name=picked).check()
            route.continue_()

        page.route("**/picks/**", choose_first, times=1)
        search_for(page, "fitting")
        if picked == "purchase":
            # The chosen one comes first, though the search does not find it: the answer has arrived.
            expect(page.locator("#picks label").first).to_contain_text("purchase")
        else:
            expect(page.get_by_role("radio", name="purchase")).to_have_count(0)
        expect(page.get_by_role("radio", name=picked)).to_be_checked()
        expect(page.locator("#picks input:checked")).to_have_count(1)


def test_an_answer_without_a_new_pick_is_shown_as_it_is(author: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=author, viewport=WIDE) as page:
        page.goto(NEW)
        page.get_by_role("radio", name="fitting_booked").check()
        search_for(page, "fitting")
        expect(page.get_by_role("radio", name="purchase")).to_have_count(0)
        expect(page.get_by_role("radio", name="fitting_booked")).to_be_checked()
