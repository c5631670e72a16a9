"""Conversions over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from tests.builders import make_token
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking.derive import derive
from tracking.lake.writer import drain
from tracking.models import Counter, UnmatchedConversion
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

SENT = {"event_id": "deal-1", "name": "signed", "time": "2026-11-20T10:00:00Z", "value": "99.5", "currency": "EUR"}


@pytest.fixture
def script(owner: Membership) -> Client:
    caches["throttle"].clear()
    secret = make_token(owner, Scope.READ, Scope.TRACKING)
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


@pytest.fixture
def site(shop: Workspace) -> Lake:
    lake = Lake(make_source(shop, slug="site"))
    lake.take(make_event("c1", at=NOON - timedelta(days=9), visitor="ann", click_id_type="gclid", click_id="Cj1"))
    return lake


def send(script: Client, *conversions: dict[str, Any]) -> Any:
    body = {"source": "crm", "conversions": list(conversions)}
    return script.post("/api/v1/conversions", body, content_type="application/json")


def test_a_conversion_is_given_to_its_visitor_once(script: Client, site: Lake):
    first = send(script, SENT | {"click_id": "Cj1"})
    assert first.status_code == 200, first.content
    assert first.json()["accepted"] == 1
    assert send(script, SENT | {"click_id": "Cj1"}).json()["results"][0]["status"] == "duplicate"
    drain(site.workspace_id, NOON)
    derive(site.workspace_id, NOON)
    (sold,) = site.rows("select * from events where name = 'signed'")
    assert (sold["visitor_id"], sold["value_micros"], sold["import_id"]) == ("ann", 99_500_000, None)


def test_each_answer_says_what_became_of_it(script: Client, site: Lake):
    answer = send(
        script,
        SENT | {"click_id": "Cj1"},
        SENT | {"event_id": "deal-2", "click_id": "Cj9"},
        SENT | {"event_id": "deal-3", "currency": "XXX", "user_id": "u1"},
        SENT | {"event_id": "deal-4"},
    ).json()
    assert [(each["event_id"], each["status"], each["code"]) for each in answer["results"]] == [
        ("deal-1", "accepted", ""),
        ("deal-2", "unmatched", "click_not_seen"),
        ("deal-3", "rejected", "currency_unknown"),
        ("deal-4", "unmatched", "nothing_to_match"),
    ]
    with scope.in_workspace(site.workspace_id):
        assert UnmatchedConversion.objects.count() == 2
    drain(site.workspace_id, NOON)
    with scope.in_workspace(site.workspace_id):
        counted = {f"{row.outcome}:{row.reason}": row.events for row in Counter.objects.filter(source__slug="crm")}
    assert counted == {
        "accepted:": 1,
        "filtered:click_not_seen": 1,
        "filtered:nothing_to_match": 1,
        "rejected:currency_unknown": 1,
    }


@pytest.mark.parametrize(
    "change",
    [{"time": "soon"}, {"event_id": ""}, {"value": "1.234,50"}, {"e_mail": "a@b.example"}],
    ids=["no time", "no id", "no amount", "unknown field"],
)
def test_a_body_that_cannot_be_read_is_refused_whole(script: Client, site: Lake, change: dict[str, Any]):
    answer = send(script, SENT, SENT | change)
    assert answer.status_code == 400, answer.content
    with scope.in_workspace(site.workspace_id):
        assert not UnmatchedConversion.objects.exists()
