"""What an exploration comes to: page, API and files all take it from here."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Event, Thread

import duckdb
from duckdb import DuckDBPyConnection as Connection

from goals.models import Goal
from reports import paths, publishing
from reports.answer import COMPUTING, FAULTY, NO_EVENTS, READY, UNTRACKED, rows_since_of, state_of
from reports.explore import reading
from reports.explore.clock import clock_of
from reports.explore.metrics import Counted, Metric, Value, metric_of
from reports.explore.question import Asked
from reports.explore.reading import LONGEST_VISIT, Asking, TooMany
from reports.explore.rows import Row, rows_of, values_of
from reports.explore.tallying import Level, tally
from reports.gaps import Gap, gaps_of
from reports.publishing import Published
from reports.standing import Standing, standing
from tracking.lake.query import MEMORY, connected
from tracking.models import Source
from workspaces.models import Workspace
from workspaces.zones import start_of

TOO_LONG, TOO_MANY = "too_long", "too_many"
STATES = (READY, UNTRACKED, NO_EVENTS, COMPUTING, FAULTY, TOO_LONG, TOO_MANY)
MEMORY_OF_EVENTS = "320MB"  # what five million events and their visits take that are counted by what happened in them
LONGEST = 25.0  # seconds; a page that takes longer is nobody's, and the web process has others to answer


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures of one question, all of one data version.

    state        ready, or why there are no figures
    waiting      names of goals without figures: nobody said how they are noticed, or they are computed
    columns      the metrics, in their order
    total        a value for each segment (all visits first) and column
    rows         the outermost level; an opened row holds its own
    rows_since   the first day that can be read, where the range begins before it: older events were removed
    """

    asked: Asked
    state: str
    stamp: Standing
    columns: tuple[Metric, ...] = ()
    total: tuple[tuple[Value, ...], ...] = ()
    rows: tuple[Row, ...] = ()
    waiting: tuple[str, ...] = ()
    outages: tuple[Gap, ...] = ()
    rows_since: date | None = None

    @property
    def is_empty(self) -> bool:
        """Say whether nobody was there."""
        return not any(value.number or value.whole for segment in self.total for value in segment)


def answer(workspace: Workspace, asked: Asked, goals: Mapping[str, Goal], *, now: datetime) -> Answer:
    """Answer the question about the workspace.

    goals   those of the workspace, by their short names, with their rules
    """
    named = [goals[slug] for slug in asked.goals]
    ids = [goal.pk for goal in named]
    published = publishing.read(workspace.pk, ids, since=asked.until, until=asked.until)  # no day's figures are needed
    state, waiting = _state(published, named)
    counted = {goal.slug: _counted(goal, published, workspace) for goal in named}
    columns = tuple(filter(None, (metric_of(key, counted) for key in asked.metrics)))
    gaps = gaps_of(workspace, sorted(ids), since=asked.since, until=asked.until, now=now)
    result = Answer(
        asked, state, standing(published, has_goals=True, has_kpis=True), columns, waiting=waiting,
        outages=tuple({each.words: each for found in gaps.values() for each in found}.values()),
        rows_since=rows_since_of(published, asked.since),
    )  # fmt: skip
    if state != READY or result.rows_since is not None:
        return result
    asking = _asking(workspace, asked, tuple(counted.values()))
    views = {f"paths{n}": paths.published(published.fills[goal.pk]) for n, goal in enumerate(named)}
    try:
        memory = MEMORY_OF_EVENTS if asking.reads_events else MEMORY
        with connected(published.snapshot, views, memory=memory) as lake, _bounded(lake):
            reading.prepare(lake, asking)
            return _read(lake, asking, result)
    except duckdb.InterruptException:
        return replace(result, state=TOO_LONG)
    except (TooMany, duckdb.OutOfMemoryException):
        return replace(result, state=TOO_MANY)


def _state(published: Published, named: list[Goal]) -> tuple[str, tuple[str, ...]]:
    """Say whether there are figures; where not, of which goals."""
    if published.publication is None:
        return (COMPUTING if published.has_events else NO_EVENTS), ()
    for state in (UNTRACKED, FAULTY, COMPUTING):
        if waiting := tuple(goal.name for goal in named if state_of(published, goal) == state):
            return state, waiting
    return READY, ()


def _counted(goal: Goal, published: Published, workspace: Workspace) -> Counted:
    fill = published.fills.get(goal.pk)
    currency = fill.currency if fill and fill.currency else workspace.currency
    others = sorted(set(fill.currencies if fill else ()) - {currency})
    return Counted(goal.slug, goal.name, currency, (currency, *others))


def _asking(workspace: Workspace, asked: Asked, goals: tuple[Counted, ...]) -> Asking:
    since, until = start_of(asked.since, workspace.zone), start_of(asked.until, workspace.zone)
    return Asking(
        by=asked.by,
        where=asked.where,
        segments=asked.segments,
        goals=goals,
        sites=dict(Source.objects.filter(workspace=workspace).values_list("pk", "slug")),
        since=asked.since,
        until=asked.until,
        zone=workspace.zone,
        clock=clock_of(workspace.zone, since - LONGEST_VISIT, until + LONGEST_VISIT),
    )


@contextmanager
def _bounded(lake: Connection) -> Iterator[None]:
    """Interrupt what takes too long."""
    done = Event()
    watch = Thread(target=_interrupt, args=(lake, done), daemon=True)
    watch.start()
    try:
        yield
    finally:
        done.set()
        watch.join()  # the connection is closed after it


def _interrupt(lake: Connection, done: Event) -> None:
    pause = LONGEST
    while not done.wait(pause):
        lake.interrupt()
        pause = 0.1  # between two statements it interrupts nothing, and the next one would go on


def _read(lake: Connection, asking: Asking, result: Answer) -> Answer:
    needed = frozenset(name for metric in result.columns for name in metric.needs)
    whole = tally(lake, asking, Level(0, 0), needed)[()]
    return replace(
        result, total=values_of(result.columns, whole), rows=tuple(rows_of(lake, asking, result.asked, result.columns))
    )
