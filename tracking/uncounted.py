"""Events that are kept and that nobody counts: how long a page was looked at, and what libraries send by themselves."""

from tracking.event import NOT_COUNTED as LOOKED_AT
from tracking.protocols import posthog_events, snowplow_events

# Of all protocols; in one order, so that what is asked of the lake is the same each time.
NOT_COUNTED = tuple(sorted({*LOOKED_AT, *posthog_events.NOT_COUNTED, *snowplow_events.NOT_COUNTED}))
