"""Rows of reports: figures and how far they are filled, funnels, kept evidence, computations, links for outsiders."""

from reports.models.evidence import KeptEvidence
from reports.models.funnel import Funnel
from reports.models.restatement import Cause, Restatement
from reports.models.rollup import PATHS_LAYOUT, FillState, Publication, Rollup, Visits
from reports.models.run import UNDER_WAY, Run, RunState
from reports.models.share import LinkState, SharedLink

__all__ = [
    "PATHS_LAYOUT",
    "UNDER_WAY",
    "Cause",
    "FillState",
    "Funnel",
    "KeptEvidence",
    "LinkState",
    "Publication",
    "Restatement",
    "Rollup",
    "Run",
    "RunState",
    "SharedLink",
    "Visits",
]
