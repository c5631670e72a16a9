"""Segment: the calls of its libraries."""
