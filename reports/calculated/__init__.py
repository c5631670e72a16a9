"""Metrics that a workspace writes itself: a formula over the columns of explorations, with a format and a direction."""
