"""Matomo's client for servers, asgi-matomo, unmodified, whose server was away once and whose answer was lost once.

It tries nothing again and raises nothing: what meets a fault is lost at the client, in a line of its log. What was
stored before the answer was lost counts.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import pytest
from asgi_matomo import MatomoMiddleware

from tests.tracking.protocols.journey import (
    FAULTS,
    LANDING,
    LINES,
    MICRO,
    ORDER,
    REFERRER,
    SECOND,
    TOTAL,
    USER,
    Told,
    check,
)
from tests.tracking.protocols.senders import BROWSER, answering_to, arrived
from tests.tracking.protocols.serving import Fault, serving
from tracking.models import Kind, Source

VISITOR = "00000000000000a1"
ORDERED = {
    "idgoal": 0,
    "ec_id": ORDER,
    "revenue": TOTAL,
    "ec_items": json.dumps([[line.sku, line.name, "", line.price, line.quantity] for line in LINES]),
    "uid": USER,
}
# What the application tells of each of its requests; the client knows no call to say who it is.
JOURNEY: tuple[Mapping[str, Any], ...] = (
    {"url": LANDING, "urlref": REFERRER},
    {"url": SECOND},
    {"url": SECOND, "e_c": "Account", "e_a": MICRO},
    {"url": SECOND} | ORDERED,
)


@pytest.fixture
def server(transactional_db: None, request: pytest.FixtureRequest) -> Source:
    shop = request.getfixturevalue("shop")
    return answering_to(shop, "matomo", "7:secret", slug="api", kind=Kind.SERVER, currency="EUR")


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_matomos_client_for_servers_brings_each_event_that_it_could_deliver_once(
    server: Source, faults: list[Fault]
) -> None:
    with serving(faults) as served:
        asyncio.run(visit(served.address, JOURNEY))
        missing = faults.count("unavailable")
        assert len(arrived(server)) == len(JOURNEY) - missing
        asyncio.run(visit(served.address, JOURNEY[:missing]))  # by hand
    check(arrived(server), Told(visitor=VISITOR, identifies=False))
    assert served.answers["204"] == len(JOURNEY) - faults.count("reply lost")


async def visit(address: str, journey: tuple[Mapping[str, Any], ...]) -> None:
    """Have an application with the client answer a visitor's requests."""
    told = iter(journey)

    async def application(scope: Any, _receive: Any, send: Any) -> None:
        scope["state"]["asgi_matomo"]["custom_tracking_data"] = {"_id": VISITOR} | dict(next(told))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    client = MatomoMiddleware(application, matomo_url=address, idsite=7, access_token="secret")
    for _ in journey:
        await client(request(), nothing, nowhere)
    await client.shutdown()


def request() -> dict[str, Any]:
    """Give a request as an ASGI server does."""
    headers = [(b"user-agent", BROWSER.encode())]
    place = {"path": "/", "query_string": b"", "server": ("shop.example", 443), "client": ("192.0.2.7", 40_000)}
    return {"type": "http", "method": "GET", "scheme": "https", "headers": headers} | place


async def nothing() -> Any:
    """Give the request's body: there is none."""
    return {"type": "http.request", "body": b"", "more_body": False}


async def nowhere(_message: Any) -> None:
    """Take the answer, which nobody reads."""
