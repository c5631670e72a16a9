"""Umami: what its tracker and libraries send."""
