"""Rows of reports: filled figures and how far they are filled."""

from reports.models.rollup import PATHS_LAYOUT, FillState, Publication, Rollup, Visits

__all__ = ["PATHS_LAYOUT", "FillState", "Publication", "Rollup", "Visits"]
