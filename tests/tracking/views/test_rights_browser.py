"""Privacy's pages in real Chromium: accessible, at every width, in light and dark; a person looked up and erased."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browsing import NARROW, WIDE, faults_at, opened, wrong_with
from tests.builders import make_member, make_workspace
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking.models import Erasure, ErasureState
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRIVACY = "/w/fjellsport/privacy/"


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    shop = make_workspace()
    Lake(make_source(shop)).take(
        make_event("1", name="identify", visitor="phone-4af1c290bc", user_id="kari"),
        make_event("2", name="purchase", visitor="phone-4af1c290bc", transaction_id="order-1001"),
        make_event("3", name="identify", visitor="tablet", user_id="kari"),
        make_event("4", name="identify", visitor="tablet", user_id="ola"),
    )
    with scope.in_workspace(shop.pk):
        made = {"named_by": "user", "by_name": "owner@example.com", "ordered_at": NOON, "removed": {"events": 12}}
        Erasure.objects.create(workspace=shop, state=ErasureState.DONE, done_at=NOON, **made)
    return make_member(shop, "owner@example.com", Role.OWNER)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_accessible_and_fits(owner: Membership, live_server: Any, width: Any) -> None:
    with scope.in_workspace(owner.workspace_id):
        done = Erasure.objects.get()
    pages = {"privacy": PRIVACY, "erasure": done.get_absolute_url(), "retention": f"{PRIVACY}retention/"}
    look = str(width["width"])
    with opened(live_server.url, member=owner, viewport=width) as page:
        assert faults_at(page, pages, look=look) == []
        page.goto(PRIVACY)
        page.get_by_label("Id", exact=True).fill("kari")
        page.get_by_role("button", name="Look up").click()
        page.get_by_text("order-1001").wait_for()
        assert wrong_with(page, f"person-{look}") == []


def test_a_person_is_looked_up_and_erased(owner: Membership, live_server: Any) -> None:
    with opened(live_server.url, member=owner, viewport=WIDE) as page:
        page.goto(PRIVACY)
        page.get_by_label("Id", exact=True).fill("kari")
        page.get_by_role("button", name="Look up").click()
        page.get_by_role("heading", name="3 events").wait_for()
        page.get_by_role("button", name="Erase this person").click()
        page.wait_for_url(f"**{PRIVACY}erasures/*/")
        expect(page.locator("#work")).to_have_text("Waiting")
        page.wait_for_load_state()
        assert "kari" not in page.content()
