"""Plausible's events, as its trackers and servers send them."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.tracking.protocols.senders import answering_to, arrived, json_values, post
from tracking.models import Kind, Source
from workspaces.models import Workspace

URL = "https://shop.example/tea?utm_source=avisa"
OLD = {"n": "pageview", "u": URL, "d": "shop.example", "r": "https://www.google.com/", "w": 1280, "h": 1}


@pytest.fixture
def site(shop: Workspace) -> Source:
    return answering_to(shop, "plausible", "shop.example")


def send(*events: dict[str, Any], **headers: str) -> list[int]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return [post("/api/event", json.dumps(event).encode(), named).status_code for event in events]


def test_a_page_view_arrives_without_anything_that_names_its_visitor(site: Source) -> None:
    response = post("/api/event", json.dumps(OLD).encode(), {"Origin": "https://shop.example"})
    assert (response.status_code, response.content) == (202, b"ok")
    assert response["Access-Control-Allow-Origin"] == "https://shop.example"
    [event] = arrived(site)
    assert (event.name, event.protocol, event.path, event.utm_source) == ("page_view", "plausible", "/tea", "avisa")
    assert (event.referrer, event.visitor_id[:2], event.user_id) == ("https://www.google.com/", "d.", None)


@pytest.mark.parametrize(
    "event",
    [
        OLD | {"n": "Purchase", "$": {"amount": "149.50", "currency": "EUR"}, "p": {"order_id": "O1", "gift": "yes"}},
        {
            "name": "Purchase",
            "url": URL,
            "domain": "shop.example",
            "revenue": {"amount": 149.5, "currency": "EUR"},
            "props": json.dumps({"order_id": "O1", "gift": "yes", "empty": "", "list": [1], "null": None}),
        },
    ],
    ids=["new tracker", "old tracker and servers"],
)
def test_a_purchase_has_its_value_and_its_order(site: Source, event: dict[str, Any]) -> None:
    assert send(event, event) == [202, 202]
    [kept] = arrived(site)
    assert (kept.name, kept.value_micros, kept.currency) == ("purchase", 149_500_000, "EUR")
    assert kept.transaction_id == "O1"
    assert json.loads(kept.properties or "") == {"order_id": "O1", "gift": "yes"}


def test_engagement_is_kept_apart(site: Source) -> None:
    send(OLD | {"n": "engagement", "e": 3_500, "sd": 60, "v": 36})
    [event] = arrived(site)
    assert event.name == "engagement"
    assert json.loads(event.properties or "") == {"engaged_seconds": 3.5, "scroll": 60}


def test_one_event_may_be_for_several_sites(shop: Workspace, site: Source) -> None:
    other = answering_to(shop, "plausible", "all.example", slug="all")
    assert send(OLD | {"d": "shop.example,all.example, shop.example"}) == [202]
    assert (len(arrived(site)), len(arrived(other))) == (1, 1)


def test_without_a_domain_the_address_says_the_site(site: Source) -> None:
    assert send({"n": "pageview", "u": "https://www.shop.example/"}) == [202]
    assert len(arrived(site)) == 1


def test_a_server_speaks_for_its_visitors_browser(shop: Workspace) -> None:
    server = answering_to(shop, "plausible", "shop.example", kind=Kind.SERVER)
    send(OLD, X_Forwarded_For="192.0.2.7, 198.51.100.2")
    send(OLD, X_Forwarded_For="192.0.2.9")
    first, second = arrived(server)
    assert first.visitor_id != second.visitor_id
    assert first.browser == "Firefox"


@pytest.mark.parametrize(
    ("event", "status", "field"),
    [
        ({"u": URL, "d": "shop.example"}, 400, "event_name"),
        ({"n": "pageview", "d": "shop.example"}, 400, "url"),
        ({"n": "pageview", "u": "data:text/html,x", "d": "shop.example"}, 400, "url"),
        ({"n": "pageview", "u": "/path"}, 400, "domain"),
    ],
    ids=["no name", "no address", "data", "no site"],
)
def test_what_is_missing_is_named_as_plausible_names_it(
    site: Source, event: dict[str, Any], status: int, field: str
) -> None:
    response = post("/api/event", json.dumps(event).encode())
    assert response.status_code == status
    assert list(json.loads(response.content)["errors"]) == [field]
    assert arrived(site) == []


def test_an_unknown_site_and_a_bot_are_dropped_as_plausible_drops_them(site: Source) -> None:
    unknown = post("/api/event", json.dumps(OLD | {"d": "elsewhere.example"}).encode())
    assert (unknown.status_code, unknown["x-plausible-dropped"]) == (202, "1")
    assert unknown["X-Measureplan-Refused"] == "invalid_write_key"
    bot = post("/api/event", json.dumps(OLD).encode(), {"User-Agent": "Googlebot/2.1"})
    assert (bot.status_code, bot["x-plausible-dropped"]) == (202, "1")
    assert arrived(site) == []


keys = st.sampled_from(["n", "name", "u", "url", "d", "r", "p", "m", "props", "$", "revenue", "i", "e", "sd"])
bodies = st.binary(max_size=200) | st.dictionaries(keys, json_values, max_size=8).map(
    lambda event: json.dumps({"n": "pageview", "u": URL, "d": "shop.example"} | event).encode()
)


@examples(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies)
def test_no_body_makes_the_door_fail(site: Source, body: bytes) -> None:
    assert post("/api/event", body).status_code in {202, 400}
