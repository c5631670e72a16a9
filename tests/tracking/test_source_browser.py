"""A source's page in real Chromium: accessible with the code of set-ups; it notices the first event by itself."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browsing import NARROW, WIDE, faults_at, opened, too_wide
from tests.builders import make_member, make_workspace
from tests.tracking.makers import make_event, make_source, origin_of
from tracking import inbox
from tracking.models import Source
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "/w/fjellsport/sources/site/"
POLL_MS = 3_000


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    return make_member(make_workspace(), "lead@example.com", Role.LEAD)


@pytest.fixture
def source(lead: Membership) -> Source:
    return make_source(lead.workspace)


def arrive(source: Source) -> None:
    """Append an event; Playwright's loop runs in this thread, so the database is asked in another."""

    def append() -> None:
        with scope.in_workspace(source.workspace_id):
            event = make_event(url="https://shop.example/tea?utm_source=avisa")
            inbox.append(origin_of(source), [event], counts=Counter(), now=timezone.now())
        connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(append).result()


def asked_in(page: Page, *, polls: int) -> int:
    """Let so many polls' time pass; give how often the page asked."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "first-event" in request.url else None)
    for _ in range(polls):
        page.clock.fast_forward(POLL_MS + 100)
        page.wait_for_load_state("networkidle")
    return len(asked)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_page_is_accessible(live_server: Any, lead: Membership, source: Source, size: Any) -> None:
    pages = {f"source {name}": f"{ADDRESS}?with={name}" for name in ("tag", "ga4", "plausible")}
    with opened(live_server.url, member=lead, viewport=size) as page:
        look = str(size["width"])
        assert faults_at(page, pages, look=look) == []
        arrive(source)
        assert faults_at(page, {"source arrived": ADDRESS}, look=look) == []


def test_no_language_makes_the_page_wider_than_a_phone(live_server: Any, lead: Membership, source: Source) -> None:
    assert too_wide(live_server.url, lead, {"source": ADDRESS}) == []


def test_the_first_event_is_noticed_and_nothing_is_asked_after(
    live_server: Any, lead: Membership, source: Source
) -> None:
    with opened(live_server.url, member=lead) as page:
        page.clock.install()
        page.goto(ADDRESS)
        page.get_by_text("Waiting for the first event").wait_for()
        with page.expect_response("**first-event**"):
            page.clock.fast_forward(POLL_MS + 100)
        arrive(source)
        page.clock.fast_forward(POLL_MS)
        page.get_by_text("Events arrive").wait_for()
        said = page.get_by_role("status").filter(has_text="Events arrive")
        expect(said).to_contain_text("page_view")
        expect(said).to_contain_text("https://shop.example/tea?utm_source=avisa")
        assert asked_in(page, polls=2) == 0


def test_a_page_that_nobody_sees_asks_nothing_until_it_is_seen(
    live_server: Any, lead: Membership, source: Source
) -> None:
    with opened(live_server.url, member=lead) as page:
        page.clock.install()
        page.goto(ADDRESS)
        page.get_by_text("Waiting for the first event").wait_for()
        page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, value: true})")
        assert asked_in(page, polls=2) == 0
        arrive(source)
        page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
        page.get_by_text("Events arrive").wait_for()


def test_another_set_up_is_shown_without_leaving_the_page(live_server: Any, lead: Membership, source: Source) -> None:
    with opened(live_server.url, member=lead) as page:
        page.goto(ADDRESS)
        page.evaluate("window.isSame = true")
        page.get_by_role("link", name="Segment", exact=True).click()
        page.get_by_text("cdnURL").wait_for()
        page.wait_for_url("**?with=segment")
        expect(page.locator("#way-segment")).to_be_focused()
        assert page.evaluate("window.isSame")
