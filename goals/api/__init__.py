"""Plans, objectives, goals, KPIs, targets and the preview over HTTP, by the same verbs as the pages."""
