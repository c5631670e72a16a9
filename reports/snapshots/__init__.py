"""Snapshots: reports kept as they were at a review, with who signed them off."""
