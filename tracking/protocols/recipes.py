"""Event ids for clients that give none: a retry over the network is one event, two honest clicks are two.

What was sent decides. A purchase is known by its transaction for ever. An event whose client says when it happened is
known by that second. Anything else is known by its content within a window that starts when it is first received: the
same content counts once within WINDOW / 2, and twice from WINDOW on. In between either may be; no state is needed.
source  PROTOCOLS A.0
"""

from hashlib import blake2b

import msgspec

from tracking.digests import BYTES, digest_of
from tracking.event import SECOND_US, Event
from tracking.protocols.parsed import Arrival

WINDOW_US = 10 * SECOND_US
_HALF_US = WINDOW_US // 2


def named(arrival: Arrival, *, content: bytes, says_when: bool) -> Arrival:
    """Give the arrival with an id made of what it says.

    content    the item as it was sent: the same bytes again in a retry
    says_when  the client gave the time, which a retry gives again
    """
    event = arrival.event
    if event.name == "purchase" and event.transaction_id:
        return _with(arrival, digest_of("transaction", event.transaction_id))
    said = _said(event, content)
    if says_when:
        at_us = event.client_time_us if event.client_time_us is not None else event.time_us
        return _with(arrival, digest_of("at", str(at_us // SECOND_US), *said))
    half = event.received_us // _HALF_US
    # The id of this half window, and beside it the next one's: whatever comes then with the same content finds it held.
    return _with(arrival, digest_of("window", str(half), *said), digest_of("window", str(half + 1), *said))


def digest(content: bytes) -> str:
    """Give a stand-in for an id, until the event is read and can be named."""
    return blake2b(content, digest_size=BYTES).hexdigest()


def _said(event: Event, content: bytes) -> tuple[str, ...]:
    return event.visitor_id, event.name, event.url or "", event.transaction_id or "", digest(content)


def _with(arrival: Arrival, event_id: str, also_holds: str | None = None) -> Arrival:
    event = msgspec.structs.replace(arrival.event, event_id=event_id)
    return msgspec.structs.replace(arrival, event=event, also_holds=also_holds)
