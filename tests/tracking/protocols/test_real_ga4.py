"""ga4mp, a client of Google's Measurement Protocol: unmodified, its server away once, and an answer lost once.

It never tries again: what meets a fault raises, and is lost unless the program around it sends the same events again.
"""

import http.client
import urllib.error
from typing import Any

import pytest
from ga4mp import FirebaseMP, GtagMP

from tests.tracking.protocols.journey import (
    CURRENCY,
    FAULTS,
    LANDING,
    LINES,
    ORDER,
    REFERRER,
    SECOND,
    TOTAL,
    USER,
    VISITOR,
    Told,
    check,
)
from tests.tracking.protocols.senders import answering_to, arrived
from tests.tracking.protocols.serving import Fault, serving
from tracking.models import Kind, Source

STREAM, SECRET = "G-TEST123", "s3cret"
TOLD = Told(micro="sign_up", identifies=False)  # who it is stands on the events that follow


@pytest.fixture
def server(transactional_db: None, request: pytest.FixtureRequest) -> Source:
    shop = request.getfixturevalue("shop")
    return answering_to(shop, "ga4", f"{STREAM}:{SECRET}", slug="api", kind=Kind.SERVER)


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("again", [False, True], ids=["sent once", "sent again by hand"])
def test_its_journey_is_counted_once(server: Source, faults: list[Fault], again: bool) -> None:
    with serving(faults) as served:
        heard = journey(served.address, again=again)
    assert heard == (again or not faults), "a fault is raised, and nothing is tried again"
    if faults == ["unavailable"] and not again:
        assert [event.name for event in arrived(server)] == TOLD.names[1:], "the first is lost at the client"
    else:
        check(arrived(server), TOLD)
    assert (served.answers["503"], served.answers["lost"]) == (faults.count("unavailable"), faults.count("reply lost"))


def test_an_apps_events_and_postponed_ones_arrive(server: Source) -> None:
    app = answering_to(server.workspace, "ga4", f"1:2:ios:3:{SECRET}", slug="app", kind=Kind.SERVER)
    with serving() as served:
        client = FirebaseMP(SECRET, firebase_app_id="1:2:ios:3", app_instance_id="b" * 32)
        client._base_domain = f"{served.address}/mp/collect"
        client.send([{"name": name, "params": {}} for name in ("level_up", "sign_up")], postpone=True)
        client.postponed_send()
    events = arrived(app)
    assert [event.name for event in events] == ["level_up", "sign_up"]
    assert {event.visitor_id for event in events} == {"b" * 32}
    assert events[0].time_us != events[0].received_us, "it says when"


def journey(address: str, *, again: bool) -> bool:
    """Send the journey; say whether all of it was heard."""
    client = GtagMP(SECRET, measurement_id=STREAM, client_id=VISITOR)
    client._base_domain = f"{address}/mp/collect"  # it has no setting for where it sends
    heard = [
        sent(client, "page_view", {"page_location": LANDING, "page_referrer": REFERRER}, again=again),
        sent(client, "page_view", {"page_location": SECOND, "page_referrer": LANDING}, again=again),
        sent(client, "sign_up", {"method": "mail"}, again=again),
    ]
    client.store.set_user_property("user_id", USER)
    items = [
        {"item_id": line.sku, "item_name": line.name, "price": line.price, "quantity": line.quantity} for line in LINES
    ]
    order = {"transaction_id": ORDER, "value": TOTAL, "currency": CURRENCY, "items": items}
    return all([*heard, sent(client, "purchase", order, again=again)])


def sent(client: GtagMP, name: str, params: dict[str, Any], *, again: bool) -> bool:
    """Send an event, and once more where that raised, if so wanted; say whether it was heard at last."""
    event = {"name": name, "params": dict(params)}
    try:
        client.send([event])
    except (urllib.error.HTTPError, http.client.RemoteDisconnected):
        if again:
            client.send([event])
        return again
    return True
