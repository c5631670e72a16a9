"""Rows of reports: filled figures and how far they are filled, saved funnels, kept evidence, computations under way."""

from reports.models.evidence import KeptEvidence
from reports.models.funnel import Funnel
from reports.models.restatement import Cause, Restatement
from reports.models.rollup import PATHS_LAYOUT, FillState, Publication, Rollup, Visits
from reports.models.run import UNDER_WAY, Run, RunKind, RunState, Why

__all__ = [
    "PATHS_LAYOUT",
    "UNDER_WAY",
    "Cause",
    "FillState",
    "Funnel",
    "KeptEvidence",
    "Publication",
    "Restatement",
    "Rollup",
    "Run",
    "RunKind",
    "RunState",
    "Visits",
    "Why",
]
