"""Snowplow's own tracker for Python, unmodified, whose server was away once and whose answer was lost once."""

import threading
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from snowplow_tracker import (
    Emitter,
    PageView,
    SelfDescribing,
    SelfDescribingJson,
    StructuredEvent,
    Subject,
    Tracker,
)

from tests.tracking.protocols import journey
from tests.tracking.protocols.journey import FAULTS, Told, check
from tests.tracking.protocols.senders import answering_to, arrived
from tests.tracking.protocols.serving import Fault, serving
from tracking.models import Kind, Source
from workspaces.models import Workspace

APP = "shop-api"
ECOMMERCE = "iglu:com.snowplowanalytics.snowplow.ecommerce"
LINE = "transaction_item"


@pytest.fixture
def server(transactional_db: None, shop: Workspace) -> Source:
    return answering_to(shop, "snowplow", APP, slug="api", kind=Kind.SERVER)


def bought_by_plugin(tracker: Tracker) -> None:
    """Tell of the purchase as the e-commerce plugin does."""
    stated = {"transaction_id": journey.ORDER, "revenue": journey.TOTAL, "currency": journey.CURRENCY}
    products = [
        {"id": line.sku, "name": line.name, "category": "Shop", "price": line.price, "quantity": line.quantity}
        for line in journey.LINES
    ]
    attached = [SelfDescribingJson(f"{ECOMMERCE}/transaction/jsonschema/1-0-0", stated)]
    attached += [SelfDescribingJson(f"{ECOMMERCE}/product/jsonschema/1-0-0", product) for product in products]
    action = SelfDescribingJson(f"{ECOMMERCE}/snowplow_ecommerce_action/jsonschema/1-0-2", {"type": "transaction"})
    tracker.track(SelfDescribing(event_json=action, context=attached))


def bought_by_hits(tracker: Tracker) -> None:
    """Tell of the purchase as older trackers do: a hit for the order, and one for each line."""
    lines = [
        {"sku": line.sku, "name": line.name, "price": line.price, "quantity": line.quantity} for line in journey.LINES
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the way is old, and still in use
        tracker.track_ecommerce_transaction(
            order_id=journey.ORDER, total_value=journey.TOTAL, currency=journey.CURRENCY, items=lines
        )


def travel(emitter: Emitter, bought: Callable[[Tracker], None]) -> None:
    """Send the journey; the tracker knows no call that says who somebody is, only whose the next hits are."""
    subject = Subject().set_domain_user_id(journey.VISITOR)
    tracker = Tracker(namespace="sp", emitters=emitter, subject=subject, app_id=APP)
    tracker.track(PageView(page_url=journey.LANDING, page_title="Tea", referrer=journey.REFERRER))
    tracker.track(PageView(page_url=journey.SECOND, page_title="Cup", referrer=journey.LANDING))
    tracker.track(StructuredEvent(category="account", action=journey.MICRO))
    subject.set_user_id(journey.USER)
    bought(tracker)
    emitter.flush()


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("bought", [bought_by_plugin, bought_by_hits], ids=["e-commerce plugin", "tr and ti"])
@pytest.mark.parametrize("method", ["post", "get"])
def test_snowplows_python_tracker_loses_nothing_and_doubles_nothing(
    server: Source, method: Any, bought: Callable[[Tracker], None], faults: list[Fault]
) -> None:
    waiting = set[str]()
    all_sent = threading.Event()

    def sent(payloads: list[dict[str, str]]) -> None:
        waiting.update(each["eid"] for each in payloads)
        if len(waiting) == (6 if bought is bought_by_hits else 4):
            all_sent.set()

    with serving(faults) as served:
        # It tries again after some thousandths of a second; by POST all is sent together.
        size = 10 if method == "post" else 1
        emitter = Emitter(served.address, method=method, batch_size=size, on_success=sent, max_retry_delay_seconds=0)
        travel(emitter, bought)
        assert all_sent.wait(20), "the tracker gave up"
    events = arrived(server)
    lines = [event for event in events if event.name == LINE]
    assert len(lines) == (2 if bought is bought_by_hits else 0)
    # By GET each hit is a request: the order cannot have lines that come after it.
    alone = method == "get" and bought is bought_by_hits
    check([event for event in events if event.name != LINE], Told(identifies=False, lines=not alone))
    assert (served.answers["503"], served.answers["lost"]) == (faults.count("unavailable"), faults.count("reply lost"))
