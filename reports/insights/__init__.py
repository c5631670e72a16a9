"""Conversion insights: what ads and posts brought, in the form that Pinterest's report made known."""
