"""Rows of reports: filled figures and how far, saved questions, kept evidence, runs, links for outsiders, snapshots."""

from reports.models.evidence import KeptEvidence
from reports.models.exploration import Exploration
from reports.models.flow import Flow
from reports.models.funnel import Funnel
from reports.models.restatement import Cause, Restatement
from reports.models.rollup import PATHS_LAYOUT, FillState, Publication, Rollup, Visits
from reports.models.run import UNDER_WAY, Run, RunKind, RunState, Why
from reports.models.segment import Segment
from reports.models.share import LinkState, SharedLink
from reports.models.snapshot import Snapshot, SnapshotSignOff

__all__ = [
    "PATHS_LAYOUT",
    "UNDER_WAY",
    "Cause",
    "Exploration",
    "FillState",
    "Flow",
    "Funnel",
    "KeptEvidence",
    "LinkState",
    "Publication",
    "Restatement",
    "Rollup",
    "Run",
    "RunKind",
    "RunState",
    "Segment",
    "SharedLink",
    "Snapshot",
    "SnapshotSignOff",
    "Visits",
    "Why",
]
