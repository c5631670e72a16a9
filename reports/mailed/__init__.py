"""Scheduled reports: sent by mail at set times, each to each reader once."""
