"""Rows of reports: rollups and how far they are filled."""

from reports.models.rollup import FillState, Rollup, Visits

__all__ = ["FillState", "Rollup", "Visits"]
