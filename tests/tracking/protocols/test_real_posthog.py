"""PostHog's own library for Python, unmodified, whose server was away once and whose answer was lost once."""

from typing import Any

import pytest
from posthog import Posthog

from tests.tracking.protocols import journey
from tests.tracking.protocols.journey import FAULTS, check
from tests.tracking.protocols.senders import answering_to, arrived
from tests.tracking.protocols.serving import Fault, serving
from tracking.models import Kind, Source
from workspaces.models import Workspace

KEY = "phc_0KEY"
WAYS: dict[str, dict[str, Any]] = {
    "batch": {},
    "batch in gzip": {"gzip": True},
    "v1": {"capture_mode": "v1"},
    "v1 in deflate": {"capture_mode": "v1", "capture_compression": "deflate"},
    "v1 in zstd": {"capture_mode": "v1", "capture_compression": "zstd"},
}


@pytest.fixture
def server(transactional_db: None, shop: Workspace) -> Source:
    return answering_to(shop, "posthog", KEY, slug="api", kind=Kind.SERVER)


def travel(client: Posthog) -> None:
    """Send the journey, of a visitor whose id the server knows from the browser."""
    first = {"$current_url": journey.LANDING, "$referrer": journey.REFERRER}
    client.capture("$pageview", distinct_id=journey.VISITOR, properties=first)
    second = {"$current_url": journey.SECOND, "$referrer": journey.LANDING}
    client.capture("$pageview", distinct_id=journey.VISITOR, properties=second)
    client.capture(journey.MICRO, distinct_id=journey.VISITOR)
    client.capture("$identify", distinct_id=journey.USER, properties={"$anon_distinct_id": journey.VISITOR})
    products = [
        {"product_id": line.sku, "name": line.name, "price": line.price, "quantity": line.quantity}
        for line in journey.LINES
    ]
    order = {"order_id": journey.ORDER, "revenue": journey.TOTAL, "currency": journey.CURRENCY, "products": products}
    client.capture("Order Completed", distinct_id=journey.USER, properties=order)


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_posthogs_python_library_loses_nothing_and_doubles_nothing(
    server: Source, way: dict[str, Any], faults: list[Fault]
) -> None:
    lost: list[str] = []
    with serving(faults) as served:
        client = Posthog(
            KEY,
            host=served.address,
            super_properties={"$device_id": journey.VISITOR},
            on_error=lambda fault, _events: lost.append(repr(fault)),
            **way,
        )
        travel(client)
        client.shutdown()  # once all is sent
    assert lost == []
    check(arrived(server), journey.Told())
    assert (served.answers["503"], served.answers["lost"]) == (faults.count("unavailable"), faults.count("reply lost"))


@pytest.mark.parametrize("way", ["v0", "v1"])
def test_the_library_hears_what_was_refused_and_gives_up(server: Source, way: Any) -> None:
    heard: list[str] = []
    with serving() as served:
        client = Posthog(
            KEY, host=served.address, capture_mode=way, on_error=lambda fault, _events: heard.append(str(fault))
        )
        client.capture("Order Completed", distinct_id="u1", properties={"revenue": "a lot", "currency": "EUR"})
        client.alias("u0", "u1")
        client.shutdown()
    assert [(event.name, event.visitor_id, event.user_id) for event in arrived(server)] == [("alias", "u0", "u1")]
    assert len(heard) == (1 if way == "v1" else 0)  # the old protocol has no word for one event of many
    assert served.answers == {"200": 1}
