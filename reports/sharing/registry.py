"""Every report that a link can open, by its name in the link's row."""

from collections.abc import Mapping
from typing import Final

from reports.sharing.attribution import ATTRIBUTION
from reports.sharing.evidence import EVIDENCE
from reports.sharing.funnel import FUNNEL
from reports.sharing.goal import GOAL
from reports.sharing.overview import OVERVIEW
from reports.sharing.shareable import Shareable

REPORTS: Final[Mapping[str, Shareable]] = {
    "overview": OVERVIEW,
    "goal": GOAL,
    "attribution": ATTRIBUTION,
    "funnel": FUNNEL,
    "evidence": EVIDENCE,
}
