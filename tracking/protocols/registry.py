"""The protocols that the door speaks: one line each."""

from tracking.protocols import own, plausible
from tracking.protocols.ga4 import door as ga4
from tracking.protocols.matomo import door as matomo
from tracking.protocols.meta import door as meta
from tracking.protocols.posthog import door as posthog
from tracking.protocols.seam import Protocol
from tracking.protocols.segment import door as segment
from tracking.protocols.snowplow import door as snowplow
from tracking.protocols.umami import door as umami

PROTOCOLS: dict[str, Protocol] = {
    each.name: each
    for each in (
        own.PROTOCOL,
        ga4.PROTOCOL,
        matomo.PROTOCOL,
        meta.PROTOCOL,
        plausible.PROTOCOL,
        posthog.PROTOCOL,
        segment.PROTOCOL,
        snowplow.PROTOCOL,
        umami.PROTOCOL,
    )
}
