"""Where goals came from: "proposed by Customer service, approved 2 Nov". One more query for a list of goals.

goals = workspace.goals.live().prefetch_related(origins.prefetch())
origins.origin_of(goals[0])   # an Origin, or None for a goal that somebody wrote into the plan
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from goals.models import Goal, Lane, Proposal

_KEPT = "approved_proposals"


@dataclass(frozen=True, slots=True)
class Origin:
    """The proposal that a goal was made from.

    department   of the proposal; who wrote it where it names none
    """

    proposal_id: int
    department: str
    author: str
    approved_by: str
    approved_at: datetime
    url: str

    @property
    def who(self) -> str:
        """Name the department, or the person where there is none."""
        return self.department or self.author


def prefetch() -> "Prefetch[str, QuerySet[Proposal], str]":
    """Give what `origin_of` reads, for a queryset of goals."""
    rows = Proposal.objects.filter(lane=Lane.APPROVED, is_merged=False).select_related("workspace")
    return Prefetch("proposals", queryset=rows, to_attr=_KEPT)


def origin_of(goal: Goal) -> Origin | None:
    """Give where the goal came from; None where it was not proposed. Asks the database without the prefetch."""
    found = getattr(goal, _KEPT, None)
    if found is None:
        found = goal.proposals.filter(lane=Lane.APPROVED, is_merged=False).select_related("workspace")
    return next((_origin(proposal) for proposal in found if proposal.decided_at), None)


def _origin(proposal: Proposal) -> Origin | None:
    assert proposal.decided_at is not None  # noqa: S101  # the caller looked
    return Origin(
        proposal_id=proposal.pk,
        department=proposal.department,
        author=proposal.author_name,
        approved_by=proposal.decided_by_name,
        approved_at=proposal.decided_at,
        url=proposal.get_absolute_url(),
    )
