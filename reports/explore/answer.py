"""What an exploration comes to: page, API and files all take it from here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import duckdb
from duckdb import DuckDBPyConnection as Connection

from goals.models import Goal
from reports import paths, publishing
from reports.answer import COMPUTING, FAULTY, NO_EVENTS, READY, UNTRACKED, rows_since_of, state_of
from reports.bounding import LONGEST, bounded
from reports.calculated.columns import columns_of
from reports.calculated.crediting import Crediting, with_credits
from reports.calculated.saved import formulas_of
from reports.explore import reading
from reports.explore.clock import clock_of
from reports.explore.metrics import Counted, Metric, Value, metric_of
from reports.explore.question import Asked, Known
from reports.explore.reading import LONGEST_VISIT, Asking, TooMany
from reports.explore.rows import Row, rows_of, values_of
from reports.explore.tallying import Level, tally
from reports.gaps import Gap, gaps_of
from reports.publishing import Published
from reports.segments.ground import ground_of
from reports.segments.persons import persons_of
from reports.segments.saved import Saved, saved_of
from reports.standing import Standing, standing
from tracking.lake.query import MEMORY, connected
from tracking.models import Source
from workspaces.models import Workspace
from workspaces.zones import start_of

TOO_LONG, TOO_MANY, MISSING = "too_long", "too_many", "missing"
STATES = (READY, UNTRACKED, NO_EVENTS, COMPUTING, FAULTY, TOO_LONG, TOO_MANY, MISSING)
MEMORY_OF_EVENTS = "320MB"  # what five million events and their visits take that are counted by what happened in them


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures of one question, all of one data version.

    state        ready, or why there are no figures
    waiting      names of goals without figures: nobody said how they are noticed, or they are computed; where the
                 state is "missing" a sentence for each segment that is gone and each metric that
                 can't be computed
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


def answer(
    workspace: Workspace, asked: Asked, known: Known, *, now: datetime, published: Published | None = None
) -> Answer:
    """Answer the question about the workspace.

    published   the state to answer from, which has the goals that are asked about; None: the newest
    """
    saved = saved_of(asked.groups, known.segments, known.goals)
    formulas = formulas_of(asked.calculated, known.calculated, known.goals)
    added_up = tuple(dict.fromkeys((*asked.goals, *formulas.goals)))
    named = [known.goals[slug] for slug in dict.fromkeys((*added_up, *saved.goals))]
    ids = [goal.pk for goal in named]
    # No day's figures are needed.
    published = published or publishing.read(workspace.pk, ids, since=asked.until, until=asked.until)
    counted = {goal.slug: counted_of(goal, published, workspace) for goal in named}
    own = columns_of(formulas, counted)
    missing = (*saved.missing, *formulas.missing, *own.refused)
    state, waiting = (MISSING, missing) if missing else state_of_goals(published, named)
    columns = tuple(filter(None, (metric_of(key, counted, own.columns) for key in asked.metrics)))
    gaps = gaps_of(workspace, sorted(ids), since=asked.since, until=asked.until, now=now)
    result = Answer(
        asked, state, standing(published, has_goals=True, has_kpis=True), columns, waiting=waiting,
        outages=tuple({each.words: each for found in gaps.values() for each in found}.values()),
        rows_since=rows_since_of(published, asked.since),
    )  # fmt: skip
    if state != READY or result.rows_since is not None:
        return result
    crediting = Crediting(workspace, asked, known, published, now)
    result = replace(result, columns=with_credits(columns, formulas, crediting))
    asking = _asking(workspace, asked, tuple(counted[slug] for slug in added_up), saved)
    views = {f"paths{goal.pk}": paths.published(published.fills[goal.pk]) for goal in named}
    ground = ground_of(workspace, published, counted, until=asked.until, now=now)
    try:
        memory = MEMORY_OF_EVENTS if asking.reads_events or asking.members else MEMORY
        with connected(published.snapshot, views, memory=memory) as lake, bounded(lake, LONGEST):
            for slug, table in asking.members.items():
                persons_of(lake, saved.found[slug], ground, name=table)
            reading.prepare(lake, asking)
            return _read(lake, asking, result)
    except duckdb.InterruptException:
        return replace(result, state=TOO_LONG)
    except (TooMany, duckdb.OutOfMemoryException):
        return replace(result, state=TOO_MANY)


def state_of_goals(published: Published, named: Sequence[Goal]) -> tuple[str, tuple[str, ...]]:
    """Say whether there are figures; where not, of which goals."""
    if published.publication is None:
        return (COMPUTING if published.has_events else NO_EVENTS), ()
    for state in (UNTRACKED, FAULTY, COMPUTING):
        if waiting := tuple(goal.name for goal in named if state_of(published, goal) == state):
            return state, waiting
    return READY, ()


def counted_of(goal: Goal, published: Published, workspace: Workspace) -> Counted:
    """Give a goal as columns take it."""
    fill = published.fills.get(goal.pk)
    currency = fill.currency if fill and fill.currency else workspace.currency
    others = sorted(set(fill.currencies if fill else ()) - {currency})
    return Counted(goal.pk, goal.slug, goal.name, currency, (currency, *others))


def _asking(workspace: Workspace, asked: Asked, goals: tuple[Counted, ...], saved: Saved) -> Asking:
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
        members={slug: f"segment{n}" for n, slug in enumerate(saved.found)},
    )


def _read(lake: Connection, asking: Asking, result: Answer) -> Answer:
    needed = frozenset(name for metric in result.columns for name in metric.needs)
    whole = tally(lake, asking, Level(0, 0), needed)[()]
    return replace(
        result, total=values_of(result.columns, whole), rows=tuple(rows_of(lake, asking, result.asked, result.columns))
    )
