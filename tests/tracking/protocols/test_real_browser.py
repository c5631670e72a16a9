"""Vendors' real, unmodified clients in Chromium, on a page of another origin, with the doors' faults of real life."""

from collections.abc import Iterator

import pytest

from tests.tracking.protocols import browser_clients
from tests.tracking.protocols.browser_clients import SHOP, Visitors
from tests.tracking.protocols.journey import FAULTS, Told, check
from tests.tracking.protocols.senders import answering_to, arrived, repeated
from tests.tracking.protocols.serving import Fault, Served, serving
from tracking.event import Event
from tracking.models import Source
from workspaces.models import Workspace

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOT_OF_THE_JOURNEY = {"engagement"}  # what clients send beside it, at their own times

KEYS = {"segment": "sgmt0KEY", "plausible": "shop.example", "snowplow": "shop", "posthog": "phc_0KEY"}
ANONYMOUS = {"visitor": None, "user": None, "identifies": False, "lines": False}
AGAIN = {  # clients that try again
    "segment": ("segment", Told(backdates=True)),
    "snowplow": ("snowplow", Told(visitor=None, identifies=False)),
    "posthog": ("posthog", Told(visitor=None)),
}
ONCE = {  # those that do not
    "plausible-tracker": ("plausible", Told(**ANONYMOUS, buying="Purchase", value=False, order=False)),
    "plausible": ("plausible", Told(**ANONYMOUS)),
}


@pytest.fixture(scope="module")
def visitors() -> Iterator[Visitors]:
    with browser_clients.visitors() as found:
        yield found


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("client", AGAIN)
def test_a_client_that_tries_again_loses_nothing_and_doubles_nothing(
    shop: Workspace, visitors: Visitors, client: str, faults: list[Fault]
) -> None:
    protocol, told = AGAIN[client]
    source = _source(shop, protocol)
    with serving(faults) as served, visitors.journey(client, address=served.address, key=KEYS[protocol]):
        events = _until(served, source, told)
        if "reply lost" in faults:
            served.until(lambda: repeated(source) > 0)
    check(events, told, site=SHOP)
    assert (served.answers["503"], served.answers["lost"]) == (faults.count("unavailable"), faults.count("reply lost"))


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("client", ONCE)
def test_a_client_that_never_tries_again_doubles_nothing(
    shop: Workspace, visitors: Visitors, client: str, faults: list[Fault]
) -> None:
    protocol, told = ONCE[client]
    source = _source(shop, protocol)
    # What was refused is lost at the client; its visitor opens the page again.
    arrivals = 2 if "unavailable" in faults else 1
    with serving(faults) as served:
        given = {"address": served.address, "key": KEYS[protocol]}
        with visitors.journey(client, arrivals=arrivals, **given):
            check(_until(served, source, told), told, site=SHOP)


def _source(shop: Workspace, protocol: str) -> Source:
    return answering_to(shop, protocol, KEYS[protocol])


def _until(served: Served, source: Source, told: Told) -> list[Event]:
    """Wait until as many events are there as the journey has; give them."""

    def found() -> list[Event]:
        return [event for event in arrived(source) if event.name not in NOT_OF_THE_JOURNEY]

    served.until(lambda: len(found()) >= len(told.names))
    return found()
