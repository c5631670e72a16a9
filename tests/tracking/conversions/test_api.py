"""Conversions over HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.builders import make_token
from tests.tracking.importers import applied
from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking.derive import derive
from tracking.imports import undoing
from tracking.lake.writer import drain
from tracking.models import Counter, Import, ImportState, Source, UnmatchedConversion
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

SENT = {"event_id": "deal-1", "name": "signed", "time": "2026-11-20T10:00:00Z", "value": "99.5", "currency": "EUR"}


@pytest.fixture
def script(owner: Membership) -> Client:
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
    assert (sold["visitor_id"], sold["value_micros"]) == ("ann", 99_500_000)
    assert sold["import_id"] is None, "it arrives live, and goals see it so"


def test_what_a_source_sent_on_a_day_is_taken_back_as_an_import(script: Client, site: Lake):
    first = send(script, SENT | {"click_id": "Cj1"}, SENT | {"event_id": "deal-2", "click_id": "later"}).json()
    second = send(script, SENT | {"event_id": "deal-3", "click_id": "Cj1"}, SENT | {"event_id": "deal-1"}).json()
    assert first["import_id"] == second["import_id"]
    drain(site.workspace_id, NOON)
    derive(site.workspace_id, NOON)
    row = script.get(f"/api/v1/imports/{first['import_id']}").json()
    counts = {name: row["result"][name] for name in ("rows", "new", "left_out", "rejected")}
    assert (row["state"], counts) == ("done", {"rows": 4, "new": 2, "left_out": 2, "rejected": 0})
    assert script.post(f"/api/v1/imports/{row['id']}/undo").status_code == 202
    assert undoing.undo(site.workspace_id, row["id"], now=timezone.now())
    assert [each["event_id"] for each in site.rows("select event_id from events")] == ["c1"]
    with scope.in_workspace(site.workspace_id):
        assert UnmatchedConversion.objects.count() == 0
        assert Import.objects.get().state == ImportState.UNDONE
    again = send(script, SENT | {"click_id": "Cj1"}).json()
    assert (again["accepted"], again["import_id"] != row["id"]) == (1, True)


def test_a_file_into_the_same_source_on_the_same_day_stays(script: Client, site: Lake):
    sent = send(script, SENT | {"click_id": "Cj1"}).json()
    with scope.in_workspace(site.workspace_id):
        crm = Source.objects.select_related("workspace").get(slug="crm")
    applied(crm, b"Conversion Name,Conversion Time,Google Click ID\nsigned,2026-11-20 11:00:00,Cj1\n")
    script.post(f"/api/v1/imports/{sent['import_id']}/undo")
    assert undoing.undo(site.workspace_id, sent["import_id"], now=timezone.now())
    names = site.rows("select name, import_id is null as live from events order by name")
    assert names == [{"name": "page_view", "live": True}, {"name": "signed", "live": False}]


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
