"""What a funnel comes to: page, API and CSV all take it from here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
from django.db.models import Sum
from django.utils.translation import gettext as _
from duckdb import DuckDBPyConnection as Connection

from analysis.arrays import Ints
from analysis.funnels import FEWEST_STEPS, Way
from analysis.rates import Rate, rate
from goals.conversions import source_ids
from reports import publishing
from reports.annotations.reading import Annotated, annotations_of
from reports.answer import COMPUTING, FAULTY, NO_EVENTS, READY, UNTRACKED, rows_since_of
from reports.explore.answer import MISSING, TOO_LONG, TOO_MANY
from reports.explore.reading import TooMany
from reports.funnels import tallying
from reports.funnels.leaving import Next, following
from reports.funnels.question import Asked
from reports.funnels.reading import EPOCH, Asking, reach, read
from reports.funnels.segments import INSIDE, SEGMENTS, segment_label
from reports.funnels.steps import Step
from reports.gaps import Gap, gaps_of
from reports.models import Visits
from reports.models.funnel import StepOrder
from reports.periods import DAY, bucket_end
from reports.publishing import Published
from reports.segments.groups import Groups, groups_of
from reports.standing import Standing, standing
from tracking.lake.query import connected
from workspaces.models import Workspace
from workspaces.zones import day_of, start_of

NOTHING = "nothing"  # no steps are asked for, and the plan has none
STATES = (READY, NOTHING, UNTRACKED, NO_EVENTS, COMPUTING, FAULTY, TOO_LONG, TOO_MANY, MISSING)
DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class StepFigures:
    """One step.

    number        from 1
    persons       who got there at least, each counted once
    of_start      of those who entered; of_previous: of those of the step before; None where there was nobody
    lost          who got to the step before and not here; 0 for the first step
    lost_share    of the step before; None where there was nobody
    median        from the step before, of those who made it
    is_worst      the greatest share was lost before this step
    """

    number: int
    step: Step
    persons: int
    of_start: Rate | None
    of_previous: Rate | None
    lost: int
    lost_share: float | None
    median: timedelta | None
    is_worst: bool


@dataclass(frozen=True, slots=True)
class SegmentFigures:
    """The persons of one segment at each step; all segments add up to the whole."""

    key: str
    label: str
    persons: tuple[int, ...]
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class SpanFigures:
    """The funnel of those whose first step lies in [since, until); persons may be in several spans."""

    since: date
    until: date
    is_partial: bool
    entered: int
    completed: int
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A funnel's figures, all of one data version.

    state        ready, or why there are no figures
    waiting      names of goals that nobody has said yet how they are noticed; of a segment's also those without
                 figures, and where the state is "missing" a sentence for each segment that is gone
    rate         of those who entered, how many got to the end
    still_open   persons who are on the way and still have time
    following    what those did next who left; None where it is not asked for
    rows_since   the first day that can be shown, where the range begins before it: older events were removed
    annotations  what people said happened on these days, to the steps' goals or to all, oldest first
    """

    asked: Asked
    state: str
    stamp: Standing
    steps: tuple[StepFigures, ...] = ()
    segments: tuple[SegmentFigures, ...] = ()
    spans: tuple[SpanFigures, ...] = ()
    rate: Rate | None = None
    still_open: int = 0
    following: tuple[Next, ...] | None = None
    waiting: tuple[str, ...] = ()
    outages: tuple[Gap, ...] = ()
    rows_since: date | None = None
    annotations: tuple[Annotated, ...] = ()

    @property
    def entered(self) -> int:
        """Give who took the first step."""
        return self.steps[0].persons if self.steps else 0

    @property
    def completed(self) -> int:
        """Give who took them all."""
        return self.steps[-1].persons if self.steps else 0

    @property
    def beside(self) -> SegmentFigures | None:
        """Give the segment that stands beside the whole."""
        return next((each for each in self.segments if each.key == self.asked.beside), None)


def answer(workspace: Workspace, asked: Asked, *, now: datetime) -> Answer:
    """Answer the question about the workspace."""
    groups = groups_of(workspace, asked.groups)
    # No day's figures are needed.
    published = publishing.read(workspace.pk, groups.goal_ids, since=asked.until, until=asked.until)
    stamp = standing(published, has_goals=True, has_kpis=True)
    waiting = tuple(name for step in asked.steps for name in step.waiting)
    state = _state(published, asked, waiting)
    if state == READY:
        state, waiting = groups.state(published)
    rows_since = rows_since_of(published, asked.since)
    goals = sorted({pk for step in asked.steps for pk in step.goals})
    gaps = gaps_of(workspace, goals, since=asked.since, until=asked.until, now=now)
    outages = tuple({each.words: each for found in gaps.values() for each in found}.values())
    if state != READY or rows_since is not None:
        return Answer(asked, state, stamp, waiting=waiting, outages=outages, rows_since=rows_since)
    try:
        found = _answer(workspace, asked, published, stamp, outages, groups=groups, now=now)
    except duckdb.InterruptException:
        return Answer(asked, TOO_LONG, stamp, outages=outages)
    except (TooMany, duckdb.OutOfMemoryException):
        return Answer(asked, TOO_MANY, stamp, outages=outages)
    return replace(found, annotations=annotations_of(workspace, goals, since=asked.since, until=asked.until))


def _state(published: Published, asked: Asked, waiting: Sequence[str]) -> str:
    if len(asked.steps) < FEWEST_STEPS:
        return NOTHING
    if waiting:
        return UNTRACKED
    if published.publication is None:
        return COMPUTING if published.has_events else NO_EVENTS
    return READY


def _answer(
    workspace: Workspace,
    asked: Asked,
    published: Published,
    stamp: Standing,
    outages: tuple[Gap, ...],
    *,
    groups: Groups,
    now: datetime,
) -> Answer:
    days, today = _spans(asked), day_of(now, workspace.zone)
    bounds = np.array([_us(start_of(day, workspace.zone)) for day in (*(since for since, _ in days), asked.until)])
    way = Way(len(asked.steps), asked.window * DAY_US or None, strict=asked.order == StepOrder.STRICT)
    through = _us(stamp.computed_through) if stamp.computed_through else 0
    counting = tallying.Counting(way, bounds, through, asked.drop, by_segment=asked.by in SEGMENTS)
    with connected(published.snapshot, groups.views(published), memory=groups.memory) as lake:
        tables = groups.prepare(lake, workspace, published, until=asked.until, now=now)
        counting = replace(counting, members=tallying.members_of(lake, tables.get(asked.told_by)))
        asking = replace(_asking(lake, workspace, asked), only=tables.get(asked.only, ""))
        tally = tallying.empty(counting)
        segment = SEGMENTS[asked.by].sql if asked.by in SEGMENTS else None
        events = _events(workspace, asked)
        for part in read(lake, asking, events=events, segment=segment, in_sessions=way.window_us is None):
            tallying.add(tally, part, counting)
        left = following(lake, asking, pa.concat_tables(tally.leavers)) if asked.drop else None
    steps = _steps(asked, tally.reached, tally.medians_us)
    return Answer(
        asked=asked,
        state=READY,
        stamp=stamp,
        steps=steps,
        segments=_segments(asked, tally.segments),
        spans=tuple(
            SpanFigures(since, until, until > today, int(n[0]), int(n[-1]), rate(int(n[-1]), int(n[0])))
            for (since, until), n in zip(days, tally.spans, strict=True)
        ),
        rate=rate(steps[-1].persons, steps[0].persons),
        still_open=tally.still_open,
        following=left,
        outages=outages,
    )


def _events(workspace: Workspace, asked: Asked) -> int:
    """Give about how many events are to be read."""
    days = Visits.objects.filter(workspace=workspace, day__gte=asked.since, day__lt=asked.until + DAY * asked.window)
    return days.aggregate(events=Sum("events"))["events"] or 0


def _asking(lake: Connection, workspace: Workspace, asked: Asked) -> Asking:
    since, until = start_of(asked.since, workspace.zone), start_of(asked.until, workspace.zone)
    # Later steps may lie after the range: it says when people began.
    until = until + timedelta(days=asked.window, microseconds=1) if asked.window else reach(lake, since, until)
    return Asking(
        steps=tuple(step.rules for step in asked.steps),
        sources=source_ids(workspace),
        since=since,
        until=until,
        strict=asked.order == StepOrder.STRICT,
    )


def _steps(asked: Asked, persons: Ints, medians: Sequence[float | None]) -> tuple[StepFigures, ...]:
    counts = persons.tolist()
    before = [counts[0], *counts[:-1]]
    shares = [(n - here) / n if n else None for n, here in zip(before, counts, strict=True)]
    greatest = max(share or 0 for share in shares)
    worst = next((n for n, share in enumerate(shares) if share and share == greatest), None)
    return tuple(
        StepFigures(
            number=n + 1,
            step=step,
            persons=counts[n],
            of_start=rate(counts[n], counts[0]),
            of_previous=rate(counts[n], before[n]),
            lost=before[n] - counts[n],
            lost_share=shares[n],
            median=None if (median := medians[n]) is None else timedelta(microseconds=median),
            is_worst=n == worst,
        )
        for n, step in enumerate(asked.steps)
    )


def _segments(asked: Asked, found: dict[str, Ints]) -> tuple[SegmentFigures, ...]:
    rows = [
        SegmentFigures(key, _label(asked, key), tuple(n.tolist()), rate(int(n[-1]), int(n[0])))
        for key, n in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.persons[0], row.key)))


def _label(asked: Asked, key: str) -> str:
    if not asked.told_by:
        return segment_label(asked.by, key)
    return asked.groups.names[asked.told_by] if key == INSIDE else _("Everybody else")


def _spans(asked: Asked) -> list[tuple[date, date]]:
    """Cut the range at the interval's borders."""
    starts = [asked.since]
    while (day := bucket_end(starts[-1], asked.interval)) < asked.until:
        starts.append(day)
    return list(zip(starts, (*starts[1:], asked.until), strict=True))


def _us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
