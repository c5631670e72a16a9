"""Daily sums that another tool exported: no events, so they stand beside the lake and are never mixed into it."""
