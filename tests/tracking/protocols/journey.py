"""The journey that every vendor's real client must bring as the same events, and the check of what arrived.

A visitor comes from a newsletter, looks at two pages, signs up, says who it is, and buys two things.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.tracking.protocols.serving import Fault
from tracking.event import Event

VISITOR, USER = "a1", "u1"
SITE = "https://shop.example"
LANDING = f"{SITE}/tea?utm_source=avisa&utm_medium=newsletter"
SECOND = f"{SITE}/tea/cup"
REFERRER = "https://www.google.com/"
MICRO = "Signed Up"
ORDER, TOTAL, CURRENCY = "O1", 99.5, "EUR"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the order; `price` of one piece."""

    sku: str
    name: str
    price: float
    quantity: int


LINES = (Line("SKU-1", "Blue mug", 24.75, 2), Line("SKU-2", "Tea", 50, 1))

# What the server does to the first requests.
FAULTS: dict[str, list[Fault]] = {"no fault": [], "away once": ["unavailable"], "reply lost once": ["reply lost"]}


def as_data() -> dict[str, Any]:
    """Give the journey as JSON values, for clients in JavaScript."""
    return {
        "visitor": VISITOR,
        "user": USER,
        "landing": LANDING,
        "second": SECOND,
        "referrer": REFERRER,
        "micro": MICRO,
        "order": ORDER,
        "total": TOTAL,
        "currency": CURRENCY,
        "lines": [asdict(line) for line in LINES],
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a vendor's client can tell of the journey; the defaults tell all of it.

    micro        the name of the micro goal
    visitor      None: the client or the door makes the id; it must be the same on all events
    user         None: the vendor knows no users
    identifies   saying who it is arrives as an event of its own
    renames      after that the client says the user's id in place of the visitor's
    backdates    what it sends again after that may have the user as well
    buying       the name of the purchase
    value        it has its value and currency
    order        it has its order's id
    lines        it has its lines
    """

    micro: str = MICRO
    visitor: str | None = VISITOR
    user: str | None = USER
    identifies: bool = True
    renames: bool = False
    backdates: bool = False
    buying: str = "purchase"
    value: bool = True
    order: bool = True
    lines: bool = True

    @property
    def names(self) -> list[str]:
        """Give the names of the events."""
        return ["page_view", "page_view", self.micro, *(["identify"] if self.identifies else []), self.buying]


def check(events: Sequence[Event], told: Told = Told(), *, site: str = SITE) -> None:
    """Assert that each event of the journey is there, once, with what the client can tell, in any order.

    site    where the pages were, for tests that cannot have them at SITE
    """
    assert sorted(event.name for event in events) == sorted(told.names)
    named = {event.name: event for event in events}
    views = {event.path: event for event in events if event.name == "page_view"}
    _check_views(views, site)
    after = [event for event in events if event.name in {"identify", told.buying}]
    _check_persons([*views.values(), named[told.micro]], after, told)
    _check_purchase(named[told.buying], told)


def _check_views(views: dict[str | None, Event], site: str) -> None:
    assert set(views) == {"/tea", "/tea/cup"}
    first, second = views["/tea"], views["/tea/cup"]
    # The query may be shortened to what the fields beside it do not say.
    asked = {name: [value] for name, value in (("utm_source", "avisa"), ("utm_medium", "newsletter"))}
    assert (first.host, parse_qs(urlsplit(first.url or "").query)) in (("shop.example", asked), ("shop.example", {}))
    assert (first.utm_source, first.utm_medium, first.referrer) == ("avisa", "newsletter", REFERRER)
    assert (second.url, second.utm_source, second.utm_medium) == (SECOND.replace(SITE, site), None, None)


def _check_persons(before: list[Event], after: list[Event], told: Told) -> None:
    visitors = {event.visitor_id for event in before}
    assert len(visitors) == 1, "one visitor"
    assert told.visitor is None or visitors == {told.visitor}
    as_user = {told.user} if told.renames else set()
    assert {event.visitor_id for event in after} <= visitors | as_user
    assert {event.user_id for event in after} == {told.user}
    assert {event.user_id for event in before} - ({told.user} if told.backdates else set()) <= {None}


def _check_purchase(purchase: Event, told: Told) -> None:
    assert (purchase.value_micros, purchase.currency) == ((99_500_000, CURRENCY) if told.value else (None, None))
    assert purchase.transaction_id == (ORDER if told.order else None)
    found = json.loads(purchase.items or "[]")
    lines = [(line["item_id"], Decimal(str(line["price"])), int(line["quantity"])) for line in found]
    assert lines == ([(line.sku, Decimal(str(line.price)), line.quantity) for line in LINES] if told.lines else [])
