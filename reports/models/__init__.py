"""Rows of reports: filled figures and how far they are filled."""

from reports.models.restatement import Cause, Restatement
from reports.models.rollup import PATHS_LAYOUT, FillState, Publication, Rollup, Visits

__all__ = ["PATHS_LAYOUT", "Cause", "FillState", "Publication", "Restatement", "Rollup", "Visits"]
