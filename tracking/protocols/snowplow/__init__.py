"""Snowplow: what its trackers send."""
