"""What cohorts come to: page, API and files all take it from here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate, pairwise

import duckdb

from analysis.rates import LITTLE_DATA, Rate, rate
from goals.models import Goal
from reports import paths, publishing
from reports.answer import READY, rows_since_of
from reports.bounding import bounded
from reports.cohorts import reading
from reports.cohorts.question import Asked, Known
from reports.cohorts.reading import Asking, Counts
from reports.explore.answer import MEMORY_OF_EVENTS, STATES, TOO_LONG, TOO_MANY, counted_of, state_of_goals
from reports.explore.clock import clock_of
from reports.explore.reading import LONGEST_VISIT, TooMany
from reports.gaps import Gap, gaps_of
from reports.periods import bucket_end, bucket_start
from reports.publishing import Published
from reports.segments.groups import Groups, groups_of
from reports.standing import Standing, standing
from tracking.lake.query import connected
from workspaces.models import Workspace
from workspaces.zones import start_of


@dataclass(frozen=True, slots=True)
class Cell:
    """What the persons of one cohort did in one period.

    later          so many periods after the cohort's own
    since, until   its local days
    persons        who did it; where it is cumulative, in this period or one before it
    rate           of the cohort's persons; None where it has none
    is_whole       the period is over, and all that happened in it is known
    """

    later: int
    since: date
    until: date
    persons: int
    rate: Rate | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Cohort:
    """The persons who joined on some local days.

    daily   visitors of one day among them, or left out of them
    cells   of the periods that have begun, the cohort's own first
    """

    since: date
    until: date
    persons: int
    daily: int
    cells: tuple[Cell, ...]

    @property
    def is_little_data(self) -> bool:
        """Say whether there are so few persons that shares of them jump."""
        return 0 < self.persons < LITTLE_DATA


@dataclass(frozen=True, slots=True)
class Together:
    """All cohorts whose period so much later is over: the ratio of their sums, which no average of shares is.

    rate   None where no cohort has such a period, or nobody is in them
    """

    later: int
    cohorts: int
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The cohorts of one question, all of one data version.

    state        ready, or why there are no figures
    waiting      names of goals without figures; where the state is "missing" a sentence for each segment that is gone
    together     a summary of each period that has begun for a cohort
    channels     that sessions came by
    rows_since   the first day that can be read, where the range begins before it: older events were removed
    kept_since   the first day of which events are kept, where older ones were removed: nobody is first seen before it
    """

    asked: Asked
    state: str
    stamp: Standing
    cohorts: tuple[Cohort, ...] = ()
    together: tuple[Together, ...] = ()
    channels: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    outages: tuple[Gap, ...] = ()
    rows_since: date | None = None
    kept_since: date | None = None

    @property
    def persons(self) -> int:
        """Give the persons of all cohorts; each is in one alone."""
        return sum(each.persons for each in self.cohorts)

    @property
    def daily(self) -> int:
        """Give the visitors of one day, among them or left out."""
        return sum(each.daily for each in self.cohorts)


def answer(workspace: Workspace, asked: Asked, known: Known, *, now: datetime) -> Answer:
    """Answer the question about the workspace."""
    groups = groups_of(workspace, asked.groups)
    own = [known.goals[slug] for slug in asked.goals]
    named = {goal.pk: goal for goal in (*own, *groups.goals)}
    # No day's figures are needed.
    published = publishing.read(workspace.pk, named, since=asked.until, until=asked.until)
    state, waiting = groups.state(published)
    if state == READY:
        state, waiting = state_of_goals(published, own)
    gaps = gaps_of(workspace, sorted(goal.pk for goal in own), since=asked.since, until=asked.until, now=now)
    result = Answer(
        asked, state, standing(published, has_goals=True, has_kpis=True), waiting=waiting,
        outages=tuple({each.words: each for found in gaps.values() for each in found}.values()),
        rows_since=rows_since_of(published, asked.since),
        kept_since=published.lake.kept_since if published.lake else None,
    )  # fmt: skip
    if state != READY or result.rows_since is not None:
        return result
    try:
        return _counted(workspace, published, result, own, groups, now=now)
    except duckdb.InterruptException:
        return replace(result, state=TOO_LONG)
    except (TooMany, duckdb.OutOfMemoryException):
        return replace(result, state=TOO_MANY)


def _counted(
    workspace: Workspace, published: Published, result: Answer, own: Sequence[Goal], groups: Groups, *, now: datetime
) -> Answer:
    asked = result.asked
    views = {f"paths{goal.pk}": paths.published(published.fills[goal.pk]) for goal in own}
    asking = _asking(workspace, published, asked, own)
    with connected(published.snapshot, {**groups.views(published), **views}, memory=MEMORY_OF_EVENTS) as lake:
        tables = groups.prepare(lake, workspace, published, until=asked.until, now=now)
        with bounded(lake):
            counts = reading.read(lake, replace(asking, only=tables.get(asked.only, "")))
            channels = reading.channels(lake)
    known_until = min(result.stamp.computed_through or now, now)
    cohorts = _cohorts(workspace, asked, counts, known_until)
    return replace(result, cohorts=cohorts, together=_together(cohorts), channels=channels)


def _asking(workspace: Workspace, published: Published, asked: Asked, own: Sequence[Goal]) -> Asking:
    zone = workspace.zone
    counted = {goal.slug: counted_of(goal, published, workspace) for goal in own}
    since, until = start_of(asked.since, zone), start_of(asked.until, zone)
    ends = start_of(_starts(asked, _starts(asked, asked.until, 1)[-1], asked.later)[-1], zone)
    return Asking(
        every=asked.every,
        first=bucket_start(asked.since, asked.every),
        since=since,
        until=until,
        ends=ends,
        clock=clock_of(zone, since, ends + LONGEST_VISIT),
        joined=counted.get(asked.first_goal),
        did=counted.get(asked.did_goal),
        later=asked.later,
        is_cumulative=asked.is_cumulative,
        channel=asked.channel,
        is_lasting=asked.is_lasting,
    )


def _starts(asked: Asked, day: date, count: int) -> list[date]:
    """Give the first day of the period that a day lies in, and those of so many after it."""
    starts = [bucket_start(day, asked.every)]
    for _ in range(count):
        starts.append(bucket_end(starts[-1], asked.every))
    return starts


def _cohorts(workspace: Workspace, asked: Asked, counts: Counts, known_until: datetime) -> tuple[Cohort, ...]:
    """Give every cohort whose days have begun, also those that nobody is in."""
    found: list[Cohort] = []
    start = bucket_start(asked.since, asked.every)
    while start < asked.until and start_of(start, workspace.zone) < known_until:
        number, periods = len(found), list(pairwise(_starts(asked, start, asked.later + 1)))
        daily = counts.daily.get(number, 0)
        persons = counts.persons.get(number, 0) - (daily if asked.is_lasting else 0)
        done = [counts.done.get((number, later), 0) for later in range(len(periods))]
        cells = tuple(
            Cell(later, since, until, n, rate(n, persons), start_of(until, workspace.zone) <= known_until)
            for later, ((since, until), n) in enumerate(
                zip(periods, accumulate(done) if asked.is_cumulative else done, strict=True)
            )
            if start_of(since, workspace.zone) < known_until
        )
        until = periods[0][1]
        found.append(Cohort(max(start, asked.since), min(until, asked.until), persons, daily, cells))
        start = until
    return tuple(found)


def _together(cohorts: Sequence[Cohort]) -> tuple[Together, ...]:
    """Sum up each period over the cohorts for whom it is over."""
    found = []
    for later in range(max((len(each.cells) for each in cohorts), default=0)):
        whole = [each for each in cohorts if len(each.cells) > later and each.cells[later].is_whole]
        did, persons = sum(each.cells[later].persons for each in whole), sum(each.persons for each in whole)
        found.append(Together(later, len(whole), rate(did, persons)))
    return tuple(found)


__all__ = ["STATES", "Answer", "Cell", "Cohort", "Together", "answer"]
