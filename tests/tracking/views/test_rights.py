"""Pages about persons, as a browser without JavaScript uses them."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.test import Client

from tests.tracking.makers import NOON, Lake, make_event, make_source
from tracking.models import Erasure, Retention
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

PRIVACY = "/w/fjellsport/privacy/"
KARI = {"named_by": "user", "name": "kari"}


@pytest.fixture
def lake(shop: Workspace) -> Lake:
    lake = Lake(make_source(shop))
    lake.take(
        make_event("1", name="identify", visitor="phone", user_id="kari", consent='{"analytics":true}'),
        make_event("2", name="purchase", visitor="phone", transaction_id="O1", properties='{"size":"M"}'),
        make_event("3", visitor="other"),
    )
    return lake


@pytest.fixture
def browser(owner: Membership) -> Client:
    client = Client()
    client.force_login(owner.user)
    return client


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def rows(workspace: Workspace, model: type) -> list[Any]:
    with scope.in_workspace(workspace.pk):
        return list(model.objects.order_by("pk"))


def test_a_look_up_shows_what_would_go_and_changes_nothing(browser: Client, shop: Workspace, lake: Lake) -> None:
    answer = browser.post(PRIVACY, KARI)
    assert answer.status_code == 200
    assert "2 events" in text(answer)
    assert "phone, u.kari" in text(answer)
    assert "O1" in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert not rows(shop, Erasure)


def test_who_is_nobody_is_refused_beside_the_field(browser: Client, lake: Lake) -> None:
    answer = browser.post(PRIVACY, {"named_by": "user", "name": "undefined"})
    assert answer.status_code == 422
    assert "It names nobody." in text(answer)


def test_an_erasure_is_ordered_once_and_its_page_does_not_say_whose(
    browser: Client, shop: Workspace, lake: Lake
) -> None:
    answer = browser.post(f"{PRIVACY}erase/", KARI)
    (row,) = rows(shop, Erasure)
    assert (answer.status_code, answer["Location"]) == (302, row.get_absolute_url())
    assert browser.post(f"{PRIVACY}erase/", KARI)["Location"] == row.get_absolute_url()
    page = browser.get(row.get_absolute_url())
    assert "Waiting" in text(page)
    assert "kari" not in text(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    (told,) = [entry for entry in rows(shop, AuditEntry) if entry.subject_type == "erasure"]
    assert "kari" not in json.dumps([told.subject_name, told.before, told.after])


def test_a_person_is_downloaded_as_a_zip_of_json_lines(browser: Client, lake: Lake) -> None:
    answer = browser.post(f"{PRIVACY}export/", KARI)
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        lines = {
            name: [json.loads(line) for line in archive.read(name).splitlines()]
            for name in archive.namelist()
            if name.endswith(".jsonl")
        }
        about = json.loads(archive.read("about.json"))
    assert [event["event_id"] for event in lines["events.jsonl"]] == ["1", "2"]
    assert lines["events.jsonl"][1]["properties"] == {"size": "M"}
    assert [session["person_id"] for session in lines["sessions.jsonl"]] == ["u.kari"]
    assert len(lines["touches.jsonl"]) == 1
    assert lines["links.jsonl"] == [{"visitor_id": "phone", "user_id": "kari", "is_alias": False}]
    assert about["transaction_ids"] == ["O1"]


def test_how_long_events_are_kept_is_set_and_told(browser: Client, shop: Workspace, lake: Lake) -> None:
    assert "The oldest event is of" in text(browser.get(f"{PRIVACY}retention/"))
    answer = browser.post(f"{PRIVACY}retention/", {"events_months": "14", "refused_days": "7", "revision": "1"})
    assert answer.status_code == 302
    (row,) = rows(shop, Retention)
    assert (row.events_months, row.refused_days) == (14, 7)
    assert [entry.after for entry in rows(shop, AuditEntry)] == [{"events_months": 14, "refused_days": 7}]
    refused = browser.post(f"{PRIVACY}retention/", {"events_months": "1", "refused_days": "7", "revision": "2"})
    assert refused.status_code == 422


def test_the_workspaces_owner_alone_comes_here(lead: Membership, lake: Lake) -> None:
    client = Client()
    client.force_login(lead.user)
    assert client.get(PRIVACY).status_code == 403
    assert client.post(f"{PRIVACY}erase/", KARI).status_code == 403


def test_a_person_of_another_workspace_is_not_found(browser: Client, outsider: Membership, lake: Lake) -> None:
    with scope.in_workspace(outsider.workspace_id):
        made = {"named_by": "user", "name": "ola", "by_name": "x", "ordered_at": NOON}
        theirs = Erasure.objects.create(workspace=outsider.workspace, **made)
    assert browser.get(f"{PRIVACY}erasures/{theirs.pk}/").status_code == 404
