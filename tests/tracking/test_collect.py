"""The door: every input answered as promised, and what was accepted is stored."""

import gzip
import json
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.tracking.makers import make_source
from tracking import gate
from tracking.derive import derive
from tracking.lake.query import query
from tracking.lake.writer import drain
from tracking.models import Counter, InboxRow, Kind, Quarantined, Source
from workspaces import scope
from workspaces.models import Workspace

ONE, BATCH = "/api/v1/collect", "/api/v1/collect/batch"


@pytest.fixture
def site(shop: Workspace) -> Source:
    return make_source(shop, hosts=("shop.example",), origins=["https://shop.example"])


def send(source: Source, body: object, *, to: str = BATCH, **headers: str) -> HttpResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    keyed = {"X-Write-Key": source.write_key} | {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().post(to, data, content_type="application/json", headers=keyed)


def kept(source: Source) -> list[str]:
    """Give the ids of events that wait for the lake."""
    with scope.in_workspace(source.workspace_id):
        rows = list(InboxRow.objects.order_by("pk"))
    return [event.event_id for row in rows for event in row.accepted()]


def counted(source: Source) -> dict[str, int]:
    """Give the counters by outcome and reason, after a drain."""
    drain(source.workspace_id, timezone.now())
    with scope.in_workspace(source.workspace_id):
        return {f"{row.outcome}:{row.reason}".rstrip(":"): row.events for row in Counter.objects.all()}


def page_view(event_id: str = "a", **fields: object) -> dict[str, object]:
    return {"event_id": event_id, "name": "page_view", "visitor_id": "v1", "url": "https://shop.example/", **fields}


def problem_of(response: HttpResponse) -> dict[str, Any]:
    assert response["Content-Type"] == "application/problem+json"
    return json.loads(response.content)


def test_an_accepted_event_is_stored_and_counted(site: Source) -> None:
    response = send(site, page_view(), to=ONE)
    assert response.status_code == 202
    assert json.loads(response.content) == {
        "received": 1,
        "accepted": 1,
        "duplicates": 0,
        "rejected": 0,
        "filtered": 0,
        "results": [{"index": 0, "id": "a", "status": "accepted"}],
    }
    assert kept(site) == ["a"]
    assert counted(site) == {"accepted": 1}


def test_each_item_of_a_batch_is_answered_by_itself(site: Source) -> None:
    send(site, page_view("old"), to=ONE)
    body = {"events": [page_view("new"), page_view("old"), {"event_id": "bad"}, page_view("old", name="purchase")]}
    answer = json.loads(send(site, body).content)
    assert [(item["id"], item["status"], item.get("code", "")) for item in answer["results"]] == [
        ("new", "accepted", ""),
        ("old", "duplicate", "duplicate"),
        ("bad", "rejected", "name_required"),
        ("old", "duplicate_conflict", "duplicate_conflict"),
    ]
    assert (answer["received"], answer["accepted"], answer["duplicates"], answer["rejected"]) == (4, 1, 2, 1)
    assert kept(site) == ["old", "new"]
    assert counted(site) == {"accepted": 2, "duplicate": 1, "duplicate:conflict": 1, "rejected:name_required": 1}
    with scope.in_workspace(site.workspace_id):
        found = set(Quarantined.objects.values_list("code", "pointer"))
    assert found == {("name_required", "/2"), ("duplicate_conflict", "/3")}


def test_the_write_key_may_stand_in_the_body(site: Source) -> None:
    for to, body in ((ONE, page_view("a")), (BATCH, {"events": [page_view("b")]})):
        keyed = json.dumps(body | {"write_key": site.write_key}).encode()
        assert Client().post(to, keyed, content_type="text/plain").status_code == 202
    assert kept(site) == ["a", "b"]


@pytest.mark.parametrize("key", ["wk_unknown", "", "\x00", "wk_" + "a" * 200, "é"], ids=repr)
def test_an_unknown_write_key_is_refused(site: Source, key: str) -> None:
    body = json.dumps({"events": [page_view()], "write_key": key}).encode()
    response = Client().post(BATCH, body, content_type="application/json")
    assert (response.status_code, problem_of(response)["code"]) == (401, "invalid_write_key")
    assert kept(site) == []


def test_a_tampered_write_key_is_refused(site: Source) -> None:
    key = site.write_key[:-1] + ("A" if site.write_key[-1] != "A" else "B")
    response = Client().post(
        ONE, json.dumps(page_view()), content_type="application/json", headers={"X-Write-Key": key}
    )
    assert response.status_code == 401


def test_a_closed_sources_key_is_refused_once_its_time_in_mind_is_over(site: Source) -> None:
    with scope.in_workspace(site.workspace_id):
        Source.objects.update(closed_at=timezone.now())
    assert gate.find(site.write_key, clock=100.0) is None
    with scope.in_workspace(site.workspace_id):
        Source.objects.update(closed_at=None)
    assert gate.find(site.write_key, clock=100.0 + gate.KEPT_SECONDS - 0.1) is None
    assert gate.find(site.write_key, clock=100.0 + gate.KEPT_SECONDS + 0.1) is not None


def test_a_page_of_another_origin_is_refused_and_cannot_read_why(site: Source) -> None:
    response = send(site, page_view(), to=ONE, Origin="https://evil.example")
    assert (response.status_code, problem_of(response)["code"]) == (403, "origin_not_allowed")
    assert "Access-Control-Allow-Origin" not in response
    assert kept(site) == []
    assert counted(site) == {"rejected:origin_not_allowed": 1}
    with scope.in_workspace(site.workspace_id):
        assert Quarantined.objects.get().message == "https://evil.example"


def test_a_page_of_an_allowed_origin_may_read_the_answer(site: Source) -> None:
    response = send(site, page_view(), to=ONE, Origin="https://shop.example")
    assert response.status_code == 202
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "Origin" in response["Vary"]
    assert "Access-Control-Allow-Credentials" not in response


def test_browsers_are_answered_before_they_send() -> None:
    response = Client().options(BATCH, headers={"Origin": "https://shop.example"})
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "X-Write-Key" in response["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("address", [ONE, BATCH])
def test_other_methods_are_told_which_to_use(db: None, method: str, address: str) -> None:
    response = Client().generic(method, address)
    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    if method != "HEAD":
        assert problem_of(response)["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "invalid_json"),
        (b"{", 400, "invalid_json"),
        (b'{"events": [\xff]}', 400, "invalid_json"),
        ('{"events": []}'.encode("utf-16"), 400, "invalid_json"),
        (b"[" * 100_000, 400, "too_deep"),
        (b'"text"', 400, "invalid_shape"),
        (b" " * 5_000_001, 413, "body_too_large"),
        (gzip.compress(b" " * 20_000_001), 413, "body_too_large"),
        (b"[" + b",".join([b"{}"] * 2_001) + b"]", 413, "too_many_events"),
    ],
    ids=["empty", "cut off", "bad UTF-8", "UTF-16", "deep", "no events", "large", "gzip bomb", "too many"],
)
def test_a_body_that_cannot_be_taken_is_refused_whole(site: Source, body: bytes, status: int, code: str) -> None:
    response = send(site, body)
    assert (response.status_code, problem_of(response)["code"]) == (status, code)
    assert kept(site) == []
    assert counted(site) == {f"rejected:{code}": 1}


def test_a_body_of_an_unknown_sender_is_refused_without_a_trace(site: Source) -> None:
    response = Client().post(BATCH, b"{", content_type="application/json")
    assert (response.status_code, problem_of(response)["code"]) == (400, "invalid_json")
    assert counted(site) == {}


def test_limits_are_told_as_numbers(site: Source) -> None:
    assert problem_of(send(site, b" " * 5_000_001))["limit"] == 5_000_000


def test_filtered_visits_are_answered_and_counted_and_not_kept(site: Source) -> None:
    answer = json.loads(send(site, page_view(), to=ONE, User_Agent="Googlebot/2.1").content)
    assert (answer["received"], answer["accepted"], answer["filtered"]) == (1, 0, 1)
    assert answer["results"][0]["code"] == "bot"
    assert kept(site) == []
    assert counted(site) == {"filtered:bot": 1}


def test_a_server_without_event_ids_is_refused(shop: Workspace) -> None:
    server = make_source(shop, slug="api", kind=Kind.SERVER)
    response = send(server, {"name": "purchase", "visitor_id": "v1"}, to=ONE)
    assert (response.status_code, problem_of(response)["code"]) == (400, "event_id_required")


def test_a_flood_is_told_when_to_come_back_and_is_counted(site: Source, settings: Any) -> None:
    settings.EVENTS_PER_MINUTE = 60  # ten at once
    body = {"events": [page_view(str(n)) for n in range(11)]}
    assert send(site, body).status_code == 202
    response = send(site, {"events": [page_view("x"), page_view("y")]})
    assert (response.status_code, problem_of(response)["code"]) == (429, "rate_limited")
    assert int(response["Retry-After"]) >= 1
    assert counted(site) == {"accepted": 11, "limited:rate": 2}


def test_a_disk_that_is_nearly_full_is_no_false_success(site: Source, settings: Any) -> None:
    settings.LOW_SPACE_MIB = 10**9
    response = send(site, page_view(), to=ONE)
    assert (response.status_code, problem_of(response)["code"]) == (503, "unavailable")
    assert response["Retry-After"] == "5"
    assert kept(site) == []


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_no_false_success(settings: Any, request: pytest.FixtureRequest) -> None:
    source = make_source(request.getfixturevalue("shop"))
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict["PORT"] = "1"
    try:
        response = send(source, page_view(), to=ONE)
    finally:
        connection.close()
        connection.settings_dict["PORT"] = port
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert send(source, page_view(), to=ONE).status_code == 202
    assert kept(source) == ["a"]


def test_the_balance_holds_over_every_kind_of_answer(site: Source) -> None:
    bodies = [[page_view("a"), page_view("a"), {}, 7], [page_view("b", name="x" * 200)], b"{", [page_view("c")]]
    received = 0
    for body in bodies:
        response = send(site, body)
        received += json.loads(response.content)["received"] if response.status_code == 202 else 1
    assert sum(counted(site).values()) == received == 7


def test_a_visitor_without_an_id_is_the_same_one_all_day(site: Source) -> None:
    for each in ("a", "b"):
        send(site, {"event_id": each, "name": "page_view"}, to=ONE)
    send(
        site, {"event_id": "c", "name": "page_view"}, to=ONE, User_Agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
    )
    drain(site.workspace_id, timezone.now())
    derive(site.workspace_id, timezone.now())
    ids = query(site.workspace_id, "select visitor_id from events order by event_id").column(0).to_pylist()
    assert ids[0] == ids[1] != ids[2]
    assert all(each.startswith("d.") for each in ids)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(["event_id", "name", "time", "url", "value", "currency", "properties", "items", "sent_at"])
bodies = (
    st.binary(max_size=200)
    | json_values.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
    | st.lists(st.dictionaries(names, json_values), max_size=3).map(lambda value: json.dumps(value).encode())
)


@examples(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, to=st.sampled_from([ONE, BATCH]))
def test_no_body_makes_the_door_fail(site: Source, body: bytes, to: str) -> None:
    response = send(site, body, to=to)
    assert response.status_code in {202, 400, 413}, response.content
    if response.status_code != 202:
        assert problem_of(response)["status"] == response.status_code
