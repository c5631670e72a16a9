"""Why a fill is due: what the lake and the goals' definitions say has changed since the last publishing."""

from collections.abc import Iterable, Iterator
from datetime import date

from goals.models import Goal
from reports.extent import Extent
from reports.goal_filling import main_currency
from reports.models import FillState, Publication, Why
from tracking.models import Erasure
from tracking.watching import LATE
from workspaces import scope
from workspaces.zones import day_of


def of_lake(extent: Extent, published: Publication, changed: date) -> Iterator[Why]:
    """Say what changed in the lake between what is published and the extent's state.

    changed   first local day that differs
    """
    snapshot = extent.snapshot
    if published.serial == 0:
        yield Why.FIRST
        return
    with scope.in_workspace(snapshot.workspace_id):
        if Erasure.is_under_way():
            yield Why.ERASURE
    if published.zone_name != str(extent.zone):
        yield Why.ZONE
    elif changed <= extent.first:
        yield Why.BASIS  # from the first day on: not by new events alone
    elif published.events_version != snapshot.events_version:
        through = published.computed_through
        is_late = through is not None and changed < day_of(through - LATE, extent.zone)
        yield Why.LATE if is_late else Why.EVENTS
    if published.people_version != snapshot.people_version:
        yield Why.PERSONS


def of_goals(goals: Iterable[tuple[Goal, FillState | None]], published: Publication) -> Iterator[Why]:
    """Say what of goals' own makes them be filled; a goal comes with the state that is filled on, None for anew."""
    for goal, state in goals:
        if state is None:
            yield _anew(goal)
        elif not state.is_readable:
            yield Why.LAYOUT
        elif state.revision < published.revision:
            yield Why.BEHIND


def _anew(goal: Goal) -> Why:
    known: FillState | None = getattr(goal, "fill", None)
    if known is None or known.filled_at is None:
        return Why.FIRST
    is_same = known.is_of(goal.version, goal.changed_at)
    is_other_currency = known.currency != main_currency(known.currencies, goal.workspace.currency)
    return Why.CURRENCY if is_same and is_other_currency else Why.DEFINITION
