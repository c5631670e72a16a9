"""What Umami's payloads say, in the words of our own events."""

import json
from typing import Any

import pytest
from django.utils import timezone

from tests.tracking.protocols.senders import BROWSER, answering_to, arrived, only, properties
from tests.tracking.protocols.umami.requests import WEBSITE, send
from tracking.models import Kind, Source
from workspaces.models import Workspace


@pytest.fixture
def site(shop: Workspace) -> Source:
    return answering_to(shop, "umami", WEBSITE)


@pytest.fixture
def server(shop: Workspace) -> Source:
    return answering_to(shop, "umami", WEBSITE, kind=Kind.SERVER)


def test_paths_are_of_the_pages_own_host(site: Source) -> None:
    send(url="/cup?gclid=g1#top", referrer="/tea")
    event = only(site)
    assert (event.host, event.path, event.click_id) == ("shop.example", "/cup", "g1")
    assert event.referrer == "https://shop.example/tea"


def test_a_named_event_keeps_its_data(site: Source) -> None:
    send(name="Signed Up", data={"plan": "pro", "seats": 3, "nested": {"a": [1]}})
    event = only(site)
    assert event.name == "Signed Up"
    assert properties(event) == {"plan": "pro", "seats": 3, "nested": {"a": [1]}}


def test_a_purchase_has_its_value_its_order_and_its_lines(site: Source) -> None:
    lines = [{"id": "SKU-1", "name": "Blue mug", "price": 24.75, "quantity": 2}]
    told = {"revenue": "99.50", "currency": "EUR", "order_id": "O1", "items": lines, "gift": True}
    send(name="Purchase", data=told)
    send(name="Purchase", data=told | {"gift": False})
    event = only(site)
    assert (event.name, event.value_micros, event.currency) == ("purchase", 99_500_000, "EUR")
    assert event.transaction_id == "O1"
    assert json.loads(event.items or "") == [
        {"item_id": "SKU-1", "item_name": "Blue mug", "price": 24.75, "quantity": 2}
    ]
    assert properties(event) == {"gift": True}


def test_the_basket_of_newer_trackers_is_worth_what_its_lines_are(site: Source) -> None:
    item = {"productId": "SKU-1", "name": "Blue mug", "price": 24.75, "quantity": 2}
    basket = {"currency": "EUR", "orderId": "O1", "shipping": 5, "tax": 9.5, "items": [item]}
    send(name="checkout-done", data={"commerce": basket})
    event = only(site)
    assert (event.name, event.value_micros, event.transaction_id) == ("purchase", 64_000_000, "O1")


@pytest.mark.parametrize(
    ("currency", "value", "kept"), [("", None, {"revenue": 5}), ("NOK", 5_000_000, {})], ids=["none", "the source's"]
)
def test_revenue_without_a_currency_is_the_sources_or_a_number(
    shop: Workspace, currency: str, value: int | None, kept: dict[str, Any]
) -> None:
    source = answering_to(shop, "umami", WEBSITE, currency=currency)
    send(name="Booked", data={"revenue": 5})
    event = only(source)
    assert (event.value_micros, properties(event)) == (value, kept)


@pytest.mark.parametrize("told", [{"id": "u1"}, {"data": {"id": "u1", "plan": "pro"}}], ids=["id", "data"])
def test_identify_names_the_user_and_keeps_nothing_else(site: Source, told: dict[str, Any]) -> None:
    send("identify", **told)
    send(id="u1")
    named, viewed = arrived(site)
    assert (named.name, named.user_id, named.properties) == ("identify", "u1", None)
    assert (viewed.name, viewed.user_id) == ("page_view", "u1")
    assert named.visitor_id == viewed.visitor_id


@pytest.mark.parametrize(
    ("kind", "payload", "kept"),
    [
        ("performance", {"lcp": 1200.5, "cls": 0.1}, {"lcp": 1200.5, "cls": 0.1}),
        ("engagement", {"engagement": 3_500}, {"engaged_seconds": 3.5}),
    ],
    ids=["performance", "engagement"],
)
def test_what_is_measured_on_a_page_is_no_view_of_it(
    site: Source, kind: str, payload: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert send(kind, **payload).status_code == 200
    event = only(site)
    assert (event.name, properties(event)) == (kind, kept)


def test_a_server_speaks_for_its_visitors_and_a_page_does_not(server: Source, shop: Workspace) -> None:
    page = answering_to(shop, "umami", "page", slug="page")
    hour_ago = int(timezone.now().timestamp()) - 3_600
    for ip in ("192.0.2.7", "192.0.2.8"):
        send(ip=ip, userAgent=BROWSER, timestamp=hour_ago)
        send(website="page", ip=ip)
    first, second = arrived(server)
    assert first.visitor_id != second.visitor_id
    assert (first.browser, first.time_us) == ("Firefox", hour_ago * 1_000_000)
    assert len({event.visitor_id for event in arrived(page)}) == 1


def test_a_server_may_say_the_address_in_the_header_as_proxies_do(server: Source) -> None:
    send(headers={"X-Forwarded-For": "192.0.2.7, 198.51.100.2"})
    send(url="/cup", ip="192.0.2.7", id="u1")
    viewed, named = arrived(server)
    assert viewed.visitor_id == named.visitor_id
    assert (viewed.user_id, named.user_id) == (None, "u1")
