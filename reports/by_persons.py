"""Fills a workspace by persons: tells apart who changed since the last publishing, and counts these again alone.

What cannot be told, or would be no less work, is left to counting by days (reports.filling).
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import duckdb
import structlog
from deltalake.exceptions import DeltaError

from goals.conditions import Misstated
from goals.definition import Definition
from goals.models import Goal
from reports import adjusting, amending, attribute, narrowed, visiting
from reports.amending import Known
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
    before, known = snapshot_of(published), tuple(_known(goals))
    definitions = [each.definition for each in known]
    try:
        with narrowed.opened(extent, workspace, before=before, definitions=definitions, most=MOST_PERSONS) as few:
            if few is None or few.events > MOST_EVENTS:
                return Amended()
            line.covers(since=changed, until=extent.until, persons=few.persons.num_rows)
            return Amended(_visits(few, extent), tuple(_filled(few, known, line, currency=workspace.currency)))
    except (duckdb.Error, DeltaError) as fault:
        # The older state's files are kept for a day after they were replaced.
        log.warning("not filled by persons", workspace=workspace.pk, fault=str(fault))
        return Amended()


def _known(goals: Sequence[Filled]) -> Iterator[Known]:
    for goal, state in goals:
        with suppress(Misstated):  # counting by days says what is wrong with it
            yield Known(goal, state, Definition.of(goal))


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


def _filled(few: Narrowed, goals: Sequence[Known], line: Line, *, currency: str) -> Iterator[FilledGoal]:
    since, until = few.lake.since, few.lake.until
    few.turn(back=True)
    was = [amending.before(each, found) for each, found in zip(goals, amending.conversions(goals, few), strict=True)]
    line.beat()
    few.turn(back=False)
    touches = attribute.touches_of(few.persons["person_id"], few.lake, since=since - attribute.REACH, until=until)
    for each, before, found in zip(goals, was, amending.conversions(goals, few), strict=True):
        line.step()
        try:
            filled = amending.fill_goal(each, before, found, touches=touches, since=since, currency=currency)
        except adjusting.Contradiction as fault:
            log.warning(
                "goal not filled by persons", workspace=each.goal.workspace_id, goal=each.goal.pk, fault=str(fault)
            )
            continue
        if filled is not None:
            yield filled
