"""What paths come to: page, API and CSV all take it from here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
from django.db.models import Sum
from duckdb import DuckDBPyConnection as Connection

from analysis.flows import NOTHING
from goals.conversions import source_ids
from goals.models import Goal
from reports import publishing
from reports.answer import COMPUTING, FAULTY, NO_EVENTS, READY, UNTRACKED, rows_since_of
from reports.explore.answer import MISSING, TOO_LONG, TOO_MANY
from reports.explore.reading import TooMany
from reports.flows import reading, tallying
from reports.flows.nodes import BOTH, GOAL, GOALS, things_of
from reports.flows.question import PERSONS, Asked
from reports.flows.reading import Asking
from reports.flows.starting import Following, begun
from reports.flows.tallying import OTHER, Counting, Move
from reports.funnels.reading import EPOCH, of_those, part_of
from reports.gaps import Gap, gaps_of
from reports.models import Visits
from reports.periods import DAY
from reports.publishing import Published
from reports.segments.groups import Groups, groups_of
from reports.standing import Standing, standing
from tracking.lake.query import connected
from workspaces.models import Workspace
from workspaces.zones import start_of

NO_GOALS = "no_goals"  # goals are to be shown, and none is noticed
STATES = (READY, NO_GOALS, UNTRACKED, NO_EVENTS, COMPUTING, FAULTY, TOO_LONG, TOO_MANY, MISSING)
DAY_US = 86_400_000_000
MOST_EVENTS = 3_000_000  # of the range, read at a time: under 250 MiB where each of them is a step
OTHERS, LEFT = "other", "left"
NOWHERE = -3  # the node of something that nobody did


@dataclass(frozen=True, slots=True)
class Node:
    """So many were at one thing at one step.

    kind    page, event or goal; "other" for all that are not shown, "left" where nothing more was done
    name    the path, the event's name, the goals' short names
    label   what people read of it
    count   of the units that the question counts
    share   of those that begin
    kinds   how many things it stands for: 1, or more for "other", 0 for "left"
    """

    kind: str
    name: str
    label: str
    count: int
    share: float
    kinds: int

    @property
    def text(self) -> str:
        """Give it as `via` takes it; "" for what stands for many or for nothing."""
        return f"{self.kind} {self.name}" if self.kinds == 1 and self.kind != OTHERS else ""


@dataclass(frozen=True, slots=True)
class Column:
    """One step. Its nodes add up to those of the step before that went on, links and all.

    number   from 1; going back, 1 is the nearest
    """

    number: int
    nodes: tuple[Node, ...]
    links: tuple[Move, ...]

    @property
    def count(self) -> int:
        """Give how many were there, with those for whom nothing more was done."""
        return sum(node.count for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Answer:
    """The paths of one question, all of one data version.

    state        ready, or why there are no figures
    waiting      names of goals of the point that nobody has said yet how they are noticed; of a segment's also those
                 without figures, and where the state is "missing" a sentence for each segment that is gone
    begun        visits or persons whose paths begin
    narrowed     those of them that go through `via`; the columns are of these
    still_open   those of them whose days are not over
    rows_since   the first day that can be read, where the question reaches before it: older events were removed
    """

    asked: Asked
    state: str
    stamp: Standing
    begun: int = 0
    narrowed: int = 0
    still_open: int = 0
    columns: tuple[Column, ...] = ()
    waiting: tuple[str, ...] = ()
    outages: tuple[Gap, ...] = ()
    rows_since: date | None = None


def answer(workspace: Workspace, asked: Asked, goals: Mapping[str, Goal], *, now: datetime) -> Answer:
    """Answer the question about the workspace.

    goals   those of the workspace, by their short names, with their rules
    """
    groups = groups_of(workspace, asked.groups)
    # No day's figures are needed.
    published = publishing.read(workspace.pk, groups.goal_ids, since=asked.until, until=asked.until)
    stamp = standing(published, has_goals=True, has_kpis=True)
    waiting = asked.point.waiting if asked.point else ()
    noticed = [goal for goal in goals.values() if goal.archived_at is None and goal.rules.all()]
    state = _state(published, asked, has_goals=bool(noticed))
    if state == READY:
        state, waiting = groups.state(published)
    rows_since = rows_since_of(published, _first_day(asked))
    result = Answer(asked, state, stamp, waiting=waiting, outages=_outages(workspace, asked, noticed, now=now),
                    rows_since=rows_since)  # fmt: skip
    if state != READY or rows_since is not None:
        return result
    try:
        return _counted(workspace, published, result, noticed, groups, now=now)
    except duckdb.InterruptException:
        return replace(result, state=TOO_LONG)
    except (TooMany, duckdb.OutOfMemoryException):
        return replace(result, state=TOO_MANY)


def _state(published: Published, asked: Asked, *, has_goals: bool) -> str:
    if asked.point and asked.point.waiting:
        return UNTRACKED
    if asked.show == GOALS and not has_goals:
        return NO_GOALS
    if published.publication is None:
        return COMPUTING if published.has_events else NO_EVENTS
    return READY


def _first_day(asked: Asked) -> date:
    return asked.since - timedelta(days=asked.window) if asked.is_backwards else asked.since


def _outages(workspace: Workspace, asked: Asked, noticed: Iterable[Goal], *, now: datetime) -> tuple[Gap, ...]:
    of_point = asked.point.goals if asked.point else ()
    goals = {*of_point, *(goal.pk for goal in noticed if asked.show == GOALS)}
    gaps = gaps_of(workspace, sorted(goals), since=asked.since, until=asked.until, now=now)
    return tuple({each.words: each for found in gaps.values() for each in found}.values())


def _counted(
    workspace: Workspace, published: Published, result: Answer, noticed: list[Goal], groups: Groups, *, now: datetime
) -> Answer:
    asked = result.asked
    with connected(published.snapshot, groups.views(published), memory=groups.memory) as lake:
        only = groups.prepare(lake, workspace, published, until=asked.until, now=now).get(asked.only, "")
        asking = _asking(lake, workspace, asked, noticed)
        numbers = reading.numbered(lake, asking)
        counting = Counting(
            nodes=numbers.nodes,
            steps=asked.steps,
            collapse=asked.collapse,
            backwards=asked.is_backwards,
            via=tuple((step, _node(lake, text)) for step, text in asked.via),
            through_us=_us(result.stamp.computed_through) if result.stamp.computed_through else 0,
        )
        following = _following(workspace, asked)
        tally = tallying.empty(counting)
        passes = max(1, -(-_events(workspace, asking) // MOST_EVENTS))
        for number in range(passes):
            part = of_those(part_of(passes, number), only)
            tallying.add(tally, begun(lake, asking, numbers, part, following), counting)
        steps = tallying.steps(tally, counting, top=asked.top)
        shown = sorted({stop.node for step in steps for stop in step.stops if stop.node >= 0})
        names = reading.named(lake, np.array(shown, np.int64))
    goals = {goal.slug: goal.name for goal in noticed}
    return replace(
        result,
        begun=tally.started,
        narrowed=tally.narrowed,
        still_open=tally.still_open,
        columns=tuple(_columns(steps, names, goals, whole=tally.narrowed)),
    )


def _asking(lake: Connection, workspace: Workspace, asked: Asked, noticed: list[Goal]) -> Asking:
    since, until = start_of(asked.since, workspace.zone), start_of(asked.until, workspace.zone)
    first, last = reading.reach(lake, since, until)
    if asked.window:
        days = timedelta(days=asked.window)
        # The point lies in the range; what came before it, or after, may lie outside. Visits go on after it, too.
        first, last = (since - days, last) if asked.is_backwards else (since, until + days + timedelta(microseconds=1))
    sources = source_ids(workspace)
    return Asking(
        things=things_of(asked.show, noticed, sources),
        folders=asked.folders,
        point=asked.point.rules if asked.point else (),
        sources=sources,
        since=first,
        until=last,
    )


def _following(workspace: Workspace, asked: Asked) -> Following:
    return Following(
        since_us=_us(start_of(asked.since, workspace.zone)),
        until_us=_us(start_of(asked.until, workspace.zone)),
        window_us=asked.window * DAY_US or None,
        from_visits=asked.point is None,
        by_person=asked.per == PERSONS,
        backwards=asked.is_backwards,
    )


def _node(lake: Connection, text: str) -> int:
    kind, _blank, name = text.partition(" ")
    found = reading.node_of(lake, kind, name)
    return NOWHERE if found is None else found


def _events(workspace: Workspace, asking: Asking) -> int:
    """Give about how many events are to be read."""
    days = Visits.objects.filter(workspace=workspace, day__gte=asking.since.date(), day__lt=asking.until.date() + DAY)
    return days.aggregate(events=Sum("events"))["events"] or 0


def _columns(
    steps: Iterable[tallying.Step], names: Mapping[int, tuple[str, str]], goals: Mapping[str, str], *, whole: int
) -> Iterable[Column]:
    for number, step in enumerate(steps, 1):
        yield Column(number, tuple(_shown(stop, names, goals, whole) for stop in step.stops), step.moves)


def _shown(stop: tallying.Stop, names: Mapping[int, tuple[str, str]], goals: Mapping[str, str], whole: int) -> Node:
    share = stop.count / whole
    if stop.node == NOTHING:
        return Node(LEFT, "", "", stop.count, share, 0)
    if stop.node == OTHER:
        return Node(OTHERS, "", "", stop.count, share, stop.kinds)
    kind, name = names[stop.node]
    label = " + ".join(goals.get(slug, slug) for slug in name.split(BOTH)) if kind == GOAL else name
    return Node(kind, name, label, stop.count, share, 1)


def _us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
