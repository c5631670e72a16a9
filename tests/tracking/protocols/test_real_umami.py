"""Umami's real Python client, unmodified, whose server was away once and whose answer was lost once.

It tries nothing again: what met a fault raises in the program, and what the program does then decides. Sent again by
hand within the window of 5 seconds an event counts once, whether the first try was stored or not.
"""

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
import umami

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
    Told,
    check,
)
from tests.tracking.protocols.senders import answering_to, arrived
from tests.tracking.protocols.serving import Fault, serving
from tracking.models import Kind, Source

WEBSITE = "b59e9c65-ae32-47f1-8400-119fcf4861c4"
ADDRESS = "192.0.2.7"
Call = Callable[[], Any]  # Any: the client's own answers


@pytest.fixture
def server(transactional_db: None, request: pytest.FixtureRequest) -> Iterator[Source]:
    yield answering_to(request.getfixturevalue("shop"), "umami", WEBSITE, slug="api", kind=Kind.SERVER)
    for forget in (umami.set_url_base, umami.set_website_id, umami.set_hostname):
        forget("https://nowhere.example")  # the client's settings are its module's


def journey() -> list[Call]:
    """Give the calls of the journey; the client has none to say who it is, and names the user on each event."""
    lines = [
        {"item_id": line.sku, "item_name": line.name, "price": line.price, "quantity": line.quantity} for line in LINES
    ]
    return [
        lambda: umami.new_page_view("Tea", LANDING, referrer=REFERRER, ip_address=ADDRESS),
        lambda: umami.new_page_view("Cup", SECOND, ip_address=ADDRESS),
        lambda: umami.new_event(MICRO, url=SECOND, ip_address=ADDRESS),
        lambda: umami.new_revenue_event(
            TOTAL,
            CURRENCY,
            "Purchase",
            url=SECOND,
            custom_data={"order_id": ORDER, "items": lines},
            ip_address=ADDRESS,
            distinct_id=USER,
        ),
    ]


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_umamis_python_client_brings_each_event_once_where_the_program_sends_again(
    server: Source, faults: list[Fault]
) -> None:
    with serving(faults) as served:
        umami.set_url_base(served.address)
        umami.set_website_id(WEBSITE)
        umami.set_hostname("shop.example")
        failed = [call for call in journey() if not went_well(call)]
        answers = [call() for call in failed]
    assert len(answers) == len(faults), "each fault is the program's to mend"
    check(arrived(server), Told(visitor=None, identifies=False))


def test_what_met_a_fault_and_is_not_sent_again_is_lost_at_the_client(server: Source) -> None:
    with serving(["unavailable"]) as served:
        umami.set_url_base(served.address)
        umami.set_website_id(WEBSITE)
        umami.set_hostname("shop.example")
        assert not went_well(journey()[0])
    assert served.answers == {"503": 1}
    assert arrived(server) == []


def went_well(call: Call) -> bool:
    """Make the call; False where the client raised."""
    try:
        return set(call()) == {"cache", "sessionId", "visitId"}
    except httpx2.HTTPError:
        return False
