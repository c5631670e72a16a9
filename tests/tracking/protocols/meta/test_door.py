"""Meta's Conversions API, as its libraries and `curl` send it."""

import json
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.tracking.makers import make_source
from tests.tracking.protocols.senders import arrived, json_values
from tracking.models import Kind, Quarantined, Source
from workspaces import scope
from workspaces.models import Workspace

ADDRESS = "/v26.0/1234567890/events"
KEY = "wk_test"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
BOUNDARY = "------------------------1f8b"
HASH = "309a0a5c3e211326ae75ca18196d301a9bdbd1a882a4d2569511033da23f0abd"


@pytest.fixture
def server(shop: Workspace) -> Source:
    return make_source(shop, slug="api", kind=Kind.SERVER, write_key=KEY)


def purchase(**fields: Any) -> dict[str, Any]:
    now = int(time.time())
    event = {
        "event_name": "Purchase",
        "event_time": now - 60,
        "event_id": "e1",
        "event_source_url": "https://shop.example/tea?utm_source=avisa",
        "referrer_url": "https://www.google.com/",
        "action_source": "website",
        "user_data": {
            "em": [HASH],
            "ph": [HASH],
            "external_id": ["u1"],
            "client_ip_address": "192.0.2.7",
            "client_user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile Safari",
            "fbp": "fb.1.1558571054389.1098115397",
            "fbc": f"fb.1.{(now - 300) * 1000}.AbCd.Ef",
        },
        "custom_data": {
            "value": 99.5,
            "currency": "EUR",
            "order_id": "O1",
            "contents": [
                {"id": "SKU-1", "title": "Blue mug", "item_price": 24.75, "quantity": 2},
                {"id": "SKU-2", "item_price": 50, "quantity": 1},
            ],
            "content_category": "kitchen",
        },
    }
    return event | fields


def send(body: bytes, *, kind: str = JSON, address: str = ADDRESS) -> HttpResponse:
    return Client().post(address, body, content_type=kind, headers={"User-Agent": "fbbizsdk-python"})


def as_json(*events: Any, **more: Any) -> bytes:
    return json.dumps({"data": list(events), "access_token": KEY, **more}).encode()


def as_form(events: list[Any]) -> bytes:
    return urlencode({"access_token": KEY, "data": json.dumps(events)}).encode()


def as_parts(events: list[Any]) -> bytes:
    named = {"data": json.dumps(events), "access_token": KEY}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in named.items()
    ]
    return "\r\n".join([*parts, f"--{BOUNDARY}--", ""]).encode()


def test_a_purchase_arrives_with_its_order_and_the_ids_of_its_buyer(server: Source) -> None:
    response = send(as_json(purchase()))
    assert response.status_code == 200
    assert json.loads(response.content) == {"events_received": 1, "messages": [], "fbtrace_id": ""}
    [event] = arrived(server)
    assert (event.name, event.protocol, event.path, event.utm_source) == ("purchase", "meta", "/tea", "avisa")
    assert (event.value_micros, event.currency, event.transaction_id) == (99_500_000, "EUR", "O1")
    assert (event.visitor_id, event.user_id) == ("fb.1.1558571054389.1098115397", "u1")
    assert (event.click_id_type, event.click_id) == ("fbclid", "AbCd.Ef")
    assert (event.referrer, event.device, event.event_id) == ("https://www.google.com/", "mobile", "Purchase:e1")
    assert [line["item_id"] for line in json.loads(event.items or "")] == ["SKU-1", "SKU-2"]
    assert json.loads(event.properties or "") == {"content_category": "kitchen", "action_source": "website"}


def test_hashes_of_people_are_kept_nowhere(server: Source) -> None:
    send(as_json(purchase(), purchase(event_id="e2", custom_data={"value": "much"}), "no event" + HASH))
    send(as_json(purchase())[:-9])
    [event] = arrived(server)
    assert HASH not in repr(event)
    with scope.in_workspace(server.workspace_id):
        kept = [bytes(row.raw) for row in Quarantined.objects.all()]
    assert any(b'"much"' in raw and b"external_id" in raw for raw in kept)
    assert HASH.encode() not in b"".join(kept)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (as_json(json.dumps(purchase())), JSON),
        (as_form([purchase()]), FORM),
        (as_form([json.dumps(purchase())]), FORM),
        (as_parts([purchase()]), f"multipart/form-data; boundary={BOUNDARY}"),
    ],
    ids=["texts in JSON", "a form", "texts in a form, as Meta's libraries", "a form in parts, as curl -F"],
)
def test_each_way_of_packing_brings_the_same_event(server: Source, body: bytes, kind: str) -> None:
    assert json.loads(send(body, kind=kind).content)["events_received"] == 1
    [event] = arrived(server)
    assert (event.event_id, event.value_micros) == ("Purchase:e1", 99_500_000)


def test_the_same_name_and_id_count_once_and_another_name_with_the_id_counts(server: Source) -> None:
    for event in (purchase(), purchase(), purchase(event_name="AddToCart")):
        send(as_json(event))
    assert [event.name for event in arrived(server)] == ["purchase", "AddToCart"]


def test_without_an_id_a_retry_is_one_event(server: Source) -> None:
    lead = purchase(event_id=None, event_name="Lead", custom_data={})
    send(as_json(lead))
    send(as_json(lead))
    assert [event.name for event in arrived(server)] == ["Lead"]


@pytest.mark.parametrize("cookie", ["fb.1.1558571054389.AbCd", "AbCd", "fb.1.x.AbCd", "", 7, None], ids=str)
def test_a_click_of_an_earlier_visit_is_no_click_of_this_one(server: Source, cookie: Any) -> None:
    send(as_json(purchase(user_data={"fbc": cookie, "external_id": "u1"})))
    [event] = arrived(server)
    assert (event.click_id_type, event.click_id) == (None, None)


def test_limited_data_use_is_no_consent_to_ads(server: Source) -> None:
    send(as_json(purchase(data_processing_options=["LDU"], data_processing_options_country=1)))
    [event] = arrived(server)
    assert json.loads(event.consent or "") == {"ads": False, "ad_personalization": False, "ad_user_data": False}
    assert (event.click_id_type, event.click_id) == ("fbclid", None)


@pytest.mark.parametrize(
    ("address", "token", "kept"),
    [
        (ADDRESS, KEY, 1),
        (f"{ADDRESS}?access_token={KEY}", "EAAB", 1),
        (f"/v9.0/{KEY}/events", "EAAB", 1),
        (ADDRESS, "EAAB", 0),
        (ADDRESS, None, 0),
    ],
    ids=["in the body", "in the address", "in the pixel's place", "Meta's token", "none"],
)
def test_the_write_key_is_the_token_or_stands_in_the_pixels_place(
    server: Source, address: str, token: str | None, kept: int
) -> None:
    send(as_json(purchase(), access_token=token), address=address)
    assert len(arrived(server)) == kept


def test_one_bad_event_does_not_lose_the_others_and_is_named(server: Source) -> None:
    response = send(as_json({"event_time": 1}, purchase(), "no event"))
    said = json.loads(response.content)
    assert (response.status_code, said["events_received"]) == (200, 1)
    assert [message.split(":")[:2] for message in said["messages"]] == [
        ["event 0", " name_required"],
        ["event 2", " not_an_object"],
    ]
    with scope.in_workspace(server.workspace_id):
        assert Quarantined.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "address", "code"),
    [
        (b"{", ADDRESS, 100),
        (b"", ADDRESS, 100),
        (b'{"data": []}', ADDRESS, 100),
        (as_json(*[{}] * 2_001), ADDRESS, 100),
        (as_json(purchase(), access_token="wk_other"), ADDRESS, 190),
    ],
    ids=["cut off", "nothing", "no event", "too many", "unknown key"],
)
def test_a_refusal_is_in_metas_words(server: Source, body: bytes, address: str, code: int) -> None:
    response = send(body, address=address)
    assert response.status_code == 400
    assert json.loads(response.content)["error"]["code"] == code
    assert response["X-Measureplan-Refused"]
    assert arrived(server) == []


keys = st.sampled_from(["event_name", "event_time", "event_id", "user_data", "custom_data", "data_processing_options"])
events = st.dictionaries(keys, json_values, max_size=6)
requests = (
    st.tuples(st.binary(max_size=200), st.sampled_from([JSON, FORM, f"multipart/form-data; boundary={BOUNDARY}", ""]))
    | st.lists(events | st.text(max_size=20), max_size=3).map(lambda found: (as_json(*found), JSON))
    | st.lists(events | st.text(max_size=20), max_size=3).map(lambda found: (as_form(found), FORM))
    | st.binary(max_size=100).map(
        lambda raw: (as_parts(["x"]).replace(b"x", raw), f"multipart/form-data; boundary={BOUNDARY}")
    )
)


@examples(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=requests)
def test_no_body_makes_the_door_fail(server: Source, request: tuple[bytes, str]) -> None:
    body, kind = request
    assert send(body, kind=kind).status_code in {200, 400}
