"""Health, catalogue and live view in real Chromium: accessible, at every width, in light and dark; events tick in."""

import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from tests.browsing import NARROW, WIDE, complaints, faults_at, opened
from tests.builders import make_member, make_workspace
from tests.goals.makers import make_goal, make_plan, rules_for
from tests.tracking.makers import make_event, make_source, origin_of, us
from tracking import inbox
from tracking.agreeing import Wanted, agree
from tracking.lake.writer import drain
from tracking.models import AlarmKind, Source, SourceAlarm
from tracking.planned import Property
from workspaces import scope
from workspaces.models import Membership
from workspaces.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "tracking": "/w/fjellsport/tracking/",
    "source": "/w/fjellsport/sources/site/",
    "health": "/w/fjellsport/sources/site/health/",
    "health of nothing": "/w/fjellsport/sources/quiet/health/",
    "rejected": "/w/fjellsport/sources/site/rejected/",
    "rejected nothing": "/w/fjellsport/sources/quiet/rejected/",
    "live": "/w/fjellsport/sources/site/live/",
    "live nothing": "/w/fjellsport/sources/quiet/live/",
    "catalogue": "/w/fjellsport/catalogue/",
    "event": "/w/fjellsport/catalogue/event/?name=newsletter_signup",
    "unplanned event": "/w/fjellsport/catalogue/event/?name=size_guide_opened_on_the_product_page_of_a_tent",
    "goal live": "/w/fjellsport/plan/goal/newsletter/live/",
    "goal spec": "/w/fjellsport/plan/goal/newsletter/tracking/",
}
AGREED = (Property("tier", frozenset({"text"}), is_required=True), Property("seats", frozenset({"integer"})))


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """A lead whose shop's tag is half right, with a month behind it."""
    shop = make_workspace()
    lead = make_member(shop, "lead@example.com", Role.LEAD)
    make_goal(make_plan(shop), "Newsletter", rules=rules_for("newsletter_signup"))
    site = make_source(shop, slug="site", is_strict=True)
    make_source(shop, slug="quiet")
    with scope.in_workspace(shop.pk):
        goals = (("newsletter", "Newsletter"),)
        agree(shop.pk, [Wanted("newsletter_signup", AGREED, goals), Wanted("quiz_done")], now=timezone.now())
        SourceAlarm.objects.create(
            workspace=shop, source=site, kind=AlarmKind.REJECTED, started_at=timezone.now(), found_at=timezone.now()
        )
    history(site)
    send(
        site,
        {"name": "newsletter_signup", "properties": {"tier": 5}, "visitor_id": "visitor-17"},
        {"name": "size_guide_opened_on_the_product_page_of_a_tent"},
        {
            "name": "newsletter_signup",
            "properties": {"tier": "gold"},
            "url": "https://shop.example/a/very/long/path/of/tents",
        },
        {"name": "purchase", "value": "1.234,50"},
        {"name": "page_view", "consent": {"analytics": False}},
    )
    drain(shop.pk, timezone.now())
    return lead


def history(source: Source) -> None:
    """Count thirty days, with events in the lake."""
    now = timezone.now()
    for days in range(30):
        at = now - timedelta(days=days)
        events = [
            make_event(f"{days}-{n}", name="page_view" if n % 3 else "newsletter_signup", at=at, received_us=us(at))
            for n in range(12 + days % 7 * 5)
        ]
        counts = {"filtered:bot": 3 + days % 4, "duplicate": days % 3, "rejected:amount_format": days % 5}
        counts["limited:rate"] = 40 * (days == 9)
        kept = Counter({key: n for key, n in counts.items() if n})
        with scope.in_workspace(source.workspace_id):
            inbox.append(origin_of(source), events, counts=kept, now=at)


def send(source: Source, *events: dict[str, Any]) -> None:
    numbered = [{"event_id": f"sent-{os.urandom(4).hex()}", **event} for event in events]
    headers = {"X-Write-Key": source.write_key}
    body = json.dumps({"events": numbered})
    Client().post("/api/v1/collect/batch", body, content_type="application/json", headers=headers)


def aside(source: Source, event: dict[str, Any]) -> None:
    """Send and drain in a thread of its own: the browser's has a loop, in which Django does not ask the database."""

    def work() -> None:
        try:
            send(source, event)
            drain(source.workspace_id, timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["1440", "320"])
def test_the_pages_can_be_used_by_everybody(live_server: Any, lead: Membership, window: Any) -> None:
    with opened(live_server.url, member=lead, viewport=window) as page:
        look = str(window["width"])
        assert faults_at(page, PAGES, look=look) == []


def test_an_event_ticks_into_the_live_view_and_the_goals_checks(live_server: Any, lead: Membership) -> None:
    with scope.in_workspace(lead.workspace_id):
        site = Source.objects.get(slug="site")
    with opened(live_server.url, member=lead, viewport=WIDE) as page:
        wrong = complaints(page)
        page.goto(PAGES["live"])
        rows = page.locator(".live-rows > li")
        expect(rows).not_to_have_count(0)
        before = len(rows.all())
        aside(
            site, {"name": "newsletter_signup", "properties": {"tier": "silver"}, "url": "https://shop.example/fresh"}
        )
        page.get_by_text("shop.example/fresh").wait_for()
        expect(rows).to_have_count(before + 1)
        page.goto(PAGES["goal spec"])
        page.get_by_text("It meets what counts for the goal: seen").wait_for()
        expect(page.get_by_text("waiting for the first hit")).to_have_count(0)
        assert wrong == []


def test_without_javascript_the_pages_say_where_to_look(live_server: Any, lead: Membership) -> None:
    with opened(live_server.url, member=lead, viewport=WIDE, java_script_enabled=False) as page:
        page.goto(PAGES["goal spec"])
        page.get_by_role("link", name="See whether its events arrive").click()
        expect(page.get_by_text("It meets what counts for the goal: seen")).to_have_count(1)
        page.goto(PAGES["live"])
        expect(page.get_by_role("link", name="Look again")).to_have_count(1)


def test_a_lead_plans_an_event_and_takes_in_what_was_held_back(live_server: Any, lead: Membership) -> None:
    with opened(live_server.url, member=lead, viewport=WIDE) as page:
        page.goto(PAGES["unplanned event"])
        page.get_by_role("button", name="Plan this event").click()
        page.get_by_text("is planned now").wait_for()
        page.goto(PAGES["rejected"])
        page.locator("tr", has_text="No plan knows the name").get_by_role("button", name="Take 1 in").first.click()
        page.get_by_text("1 event was taken in.").wait_for()
