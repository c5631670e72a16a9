"""Events of GA4's Measurement Protocol, as servers and apps send them."""

import gzip
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.tracking.protocols.senders import answering_to, arrived, json_values, post
from tracking import collect, health
from tracking.consent import consent_of
from tracking.event import Event
from tracking.models import Kind, Quarantined, Source
from tracking.protocols.ga4.door import PROTOCOL
from tracking.protocols.seam import Incoming
from workspaces import scope
from workspaces.models import Workspace

DOCS = Path(__file__).resolve().parents[4] / "docs"
STREAM, SECRET = "G-TEST123", "s3cret"
ADDRESS = f"/mp/collect?measurement_id={STREAM}&api_secret={SECRET}"
LIBRARY = {"User-Agent": "Python-urllib/3.11"}
LINES = [
    {"item_id": "SKU-1", "item_name": "Blue mug", "item_brand": "Mugs", "price": 24.75, "quantity": 2, "index": 0},
    {"id": "SKU-2", "name": "Tea", "item_category": "Drinks", "item_category2": "Hot", "price": 50, "quantity": 1},
]
ORDER = {"transaction_id": "O1", "value": 99.5, "currency": "EUR", "tax": 19.9, "items": LINES}


@pytest.fixture
def server(shop: Workspace) -> Source:
    return answering_to(shop, "ga4", f"{STREAM}:{SECRET}", slug="api", kind=Kind.SERVER)


def body(*events: dict[str, Any], **fields: Any) -> bytes:
    return json.dumps({"client_id": "111.222", "events": list(events)} | fields).encode()


def event(name: str = "page_view", **params: Any) -> dict[str, Any]:
    return {"name": name, "params": params}


def send(*events: dict[str, Any], **fields: Any) -> HttpResponse:
    return post(ADDRESS, body(*events, **fields), LIBRARY)


def only(source: Source) -> Event:
    [found] = arrived(source)
    return found


def test_an_order_arrives_as_a_purchase(server: Source) -> None:
    page = {"page_location": "https://shop.example/thanks?gclid=g1", "page_referrer": "https://pay.example/"}
    said = ORDER | page | {"page_title": "Thanks", "session_id": 1795297679, "engagement_time_msec": "1500"}
    response = send(event("purchase", **said), user_id="u1")
    assert (response.status_code, response.content) == (204, b"")
    found = only(server)
    assert (found.name, found.protocol, found.visitor_id, found.user_id) == ("purchase", "ga4", "111.222", "u1")
    assert (found.value_micros, found.currency, found.transaction_id) == (99_500_000, "EUR", "O1")
    assert (found.host, found.path, found.title, found.referrer) == (
        "shop.example", "/thanks", "Thanks", "https://pay.example/",
    )  # fmt: skip
    assert (found.session_id, found.click_id_type, found.click_id) == ("1795297679", "gclid", "g1")
    assert json.loads(found.properties or "") == {"tax": 19.9, "engaged_seconds": 1.5}
    assert json.loads(found.items or "") == [
        {"item_id": "SKU-1", "item_name": "Blue mug", "item_brand": "Mugs", "price": 24.75, "quantity": 2},
        {
            "item_id": "SKU-2", "item_name": "Tea", "item_category": "Drinks", "item_category2": "Hot", "price": 50,
            "quantity": 1,
        },
    ]  # fmt: skip


def test_an_app_is_known_by_its_own_ids(shop: Workspace) -> None:
    app = answering_to(shop, "ga4", "1:234:android:5f:apps3cret", slug="app", kind=Kind.SERVER)
    address = "/mp/collect?firebase_app_id=1%3A234%3Aandroid%3A5f&api_secret=apps3cret"
    sent = {"app_instance_id": "a" * 32, "events": [event("level_up", level=3)]}
    assert post(address, json.dumps(sent).encode(), LIBRARY).status_code == 204
    assert (only(app).name, only(app).visitor_id) == ("level_up", "a" * 32)


def test_only_a_server_that_knows_the_secret_is_trusted_as_one(shop: Workspace) -> None:
    site = answering_to(shop, "ga4", STREAM, slug="site", kind=Kind.SERVER)  # as public as the pages it stands in
    said = body(event("sign_up"), client_id=None, user_id="u1", ip_override="192.0.2.7", user_agent="Firefox/140.0")
    post(f"/mp/collect?measurement_id={STREAM}&api_secret=guessed", said, LIBRARY)
    assert arrived(site) == []
    with scope.in_workspace(shop.pk):
        balance = health.balances(shop.pk, since=timezone.now().date())[site.pk]
    assert balance.reasons == {("filtered", "bot"): 1}
    post(f"/mp/collect?measurement_id={STREAM}&api_secret=guessed", said)  # by a browser, then
    assert only(site).visitor_id.startswith("d.")


def test_the_servers_key_and_the_pages_key_may_be_of_two_sources(shop: Workspace, server: Source) -> None:
    site = answering_to(shop, "ga4", STREAM, slug="site")
    send(event("purchase", **ORDER))
    post(f"/mp/collect?measurement_id={STREAM}", body(event("page_view")))
    assert (only(server).name, only(site).name) == ("purchase", "page_view")


def test_our_own_write_key_does_as_the_secret(shop: Workspace, server: Source) -> None:
    post(f"/mp/collect?measurement_id=G-OTHER&api_secret={server.write_key}", body(event("sign_up")), LIBRARY)
    assert only(server).name == "sign_up"


def test_a_server_speaks_for_its_visitors_browser(server: Source) -> None:
    telephone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
    send(event("sign_up"), user_agent=telephone)
    send(event("sign_up", method="mail"), device={"category": "Tablet", "language": "nb-NO"})
    first, second = arrived(server)
    assert (first.device, second.device, second.language) == ("mobile", "tablet", "nb-NO")


def test_what_people_are_like_is_not_kept(server: Source) -> None:
    send(
        event("sign_up", user_data={"email": "a@b.example"}, **{"user_data.sha256_email_address": "5f8c"}),
        user_data={"sha256_email_address": ["5f8c"], "address": [{"city": "Oslo"}]},
        user_properties={"plan": {"value": "gold"}},
        user_location={"city": "Oslo"},
    )
    assert only(server).properties is None
    assert not [word for word in ("5f8c", "Oslo", "gold", "a@b") if word in repr(only(server))]


def test_a_body_that_is_refused_leaves_none_of_it_in_quarantine_either(server: Source) -> None:
    assert send(event("sign_up"), client_id="", user_data={"sha256_email_address": "5f8c"}).status_code == 204
    with scope.in_workspace(server.workspace_id):
        [kept] = Quarantined.objects.all()
    assert (kept.code, bytes(kept.raw)) == ("invalid_shape", json.dumps(event("sign_up")).encode())


@pytest.mark.parametrize("written", [int, str], ids=["number", "text"])
def test_an_event_has_its_own_time_or_its_bodys(server: Source, written: Any) -> None:
    at = timezone.now().replace(microsecond=123_456) - timedelta(hours=2)
    micros = int(at.timestamp()) * 1_000_000 + 123_456
    own = event("sign_up") | {"timestamp_micros": written(micros - 5_000_000)}
    send(own, event("login"), timestamp_micros=written(micros))
    first, second = arrived(server)
    assert (first.time_us, second.time_us) == (micros - 5_000_000, micros)


def test_events_of_one_moment_keep_their_order(server: Source) -> None:
    send(*(event(name) for name in ("view_item", "add_to_cart", "begin_checkout")))
    assert [(each.name, each.sequence) for each in arrived(server)] == [
        ("view_item", 0), ("add_to_cart", 1), ("begin_checkout", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("value", [25, -25], ids=["as it was paid", "as it is given back"])
def test_a_refund_is_negative(server: Source, value: int) -> None:
    send(event("refund", transaction_id="O1", value=value, currency="EUR"))
    assert (only(server).refund, only(server).value_micros, only(server).transaction_id) == (True, -25_000_000, "O1")


def test_a_value_without_a_currency_is_money_of_an_order_alone(shop: Workspace) -> None:
    server = answering_to(shop, "ga4", f"{STREAM}:{SECRET}", slug="api", kind=Kind.SERVER, currency="NOK")
    send(event("level_end", value=7), event("purchase", transaction_id="O1", value="99.50"))
    score, order = arrived(server)
    assert (score.value_micros, json.loads(score.properties or "")) == (None, {"value": 7})
    assert (order.value_micros, order.currency) == (99_500_000, "NOK")


def test_engagement_has_the_name_that_our_tag_gives_it(server: Source) -> None:
    send(event("user_engagement", engagement_time_msec=3_500))
    assert (only(server).name, json.loads(only(server).properties or "")) == ("engagement", {"engaged_seconds": 3.5})


def test_a_campaign_is_taken_whole_or_where_it_is_all_that_is_said(server: Source) -> None:
    campaign = {"source": "avisa", "medium": "email", "campaign": "host", "campaign_id": "c1", "content": "top"}
    send(event("sign_up", **campaign), event("campaign_details", source="avisa"), event("cta_click", source="footer"))
    whole, alone, other = arrived(server)
    assert (whole.utm_source, whole.utm_medium, whole.utm_campaign) == ("avisa", "email", "host")
    assert (whole.utm_id, whole.utm_content, whole.properties) == ("c1", "top", None)
    assert (alone.utm_source, alone.properties) == ("avisa", None)
    assert (other.utm_source, json.loads(other.properties or "")) == (None, {"source": "footer"})


def test_consent_is_kept_with_who_said_it(server: Source) -> None:
    at = timezone.now() - timedelta(minutes=1)
    micros = int(at.timestamp()) * 1_000_000
    said = {"ad_user_data": "GRANTED", "ad_personalization": "DENIED"}
    send(event("purchase", **ORDER, gclid="g1"), consent=said, timestamp_micros=micros)
    found = consent_of(only(server).consent)
    assert (found.ad_user_data, found.ad_personalization, found.analytics) == (True, False, None)
    assert found.said == {
        "ad_user_data": ("measurement_protocol", micros), "ad_personalization": ("measurement_protocol", micros),
    }  # fmt: skip
    assert only(server).click_id == "g1"


def test_whoever_says_more_of_consent_than_google_asks_is_heard(server: Source) -> None:
    send(event("sign_up"), consent={"analytics_storage": "DENIED"})
    assert arrived(server) == []
    send(event("sign_up", gclid="g1"), consent={"ad_storage": "DENIED"})
    assert (only(server).click_id_type, only(server).click_id) == ("gclid", None)


def test_a_retry_counts_once_and_equal_events_of_one_body_twice(server: Source) -> None:
    for _ in range(2):
        send(event("add_to_cart", item="SKU-1"), event("add_to_cart", item="SKU-1"))
    assert len(arrived(server)) == 2


def test_an_order_counts_once_whenever_it_is_sent_again(server: Source) -> None:
    send(event("purchase", **ORDER))
    send(event("purchase", **ORDER, engagement_time_msec=900), event("sign_up"))
    assert [each.name for each in arrived(server)] == ["purchase", "sign_up"]


def test_a_body_of_googles_size_may_be_packed(server: Source) -> None:
    events = [event("view_item", item=str(n), text="x" * 1_000) for n in range(100)]
    assert post(ADDRESS, gzip.compress(body(*events)), LIBRARY).status_code == 204
    assert len(arrived(server)) == 100


@pytest.mark.parametrize(
    ("address", "sent", "code"),
    [
        (ADDRESS, b"{", "invalid_json"),
        (ADDRESS, b"\xff\xfe{\x00", "invalid_json"),
        (ADDRESS, b"[" * 100_000, "too_deep"),
        (ADDRESS, b"[" * 30 + b"]" * 30, "too_deep"),
        (ADDRESS, b"[]", "invalid_shape"),
        (ADDRESS, b'{"client_id": "1.2"}', "invalid_shape"),
        (ADDRESS, b'{"client_id": "1.2", "client_id": "3.4", "events": []}', "duplicate_key"),
        (ADDRESS, b'{"client_id": "1.2", "timestamp_micros": NaN, "events": []}', "number_not_finite"),
        (ADDRESS, body(*[event()] * 2_001), "too_many_events"),
        (ADDRESS, b" " * 5_000_001, "body_too_large"),
        (ADDRESS, gzip.compress(b" " * 20_000_001), "body_too_large"),
        ("/mp/collect?measurement_id=G-NOBODY&api_secret=x", body(event()), "invalid_write_key"),
        ("/mp/collect", body(event()), "invalid_write_key"),
    ],
    ids=[
        "cut off", "UTF-16", "endless", "deep", "a list", "no events", "a member twice", "no number", "too many",
        "large", "a bomb", "unknown key", "no key",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_answered_as_google_does_and_named_in_a_header(
    server: Source, address: str, sent: bytes, code: str
) -> None:
    response = post(address, sent, LIBRARY)
    assert (response.status_code, response.content, response["X-Measureplan-Refused"]) == (204, b"", code)
    assert arrived(server) == []


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"params": {}}, "name_required"),
        (event("a\x07b"), "name_required"),
        (event("x" * 129), "name_too_long"),
        (event("purchase", value="1.234,50", currency="EUR"), "amount_format"),
        (event("purchase", value=5, currency="ZZZ"), "currency_unknown"),
        (event("purchase", value=5), "currency_required"),
        (event("purchase", value=-5, currency="EUR"), "amount_negative"),
        (event(depth=float("nan")), "number_not_finite"),
        (event() | {"timestamp_micros": "soon"}, "time_format"),
        (event() | {"timestamp_micros": 1_500_000_000_000_000}, "too_old"),
        (event() | {"timestamp_micros": 4_000_000_000_000_000}, "time_in_future"),
        (event(text="x" * 33_000), "event_too_large"),
        (7, "not_an_object"),
    ],
    ids=[
        "no name", "a control", "long name", "decimal comma", "no such currency", "no currency", "negative",
        "no number", "no time", "too old", "to come", "large", "no object",
    ],
)  # fmt: skip
def test_one_bad_event_keeps_no_other_out_and_is_kept_with_its_reason(server: Source, bad: Any, code: str) -> None:
    assert send(bad, event("sign_up")).status_code == 204
    assert [each.name for each in arrived(server)] == ["sign_up"]
    with scope.in_workspace(server.workspace_id):
        assert [row.code for row in Quarantined.objects.all()] == [code]


def test_characters_that_nobody_can_store_are_replaced(server: Source) -> None:
    assert send(event("sign_up", method="a\x00b\ud800"), client_id="1\x00").status_code == 204
    assert json.loads(only(server).properties or "") == {"method": "a\ufffdb\ufffd"}
    assert only(server).visitor_id == "1\ufffd"


def test_numbers_that_readers_would_round_are_kept_as_text(server: Source) -> None:
    send(event("sign_up", big=2**60))
    assert json.loads(only(server).properties or "") == {"big": str(2**60)}


def test_a_flood_is_told_when_to_come_back(server: Source, settings: Any) -> None:
    settings.EVENTS_PER_MINUTE = 6
    assert send(*(event("a", n=n) for n in range(3))).status_code == 204
    response = send(event("b"))
    assert (response.status_code, int(response["Retry-After"]) >= 1) == (429, True)


def test_other_methods_are_refused(db: None) -> None:
    for method in ("get", "head", "put", "delete", "trace"):
        response = getattr(Client(), method)(ADDRESS)
        assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS"), method


def faults_of(address: str, sent: bytes) -> list[tuple[str, str]]:
    response = post(f"/debug{address}", sent, LIBRARY)
    assert response.status_code == 200
    return [(each["fieldPath"], each["validationCode"]) for each in json.loads(response.content)["validationMessages"]]


@pytest.mark.parametrize(
    ("address", "sent", "faults"),
    [
        (ADDRESS, body(event("purchase", **ORDER)), []),
        (ADDRESS, body(event() | {"timestamp_micros": 1_500_000_000_000_000}), []),
        ("/mp/collect", body(), [("measurement_id", "VALUE_REQUIRED"), ("api_secret", "VALUE_REQUIRED")]),
        (ADDRESS, b"{", [("", "VALUE_INVALID")]),
        (ADDRESS, body(event(), client_id=None), [("client_id", "VALUE_INVALID")]),
        (ADDRESS, body(*[event()] * 2_001), [("events", "EXCEEDED_MAX_ENTITIES")]),
        (
            ADDRESS,
            body({}, event("x" * 129), event(), event("refund", value="1,5", currency="EUR")),
            [("events.0.name", "NAME_INVALID"), ("events.1.name", "NAME_INVALID"), ("events.3.value", "VALUE_INVALID")],
        ),
        (ADDRESS, body(event() | {"timestamp_micros": "soon"}), [("events.0.time", "VALUE_INVALID")]),
    ],
    ids=["an order", "long ago", "no key", "cut off", "nobody", "too many", "several", "no time"],
)
def test_the_debug_address_says_what_would_be_wrong(
    db: None, address: str, sent: bytes, faults: list[tuple[str, str]]
) -> None:
    assert faults_of(address, sent) == faults


def test_what_the_debug_address_is_sent_is_not_stored(server: Source) -> None:
    assert faults_of(ADDRESS, body(event("purchase", **ORDER))) == []
    assert arrived(server) == []


def test_the_example_of_the_how_to_is_taken(shop: Workspace) -> None:
    page = (DOCS / "how-to/move-from-google-analytics.md").read_text(encoding="utf-8")
    address, sent = re.findall(r'curl "https://mp.example([^"]+)" -d \'([^\']+)\'', page)[0]
    server = answering_to(shop, "ga4", "G-XXXX:secret", kind=Kind.SERVER)
    assert faults_of(address, sent.encode()) == []
    assert post(address, sent.encode(), {"User-Agent": "curl/8.5"}).status_code == 204
    assert only(server).name == "sign_up"


words = ["client_id", "app_instance_id", "user_id", "timestamp_micros", "consent", "device", "ip_override", "user_data"]
params = st.dictionaries(
    st.sampled_from(["value", "currency", "items", "session_id", "transaction_id", "source", "medium", "gclid", "x"]),
    json_values,
)
events = st.fixed_dictionaries(
    {}, optional={"name": json_values, "params": params | json_values, "timestamp_micros": json_values}
)
bodies = st.binary(max_size=200) | st.builds(
    lambda fields, sent: json.dumps({"client_id": "1.2"} | fields | {"events": sent}).encode(),
    st.dictionaries(st.sampled_from(words), json_values, max_size=5),
    st.lists(events, max_size=3) | json_values,
)


@examples(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=bodies, query=st.just(ADDRESS.partition("?")[2]) | st.text(max_size=60))
def test_no_body_makes_the_door_fail(server: Source, sent: bytes, query: str) -> None:
    collecting, debugging = (route for route in PROTOCOL.routes if route.path.endswith("mp/collect"))
    incoming = Incoming(method="POST", path="/mp/collect", query=query, body=sent)
    assert collect.answer(PROTOCOL, collecting, incoming).status == 204
    assert collect.answer(PROTOCOL, debugging, incoming).status == 200
