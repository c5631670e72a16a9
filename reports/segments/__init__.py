"""Segments: named groups of persons, by what they did, how often, when, and in which order."""
