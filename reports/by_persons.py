"""Fills a workspace by persons: tells apart who changed since the last publishing, and counts these again alone.

What cannot be told, or would be no less work, is left to counting by days (reports.filling).
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar

import duckdb
import structlog
from deltalake.exceptions import DeltaError

from goals.conditions import Misstated
from goals.definition import Definition
from goals.models import Goal
from reports import adjusting, amending, narrowed, visiting
from reports.daily import VisitDay
from reports.extent import Extent
from reports.goal_filling import FilledGoal
from reports.models import FillState, Publication, Visits
from reports.narrowed import Narrowed
from reports.publishing import NewVisits, as_visits, snapshot_of
from reports.running import Line
from tracking.models import Erasure
from workspaces import scope
from workspaces.models import Workspace

MOST_PERSONS = 20_000  # more are counted as fast by reading everything
MOST_EVENTS = 250_000  # of theirs, about 60 MB
log = structlog.get_logger(__name__)
Filled = tuple[Goal, FillState]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Amended:
    """What was filled by persons; None and no goals where nothing could be."""

    visits: NewVisits | None = None
    goals: tuple[FilledGoal, ...] = ()


def fill(
    extent: Extent, published: Publication, goals: Sequence[Filled], *,
    changed: date | None, workspace: Workspace, line: Line,
) -> Amended:  # fmt: skip
    """Fill visits and goals of the publication's state up to the extent's.

    goals     that are of the publication, and of their definitions
    changed   day from which on the lake changed since
    """
    if changed is None or not _is_comparable(extent, published, changed):
        return Amended()
    before, definitions = snapshot_of(published), list(_definitions(goals))
    try:
        with narrowed.opened(extent, workspace, before=before, definitions=definitions, most=MOST_PERSONS) as few:
            if few is None or few.events > MOST_EVENTS:
                return Amended()
            line.covers(since=changed, until=extent.until, persons=few.persons.num_rows)
            return Amended(_visits(few, extent), tuple(_filled(few, goals, line, currency=workspace.currency)))
    except (duckdb.Error, DeltaError) as fault:
        # The older state's files are kept for a day after they were replaced.
        log.warning("not filled by persons", workspace=workspace.pk, fault=str(fault))
        return Amended()


def _definitions(goals: Sequence[Filled]) -> Iterator[Definition]:
    for goal, _ in goals:
        with suppress(Misstated):  # counting by days says what is wrong with it
            yield Definition.of(goal)


def _is_comparable(extent: Extent, published: Publication, changed: date) -> bool:
    """Say whether the two states can be told apart by their events, and by persons."""
    return (
        published.serial > 0
        and changed > extent.first  # from the first day on: what events are derived by may have changed, too
        and not extent.is_cut
        and published.zone_name == str(extent.zone)
        and not _is_forgetting(extent.snapshot.workspace_id)
    )


def _is_forgetting(workspace_id: int) -> bool:
    """Say whether somebody is being erased: an amendment would name them, and leave what it stands for."""
    with scope.in_workspace(workspace_id):
        return Erasure.is_under_way()


def _visits(few: Narrowed, extent: Extent) -> NewVisits | None:
    few.turn(back=True)
    before = visiting.days(few.lake, extent, since=extent.first)
    few.turn(back=False)
    after = visiting.days(few.lake, extent, since=extent.first)
    try:
        days = adjusting.visit_days(_stored(extent, before.keys() | after.keys()), before, after)
    except adjusting.Contradiction as fault:
        log.warning("visits not filled by persons", workspace=extent.snapshot.workspace_id, fault=str(fault))
        return None
    return NewVisits(extent.first, days, is_listed=True)


def _stored(extent: Extent, days: set[date]) -> dict[date, VisitDay]:
    workspace_id = extent.snapshot.workspace_id
    with scope.in_workspace(workspace_id):
        return {row.day: as_visits(row) for row in Visits.objects.filter(workspace_id=workspace_id, day__in=days)}


def _filled(few: Narrowed, goals: Sequence[Filled], line: Line, *, currency: str) -> Iterator[FilledGoal]:
    few.turn(back=True)
    was = {}
    for goal, state in goals:
        line.beat()
        was[goal.pk] = _tried(goal, partial(amending.before, goal, state, few))
    few.turn(back=False)
    for goal, state in goals:
        line.step()
        before = was[goal.pk]
        if before is not None:
            filled = _tried(goal, partial(amending.fill_goal, goal, state, few, before, currency=currency))
            if filled is not None:
                yield filled


def _tried(goal: Goal, counted: Callable[[], T]) -> T | None:
    """Give what counting gives; None where it does not run: counting by days says what is wrong."""
    try:
        return counted()
    except (duckdb.Error, Misstated, adjusting.Contradiction) as fault:
        log.warning("goal not filled by persons", workspace=goal.workspace_id, goal=goal.pk, fault=str(fault))
        return None
