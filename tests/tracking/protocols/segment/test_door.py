"""Segment's calls, as its libraries send them."""

import base64
import gzip
import json
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.tracking.protocols.senders import answering_to, arrived, json_values, post
from tracking.models import Kind, Quarantined, Source
from workspaces import scope
from workspaces.models import Workspace

KEY = "sgmt0KEY"


@pytest.fixture
def site(shop: Workspace) -> Source:
    return answering_to(shop, "segment", KEY)


def order(**fields: Any) -> dict[str, Any]:
    """Give the call of an order of two items."""
    products = [
        {"product_id": "SKU-1", "name": "Blue mug", "brand": "Mugs", "price": 24.75, "quantity": 2, "url": "left out"},
        {"sku": "SKU-2", "name": "Tea", "category": "Drinks", "price": 50, "quantity": 1},
    ]
    properties = {"order_id": "O1", "total": 149.5, "revenue": 114.6, "currency": "EUR", "products": products}
    context = {
        "page": {
            "url": "https://shop.example/thanks?gclid=g1",
            "referrer": "https://shop.example/pay",
            "title": "Thanks",
        },
        "campaign": {"source": "google", "medium": "cpc", "name": "autumn"},
        "locale": "nb-NO",
        "consent": {"categoryPreferences": {"Analytics": True, "Advertising": False}},
    }
    now = timezone.now() - timedelta(seconds=2)
    call = {"type": "track", "messageId": "m1", "anonymousId": "a1", "userId": 7, "event": "Order Completed"}
    return call | {"timestamp": now.isoformat(), "properties": properties | {"gift": True}, "context": context} | fields


def test_an_order_arrives_as_a_purchase(site: Source) -> None:
    response = post("/v1/t", json.dumps(order(writeKey=KEY)).encode())
    assert (response.status_code, json.loads(response.content)) == (200, {"success": True})
    [event] = arrived(site)
    assert (event.event_id, event.name, event.protocol) == ("m1", "purchase", "segment")
    assert (event.visitor_id, event.user_id, event.transaction_id) == ("a1", "7", "O1")
    assert (event.value_micros, event.currency) == (149_500_000, "EUR")
    assert (event.utm_source, event.utm_medium, event.utm_campaign) == ("google", "cpc", "autumn")
    assert (event.host, event.path, event.title, event.language) == ("shop.example", "/thanks", "Thanks", "nb-NO")
    assert (event.click_id_type, event.click_id) == ("gclid", None)  # ads are denied
    assert json.loads(event.properties or "") == {"gift": True}
    assert json.loads(event.items or "") == [
        {"item_id": "SKU-1", "item_name": "Blue mug", "item_brand": "Mugs", "price": 24.75, "quantity": 2},
        {"item_id": "SKU-2", "item_name": "Tea", "item_category": "Drinks", "price": 50, "quantity": 1},
    ]


@pytest.mark.parametrize(
    ("address", "call", "name", "who"),
    [
        ("p", {"anonymousId": "a1", "properties": {"url": "https://shop.example/"}}, "page_view", ("a1", None)),
        ("screen", {"anonymousId": "a1", "name": "Home"}, "screen_view", ("a1", None)),
        (
            "identify",
            {"anonymousId": "a1", "userId": "u1", "traits": {"email": "a@b.example"}},
            "identify",
            ("a1", "u1"),
        ),
        ("alias", {"previousId": "a1", "userId": "u1"}, "alias", ("a1", "u1")),
        ("group", {"anonymousId": "a1", "groupId": "g1"}, "group", ("a1", None)),
        ("track", {"anonymousId": "a1", "event": "Signed Up"}, "Signed Up", ("a1", None)),
    ],
    ids=["page", "screen", "identify", "alias", "group", "track"],
)
def test_each_call_has_its_name(
    site: Source, address: str, call: dict[str, Any], name: str, who: tuple[str, str | None]
) -> None:
    assert post(f"/v1/{address}", json.dumps(call | {"messageId": "m", "writeKey": KEY}).encode()).status_code == 200
    [event] = arrived(site)
    assert (event.name, (event.visitor_id, event.user_id)) == (name, who)
    assert "a@b.example" not in repr(event)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zlib.compress], ids=["plain", "gzip", "deflate"])
@pytest.mark.parametrize("address", ["/v1/batch", "/v1/b", "/v1/import"])
def test_a_batch_may_be_packed_and_its_key_stand_in_basic(site: Source, address: str, pack: Any) -> None:
    headers = {"Authorization": "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()}
    if pack is zlib.compress:
        headers["Content-Encoding"] = "deflate"
    body = {"batch": [order(messageId="a"), order(messageId="b", event="Viewed")], "sentAt": timezone.now().isoformat()}
    assert post(address, pack(json.dumps(body).encode()), headers).status_code == 200
    assert [event.event_id for event in arrived(site)] == ["a", "b"]


def test_a_retry_counts_once(site: Source) -> None:
    for _ in range(2):
        assert post("/v1/batch", json.dumps({"writeKey": KEY, "batch": [order(), order()]}).encode()).status_code == 200
    assert len(arrived(site)) == 1


def test_our_own_write_key_is_taken_as_well(site: Source) -> None:
    assert post("/v1/t", json.dumps(order(writeKey=site.write_key)).encode()).status_code == 200
    assert len(arrived(site)) == 1


def test_a_refund_is_negative(site: Source) -> None:
    refund = order(event="Order Refunded", messageId="r")
    post("/v1/t", json.dumps(refund | {"writeKey": KEY}).encode())
    [event] = arrived(site)
    assert (event.name, event.refund, event.value_micros) == ("refund", True, -149_500_000)


def test_a_server_speaks_for_its_visitors_browser(shop: Workspace) -> None:
    server = answering_to(shop, "segment", KEY, slug="api", kind=Kind.SERVER)
    said = {"ip": "192.0.2.7", "userAgent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile Safari"}
    call = {"writeKey": server.write_key, "messageId": "m", "event": "x", "context": said}
    post("/v1/track", json.dumps(call).encode(), {"User-Agent": "analytics-python/2.4.0"})
    [event] = arrived(server)
    assert event.visitor_id.startswith("d.")
    assert event.device == "mobile"


def test_segments_own_key_finds_a_servers_source_and_earns_no_trust(shop: Workspace) -> None:
    server = answering_to(shop, "segment", KEY, slug="api", kind=Kind.SERVER)
    said = {"ip": "192.0.2.7", "userAgent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile Safari"}
    library = {"User-Agent": "analytics-ruby/2.4.0"}  # which looks like a crawler, and is a program as servers are
    for n, at in enumerate(("a", "b")):
        call = {"writeKey": KEY, "messageId": at, "event": "x", "context": said | {"ip": f"192.0.2.{n}"}}
        post("/v1/track", json.dumps(call).encode(), library)
    beside = base64.b64encode(f"{server.write_key}:".encode()).decode()
    call = {"writeKey": KEY, "messageId": "c", "event": "x", "context": said}
    post("/v1/track", json.dumps(call).encode(), library | {"Authorization": f"Basic {beside}"})
    one, other, trusted = arrived(server)
    assert (one.visitor_id, one.device) == (other.visitor_id, None), "the sender's own address and agent"
    assert trusted.device == "mobile"


@pytest.mark.parametrize(
    ("address", "body", "status", "code"),
    [
        ("/v1/batch", b"{", 400, "invalid_json"),
        ("/v1/t", b"[]", 400, "not_an_object"),
        ("/v1/batch", b" " * 5_000_001, 400, "body_too_large"),
        ("/v1/t", b'{"writeKey": "unknown", "event": "x"}', 200, "invalid_write_key"),
    ],
    ids=["cut off", "a list", "large", "unknown key"],
)
def test_a_refusal_is_in_segments_words_and_names_its_reason(
    db: None, address: str, body: bytes, status: int, code: str
) -> None:
    response = post(address, body)
    assert (response.status_code, response["X-Measureplan-Refused"]) == (status, code)
    assert json.loads(response.content)["success"] is False


def test_a_flood_is_told_when_to_come_back(site: Source, settings: Any) -> None:
    settings.EVENTS_PER_MINUTE = 6
    calls = [order(messageId=str(n)) for n in range(3)]
    assert post("/v1/batch", json.dumps({"writeKey": KEY, "batch": calls}).encode()).status_code == 200
    response = post("/v1/batch", json.dumps({"writeKey": KEY, "batch": calls}).encode())
    assert (response.status_code, int(response["Retry-After"]) >= 1) == (429, True)


def test_a_call_that_means_nothing_is_kept_to_be_read(site: Source) -> None:
    body = {"writeKey": KEY, "batch": [{"type": "track", "messageId": "m"}, order()]}
    assert post("/v1/batch", json.dumps(body).encode()).status_code == 200
    assert len(arrived(site)) == 1
    with scope.in_workspace(site.workspace_id):
        assert [(row.code, row.pointer) for row in Quarantined.objects.all()] == [("name_required", "/0")]


def test_the_browser_library_is_told_to_send_where_it_asked() -> None:
    response = Client().get(
        f"/v1/projects/{KEY}/settings", headers={"Origin": "https://shop.example", "Host": "testserver"}
    )
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    assert json.loads(response.content) == {
        "integrations": {"Segment.io": {"apiKey": KEY, "apiHost": "testserver/v1", "protocol": "http"}}
    }


def test_browsers_may_send_the_headers_of_segments_library() -> None:
    response = Client().options("/v1/t", headers={"Origin": "https://shop.example", "Host": "testserver"})
    assert {"Authorization", "X-Retry-Count"} <= set(response["Access-Control-Allow-Headers"].split(", "))


keys = st.sampled_from(["type", "event", "messageId", "anonymousId", "userId", "timestamp", "properties", "context"])
calls = st.dictionaries(keys, json_values, max_size=8)
bodies = (
    st.binary(max_size=200)
    | st.lists(calls, max_size=3).map(lambda batch: json.dumps({"batch": batch}).encode())
    | calls.map(lambda call: json.dumps(call).encode())
)


@examples(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies, address=st.sampled_from(["/v1/batch", "/v1/track", "/v1/i", "/v1/alias"]))
def test_no_body_makes_the_door_fail(site: Source, body: bytes, address: str) -> None:
    keyed = {"Authorization": "Basic " + base64.b64encode(f"{KEY}:".encode()).decode()}
    assert post(address, body, keyed).status_code in {200, 400}
