"""Rows of reports: filled figures and how far, saved funnels and paths, kept evidence, computations under way."""

from reports.models.evidence import KeptEvidence
from reports.models.flow import Flow
from reports.models.funnel import Funnel
from reports.models.restatement import Cause, Restatement
from reports.models.rollup import PATHS_LAYOUT, FillState, Publication, Rollup, Visits
from reports.models.run import UNDER_WAY, Run, RunState

__all__ = [
    "PATHS_LAYOUT",
    "UNDER_WAY",
    "Cause",
    "FillState",
    "Flow",
    "Funnel",
    "KeptEvidence",
    "Publication",
    "Restatement",
    "Rollup",
    "Run",
    "RunState",
    "Visits",
]
