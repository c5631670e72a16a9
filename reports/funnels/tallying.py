"""Adds up what the parts of a funnel's persons did: every figure is a sum or a list over persons, each in one part."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from analysis.arrays import Bools, Ints
from analysis.funnels import Tries, Way, furthest, reached, tries, waits
from reports.funnels.reading import Persons, Read
from reports.funnels.segments import INSIDE, OUTSIDE


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted.

    bounds_us      int64[b + 1]: the first step lies in one of the spans between them
    through_us     what is known: later events are not in the lake yet
    drop           the step after which people left whose next events are asked for; 0 for none
    by_segment     persons are told apart by the visit of their first step
    members        uint64[m], those in the saved segment that persons are told apart by; None: by none
    """

    way: Way
    bounds_us: Ints
    through_us: int
    drop: int
    by_segment: bool
    members: Persons | None = None


@dataclass(slots=True)
class Tally:
    """Persons so far; `steps` numbers in each row.

    reached     who got to each step at least
    spans       int64[spans, steps]: the same of each span, with the tries that began in it alone
    segments    the same by the segment's name
    waits       microseconds of each step but the first
    still_open  persons who have not come to the end and still have time
    leavers     tables of `leavers` for funnels.next.sql
    """

    reached: Ints
    spans: Ints
    segments: dict[str, Ints] = field(default_factory=dict)
    waits: list[list[Ints]] = field(default_factory=list)
    still_open: int = 0
    leavers: list[pa.Table] = field(default_factory=list)

    @property
    def medians_us(self) -> list[float | None]:
        """Give the median of each step's time; None for the first and where nobody came to."""
        found = [np.concatenate(parts) if parts else np.empty(0, np.int64) for parts in self.waits]
        return [None, *(float(np.median(each)) if len(each) else None for each in found)]


def members_of(lake: Connection, table: str | None) -> Persons | None:
    """Read the persons of a saved segment's table; None without one."""
    if table is None:
        return None
    found: Persons = lake.table(table).fetchnumpy()["person"].astype(np.uint64)
    return found


def empty(counting: Counting) -> Tally:
    """Give the sums before anybody is counted."""
    steps, spans = counting.way.steps, len(counting.bounds_us) - 1
    none = np.zeros(steps, np.int64)
    return Tally(none, np.zeros((spans, steps), np.int64), waits=[[] for _ in range(steps - 1)])


def add(tally: Tally, found: Read, counting: Counting) -> None:
    """Count some persons."""
    happened, way, bounds = found.happened, counting.way, counting.bounds_us
    starts = (happened.time_us >= bounds[0]) & (happened.time_us < bounds[-1])
    tried = tries(happened, way, starts)
    person = happened.person[tried.start]
    best = furthest(tried, person)
    tally.reached = tally.reached + reached(tried.depth[best], way.steps)
    for kept, more in zip(tally.waits, waits(tried, best, happened.time_us), strict=True):
        kept.append(more)
    _add_spans(tally, tried, person, happened.time_us[tried.start], counting)
    if counting.by_segment or counting.members is not None:
        _add_segments(tally, found, tried, best, counting)
    tally.still_open += int(_is_open(found, tried, best, counting).sum())
    if counting.drop:
        left = best[tried.depth[best] == counting.drop]
        tally.leavers.append(_leavers(found, tried.at[left, 0], tried.at[left, counting.drop - 1], way))


def _add_spans(tally: Tally, tried: Tries, person: Ints, begun_us: Ints, counting: Counting) -> None:
    spans = len(counting.bounds_us) - 1
    span = np.searchsorted(counting.bounds_us, begun_us, side="right") - 1
    best = furthest(tried, person * spans + span)
    steps = counting.way.steps
    depths = np.bincount(span[best] * (steps + 1) + tried.depth[best], minlength=spans * (steps + 1))
    counts = depths.reshape(spans, steps + 1)[:, 1:]
    tally.spans = tally.spans + counts[:, ::-1].cumsum(axis=1)[:, ::-1]  # who got to a step got to those before


def _add_segments(tally: Tally, found: Read, tried: Tries, best: Ints, counting: Counting) -> None:
    depth, start = tried.depth[best], tried.start[best]
    if counting.members is None:
        code, names = found.segments(start), found.visits.names
    else:
        code, names = np.isin(found.person[start], counting.members).astype(np.int64), (OUTSIDE, INSIDE)
    for number in np.unique(code).tolist():
        name = names[number]
        tally.segments[name] = tally.segments.get(name, 0) + reached(depth[code == number], counting.way.steps)


def _is_open(found: Read, tried: Tries, best: Ints, counting: Counting) -> Bools:
    """Say whose time is not over yet: what is known ends before their window, or before their visit must be over."""
    is_unfinished = tried.depth[best] < counting.way.steps
    ends = _ends_us(found, tried.start[best], counting.way)
    is_open: Bools = is_unfinished & (ends > counting.through_us)
    return is_open


def _ends_us(found: Read, start: Ints, way: Way) -> Ints:
    """Give until when the next steps count of those who began with these events."""
    begun: Ints = found.happened.time_us[start]
    if way.window_us is not None:
        return begun + way.window_us
    return found.visits.taken(found.visits.ended_us, found.visit[start], missing=begun)


def _leavers(found: Read, start: Ints, last: Ints, way: Way) -> pa.Table:
    happened = found.happened
    first = np.searchsorted(_moments(found), _moments(found)[last])
    counted = np.r_[0, (happened.meets != 0).cumsum()]
    visit = found.visit[start]
    source = found.visits.taken(found.visits.source, visit, missing=0)
    return pa.table(
        {
            "person": found.person[last],
            "nth": counted[last + 1] - counted[first],  # of the funnel's events at that very moment
            "at_us": happened.time_us[last],
            "until_us": _ends_us(found, start, way),
            "on_source": pa.array(source, mask=visit < 0 if way.window_us is None else np.ones(len(visit), np.bool_)),
        }
    )


def _moments(found: Read) -> Ints:
    """Number the moments: events of one person at one time have the same number."""
    happened = found.happened
    n = len(happened.person)
    number = np.zeros(n, np.int64)
    if n:
        is_new = (happened.person[1:] != happened.person[:-1]) | (happened.time_us[1:] != happened.time_us[:-1])
        np.cumsum(is_new, out=number[1:])
    return number
