"""Meters: how a KPI is read off the published days, be it of one goal or of a metric over several."""
