"""ga4mp, a client of Google's Measurement Protocol: unmodified, its server away once, and an answer lost once.

It never tries again: what meets a fault raises, and is lost unless the program around it sends the same events again.
"""

import http.client
import json
import urllib.error
from typing import Any

import pytest
from ga4mp import FirebaseMP, GtagMP

from tests.tracking.protocols.senders import answering_to, arrived
from tests.tracking.protocols.serving import Fault, serving
from tracking import gate, limits
from tracking.event import Event
from tracking.models import Kind, Source

STREAM, SECRET = "G-TEST123", "s3cret"
FAULTS: dict[str, list[Fault]] = {"no fault": [], "away once": ["unavailable"], "reply lost once": ["reply lost"]}
LANDING = {
    "page_location": "https://shop.example/tea?utm_source=avisa&utm_medium=newsletter",
    "page_referrer": "https://www.google.com/",
}
LINES = [
    {"item_id": "SKU-1", "item_name": "Blue mug", "price": 24.75, "quantity": 2},
    {"item_id": "SKU-2", "item_name": "Tea", "price": 50, "quantity": 1},
]
ORDER = {"transaction_id": "O1", "value": 99.5, "currency": "EUR", "items": LINES}
ALL = ["page_view", "page_view", "sign_up", "purchase"]


@pytest.fixture
def server(transactional_db: None, request: pytest.FixtureRequest) -> Source:
    gate.forget()
    limits.forget()
    shop = request.getfixturevalue("shop")
    return answering_to(shop, "ga4", f"{STREAM}:{SECRET}", slug="api", kind=Kind.SERVER)


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize("again", [False, True], ids=["sent once", "sent again by hand"])
def test_its_journey_is_counted_once(server: Source, faults: list[Fault], again: bool) -> None:
    with serving(faults) as served:
        heard = journey(served.address, again=again)
    events = arrived(server)
    assert heard == (again or not faults), "a fault is raised, and nothing is tried again"
    assert [event.name for event in events] == (ALL[1:] if faults == ["unavailable"] and not again else ALL)
    check(events)
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
    """Send two views, a micro goal and a purchase as somebody; say whether each was heard."""
    client = GtagMP(SECRET, measurement_id=STREAM, client_id="a1")
    client._base_domain = f"{address}/mp/collect"  # it has no setting for where it sends
    heard = [
        sent(client, "page_view", LANDING, again=again),
        sent(client, "page_view", {"page_location": "https://shop.example/tea/cup"}, again=again),
        sent(client, "sign_up", {"method": "mail"}, again=again),
    ]
    client.store.set_user_property("user_id", "u1")  # there is no event for it: all that follow have the id
    return all([*heard, sent(client, "purchase", ORDER, again=again)])


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


def check(events: list[Event]) -> None:
    """Assert what is known of the events that came."""
    assert {event.visitor_id for event in events} == {"a1"}
    assert [event.user_id for event in events] == [None] * (len(events) - 1) + ["u1"]
    bought, second = events[-1], events[-3]
    assert (bought.value_micros, bought.currency, bought.transaction_id) == (99_500_000, "EUR", "O1")
    lines = [(line["item_id"], line["price"], line["quantity"]) for line in json.loads(bought.items or "")]
    assert lines == [("SKU-1", 24.75, 2), ("SKU-2", 50, 1)]
    assert (second.path, second.utm_source) == ("/tea/cup", None)
    if len(events) == len(ALL):
        first = events[0]
        assert (first.path, first.utm_source, first.utm_medium) == ("/tea", "avisa", "newsletter")
        assert first.referrer == "https://www.google.com/"
