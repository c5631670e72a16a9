"""Rows of reports: filled figures and how far they are filled."""

from reports.models.rollup import FillState, Publication, Rollup, Visits

__all__ = ["FillState", "Publication", "Rollup", "Visits"]
