"""What waits to be done, over all workspaces: read by metrics and by the doctor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Count, F, Min, Q

from goals.models import Goal
from tracking.models import InboxRow
from workspaces import scope
from workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts of what is not done yet."""

    requests: int
    oldest_seconds: float
    stale_goals: int

    @classmethod
    def read(cls, *, now: datetime) -> Self:
        """Count, workspace by workspace: the seals show one at a time."""
        requests, oldest, stale = 0, now, 0
        for workspace_id in Workspace.objects.values_list("pk", flat=True):
            with scope.in_workspace(workspace_id):
                inbox = InboxRow.objects.aggregate(n=Count("pk"), oldest=Min("received_at"))
                requests += inbox["n"]
                oldest = min(oldest, inbox["oldest"] or now)
                stale += Goal.objects.filter(_STALE, archived_at=None).count()
        return cls(requests, (now - oldest).total_seconds(), stale)


_STALE = Q(fill=None) | Q(fill__dirty_since__isnull=False) | Q(fill__goal_version__lt=F("version"))
