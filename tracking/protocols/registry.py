"""The protocols that the door speaks: one line each."""

from tracking.protocols import own, matomo, meta, plausible, posthog, segment, snowplow, umami
from tracking.protocols.ga4 import door as ga4
from tracking.protocols.seam import Protocol

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
}  # fmt: skip
