"""Every report that a snapshot can be taken of, by its name in the snapshot's row: those that a link can open."""

from collections.abc import Mapping
from typing import Final

from reports.snapshots import attribution, evidence, funnel, goal, overview
from reports.snapshots.recorder import Recorder

RECORDERS: Final[Mapping[str, Recorder]] = {
    "overview": overview.record,
    "goal": goal.record,
    "attribution": attribution.record,
    "funnel": funnel.record,
    "evidence": evidence.record,
}
