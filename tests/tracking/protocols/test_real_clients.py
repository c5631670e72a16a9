"""Vendors' real, unmodified clients, whose server was away once and whose answer was lost once."""

import json
from typing import Any

import pytest
from segment.analytics.client import Client

from tests.tracking.protocols.senders import answering_to, arrived
from tests.tracking.protocols.serving import Fault, serving
from tracking import gate, limits
from tracking.models import Kind, Source

PAGE = {"page": {"url": "https://shop.example/tea?utm_source=avisa", "referrer": "https://www.google.com/"}}
LINES = [
    {"product_id": "SKU-1", "name": "Blue mug", "price": 24.75, "quantity": 2},
    {"product_id": "SKU-2", "name": "Tea", "price": 50, "quantity": 1},
]


@pytest.fixture
def server(transactional_db: None, request: pytest.FixtureRequest) -> Source:
    gate.forget()
    limits.forget()
    return answering_to(request.getfixturevalue("shop"), "segment", "sgmt0KEY", slug="api", kind=Kind.SERVER)


@pytest.mark.parametrize("options", [{}, {"gzip": True}], ids=["plain", "gzip"])
@pytest.mark.parametrize("faults", [[], ["unavailable"], ["reply lost"], ["reply lost", "unavailable"]], ids="+".join)
def test_segments_python_library_loses_nothing_and_doubles_nothing(
    server: Source, faults: list[Fault], options: dict[str, Any]
) -> None:
    with serving(faults) as served:
        client = Client("sgmt0KEY", host=served.address, **options)
        journey(client)
        client.shutdown()  # once the queue is empty
    events = arrived(server)
    assert [event.name for event in events] == ["page_view", "page_view", "Signed Up", "identify", "purchase"]
    assert {event.visitor_id for event in events} == {"a1"}
    assert [event.user_id for event in events[-2:]] == ["u1", "u1"]
    bought = events[-1]
    assert (bought.value_micros, bought.currency, bought.transaction_id) == (99_500_000, "EUR", "O1")
    assert [line["item_id"] for line in json.loads(bought.items or "")] == ["SKU-1", "SKU-2"]
    assert (events[0].path, events[0].utm_source) == ("/tea", "avisa")
    assert (served.answers["503"], served.answers["lost"]) == (faults.count("unavailable"), faults.count("reply lost"))


def journey(client: Client) -> None:
    """Send two views, a micro goal, who it is, and a purchase of two items."""
    for _ in range(2):
        client.page(anonymous_id="a1", context=PAGE)
    client.track(anonymous_id="a1", event="Signed Up", context=PAGE)
    client.identify(user_id="u1", anonymous_id="a1", traits={"email": "a@b.example"})
    order = {"order_id": "O1", "total": 99.5, "currency": "EUR", "products": LINES}
    client.track(user_id="u1", anonymous_id="a1", event="Order Completed", properties=order, context=PAGE)
