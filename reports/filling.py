"""Fills goals from the lake: paths to Delta, days to rollups, and publishes all of a workspace at once.

Whatever is filled is written under new Delta versions first, which nobody reads; then one transaction replaces the
days' rows and names the new versions. A fill that dies before it is redone from the published version, and changes
nothing else. All goals of a workspace are published together, so that no answer mixes two states of the lake.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import IntEnum

import duckdb
import pyarrow as pa
import structlog
from django.db.models import Q, QuerySet

from goals.conditions import Misstated
from goals.conversions import Lake
from goals.models import Goal
from reports import by_persons, passes, publishing, visiting, whys
from reports.extent import Extent, opened
from reports.goal_filling import FilledGoal, fill_goal, main_currency
from reports.models import FillState, Publication, RunKind
from reports.publishing import NewVisits, Superseded
from reports.running import Line
from tracking.lake.cluster import NoCluster
from tracking.lake.table import snapshot_of
from tracking.locks import alone
from tracking.models import DerivedChange, LakeState
from workspaces import scope
from workspaces.models import Workspace
from workspaces.zones import day_of


class Work(IntEnum):
    """The first half of an advisory lock's key, beside those of tracking.locks."""

    FILL = 0x6D70_0101


ROUNDS = 3  # a change that came while a fill ran is taken up at once, so many times; then the sweep finds it
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """What is stale.

    extent    the snapshot that everything is filled from, and its days
    published what was published last; a row that is not saved before the first
    changed   day from which on the lake changed since the last publishing; None where it did not
    goals     each with its state (None before its first fill) and the day from which it is filled again
    """

    extent: Extent
    published: Publication
    changed: date | None
    goals: tuple[tuple[Goal, FillState | None, date], ...]


def fill(workspace_id: int, *, now: datetime, also_archived: bool = False) -> int:
    """Bring every goal of the workspace up to the lake's published state; give how many goals were filled.

    also_archived  those too that nobody looks at, where they were filled once: their figures may name the erased
    0 as well where another worker is at it: it takes up what has come meanwhile before it ends. And where somebody
    cancelled the one before, and none is to begin yet (reports.passes).
    """
    filled = 0
    with alone(Work.FILL, workspace_id) as mine:
        for _ in range(ROUNDS if mine else 0):
            if not passes.may_begin(workspace_id, RunKind.FILL, now=now):
                break
            due = stale(workspace_id, now=now, also_archived=also_archived)
            if due is None:
                passes.nothing_to_do(workspace_id, RunKind.FILL, now=now)
                break
            with _kept(due, now=now) as line:
                filled += _fill(due, line, now=now)
    return filled


def waiting(*, now: datetime) -> Iterator[int]:
    """Give the workspaces in which a fill would do something."""
    for workspace_id in Workspace.objects.values_list("pk", flat=True):
        if stale(workspace_id, now=now) is not None:
            yield workspace_id


def stale(workspace_id: int, *, now: datetime, also_archived: bool = False) -> Due | None:
    """Say what is to be filled; None where every figure is up to date, or there is nothing in the lake."""
    with scope.in_workspace(workspace_id):
        extent = _extent(workspace_id, now=now)
        if extent is None:
            return None
        published = Publication.objects.filter(workspace_id=workspace_id).first() or Publication()
        changed = _changed_since(workspace_id, published.revision)
        kept = Q(archived_at=None) | Q(fill__isnull=False) if also_archived else Q(archived_at=None)
        rows = Goal.objects.filter(kept, workspace_id=workspace_id)
        goals = tuple(_stale_goals(rows, published.revision, changed=changed, first=extent.first, now=now))
    return None if changed is None and not goals else Due(extent, published, changed, goals)


def _extent(workspace_id: int, *, now: datetime) -> Extent | None:
    state = LakeState.objects.filter(workspace_id=workspace_id).first()
    if state is None or state.derived_through is None or state.first_day is None:
        return None
    zone = Workspace.objects.get(pk=workspace_id).zone
    if state.derived_zone != str(zone):
        return None  # the zone was changed; its days come with the next derivation
    first = state.first_day - timedelta(days=1)  # the lake's day is in UTC, the zone's may begin before it
    last = max(now, state.last_event_at or now)
    until = day_of(last, zone) + timedelta(days=1)
    if state.kept_since is None:
        return Extent(snapshot_of(state), first, until, zone)
    return Extent(snapshot_of(state), max(first, state.kept_since), until, zone, is_cut=True)


def _changed_since(workspace_id: int, revision: int) -> date | None:
    days = DerivedChange.objects.filter(workspace_id=workspace_id, revision__gt=revision)
    return days.order_by("day").values_list("day", flat=True).first()


def _stale_goals(
    rows: "QuerySet[Goal]", revision: int, *, changed: date | None, first: date, now: datetime
) -> Iterator[tuple[Goal, FillState | None, date]]:
    goals = rows.select_related("fill", "workspace").prefetch_related("rules")
    for goal in goals:
        state = getattr(goal, "fill", None)
        if state is not None and state.is_resting(goal.changed_at, now=now):
            continue
        if state is None or not _answers_to(state, goal):
            yield goal, None, first
        elif not state.is_readable:
            yield goal, state, first
        elif state.revision < revision:
            yield goal, state, first  # it was archived or failed while others were published
        elif changed is not None:
            yield goal, state, max(changed, first)


def _answers_to(state: FillState, goal: Goal) -> bool:
    is_same = state.is_of(goal.version, goal.changed_at)
    return is_same and state.currency == main_currency(state.currencies, goal.workspace.currency)


def _kept(due: Due, *, now: datetime) -> AbstractContextManager[Line]:
    """Keep the fill as a row while it goes."""
    snapshot = due.extent.snapshot
    reasons = [*whys.of_goals(((goal, state) for goal, state, _ in due.goals), due.published)]
    if due.changed is not None:
        reasons = [*whys.of_lake(due.extent, due.published, due.changed), *reasons]
    only = due.goals[0][0] if len(due.goals) == 1 and due.changed is None else None
    return passes.going(
        snapshot.workspace_id, RunKind.FILL, reasons,
        now=now, goal=only, version=str(snapshot.revision), of=len(due.goals),
    )  # fmt: skip


def _fill(due: Due, line: Line, *, now: datetime) -> int:
    extent, workspace_id = due.extent, due.extent.snapshot.workspace_id
    serial = publishing.serial_of(workspace_id)
    with scope.in_workspace(workspace_id):
        workspace = Workspace.objects.get(pk=workspace_id)
    amended = _amended(due, serial, workspace, line)
    left = _left(due, amended)
    visits, filled = amended.visits, amended.goals
    if left.goals or (visits is None and due.changed is not None):
        line.covers(since=_since(left), until=extent.until)
        with opened(extent, workspace) as lake:
            if visits is None and due.changed is not None:
                since = max(due.changed, extent.first) if serial else extent.first
                visits = NewVisits(since, visiting.days(lake, extent, since=since))
            filled += tuple(_filled(left, lake, line, currency=workspace.currency, now=now))
    line.last_word()
    try:
        publishing.publish(extent, serial=serial, visits=visits, goals=filled, now=now)
    except Superseded as refusal:
        log.warning("fill given up", workspace=workspace_id, reason=str(refusal))
        line.faults.append(str(refusal))
        return 0
    log.info(
        "filled", workspace=workspace_id, goals=len(filled), by_persons=len(amended.goals),
        revision=extent.snapshot.revision,
    )  # fmt: skip
    return len(filled)


def _since(due: Due) -> date:
    """Give the first day that is counted again."""
    days = [since for _, _, since in due.goals]
    return max(min(days if due.changed is None else [*days, due.changed]), due.extent.first)


def _amended(due: Due, serial: int, workspace: Workspace, line: Line) -> by_persons.Amended:
    """Fill by persons what can be: the goals whose figures are of the publication, where nobody published since."""
    if serial != due.published.serial:
        return by_persons.Amended()
    known = [
        (goal, state) for goal, state, _ in due.goals if state is not None and state.revision == due.published.revision
    ]
    return by_persons.fill(due.extent, due.published, known, changed=due.changed, workspace=workspace, line=line)


def _left(due: Due, amended: by_persons.Amended) -> Due:
    done = {goal.goal_id for goal in amended.goals}
    return replace(due, goals=tuple(each for each in due.goals if each[0].pk not in done))


def _filled(due: Due, lake: Lake, line: Line, *, currency: str, now: datetime) -> Iterator[FilledGoal]:
    for goal, state, since in due.goals:
        line.step()
        try:
            yield fill_goal(goal, state, lake, since=since, currency=currency, is_cut=due.extent.is_cut)
        except (duckdb.Error, Misstated, NoCluster) as fault:
            log.warning("goal not filled", workspace=goal.workspace_id, goal=goal.pk, fault=str(fault))
            publishing.note_fault(goal, str(fault), now=now)
            line.faults.append(f"{goal.name}: {fault}")
        # Arrow keeps what it freed for itself, while the next goal's rows come from the engine's own memory.
        pa.default_memory_pool().release_unused()
