"""Funnels: which persons take a way of several steps, and where they leave it."""
