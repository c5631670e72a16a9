"""Publishes what was filled, all of a workspace in one transaction; and reads it back in one state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from goals.models import Goal, MappingRule
from reports import restating
from reports.daily import GoalDay, VisitDay
from reports.extent import Extent
from reports.goal_filling import FilledGoal, as_day
from reports.models import PATHS_LAYOUT, FillState, Publication, Rollup, Visits
from reports.uniques import DayPersons
from tracking.lake.table import Snapshot
from tracking.models import LakeState
from workspaces import scope

BATCH = 2_000  # rows of one insert
TRIES = 5  # publishings are seconds apart, reads take milliseconds


class Superseded(Exception):
    """Somebody else published since this fill began: what it filled stands on a state that is gone."""


@dataclass(frozen=True, slots=True)
class NewVisits:
    """The visits from a day on.

    is_listed   no other days than these change; one of them that is empty goes
    """

    since: date
    days: Mapping[date, VisitDay]
    is_listed: bool = False


def publish(
    extent: Extent, *, serial: int, visits: NewVisits | None, goals: Iterable[FilledGoal], now: datetime
) -> None:
    """Put the days of goals and visits in the place of the old ones, and name the versions they belong to.

    serial   of the publication that the fill began on
    raises   Superseded, with nothing changed, where another one came meanwhile
    """
    workspace_id, filled = extent.snapshot.workspace_id, tuple(goals)
    with scope.in_workspace(workspace_id):
        was = restating.before(workspace_id, filled)
        if _take(extent, serial, now=now) != 1:
            raise Superseded(f"workspace {workspace_id} was published again after serial {serial}")
        if visits is not None:
            _replace_visits(workspace_id, visits)
        kept = set(Goal.objects.filter(workspace_id=workspace_id).values_list("pk", flat=True))
        for goal in filled:
            if goal.goal_id in kept:
                _replace_goal(extent.snapshot, goal, now=now)
        restating.record(was, extent, (goal for goal in filled if goal.goal_id in kept), now=now)


def serial_of(workspace_id: int) -> int:
    """Give the number of the newest publication; 0 before the first, for which a row is made."""
    with scope.in_workspace(workspace_id):
        Publication.objects.bulk_create([Publication(workspace_id=workspace_id)], ignore_conflicts=True)
        return Publication.objects.get(workspace_id=workspace_id).serial


def note_fault(goal: Goal, fault: str, *, now: datetime) -> None:
    """Keep why the goal could not be filled; what was published of it stays."""
    with scope.in_workspace(goal.workspace_id):
        FillState.objects.update_or_create(
            workspace_id=goal.workspace_id,
            goal=goal,
            defaults={"fault": fault[:500], "failed_at": now, "failed_definition_at": goal.changed_at},
        )


def _take(extent: Extent, serial: int, *, now: datetime) -> int:
    snapshot = extent.snapshot
    return Publication.objects.filter(workspace_id=snapshot.workspace_id, serial=serial).update(
        serial=serial + 1,
        revision=snapshot.revision,
        events_version=snapshot.events_version,
        sessions_version=snapshot.sessions_version,
        touches_version=snapshot.touches_version,
        people_version=snapshot.people_version,
        first_day=extent.first,
        zone_name=str(extent.zone),
        computed_through=snapshot.derived_through,
        published_at=now,
    )


def _replace_visits(workspace_id: int, visits: NewVisits) -> None:
    mine = Visits.objects.filter(workspace_id=workspace_id)
    (mine.filter(day__in=visits.days) if visits.is_listed else mine.filter(day__gte=visits.since)).delete()
    rows = (
        Visits(
            workspace_id=workspace_id, day=day, sessions=row.sessions, pageviews=row.pageviews, events=row.events,
            gaps=list(row.persons.gaps), persons=list(row.persons.persons),
        )
        for day, row in visits.days.items()
        if row != VisitDay()
    )  # fmt: skip
    Visits.objects.bulk_create(rows, batch_size=BATCH)


def _replace_goal(snapshot: Snapshot, goal: FilledGoal, *, now: datetime) -> None:
    workspace_id = snapshot.workspace_id
    mine = Rollup.objects.filter(workspace_id=workspace_id, goal_id=goal.goal_id)
    if goal.is_listed:
        mine = mine.filter(day__in=goal.days)
    elif not goal.is_whole:
        mine = mine.filter(day__gte=goal.since)
    mine.delete()
    rows = (
        Rollup(
            workspace_id=workspace_id, goal_id=goal.goal_id, day=day, conversions=row.conversions,
            sessions=row.sessions, value_micros=row.value, refund_micros=row.refund,
            gaps=list(row.persons.gaps), persons=list(row.persons.persons),
        )
        for day, row in goal.days.items()
        if row != GoalDay()
    )  # fmt: skip
    Rollup.objects.bulk_create(rows, batch_size=BATCH)
    FillState.objects.update_or_create(
        workspace_id=workspace_id,
        goal_id=goal.goal_id,
        defaults={
            "goal_version": goal.version,
            "definition_at": goal.definition_at,
            "revision": snapshot.revision,
            "paths_version": goal.paths_version,
            "amended_version": goal.amended_version,
            "paths_layout": PATHS_LAYOUT,
            "currency": goal.currency,
            "currencies": dict(goal.currencies),
            "filled_at": now,
            "fault": "",
            "failed_at": None,
            "failed_definition_at": None,
        },
    )


@dataclass(frozen=True, slots=True)
class Published:
    """One state of a workspace's figures: everything in it belongs together.

    publication   None before the first
    lake          the lake's own state, which may be newer; None before its first event
    fills         by goal id: those whose figures are of this publication and of the goal's definition then
    days          by goal id, the days that were asked for
    untracked     goal ids of those for which nobody has said yet how they are noticed
    """

    publication: Publication | None
    lake: LakeState | None
    fills: Mapping[int, FillState]
    days: Mapping[int, Mapping[date, GoalDay]]
    visits: Mapping[date, VisitDay]
    untracked: frozenset[int] = frozenset()

    @property
    def snapshot(self) -> Snapshot:
        """Give the lake's state that the figures were computed from."""
        return snapshot_of(self.publication or Publication())

    @property
    def has_events(self) -> bool:
        """Say whether anything ever arrived."""
        return self.lake is not None and self.lake.stored_through is not None

    @property
    def has_waiting(self) -> bool:
        """Say whether events are stored that no session or touch has been made of yet."""
        return self.lake is not None and (self.lake.dirty_since is not None or self.lake.deriving_since is not None)

    @property
    def is_fresh(self) -> bool:
        """Say whether the figures hold everything that is stored."""
        revision = self.publication.revision if self.publication else 0
        return self.lake is not None and self.lake.revision == revision and not self.has_waiting

    @property
    def zone(self) -> ZoneInfo:
        """Give the zone whose days the figures are in."""
        return ZoneInfo(self.publication.zone_name if self.publication and self.publication.zone_name else "UTC")


def snapshot_of(row: Publication) -> Snapshot:
    """Give the state of the lake that a publication's figures are of."""
    return Snapshot(
        workspace_id=row.workspace_id,
        events_version=row.events_version,
        sessions_version=row.sessions_version,
        touches_version=row.touches_version,
        people_version=row.people_version,
        revision=row.revision,
        derived_through=row.computed_through,
    )


def read(workspace_id: int, goal_ids: Iterable[int], *, since: date, until: date) -> Published:
    """Read the published days of [since, until), all of one publication."""
    goals = tuple(goal_ids)
    with scope.in_workspace(workspace_id):
        # Four statements see four moments: where somebody published between the first and the last, read again.
        for _ in range(TRIES):
            found = _read(workspace_id, goals, since, until)
            if _serial(_publication(workspace_id)) == _serial(found.publication):
                return found
    raise Superseded(f"workspace {workspace_id} was published {TRIES} times while it was read")


def _read(workspace_id: int, goals: tuple[int, ...], since: date, until: date) -> Published:
    publication = _publication(workspace_id)
    mine = {"workspace_id": workspace_id, "day__gte": since, "day__lt": until}
    days: dict[int, dict[date, GoalDay]] = {goal: {} for goal in goals}
    for row in Rollup.objects.filter(goal_id__in=goals, **mine):
        days[row.goal_id][row.day] = as_day(row)
    ruled = MappingRule.objects.filter(goal_id__in=goals).values_list("goal_id", flat=True)
    return Published(
        publication=publication,
        lake=LakeState.objects.filter(workspace_id=workspace_id).first(),
        fills={row.goal_id: row for row in FillState.objects.filter(workspace_id=workspace_id, goal_id__in=goals)},
        days=days,
        visits={row.day: as_visits(row) for row in Visits.objects.filter(**mine)},
        untracked=frozenset(goals).difference(ruled),
    )


def _publication(workspace_id: int) -> Publication | None:
    return Publication.objects.filter(workspace_id=workspace_id, serial__gt=0).first()


def _serial(publication: Publication | None) -> int:
    return publication.serial if publication else 0


def as_visits(row: Visits) -> VisitDay:
    """Read a stored day."""
    return VisitDay(row.sessions, row.pageviews, row.events, DayPersons(tuple(row.gaps), tuple(row.persons)))
