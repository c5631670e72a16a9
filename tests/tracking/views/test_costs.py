"""Pages and API of costs, as browsers and scripts use them."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.builders import make_token
from tests.tracking.ads.reports import GOOGLE, PINTEREST
from tests.tracking.importers import again, applied, checked, found
from tests.tracking.makers import NOON, make_source
from tracking import importing
from tracking.models import AdWord, Kind, Source
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

COSTS = "/w/fjellsport/costs/"
DAYS = "?from=2026-11-01&to=2026-11-30"


@pytest.fixture
def ads(shop: Workspace) -> Source:
    return make_source(shop, slug="ads", kind=Kind.IMPORT)


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


@pytest.fixture
def script(owner: Membership) -> Client:
    secret = make_token(owner, Scope.READ, Scope.TRACKING)
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_page_shows_costs_by_campaign_and_day_and_says_what_is_joined(browser: Client, ads: Source):
    assert "Export one by day and campaign" in text(browser.get(COSTS))
    applied(ads, GOOGLE.encode())
    page = text(browser.get(COSTS + DAYS))
    assert "Visitors came by the campaigns of 0 of 3 daily costs." in page
    assert "Brand" in page
    assert "Google Ads · 111" in page
    assert "There are no costs from" in text(browser.get(f"{COSTS}?from=2025-01-01&to=2025-01-31"))


@pytest.mark.parametrize("asked", ["?from=2026-11-30&to=2026-11-01", "?from=x", "?from=2020-01-01&to=2026-01-01"])
def test_days_that_are_none_are_refused_beside_their_field(browser: Client, ads: Source, asked: str):
    applied(ads, GOOGLE.encode())
    assert browser.get(COSTS + asked).status_code == 422


def test_the_page_asks_the_database_the_same_for_any_number_of_costs(browser: Client, ads: Source):
    applied(ads, GOOGLE.encode())
    with CaptureQueriesContext(connection) as few:
        browser.get(COSTS + DAYS)
    more = "".join(f"2026-11-{day:02},C{day},{day},A,NOK,1.00,1,1,,,,\n" for day in range(1, 20))
    applied(ads, ("".join(GOOGLE.splitlines(keepends=True)[2:3]) + more).encode())
    with CaptureQueriesContext(connection) as many:
        browser.get(COSTS + DAYS)
    assert len(many) == len(few)


def test_a_word_is_added_listed_and_removed(browser: Client, shop: Workspace):
    assert browser.post(f"{COSTS}words/new/", {"header": " Mediekost ", "field": "cost"}).status_code == 302
    assert "Mediekost" in text(browser.get(f"{COSTS}words/"))
    with scope.in_workspace(shop.pk):
        word = AdWord.objects.get()
    assert "Remove Mediekost?" in text(browser.get(f"{COSTS}words/{word.pk}/remove/"))
    assert browser.post(f"{COSTS}words/{word.pk}/remove/").status_code == 302
    with scope.in_workspace(shop.pk):
        assert not AdWord.objects.exists()
        acts = AuditEntry.objects.filter(subject_type="adword").order_by("pk").values_list("act", flat=True)
        assert list(acts) == ["created", "removed"]


def test_a_header_without_a_letter_is_refused(browser: Client, shop: Workspace):
    answer = browser.post(f"{COSTS}words/new/", {"header": "::", "field": "cost"})
    assert answer.status_code == 422
    assert "Write the header as it stands in the report." in text(answer)


def test_a_report_that_lacks_something_is_told_it_on_its_page(browser: Client, ads: Source):
    row = checked(ads, PINTEREST.encode(), name="pins.csv")
    page = text(browser.get(row.get_absolute_url()))
    assert "the report names no currency; say which the account has" in page
    assert "add it to the words of your reports" in page
    assert browser.post(f"{row.get_absolute_url()}check/", {"currency": "sek"}).status_code == 302
    importing.check(row.workspace_id, row.pk, now=NOON)
    assert found(again(row)).new == 1
    page = text(browser.get(row.get_absolute_url()))
    assert "An import would add 1 daily cost . Nothing is stored yet." in page
    assert "12.34" in page


def test_the_api_lists_costs_and_keeps_words(script: Client, ads: Source):
    row = applied(ads, GOOGLE.encode())
    answer = script.get(f"/api/v1/ad-costs{DAYS}")
    assert answer.status_code == 200, answer.content
    first = answer.json()["results"][0]
    assert (first["day"], first["campaign"], first["platform"], first["import_id"]) == (
        "2026-11-21",
        "Shoes",
        "google_ads",
        row.pk,
    )
    assert script.get("/api/v1/ad-costs?from=soon").status_code == 400
    assert script.get("/api/v1/ad-costs?from=2026-11-30&to=2026-11-01").status_code == 400
    made = script.post("/api/v1/ad-words", {"header": "Mediekost", "field": "cost"}, content_type="application/json")
    assert made.status_code == 201, made.content
    assert [word["header"] for word in script.get("/api/v1/ad-words").json()["results"]] == ["Mediekost"]
    assert script.delete(f"/api/v1/ad-words/{made.json()['id']}").status_code == 204
    assert script.get("/api/v1/ad-words").json()["results"] == []
