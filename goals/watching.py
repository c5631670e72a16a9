"""Whether what goals ask for arrives: one look at all goals of a workspace, written to rows and told to people."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import duckdb
import structlog

from analysis.silence import Outage as Gap
from goals.alarms import tell
from goals.arrivals import Arrivals, Asked, Grid, Watching
from goals.conditions import Misstated
from goals.definition import Definition
from goals.findings import NEWS, Finding, findings, silences
from goals.models import Goal, Outage, Tracked, Watch
from goals.outages import settle
from tracking.alarms import Silence, settle_rejections, settle_silences
from tracking.health import complete_through
from tracking.lake.table import Snapshot, open_snapshot
from tracking.locks import alone
from tracking.models import Kind, LakeState, Source
from tracking.times import instant_of, us_of
from workspaces import scope
from workspaces.models import Workspace
from workspaces.zones import day_of

UNHEALTHY = (Tracked.BROKEN, Tracked.WAITING)  # what somebody waits for: looked at again as soon as events came
log = structlog.get_logger(__name__)


class Work(IntEnum):
    """The first half of an advisory lock's key, beside those of tracking.locks and reports."""

    WATCH = 0x6D70_0201


@dataclass(frozen=True, slots=True)
class Due:
    """What one look is about, fixed before it reads.

    through       up to when it is known what came; None before anything came
    changed_at    when something new was stored last
    goals         the live ones by id; watches: what the last look found of them
    asked         the goals whose rules can be read
    broken        ids of those with an outage that lasts
    sources       ids by short name; open_sources: those that should send
    """

    workspace: Workspace
    snapshot: Snapshot
    through: datetime | None
    changed_at: datetime | None
    goals: Mapping[int, Goal]
    watches: Mapping[int, Watch]
    asked: tuple[Asked, ...]
    broken: frozenset[int]
    sources: Mapping[str, int]
    open_sources: tuple[int, ...]

    @property
    def begins_us(self) -> int:
        """Give where the hours begin that are looked at."""
        return 0 if self.through is None else us_of(Grid(self.through, self.workspace.zone).begins)


def watch(workspace_id: int, *, now: datetime) -> bool:
    """Look at every live goal of the workspace; False where another worker is at it."""
    with alone(Work.WATCH, workspace_id) as mine:
        if mine:
            due = _due(workspace_id, now=now)
            _write(due, *_find(due), now=now)
        return mine


def workspaces() -> list[int]:
    """Give every workspace; the seals show the rows of one at a time."""
    return list(Workspace.objects.values_list("pk", flat=True))


def is_waited_for(workspace_id: int) -> bool:
    """Say whether a goal of the workspace waits for its events, so that new ones are worth a look at once."""
    with scope.in_workspace(workspace_id):
        unseen = Goal.objects.filter(workspace_id=workspace_id, archived_at=None, watch=None)
        waiting = Watch.objects.filter(workspace_id=workspace_id, goal__archived_at=None, state__in=UNHEALTHY)
        return waiting.exists() or unseen.exists()


def _due(workspace_id: int, *, now: datetime) -> Due:
    with scope.in_workspace(workspace_id):
        workspace = Workspace.objects.get(pk=workspace_id)
        state = LakeState.objects.filter(workspace_id=workspace_id).first()
        through = _through(workspace, state, now=now)
        live = workspace.goals.live().select_related("owner", "watch").prefetch_related("rules")
        goals = {goal.pk: goal for goal in live}
        lasting = set(workspace.outages.filter(ended_at=None).values_list("goal_id", flat=True))
        sources = list(Source.objects.filter(workspace_id=workspace_id))
        # Opened after it was asked how far things have come: at least that is in it.
        snapshot = open_snapshot(workspace_id)
    return Due(
        workspace=workspace,
        snapshot=snapshot,
        through=through,
        changed_at=state.derived_at if state else None,
        goals=goals,
        watches={goal.pk: goal.watch for goal in goals.values() if hasattr(goal, "watch")},
        asked=tuple(_asked(goals.values())),
        broken=frozenset(lasting),
        sources={source.slug: source.pk for source in sources},
        open_sources=tuple(each.pk for each in sources if each.closed_at is None and each.kind != Kind.IMPORT),
    )


def _through(workspace: Workspace, state: LakeState | None, *, now: datetime) -> datetime | None:
    """Give up to when it is known what came. A demo's clock stops with its events: nobody sends it more."""
    through = complete_through(workspace.pk, now=now)
    last = state.last_event_at if state and workspace.is_demo else None
    return min(through, last) if through and last else through


def _asked(goals: Iterable[Goal]) -> Iterator[Asked]:
    for goal in goals:
        try:
            rules = Definition.of(goal).rules
        except Misstated:  # written by an older version of the language
            continue
        if rules:
            yield Asked(goal.pk, rules)


def _find(due: Due) -> tuple[dict[int, Finding], dict[int, Silence]]:
    """Look at what can be looked at: goals, and sources by the newest time in which they were silent.

    Goals that are left out have no rules that anybody can read.
    """
    if due.through is None:
        return {each.goal_id: Finding(each.goal_id, Tracked.WAITING) for each in due.asked}, {}
    grid = Grid(due.through, due.workspace.zone)
    lake = Watching(due.snapshot, grid, due.sources)
    arrivals = _arrivals(lake, due)
    unknown = [each for each in arrivals.asked if _is_unknown(due, each.goal_id, grid)]
    known = {pk: _span(row) for pk, row in due.watches.items() if row.first_seen_at and pk not in _ids(unknown)}
    silent = silences(arrivals, due.open_sources)
    found = findings(arrivals, known | lake.ever(unknown), silent=silent, broken=due.broken)
    stale_us = us_of(grid.now - NEWS)
    newest = {source_id: outages[-1] for source_id, outages in silent.items()}
    return found, {pk: _silence(each) for pk, each in newest.items() if each.until_us or each.certain_us >= stale_us}


def _silence(outage: Gap) -> Silence:
    return Silence(instant_of(outage.since_us), None if outage.until_us is None else instant_of(outage.until_us))


def _arrivals(lake: Watching, due: Due) -> Arrivals:
    try:
        return lake.arrivals(due.asked)
    except duckdb.Error as fault:
        log.warning("rules not understood", workspace=due.workspace.pk, fault=str(fault))
        return lake.arrivals(lake.sound(due.asked))


def _is_unknown(due: Due, goal_id: int, grid: Grid) -> bool:
    """Say whether all of history has to be looked at: for what is new, what waits, and the others once a day."""
    row = due.watches.get(goal_id)
    if row is None or row.goal_version != due.goals[goal_id].version or day_of(row.checked_at, grid.zone) < grid.today:
        return True
    return row.first_seen_at is None and (due.changed_at is None or row.checked_at <= due.changed_at)


def _span(row: Watch) -> tuple[int, int]:
    return tuple(us_of(each) for each in (row.first_seen_at, row.last_seen_at) if each)  # type: ignore[return-value]


def _ids(asked: Iterable[Asked]) -> frozenset[int]:
    return frozenset(each.goal_id for each in asked)


def _write(due: Due, found: Mapping[int, Finding], silent: Mapping[int, Silence], *, now: datetime) -> None:
    """Bring watches and outages to what was found, and tell people, in one transaction."""
    begun: list[Outage] = []
    healed: list[Outage] = []
    with scope.in_workspace(due.workspace.pk):
        # A goal that was archived or deleted since then is nobody's concern any more.
        goals = {pk: due.goals[pk] for pk in due.workspace.goals.live().values_list("pk", flat=True) if pk in due.goals}
        kept = _outages(due.workspace)
        rows = []
        for goal in goals.values():
            finding = found.get(goal.pk) or Finding(goal.pk, Tracked.UNDEFINED)
            before = due.watches.get(goal.pk)
            anew = before is not None and before.goal_version != goal.version
            settled = settle(goal, kept[goal.pk], finding, since_us=due.begins_us, anew=anew, now=now)
            begun += settled.begun
            healed += settled.healed
            rows.append(_row(goal, finding, before if not anew else None, settled.rows, now=now))
        Watch.objects.bulk_create(rows, update_conflicts=True, unique_fields=["goal"], update_fields=WRITTEN)
        tell(due.workspace, goals, begun=begun, healed=healed, now=now)
        told = {row.source_id for row in (*begun, *healed) if row.source_id}
        settle_silences(due.workspace, silent, told=told, now=now)
        settle_rejections(due.workspace, now=now)
    log.info("watched", workspace=due.workspace.pk, goals=len(rows), begun=len(begun), healed=len(healed))


WRITTEN = [
    "state", "since", "first_seen_at", "last_seen_at", "last_week", "daily", "goal_version", "checked_at",
]  # fmt: skip


def _outages(workspace: Workspace) -> dict[int, list[Outage]]:
    rows = defaultdict(list)
    for row in workspace.outages.all():
        rows[row.goal_id].append(row)
    return rows


def _row(goal: Goal, finding: Finding, before: Watch | None, outages: Sequence[Outage], *, now: datetime) -> Watch:
    is_broken = any(row.ended_at is None for row in outages)
    state = Tracked.BROKEN if is_broken else finding.state
    return Watch(
        workspace_id=goal.workspace_id,
        goal=goal,
        state=state,
        since=_since(state, finding, before, outages, now=now),
        first_seen_at=None if finding.first_us is None else instant_of(finding.first_us),
        last_seen_at=None if finding.last_us is None else instant_of(finding.last_us),
        last_week=finding.last_week,
        daily=list(finding.daily),
        goal_version=goal.version,
        checked_at=now,
    )


def _since(
    state: Tracked, finding: Finding, before: Watch | None, outages: Sequence[Outage], *, now: datetime
) -> datetime:
    """Say since when; what the events tell is taken from them, so that a row made anew says the same."""
    if state is Tracked.BROKEN:
        return min(row.started_at for row in outages if row.ended_at is None)
    if finding.first_us is not None and finding.last_us is not None:
        ends = [row.ended_at for row in outages if row.ended_at]
        return instant_of(finding.last_us) if state is Tracked.SILENT else max([instant_of(finding.first_us), *ends])
    return before.since if before is not None and before.state == state else now
