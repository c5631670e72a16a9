"""What happened, said beside the charts: written, read for a range of days, drawn."""
