"""PostHog: what its libraries send."""
