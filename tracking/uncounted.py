"""Events that are kept and that nobody counts: how long a page was looked at, and what libraries send by themselves.

The names that vendors give such events stand here and not with their protocols: whoever asks what counts, in the lake
or of a goal, needs names alone, and no reader of anybody's bytes.
"""

# How long a page was looked at: kept, and asked for by goals, but nothing that somebody did. No total of events holds
# them, and nobody is offered them as an event. The second is what GA4 calls the first; Snowplow's trackers send it too.
_LOOKED_AT = ("engagement", "user_engagement")
ORDER_LINE = "transaction_item"  # a line that Snowplow's older trackers send as a hit of its own: a part of an order
# What PostHog's libraries send on their own account.
_POSTHOG = (
    *("$autocapture", "$copy_autocapture", "$rageclick", "$dead_click", "$$heatmap", "$pageleave", "$bot_pageview"),
    *("$web_vitals", "$exception", "$performance_event", "$snapshot", "$snapshot_items", "$csp_violation"),
    *("$feature_flag_called", "$feature_view", "$feature_interaction", "$feature_enrollment_update"),
    *("$set", "$set_once", "$unset", "$opt_in", "$merge_dangerously", "$$client_ingestion_warning"),
    *("$ai_generation", "$ai_trace", "$ai_span", "$ai_embedding", "$ai_metric", "$ai_feedback"),
)
# Of all protocols; in one order, so that what is asked of the lake is the same each time.
NOT_COUNTED = tuple(sorted({*_LOOKED_AT, ORDER_LINE, *_POSTHOG}))
# Notes on who somebody is, and ads, which are seen where nobody is on the site: events, and nothing done on a page.
_BESIDE = ("ad_click", "ad_engagement", "ad_impression", "alias", "group", "identify")
# What a question about a page does not mean, though these events carry the page's address.
NOT_DONE = tuple(sorted({*NOT_COUNTED, *_BESIDE}))
