"""How much of the plan is tracked: which goals were reached lately, which fell silent, which never were."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from goals.models import Goal, Kpi
from reports.models import Rollup
from workspaces.models import Workspace

LATELY = timedelta(days=28)  # four whole weeks: rarer goals than that can't be told from broken ones
VERIFIED, SILENT, WAITING = "verified", "silent", "waiting"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The goals by tracking state, and those that nothing is measured against.

    states     a key of STATUSES by goal id
    last_days  the last day that a goal was reached, by goal id; those never reached are left out
    """

    total: int
    states: Mapping[int, str]
    last_days: Mapping[int, date]
    without_target: int

    def count(self, state: str) -> int:
        """Count the goals in a state."""
        return sum(each == state for each in self.states.values())

    @property
    def silent(self) -> int:
        """Count the goals that were reached, and not in the last four weeks."""
        return self.count(SILENT)

    @property
    def tracked(self) -> int:
        """Count the goals that were ever reached."""
        return self.total - self.count(WAITING)


def coverage(workspace: Workspace, goals: Iterable[Goal], kpis: Iterable[Kpi], *, today: date) -> Coverage:
    """Say what is tracked, from the published days."""
    known = list(goals)
    rows = Rollup.objects.filter(workspace=workspace, conversions__gt=0).values("goal_id").annotate(last=Max("day"))
    last_days = {row["goal_id"]: row["last"] for row in rows.order_by("goal_id")}
    measured = {kpi.goal_id for kpi in kpis if kpi.targets.all()}
    return Coverage(
        total=len(known),
        states={goal.pk: _state(last_days.get(goal.pk), today) for goal in known},
        last_days=last_days,
        without_target=sum(goal.pk not in measured for goal in known),
    )


def _state(last: date | None, today: date) -> str:
    if last is None:
        return WAITING
    return VERIFIED if last >= today - LATELY else SILENT
