"""PostHog's events, as its libraries send them."""

import base64
import json
import time
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from tests.tracking.protocols.posthog.calls import KEY, V1, event, send
from tests.tracking.protocols.senders import BROWSER, answering_to, arrived, post
from tracking.models import Kind, Quarantined, Source
from workspaces import scope
from workspaces.models import Workspace


@pytest.fixture
def site(shop: Workspace) -> Source:
    return answering_to(shop, "posthog", KEY)


def test_a_page_view_arrives_with_what_brought_it(site: Source) -> None:
    response = send(event(), Origin="https://shop.example")
    assert (response.status_code, json.loads(response.content)) == (200, {"status": 1})
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    [kept] = arrived(site)
    assert (kept.event_id, kept.name, kept.protocol, kept.title) == ("e1", "page_view", "posthog", "Tea")
    assert (kept.visitor_id, kept.user_id, kept.session_id) == ("a1", None, "s1")
    assert (kept.path, kept.utm_source, kept.referrer) == ("/tea", "avisa", "https://www.google.com/")
    assert (kept.properties, "a@b.example" in repr(kept)) == (None, False)


def test_tags_of_an_earlier_visit_and_no_referrer_are_not_this_visits(site: Source) -> None:
    send(event(**{"$current_url": "https://shop.example/cup", "$referrer": "$direct"}))
    [kept] = arrived(site)
    assert (kept.utm_source, kept.referrer) == (None, None)


def test_a_flood_is_told_what_browsers_send_again_after(site: Source, settings: Any) -> None:
    settings.EVENTS_PER_MINUTE = 6
    assert send(event(), event(uuid="e2")).status_code == 200
    response = send(event())
    assert (response.status_code, int(response["Retry-After"]) >= 1) == (503, True)


IDENTIFIED = {"distinct_id": "u1", "$is_identified": True, "$process_person_profile": True}


@pytest.mark.parametrize(
    ("name", "properties", "kept_as", "who"),
    [
        ("$pageview", {}, "page_view", ("a1", None)),
        ("$pageview", IDENTIFIED, "page_view", ("a1", "u1")),
        ("$pageview", {"distinct_id": "after reset"}, "page_view", ("a1", None)),
        ("$identify", IDENTIFIED | {"$anon_distinct_id": "a1"}, "identify", ("a1", "u1")),
        ("$identify", IDENTIFIED | {"$anon_distinct_id": "a7", "$device_id": None}, "identify", ("a7", "u1")),
        ("$create_alias", {"distinct_id": "a1", "alias": "u1"}, "alias", ("a1", "u1")),
        ("Signed Up", {"$device_id": None}, "Signed Up", ("a1", None)),
        ("Signed Up", {"$device_id": None} | IDENTIFIED, "Signed Up", ("u.u1", "u1")),
        ("$pageview", {"distinct_id": "anonymous", "$device_id": None}, "page_view", ("d.", None)),
        ("$pageview", {"distinct_id": "$posthog_cookieless", "$cookieless_mode": True}, "page_view", ("d.", None)),
    ],
    ids=[
        *("anonymous", "identified", "reset", "identify", "identify by a server", "alias"),
        *("no device, no profile", "no device", "nobody", "cookieless"),
    ],
)
def test_visitors_and_users_are_told_apart(
    site: Source, name: str, properties: dict[str, Any], kept_as: str, who: tuple[str, str | None]
) -> None:
    send(event(name, **properties))
    [kept] = arrived(site)
    visitor = kept.visitor_id[:2] if who[0] == "d." else kept.visitor_id
    assert (kept.name, (visitor, kept.user_id)) == (kept_as, who)


def test_an_order_arrives_as_a_purchase_and_its_refund_as_a_refund(site: Source) -> None:
    products = [{"sku": "SKU-1", "name": "Blue mug", "price": 24.75, "quantity": 2, "url": "left out"}]
    order = {"order_id": "O1", "revenue": 99.5, "currency": "EUR", "products": products, "gift": True}
    send(event("Order Completed", **order), event("refund", uuid="e2", order_id="O1", revenue=50, currency="EUR"))
    bought, refund = arrived(site)
    assert (bought.name, bought.transaction_id, bought.value_micros, bought.currency) == (
        "purchase",
        "O1",
        99_500_000,
        "EUR",
    )
    assert json.loads(bought.items or "") == [
        {"item_id": "SKU-1", "item_name": "Blue mug", "price": 24.75, "quantity": 2}
    ]
    assert json.loads(bought.properties or "") == {"gift": True}
    assert (refund.name, refund.refund, refund.value_micros) == ("refund", True, -50_000_000)


def test_a_value_is_money_only_beside_a_currency(site: Source) -> None:
    send(event("Watched", value=30), event("Bid", uuid="e2", value=30, currency="EUR"))
    watched, bid = arrived(site)
    assert (watched.value_micros, json.loads(watched.properties or "")) == (None, {"value": 30})
    assert (bid.value_micros, bid.properties) == (30_000_000, None)


def test_what_the_library_sends_on_its_own_account_is_kept_apart(site: Source) -> None:
    left = {"$prev_pageview_duration": 12.5, "$prev_pageview_max_scroll_percentage": 0.6}
    send(event("$autocapture", **{"$event_type": "click", "$el_text": "Buy"}), event("$pageleave", uuid="e2", **left))
    clicked, gone = arrived(site)
    assert (clicked.name, json.loads(clicked.properties or "")) == (
        "$autocapture",
        {"event_type": "click", "element_text": "Buy"},
    )
    assert (gone.name, json.loads(gone.properties or "")) == ("$pageleave", {"page_seconds": 12.5, "scroll": 60})


def test_people_and_groups_leave_only_their_ids(site: Source) -> None:
    person = {"$token": KEY, "$distinct_id": "u1", "$set": {"email": "a@b.example"}}
    post("/engage/", b"data=" + base64.b64encode(json.dumps(person).encode()))
    group = {"$group_type": "company", "$group_key": "g1", "$group_set": {"name": "Secret Ltd"}}
    send(event("$groupidentify", **group))
    told, joined = arrived(site)
    assert (told.name, told.user_id) == ("$set", "u1")
    assert (joined.name, json.loads(joined.properties or "")) == ("group", {"group_type": "company", "group_id": "g1"})
    assert not {"a@b.example", "Secret Ltd"} & set(repr([told, joined]).split("'"))


def test_the_sites_own_consent_is_kept_and_a_denial_holds(site: Source) -> None:
    send(event(consent={"analytics": True, "ads": False}), event(uuid="e2", consent={"analytics": "denied"}))
    send(event("Signed Up", uuid="e3", consent="newsletter"))
    agreed, other = arrived(site)
    assert json.loads(agreed.consent or "") == {"analytics": True, "ads": False}
    assert (other.consent, json.loads(other.properties or "")) == (None, {"consent": "newsletter"})


def test_a_wrong_clock_is_corrected_unless_its_owner_says_otherwise(site: Source) -> None:
    an_hour = timedelta(hours=1)
    ahead = timezone.now() + an_hour
    told = event() | {"timestamp": (ahead - timedelta(seconds=10)).isoformat()}
    exact = event(uuid="e2", **{"$ignore_sent_at": True}) | {"timestamp": (ahead - 2 * an_hour).isoformat()}
    body = {"api_key": KEY, "batch": [told, exact], "sent_at": ahead.isoformat()}
    post("/batch/", json.dumps(body).encode())
    corrected, true = arrived(site)
    now_us = int(time.time() * 1_000_000)
    assert abs(corrected.time_us - (now_us - 10_000_000)) < 5_000_000
    assert abs(true.time_us - (now_us - 3_600_000_000)) < 5_000_000


def test_the_clock_may_stand_in_the_address_and_a_time_be_an_offset(site: Source) -> None:
    ahead_ms = int(time.time() * 1_000) + 3_600_000
    told = event() | {"timestamp": ahead_ms}
    older = {key: value for key, value in event(uuid="e2").items() if key != "timestamp"} | {"offset": 90_000}
    send(told, older, address=f"/e/?_={ahead_ms}")
    corrected, before = arrived(site)
    now_us = int(time.time() * 1_000_000)
    assert abs(corrected.time_us - now_us) < 5_000_000
    assert abs(before.time_us - (now_us - 90_000_000)) < 5_000_000


def test_the_new_protocol_answers_event_by_event(site: Source) -> None:
    good = event(uuid="e1", revenue=1, currency="EUR") | {
        "distinct_id": "u1",
        "session_id": "s9",
        "options": {"process_person_profile": True, "disable_skew_correction": False},
    }
    good["properties"] = {key: good["properties"][key] for key in ("$current_url", "revenue", "currency")}
    bad = event(uuid="e2", revenue="a lot", currency="EUR")
    body = {"created_at": timezone.now().isoformat(), "batch": [good, bad, event(uuid="e1", title="Other"), "none"]}
    headers = {"Authorization": f"Bearer {KEY}", "PostHog-Request-Timestamp": timezone.now().isoformat()}
    response = post(V1, json.dumps(body).encode(), headers)
    assert response.status_code == 200
    results = json.loads(response.content)["results"]
    assert {uuid: result["result"] for uuid, result in results.items()} == {"e1": "warning", "e2": "drop"}
    assert results["e2"]["details"].startswith("amount_format: ")
    [kept] = arrived(site)
    assert (kept.user_id, kept.session_id, kept.value_micros) == ("u1", "s9", 1_000_000)
    again = json.loads(post(V1, json.dumps(body | {"batch": [good]}).encode(), headers).content)
    assert again == {"results": {"e1": {"result": "ok"}}}


def test_the_new_protocol_ends_what_it_refuses(db: None) -> None:
    for headers, body, status in [({"Authorization": "Bearer none"}, b'{"batch": []}', 401), ({}, b"{", 400)]:
        response = post(V1, body, headers)
        assert response.status_code == status
        assert json.loads(response.content)["error_description"], "the library shows it"


def test_a_server_speaks_for_its_visitors_browser_and_a_page_does_not(shop: Workspace, site: Source) -> None:
    server = answering_to(shop, "posthog", "phc_1", slug="api", kind=Kind.SERVER)
    said = {"$ip": "192.0.2.7", "$raw_user_agent": BROWSER}
    nobody = said | {"distinct_id": None, "$device_id": None}
    for key, uuid in (("phc_1", "shown"), (server.write_key, "secret")):
        post("/batch/", json.dumps({"api_key": key, "batch": [event(uuid=uuid, **nobody)]}).encode())
    send(event(**said))
    [untold, told], [own] = arrived(server), arrived(site)
    assert (told.visitor_id[:2], told.browser) == ("d.", "Firefox")
    assert untold.visitor_id != told.visitor_id, "the project's key stands in every page"
    assert own.visitor_id == "a1"


def test_an_event_that_means_nothing_is_kept_to_be_read_and_the_others_count(site: Source) -> None:
    assert send(event(uuid="ok"), {"properties": {}}, event("x", uuid="e2", revenue=1), "none").status_code == 200
    assert [kept.event_id for kept in arrived(site)] == ["ok"]
    with scope.in_workspace(site.workspace_id):
        codes = [row.code for row in Quarantined.objects.order_by("pk")]
    assert codes == ["name_required", "currency_required", "not_an_object"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('"revenue": "1.234,50"', "amount_format"),
        ('"revenue": NaN', "number_not_finite"),
        ('"revenue": 1e400', "number_not_finite"),
        ('"revenue": -5', "amount_negative"),
        ('"revenue": 5, "currency": "ZZZ"', "currency_unknown"),
        ('"revenue": 5.5, "currency": "JPY"', "amount_format"),
        ('"revenue": 5, "revenue": 6', "duplicate_key"),
        (f'"order_id": "{"O" * 129}"', "field_too_long"),
        (f'"distinct_id": "{"u" * 300}"', "field_too_long"),
        ('"consent": {"analytics": "maybe"}', "field_type"),
        (f'"text": "{"x" * 33_000}"', "event_too_large"),
    ],
    ids=lambda said: said[:40],
)
def test_what_our_own_json_would_reject_is_rejected_here(site: Source, said: str, code: str) -> None:
    currency = "" if "currency" in said else '"currency": "EUR", '
    text = f'{{"event": "purchase", "uuid": "e1", "properties": {{{currency}{said}}}}}'
    assert post("/batch/", f'{{"api_key": "{KEY}", "batch": [{text}]}}'.encode()).status_code == 200
    assert arrived(site) == []
    with scope.in_workspace(site.workspace_id):
        assert [row.code for row in Quarantined.objects.all()] == [code]


@pytest.mark.parametrize(
    ("when", "code"), [("soon", "time_format"), ("2099-01-01T00:00:00Z", "time_in_future"), (1_000_000_000, "too_old")]
)
def test_a_time_that_cannot_be_is_rejected(site: Source, when: object, code: str) -> None:
    assert send(event() | {"timestamp": when}).status_code == 200
    with scope.in_workspace(site.workspace_id):
        assert [row.code for row in Quarantined.objects.all()] == [code]


def test_a_property_named_token_is_the_sites_own_beside_the_batchs_key(site: Source) -> None:
    batch = [event("Reset", uuid=f"e{n}", token=f"secret{n}") for n in range(2)]
    assert post("/batch/", json.dumps({"api_key": KEY, "batch": batch}).encode()).status_code == 200
    assert [kept.properties for kept in arrived(site)] == [None, None]


def test_broken_characters_are_replaced(site: Source) -> None:
    send(event("Sign\ud800Up", title="Tea\x00"))
    [kept] = arrived(site)
    assert (kept.name, kept.title) == ("Sign\ufffdUp", "Tea\ufffd")


def test_a_browsers_library_finds_settings_that_ask_for_no_more() -> None:
    response = Client().get(f"/array/{KEY}/config", headers={"Origin": "https://shop.example"})
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    settings = json.loads(response.content)
    assert (settings["token"], settings["analytics"]) == (KEY, {"endpoint": "/i/v0/e/"})
    asked_for = ("hasFeatureFlags", "sessionRecording", "surveys", "heatmaps")
    assert {name: settings[name] for name in asked_for} == dict.fromkeys(asked_for, False)
    script = Client().get(f"/array/{quote(chr(34) + '];x')}/config.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert b'window._POSTHOG_REMOTE_CONFIG["\\"];x"] = {' in script.content


@pytest.mark.parametrize(
    ("address", "has"),
    [("/flags/?v=2", "featureFlags"), ("/flags?v=2", "flags"), ("/decide/?v=3", "featureFlags"), ("/s/", "status")],
)
def test_what_is_asked_for_all_the_same_is_answered(address: str, has: str) -> None:
    response = post(address, b"data=e30=")
    assert (response.status_code, has in json.loads(response.content)) == (200, True)


def test_browsers_may_send_the_headers_of_posthogs_library() -> None:
    response = Client().options("/e/", headers={"Origin": "https://shop.example", "Host": "testserver"})
    wanted = {"Authorization", "Content-Type", "PostHog-Request-Id"}
    assert wanted <= set(response["Access-Control-Allow-Headers"].split(", "))
