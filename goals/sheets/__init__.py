"""Spreadsheets: the plan written into them without loss, and read from ours and from other people's."""
