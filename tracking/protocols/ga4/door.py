"""Google Analytics 4 in, Events out: the Measurement Protocol of servers and apps, and the hits of tags in browsers.

Google answers 204 whatever it was sent, and so does this; what became of each event is shown under tracking health, and
`/debug/mp/collect` says beforehand what would be wrong with it.

The measurement id stands in every page. So it finds a source, and earns nobody a server's trust: that takes the API
secret, in a key of its own, "G-XXXX:secret".
source  PROTOCOLS A.1
"""

import re
from collections.abc import Sequence

from tracking.protocols.ga4.bodies import open_collect
from tracking.protocols.ga4.debug import open_debug
from tracking.protocols.ga4.gtag import open_hits
from tracking.protocols.ga4.hits import NAME, read
from tracking.protocols.seam import Cors, Incoming, Protocol, Refusal, Reply, Route, Taken

# A measurement id, or an app's id in Firebase, and after it the API secret.
_SECRET = re.compile(r"(G-[^:]+|[0-9]+:[0-9]+:[a-z]+:[0-9a-f]+):.+", re.IGNORECASE)
_NO_JUDGEMENT = {403, 429, 503}  # of what was sent: whose page it is, and whether there is room now
_UNSTORED = {"Cache-Control": "no-store"}  # hits come by GET as well


def accept(_incoming: Incoming, _taken: Sequence[Taken]) -> Reply:
    """Say what Google says."""
    return Reply(204, b"", _UNSTORED)


def refuse(_incoming: Incoming, refusal: Refusal) -> Reply:
    """Say what Google says of anything that it cannot read."""
    return Reply(refusal.status if refusal.status in _NO_JUDGEMENT else 204, b"", _UNSTORED)


def is_secret(key: str) -> bool:
    """Tell a key that holds the API secret from what every page shows."""
    return _SECRET.fullmatch(key) is not None


PROTOCOL = Protocol(
    name=NAME,
    label="Google Analytics 4",
    key="measurement id",
    routes=(
        Route("mp/collect", open_collect),
        Route("debug/mp/collect", open_debug),
        Route("g/collect", open_hits, methods=("GET", "POST")),
    ),
    read=read,
    accept=accept,
    refuse=refuse,
    is_secret=is_secret,
    cors=Cors(credentials=True),
)
