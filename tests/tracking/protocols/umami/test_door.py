"""Umami's events, as its tracker and its clients send them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.tracking.protocols.senders import answering_to, arrived, json_values, only, post, properties
from tests.tracking.protocols.umami.requests import PAGE, WEBSITE, send
from tracking.models import Quarantined, Source
from tracking.protocols.seam import Incoming, Refusal
from tracking.protocols.umami.door import PROTOCOL, refuse
from tracking.protocols.umami.payload import KINDS
from workspaces import scope
from workspaces.models import Workspace


@pytest.fixture
def site(shop: Workspace) -> Source:
    return answering_to(shop, "umami", WEBSITE)


def test_a_page_view_arrives_without_anything_that_names_its_visitor(site: Source) -> None:
    response = send(tag="b-test")
    assert response.status_code == 200
    event = only(site)
    assert (event.name, event.protocol, event.path, event.title) == ("page_view", "umami", "/tea", "Tea")
    assert (event.referrer, event.language) == ("https://www.google.com/", "nb-NO")
    assert (event.utm_source, event.utm_medium) == ("avisa", "newsletter")
    assert (event.visitor_id[:2], event.user_id) == ("d.", None)
    assert properties(event) == {"tag": "b-test"}


def test_the_answer_names_a_visit_that_says_nothing_and_stays(site: Source) -> None:
    first = json.loads(send().content)
    assert set(first) == {"cache", "sessionId", "visitId"}
    again = json.loads(send(url="/cup", headers={"x-umami-cache": first["cache"]}).content)
    assert again == first
    assert UUID(first["sessionId"]) != UUID(first["visitId"])
    assert only_visitor(site) not in json.dumps(first)
    foreign = json.loads(send(url="/pot", headers={"x-umami-cache": "<script>"}).content)
    assert "<" not in foreign["cache"]


def only_visitor(source: Source) -> str:
    [visitor] = {event.visitor_id for event in arrived(source)}
    return visitor


def test_authorization_is_not_looked_at(site: Source) -> None:
    assert send(headers={"Authorization": "Bearer None"}).status_code == 200
    assert len(arrived(site)) == 1


def test_pages_are_told_before_they_send(site: Source) -> None:
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Headers": "content-type,x-umami-cache"}
    response = Client().options("/api/send", headers=asked)
    assert response.status_code == 204
    allowed = response["Access-Control-Allow-Headers"].lower()
    assert {"content-type", "x-umami-cache", "x-umami-website-id"} <= set(allowed.split(", "))
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    assert "POST" in response["Access-Control-Allow-Methods"]
    assert response["Access-Control-Max-Age"] == "86400"


def test_a_program_hears_what_umami_tells_programs(site: Source) -> None:
    response = send(headers={"User-Agent": "Googlebot/2.1"})
    assert (response.status_code, json.loads(response.content)) == (200, {"beep": "boop"})
    assert arrived(site) == []


def test_a_batch_counts_and_names_what_was_wrong(shop: Workspace, site: Source) -> None:
    other = answering_to(shop, "umami", "other", slug="other")
    bodies: list[Any] = [
        {"type": "event", "payload": PAGE},
        {"type": "event", "payload": PAGE | {"website": "other"}},
        {"type": "event", "payload": PAGE | {"website": "nowhere"}},
        {"type": "nonsense", "payload": PAGE},
        {"type": "event", "payload": {}},
        "text",
    ]
    response = post("/api/batch", json.dumps(bodies).encode())
    told = json.loads(response.content)
    assert (response.status_code, told["size"], told["processed"], told["errors"]) == (200, 6, 2, 4)
    assert [each["index"] for each in told["details"]] == [2, 3, 4, 5]
    assert told["details"][0]["response"]["error"]["message"] == "Website not found."
    assert told["cache"]
    assert (len(arrived(site)), len(arrived(other))) == (1, 1)


def test_an_empty_batch_is_nothing_to_do() -> None:
    response = post("/api/batch", b"[]")
    assert (response.status_code, json.loads(response.content)["size"]) == (200, 0)


def test_an_unknown_website_is_refused_as_umami_refuses_it(site: Source) -> None:
    response = send(website="00000000-0000-0000-0000-000000000000")
    error = {"message": "Website not found.", "code": "bad-request", "status": 400}
    assert (response.status_code, json.loads(response.content)) == (400, {"error": error})
    assert response["X-Measureplan-Refused"] == "invalid_write_key"


@pytest.mark.parametrize("status", [403, 413, 429, 503])
def test_a_refusal_keeps_its_status_and_has_umamis_shape(status: int) -> None:
    refusal = Refusal(status=status, code="unavailable", detail="later")
    reply = refuse(Incoming(method="POST", path="/api/send"), refusal)
    assert (reply.status, json.loads(reply.body)["error"]["status"]) == (status, status)


@pytest.mark.parametrize(
    ("kind", "payload", "code"),
    [
        ("nonsense", {}, "invalid_shape"),
        ("event", {"name": "x" * 129}, "name_too_long"),
        ("event", {"name": 7}, "name_required"),
        ("event", {"name": "Booked", "data": {"revenue": "1.234,50", "currency": "EUR"}}, "amount_format"),
        ("event", {"name": "Booked", "data": {"revenue": -5, "currency": "EUR"}}, "amount_negative"),
        ("event", {"name": "Booked", "data": {"revenue": 5, "currency": "Euro"}}, "currency_unknown"),
        ("event", {"timestamp": "yesterday"}, "time_format"),
        ("event", {"timestamp": 1_600_000_000}, "too_old"),
    ],
    ids=["type", "long", "number", "amount", "negative", "currency", "time", "old"],
)
def test_what_means_nothing_is_refused_and_kept_with_its_reason(
    site: Source, kind: str, payload: dict[str, Any], code: str
) -> None:
    response = send(kind, **payload)
    assert response.status_code == 400
    assert json.loads(response.content)["error"]["message"]
    assert response["X-Measureplan-Refused"] == code
    assert arrived(site) == []
    with scope.in_workspace(site.workspace_id):
        assert Quarantined.objects.get(source=site).code == code


def test_a_time_ahead_is_refused(site: Source) -> None:
    assert send(timestamp=int((timezone.now() + timedelta(minutes=6)).timestamp())).status_code == 400
    assert arrived(site) == []


@pytest.mark.parametrize(
    ("address", "body", "status"),
    [
        ("/api/send", b"{", 400),
        ("/api/send", b"[]", 400),
        ("/api/send", b'{"type":"event","type":"event","payload":{}}', 400),
        ("/api/send", json.dumps({"type": "event", "payload": PAGE | {"link": "l1"}}).encode(), 400),
        ("/api/send", b'{"payload":' * 30 + b"1" + b"}" * 30, 400),
        ("/api/batch", b'{"events":[]}', 400),
        ("/api/batch", b"[" + b"{}," * 2_000 + b"{}]", 413),
    ],
    ids=["cut off", "list", "doubled key", "two keys", "deep", "no list", "many"],
)
def test_what_cannot_be_read_is_refused_in_umamis_words(site: Source, address: str, body: bytes, status: int) -> None:
    response = post(address, body)
    assert response.status_code == status
    assert json.loads(response.content)["error"]["status"] == status


def test_nul_becomes_a_readable_character(site: Source) -> None:
    send(title="a\x00b", name="\ud800lone")
    event = only(site)
    assert (event.title, event.name) == ("a\ufffdb", "\ufffdlone")


def test_the_reference_names_every_address_and_every_event_of_ours() -> None:
    text = (Path(__file__).parents[4] / "docs/reference/umami.md").read_text(encoding="utf-8")
    assert all(f"/{route.path.replace('str:', '')}`" in text for route in PROTOCOL.routes)
    missing = {name for name in (*KINDS, "page_view", "purchase", "refund") if f"`{name}`" not in text}
    assert not missing


NAMES = "name data url referrer hostname title tag id ip userAgent timestamp link lcp engagement"
words = st.sampled_from(NAMES.split())
orders = st.dictionaries(st.sampled_from(["revenue", "currency", "items", "commerce", "order_id"]), json_values)
payloads = st.dictionaries(words, json_values, max_size=6)
kinds = st.sampled_from(["event", "identify", "performance", "engagement", "error", ""])
quiet = examples(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quiet
@given(kind=kinds, payload=payloads, data=orders)
def test_no_payload_makes_the_door_fail(site: Source, kind: str, payload: dict[str, Any], data: dict[str, Any]) -> None:
    assert send(kind, **{"name": "Purchase", "data": data} | payload).status_code in {200, 400}


@quiet
@given(body=st.binary(max_size=200))
def test_no_body_makes_the_door_fail(site: Source, body: bytes) -> None:
    assert post("/api/send", body).status_code in {200, 400}


@quiet
@given(bodies=st.lists(st.builds(lambda payload: {"type": "event", "payload": PAGE | payload}, payloads) | json_values))
def test_no_batch_makes_the_door_fail(site: Source, bodies: list[Any]) -> None:
    response = post("/api/batch", json.dumps(bodies).encode())
    assert response.status_code == 200 or response["X-Measureplan-Refused"]
    if response.status_code == 200:
        told = json.loads(response.content)
        assert told["processed"] + told["errors"] == len(bodies)
