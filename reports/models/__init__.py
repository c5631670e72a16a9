"""Rows of reports: filled figures and how far, saved questions, own metrics, kept evidence, runs, links, snapshots,
schedules; what people say happened, and what they want to hear of."""

from reports.models.alert import Alert, AlertEpisode, AlertKind, AlertReader
from reports.models.annotation import Annotation
from reports.models.calculated import LONGEST_FORMULA, CalculatedMetric
from reports.models.cohort import CohortTable
from reports.models.evidence import KeptEvidence
from reports.models.exploration import Exploration
from reports.models.flow import Flow
from reports.models.funnel import Funnel
from reports.models.restatement import Cause, Restatement
from reports.models.rollup import PATHS_LAYOUT, FillState, Publication, Rollup, Visits
from reports.models.run import UNDER_WAY, Run, RunKind, RunState, Why
from reports.models.schedule import (
    Cadence,
    Delivery,
    DeliveryState,
    PauseReason,
    Problem,
    Recipient,
    Schedule,
)
from reports.models.segment import Segment
from reports.models.share import LinkState, SharedLink
from reports.models.snapshot import Snapshot, SnapshotSignOff

__all__ = [
    "LONGEST_FORMULA",
    "PATHS_LAYOUT",
    "UNDER_WAY",
    "Alert",
    "AlertEpisode",
    "AlertKind",
    "AlertReader",
    "Annotation",
    "Cadence",
    "CalculatedMetric",
    "Cause",
    "CohortTable",
    "Delivery",
    "DeliveryState",
    "Exploration",
    "FillState",
    "Flow",
    "Funnel",
    "KeptEvidence",
    "LinkState",
    "PauseReason",
    "Problem",
    "Publication",
    "Recipient",
    "Restatement",
    "Rollup",
    "Run",
    "RunKind",
    "RunState",
    "Schedule",
    "Segment",
    "SharedLink",
    "Snapshot",
    "SnapshotSignOff",
    "Visits",
    "Why",
]
