"""Every report that a link can open, a snapshot keep, and a mail bring, by its name in their rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from reports.sharing.attribution import ATTRIBUTION
from reports.sharing.cohorts import COHORTS
from reports.sharing.evidence import EVIDENCE
from reports.sharing.explore import EXPLORE
from reports.sharing.funnel import FUNNEL
from reports.sharing.goal import GOAL
from reports.sharing.insights import INSIGHTS
from reports.sharing.overview import OVERVIEW
from reports.sharing.paths import PATHS
from reports.sharing.shareable import Inquiry, NotThere, Params, Shareable
from workspaces.models import Workspace

REPORTS: Final[Mapping[str, Shareable]] = {
    "overview": OVERVIEW,
    "goal": GOAL,
    "attribution": ATTRIBUTION,
    "insights": INSIGHTS,
    "funnel": FUNNEL,
    "paths": PATHS,
    "cohorts": COHORTS,
    "explore": EXPLORE,
    "evidence": EVIDENCE,
}


def inquire(report: str, workspace: Workspace, params: Params, now: datetime) -> Inquiry:
    """Read the question to a report; raise NotThere, also for a report of a version that had more of them."""
    if report not in REPORTS:
        raise NotThere
    return REPORTS[report].ask(workspace, params, now)
