"""A source's imported history, as its page and the API show it."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.builders import make_token
from tests.tracking.importers import applied, checked
from tests.tracking.sums.exports import ALL, VISITORS, archive
from tracking.models import Source
from workspaces.models import Membership
from workspaces.roles import Scope

HISTORY = "/w/fjellsport/sources/old/history/"
BADGE = "Imported sums: not events, cannot be attributed"


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_source_with_imported_sums_shows_them_with_their_badge(browser: Client, old: Source):
    assert "Bring what Plausible counted before" in text(browser.get(HISTORY))
    assert HISTORY not in browser.get("/w/fjellsport/sources/old/").content.decode()
    row = applied(old, archive())
    assert HISTORY in browser.get("/w/fjellsport/sources/old/").content.decode()
    done = text(browser.get(row.get_absolute_url()))
    assert "8 daily sums were added." in done
    assert BADGE in done
    page = text(browser.get(HISTORY))
    assert BADGE in page
    assert "119 134 304 77" in page
    assert "/tea 140 70" in page
    assert "Total 290 170" in page


def test_years_are_shown_by_month_and_without_visitors_who_do_not_add_up(browser: Client, old: Source):
    longer = VISITORS + "".join(f'"2026-{month:02}-03",10,30,5,{month},100\n' for month in range(1, 12))
    longer += '"2026-11-04",10,30,5,20,100\n'
    applied(old, longer.encode())
    page = text(browser.get(HISTORY))
    assert "November 2026 31 60 10" in page
    assert "January 2026 181 355 122" in page
    assert "Visitors are counted by day" in page
    assert browser.get(HISTORY).content.decode().count("<rect") == 12, "December and eleven months"
    days = text(browser.get(f"{HISTORY}?from=2026-11-01&to=2026-11-30"))
    assert "10 20 30 5" in days


def test_another_breakdown_is_chosen_by_its_link(browser: Client, old: Source):
    applied(old, archive())
    page = text(browser.get(f"{HISTORY}?of=sources&from=2025-12-31&to=2025-12-31"))
    assert "not said 79 170 Google 25 70 Total 104 240" in page


def test_days_that_are_none_are_refused_beside_their_field(browser: Client, old: Source):
    applied(old, archive())
    assert browser.get(f"{HISTORY}?from=x").status_code == 422


def test_the_page_asks_the_database_the_same_for_any_number_of_days(browser: Client, old: Source):
    applied(old, archive())
    with CaptureQueriesContext(connection) as few:
        browser.get(HISTORY)
    more = VISITORS + "".join(f'"2026-02-{day:02}",1,1,1,1,1\n' for day in range(1, 25))
    applied(old, archive({**ALL, "visitors": more}))
    with CaptureQueriesContext(connection) as many:
        browser.get(HISTORY)
    assert len(many) == len(few)


def test_a_dry_run_says_what_would_come(browser: Client, old: Source):
    page = text(browser.get(checked(old, archive()).get_absolute_url()))
    assert "An import would add 8 daily sums . Nothing is stored yet." in page
    assert "imported_pages 3" in page


def test_the_api_lists_the_days(owner: Membership, old: Source):
    row = applied(old, archive())
    secret = make_token(owner, Scope.READ, Scope.TRACKING)
    script = Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)
    answer = script.get("/api/v1/sources/old/sums?kind=pages&to=2025-12-31")
    assert answer.status_code == 200, answer.content
    (day,) = answer.json()["results"]
    assert (day["day"], day["kind"], day["import_id"]) == ("2025-12-31", "pages", row.pk)
    assert day["entries"][1] == {
        "page": "/tea",
        "hostname": "shop.example",
        "visitors": 25,
        "visits": 30,
        "pageviews": 60,
    }
    assert script.get("/api/v1/sources/old/sums?kind=cats").status_code == 400
    assert len(script.get("/api/v1/sources/old/sums").json()["results"]) == 6
