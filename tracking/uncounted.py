"""Events that are kept and that nobody counts: how long a page was looked at, and what libraries send by themselves."""

from tracking.event import NOT_COUNTED as LOOKED_AT
from tracking.protocols.posthog import events as posthog
from tracking.protocols.snowplow import events as snowplow

# Of all protocols; in one order, so that what is asked of the lake is the same each time.
NOT_COUNTED = tuple(sorted({*LOOKED_AT, *posthog.NOT_COUNTED, *snowplow.NOT_COUNTED}))
# Notes on who somebody is, and ads, which are seen where nobody is on the site: events, and nothing done on a page.
_BESIDE = ("ad_click", "ad_engagement", "ad_impression", "alias", "group", "identify")
# What a question about a page does not mean, though these events carry the page's address.
NOT_DONE = tuple(sorted({*NOT_COUNTED, *_BESIDE}))
