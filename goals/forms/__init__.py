"""Forms of plans, goals, KPIs and targets."""
