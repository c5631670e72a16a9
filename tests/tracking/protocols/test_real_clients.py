"""Vendors' real, unmodified clients, whose server was away once and whose answer was lost once."""

from typing import Any

import pytest
from segment.analytics.client import Client

from tests.tracking.protocols.journey import (
    CURRENCY,
    FAULTS,
    LANDING,
    LINES,
    MICRO,
    ORDER,
    REFERRER,
    SECOND,
    TOTAL,
    USER,
    VISITOR,
    check,
)
from tests.tracking.protocols.senders import answering_to, arrived
from tests.tracking.protocols.serving import Fault, serving
from tracking.models import Kind, Source


@pytest.fixture
def server(transactional_db: None, request: pytest.FixtureRequest) -> Source:
    return answering_to(request.getfixturevalue("shop"), "segment", "sgmt0KEY", slug="api", kind=Kind.SERVER)


@pytest.mark.parametrize("options", [{}, {"gzip": True}], ids=["plain", "gzip"])
@pytest.mark.parametrize("faults", [*FAULTS.values(), ["reply lost", "unavailable"]], ids=[*FAULTS, "both"])
def test_segments_python_library_loses_nothing_and_doubles_nothing(
    server: Source, faults: list[Fault], options: dict[str, Any]
) -> None:
    with serving(faults) as served:
        client = Client("sgmt0KEY", host=served.address, **options)
        journey(client)
        client.shutdown()  # once the queue is empty
    check(arrived(server))
    assert (served.answers["503"], served.answers["lost"]) == (faults.count("unavailable"), faults.count("reply lost"))


def journey(client: Client) -> None:
    """Send the journey as Segment's documentation says."""
    client.page(anonymous_id=VISITOR, context={"page": {"url": LANDING, "referrer": REFERRER}})
    here = {"page": {"url": SECOND, "referrer": LANDING}}
    client.page(anonymous_id=VISITOR, context=here)
    client.track(anonymous_id=VISITOR, event=MICRO, context=here)
    client.identify(user_id=USER, anonymous_id=VISITOR, traits={"email": "a@b.example"}, context=here)
    lines = [
        {"product_id": line.sku, "name": line.name, "price": line.price, "quantity": line.quantity} for line in LINES
    ]
    order = {"order_id": ORDER, "total": TOTAL, "currency": CURRENCY, "products": lines}
    client.track(user_id=USER, anonymous_id=VISITOR, event="Order Completed", properties=order, context=here)
