"""Alerts: conditions on figures, looked at day by day; who hears of them when they begin and when they are over."""
