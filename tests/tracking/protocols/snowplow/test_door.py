"""Snowplow's hits, as its trackers send them."""

import base64
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

from tests.tracking.protocols.fast import fetch
from tests.tracking.protocols.senders import BROWSER, answering_to, arrived, json_values, post
from tracking.models import Kind, Quarantined, Source
from workspaces import scope
from workspaces.models import Workspace

TP2 = "/com.snowplowanalytics.snowplow/tp2"
APP = "shop-web"
URL = "https://shop.example/tea?utm_source=avisa&gclid=g1"
ECOMMERCE = "iglu:com.snowplowanalytics.snowplow.ecommerce"
PREFERENCES = "iglu:com.snowplowanalytics.snowplow/consent_preferences/jsonschema/1-0-0"


@pytest.fixture
def site(shop: Workspace) -> Source:
    return answering_to(shop, "snowplow", APP)


def hit(**fields: str) -> dict[str, str]:
    """Give a page view's hit as the browser's tracker makes it."""
    now = str(int(time.time() * 1_000) - 2_000)
    told = {"e": "pv", "eid": "e1", "aid": APP, "p": "web", "tna": "sp", "dtm": now, "duid": "a1", "sid": "s1"}
    return told | {"url": URL, "refr": "https://www.google.com/", "page": "Tea", "lang": "nb-NO"} | fields


def packed(value: object, *, padded: bool = True) -> str:
    text = base64.urlsafe_b64encode(json.dumps(value).encode()).decode()
    return text if padded else text.rstrip("=")


def unstructured(schema: str, data: object) -> dict[str, object]:
    inner = {"schema": schema, "data": data}
    return {"schema": "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0", "data": inner}


def contexts(*entities: tuple[str, object]) -> dict[str, object]:
    listed = [{"schema": schema, "data": data} for schema, data in entities]
    return {"schema": "iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-1", "data": listed}


def send(*hits: Any, headers: dict[str, str] | None = None) -> HttpResponse:
    schema = "iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4"
    return post(TP2, json.dumps({"schema": schema, "data": hits}).encode(), headers)


def test_a_page_view_arrives_with_what_brought_it(site: Source) -> None:
    response = send(hit(uid="u1"), headers={"Origin": "https://shop.example"})
    assert (response.status_code, response.content) == (200, b"ok")
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    assert response["Access-Control-Allow-Credentials"] == "true"
    [event] = arrived(site)
    assert (event.event_id, event.name, event.protocol, event.title) == ("e1", "page_view", "snowplow", "Tea")
    assert (event.visitor_id, event.user_id, event.session_id) == ("a1", "u1", "s1")
    assert (event.path, event.utm_source, event.click_id) == ("/tea", "avisa", "g1")
    assert (event.referrer, event.language) == ("https://www.google.com/", "nb-NO")


def test_a_picture_is_answered_with_a_picture_and_counts_once(site: Source) -> None:
    for _ in range(2):
        reply = fetch("/i", urlencode(hit(page="Tea \x00 cup")))
        assert (reply.status, reply.headers["Content-Type"]) == (200, "image/gif")
    [event] = arrived(site)
    assert (event.name, event.title) == ("page_view", "Tea \ufffd cup")


@pytest.mark.parametrize(
    "fields",
    [
        {"ue_pr": json.dumps(unstructured("iglu:com.acme/sign_up/jsonschema/1-0-0", {"plan": "pro"}))},
        {"ue_px": packed(unstructured("iglu:com.acme/sign_up/jsonschema/1-0-0", {"plan": "pro"}))},
        {"ue_px": packed(unstructured("iglu:com.acme/sign_up/jsonschema/1-0-0", {"plan": "pro"}), padded=False)},
    ],
    ids=["plain", "padded", "without padding"],
)
def test_an_event_of_the_sites_own_has_its_schemas_name(site: Source, fields: dict[str, str]) -> None:
    attached = contexts(
        ("iglu:com.acme/article/jsonschema/1-0-0", {"author": "Ada"}),
        ("iglu:com.snowplowanalytics.snowplow/web_page/jsonschema/1-0-0", {"id": "w1"}),
        (
            "iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2",
            {"userId": "a2", "sessionId": "s2"},
        ),
    )
    told = hit(e="ue", cx=packed(attached, padded=False), **fields)
    send({name: value for name, value in told.items() if name != "duid"})
    [event] = arrived(site)
    assert (event.name, event.visitor_id, event.session_id) == ("sign_up", "a2", "s2")
    assert json.loads(event.properties or "") == {"article": {"author": "Ada"}, "plan": "pro"}


def test_a_structured_event_is_named_by_its_action(site: Source) -> None:
    send(hit(e="se", se_ca="account", se_ac="Signed Up", se_la="header", se_va="12.5"))
    [event] = arrived(site)
    assert (event.name, event.value_micros) == ("Signed Up", None)
    assert json.loads(event.properties or "") == {"category": "account", "label": "header", "value": 12.5}


def test_a_structured_events_value_is_money_where_the_source_has_a_currency(shop: Workspace) -> None:
    site = answering_to(shop, "snowplow", APP, currency="NOK")
    send(hit(e="se", se_ac="Bid", se_va="12.5"), hit(e="se", se_ac="Loss", se_va="-3", eid="e2"))
    assert [(event.value_micros, event.currency) for event in arrived(site)] == [(12_500_000, "NOK"), (None, None)]


def test_what_was_typed_into_a_form_is_not_kept(site: Source) -> None:
    schema = "iglu:com.snowplowanalytics.snowplow/{}/jsonschema/1-0-0"
    changed = unstructured(schema.format("change_form"), {"formId": "f", "value": "a@b.example"})
    submitted = unstructured(schema.format("submit_form"), {"formId": "f", "elements": [{"value": "a@b.example"}]})
    send(hit(e="ue", ue_px=packed(changed)), hit(e="ue", eid="e2", ue_px=packed(submitted)))
    events = arrived(site)
    assert [event.name for event in events] == ["change_form", "submit_form"]
    assert "a@b.example" not in repr(events)


def test_a_page_ping_is_engagement(site: Source) -> None:
    send(hit(e="pp", pp_mix="0", pp_max="0", pp_miy="0", pp_may="1200", vp="1280x800", ds="1280x4000"))
    send(hit(e="pp", eid="e2", pp_may="x", vp="1280", ds="0x0"))
    first, second = arrived(site)
    assert (first.name, json.loads(first.properties or "")) == ("engagement", {"scroll": 50})
    assert (second.name, second.properties) == ("engagement", None)


def test_an_older_trackers_order_has_the_lines_that_came_with_it(site: Source) -> None:
    order = hit(e="tr", tr_id="O1", tr_tt="99.50", tr_cu="EUR", tr_tx="19.9", tr_sh="5")
    line = {"e": "ti", "ti_id": "O1", "ti_cu": "EUR"}
    send(
        order,
        hit(eid="e2", **line, ti_sk="SKU-1", ti_nm="Blue mug", ti_pr="24.75", ti_qu="2"),
        hit(eid="e3", **line, ti_sk="SKU-2", ti_nm="Tea", ti_pr="50", ti_qu="1"),
        hit(eid="e4", **line | {"ti_id": "O9"}, ti_sk="SKU-9"),
    )
    send(hit(eid="e5", **line, ti_sk="SKU-3"))  # a line on its own
    purchase, *lines = arrived(site)
    assert (purchase.name, purchase.transaction_id) == ("purchase", "O1")
    assert (purchase.value_micros, purchase.currency) == (99_500_000, "EUR")
    assert json.loads(purchase.properties or "") == {"tax": 19.9, "shipping": 5}
    assert json.loads(purchase.items or "") == [
        {"item_id": "SKU-1", "item_name": "Blue mug", "price": 24.75, "quantity": 2},
        {"item_id": "SKU-2", "item_name": "Tea", "price": 50, "quantity": 1},
    ]
    assert [(event.name, event.value_micros) for event in lines] == [("transaction_item", None)] * 4


def ecommerce(kind: str, *entities: tuple[str, object]) -> dict[str, str]:
    action = unstructured(f"{ECOMMERCE}/snowplow_ecommerce_action/jsonschema/1-0-2", {"type": kind})
    named = [(f"{ECOMMERCE}/{name}/jsonschema/1-0-0", data) for name, data in entities]
    return hit(e="ue", ue_px=packed(action, padded=False), cx=packed(contexts(*named), padded=False))


def test_an_order_of_the_e_commerce_plugin_arrives_as_a_purchase(site: Source) -> None:
    mug = {"id": "SKU-1", "name": "Blue mug", "category": "Mugs", "price": 24.75, "currency": "EUR", "quantity": 2}
    tea = {"id": "SKU-2", "name": "Tea", "category": "Drinks", "price": 50, "currency": "EUR", "quantity": 1}
    stated = {"transaction_id": "O1", "revenue": 99.5, "currency": "EUR", "tax": 19.9, "payment_method": "card"}
    send(ecommerce("transaction", ("transaction", stated), ("product", mug), ("product", tea)))
    [event] = arrived(site)
    assert (event.name, event.transaction_id) == ("purchase", "O1")
    assert (event.value_micros, event.currency) == (99_500_000, "EUR")
    assert json.loads(event.properties or "") == {"tax": 19.9, "payment_method": "card"}
    assert [line["item_id"] for line in json.loads(event.items or "")] == ["SKU-1", "SKU-2"]


def test_a_refund_is_negative_and_other_actions_keep_their_type(site: Source) -> None:
    send(ecommerce("refund", ("refund", {"transaction_id": "O1", "refund_amount": 50, "currency": "EUR"})))
    send(ecommerce("add_to_cart", ("product", {"id": "SKU-1", "price": 24.75})) | {"eid": "e2"})
    refund, added = arrived(site)
    assert (refund.name, refund.refund, refund.value_micros) == ("refund", True, -50_000_000)
    assert (added.name, json.loads(added.items or "")) == ("add_to_cart", [{"item_id": "SKU-1", "price": 24.75}])


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ({"eventType": "allow_all"}, {"analytics": True, "ads": True}),
        ({"eventType": "allow_selected", "consentScopes": ["analytics"]}, {"analytics": True, "ads": False}),
        ({"eventType": "pending"}, None),
    ],
    ids=["all", "selected", "pending"],
)
def test_attached_consent_is_kept_with_its_signal(
    site: Source, stated: dict[str, object], kept: dict[str, bool] | None
) -> None:
    send(hit(cx=packed(contexts((PREFERENCES, stated)))))
    [event] = arrived(site)
    consent = json.loads(event.consent or "{}")
    assert {purpose: consent.get(purpose) for purpose in kept or ()} == (kept or {})
    assert consent.get("said", {}).get("analytics") == (["snowplow", event.time_us] if kept else None)


def test_who_denies_is_not_counted(site: Source) -> None:
    send(hit(e="ue", ue_pr=json.dumps(unstructured(PREFERENCES, {"eventType": "deny_all"}))))
    assert arrived(site) == []


def test_a_wrong_clock_is_corrected_and_a_true_time_is_not(site: Source) -> None:
    now_ms = int(time.time() * 1_000)
    ahead_ms = 3_600_000
    device = {"dtm": str(now_ms + ahead_ms - 10_000), "stm": str(now_ms + ahead_ms)}
    send(hit(**device), hit(eid="e2", ttm=str(now_ms - 7_200_000), **device))
    corrected, true = arrived(site)
    assert abs(corrected.time_us - (now_ms - 10_000) * 1_000) < 5_000_000
    assert true.time_us == (now_ms - 7_200_000) * 1_000


def test_hits_without_an_id_count_once_however_often_they_are_sent(site: Source) -> None:
    without = {name: value for name, value in hit().items() if name != "eid"}
    for sent_ms in (0, 500):
        send(without | {"stm": str(int(time.time() * 1_000) + sent_ms)})
    assert len(arrived(site)) == 1


def test_one_request_may_be_for_several_apps(shop: Workspace, site: Source) -> None:
    other = answering_to(shop, "snowplow", "shop-app", slug="app")
    assert send(hit(), hit(aid="shop-app"), hit(aid="unknown")).status_code == 200
    assert (len(arrived(site)), len(arrived(other))) == (1, 1)


def test_a_server_speaks_for_its_visitors_browser(shop: Workspace) -> None:
    server = answering_to(shop, "snowplow", APP, slug="api", kind=Kind.SERVER)
    told = {name: value for name, value in hit().items() if name not in {"duid", "sid"}}
    send(told | {"ip": "192.0.2.7", "ua": BROWSER}, told | {"ip": "192.0.2.9", "ua": BROWSER, "eid": "e2"})
    first, second = arrived(server)
    assert first.visitor_id != second.visitor_id
    assert first.browser == "Firefox"


def test_a_tracker_that_asks_for_it_is_known_by_no_address(site: Source) -> None:
    anonymous = {name: value for name, value in hit().items() if name not in {"duid", "sid"}}
    asked = {"SP-Anonymous": "*"}
    send(anonymous, anonymous | {"eid": "e2"}, anonymous | {"eid": "e3", "sid": "s1"}, headers=asked)
    assert len({event.visitor_id for event in arrived(site)}) == 3


def test_browsers_may_send_the_headers_of_snowplows_tracker() -> None:
    response = Client().options(TP2, headers={"Origin": "https://shop.example", "Host": "testserver"})
    assert {"Content-Type", "SP-Anonymous"} <= set(response["Access-Control-Allow-Headers"].split(", "))
    assert response["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "invalid_json"),
        (b'"text"', 400, "invalid_shape"),
        (b'{"data": [' + b"[" * 100 + b"]" * 100 + b"]}", 400, "too_deep"),
        (b" " * 5_000_001, 422, "body_too_large"),
        (json.dumps({"data": [{}] * 2_001}).encode(), 422, "too_many_events"),
        (json.dumps({"data": [{"e": "pv", "aid": "unknown"}]}).encode(), 200, "invalid_write_key"),
        (json.dumps({"data": [{"e": "pv"}]}).encode(), 200, "invalid_write_key"),
    ],
    ids=["cut off", "no object", "deep", "large", "many", "unknown app", "no app"],
)
def test_a_refusal_is_one_that_no_tracker_sends_again(db: None, body: bytes, status: int, code: str) -> None:
    response = post(TP2, body)
    assert (response.status_code, response["X-Measureplan-Refused"]) == (status, code)


def test_nothing_to_take_is_taken(db: None) -> None:
    assert post(TP2, b'{"data": []}').status_code == 200


def test_a_hit_that_means_nothing_is_kept_to_be_read_and_the_others_count(site: Source) -> None:
    bad = [hit(e="zz"), hit(e="ue"), hit(e="ue", ue_px="%%%"), hit(cx="e30"), hit(dtm="soon"), "no hit"]
    assert send(hit(eid="ok"), *bad).status_code == 200
    assert [event.event_id for event in arrived(site)] == ["ok", "e1"]  # an empty list of contexts is none
    with scope.in_workspace(site.workspace_id):
        codes = [row.code for row in Quarantined.objects.order_by("pk")]
    assert codes == ["name_required", "invalid_shape", "invalid_json", "time_format", "not_an_object"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"tr_tt": "1.234,50"}, "amount_format"),
        ({"tr_tt": "NaN"}, "amount_format"),
        ({"tr_tt": "-5"}, "amount_negative"),
        ({"tr_tt": "5.5", "tr_cu": "JPY"}, "amount_format"),
        ({"tr_cu": "ZZZ"}, "currency_unknown"),
        ({"tr_cu": ""}, "currency_required"),
        ({"tr_id": "O" * 129}, "field_too_long"),
        ({"duid": "a" * 257}, "field_too_long"),
        ({"dtm": "9999999999999"}, "time_in_future"),
        ({"dtm": "1000000000000"}, "too_old"),
        ({"e": "se", "se_ac": " "}, "name_required"),
        ({"e": "se", "se_ac": "a" * 129}, "name_too_long"),
        ({"e": "ue", "ue_pr": '{"data": {"schema": "iglu:a/b/c/1-0-0", "data": {"x": NaN}}}'}, "number_not_finite"),
        ({"e": "ue", "ue_pr": '{"data": {}, "data": {}}'}, "duplicate_key"),
        ({"e": "ue", "ue_pr": "[" * 50 + "]" * 50}, "too_deep"),
    ],
)
def test_what_our_own_json_would_reject_is_rejected_here(site: Source, fields: dict[str, str], code: str) -> None:
    assert send(hit(e="tr", tr_id="O1", tr_tt="5", tr_cu="EUR") | fields).status_code == 200
    assert arrived(site) == []
    with scope.in_workspace(site.workspace_id):
        assert [row.code for row in Quarantined.objects.all()] == [code]


names = st.sampled_from(
    ["e", "eid", "dtm", "stm", "ttm", "url", "duid", "ue_px", "ue_pr", "cx", "co", "tr_id", "tr_tt"]
)
kinds = st.sampled_from(["pv", "pp", "se", "ue", "tr", "ti"])
actions = st.sampled_from(["transaction", "refund", "list_view"])
inner = st.builds(
    unstructured, st.sampled_from([PREFERENCES, "iglu:com.acme/x/jsonschema/1-0-0", "no schema"]), json_values
) | st.builds(lambda kind, data: json.loads(json.dumps({"data": [kind, data]})), actions, st.integers())
texts = st.text(max_size=40) | json_values.map(packed) | inner.map(packed) | inner.map(json.dumps)
hits = st.builds(lambda e, fields: {"e": e, "aid": APP} | fields, kinds, st.dictionaries(names, texts | json_values))


@examples(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | st.lists(hits, max_size=3).map(lambda each: json.dumps({"data": each}).encode()))
def test_no_body_makes_the_door_fail(site: Source, body: bytes) -> None:
    assert post(TP2, body).status_code in {200, 400, 422}


@examples(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=80) | st.dictionaries(names | st.just("aid"), st.text(max_size=40)).map(urlencode))
def test_no_query_makes_the_door_fail(site: Source, query: str) -> None:
    assert fetch("/i", query.encode("utf-8", "replace").decode("latin-1")).status == 200
