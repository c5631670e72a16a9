"""What arrivals say of each goal: its tracking state, and the waits that were outages. No rows; see goals.watching."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from analysis.arrays import Ints
from analysis.silence import NEVER, Outage, State, Verdict, judge
from goals.arrivals import Arrivals, Asked, Stream
from goals.models import Tracked
from tracking.times import us_of

NEWS = timedelta(days=14)  # a wait that was certain before that has ended more than it is broken: nobody is alarmed
_STATES = {State.VERIFIED: Tracked.VERIFIED, State.SILENT: Tracked.SILENT, State.BROKEN: Tracked.BROKEN}


@dataclass(frozen=True, slots=True)
class Found:
    """One outage as the events show it.

    since_us, until_us   times of the last event before and of the first after; until_us None: it lasts
    certain_us           from when on chance did not explain it
    source_id            the source that fell silent as a whole; None: it sent other events meanwhile
    """

    since_us: int
    until_us: int | None
    certain_us: int
    source_id: int | None = None

    def meets(self, since_us: int, until_us: int | None) -> bool:
        """Say whether it shares a moment with [since, until)."""
        return since_us < _end(self.until_us) and self.since_us < _end(until_us)


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one goal.

    first_us, last_us   of all its events that are known; None where there is none
    daily               of the last 28 whole days, oldest first
    outages             oldest first; the last one lasts where the state is broken
    waits               int64[2, n], begin and end of all waits between hours; the one that lasts ends NEVER
    """

    goal_id: int
    state: Tracked
    first_us: int | None = None
    last_us: int | None = None
    last_week: int = 0
    daily: tuple[int, ...] = ()
    outages: tuple[Found, ...] = ()
    waits: Ints = field(default_factory=lambda: np.array([[0], [NEVER]]), compare=False)

    @property
    def lasting(self) -> Found | None:
        """Give the outage that lasts."""
        return next((each for each in self.outages if each.until_us is None), None)


def silences(arrivals: Arrivals, sources: Iterable[int]) -> dict[int, tuple[Outage, ...]]:
    """Give the outages of each source that had some: times in which it sent nothing at all.

    sources   those that should send: open ones
    """
    return {each: outages for each in sources if (outages := judge(arrivals.of_source(each).record).outages)}


def findings(
    arrivals: Arrivals,
    ever: Mapping[int, tuple[int, int]],
    *,
    silent: Mapping[int, Sequence[Outage]],
    broken: Iterable[int],
) -> dict[int, Finding]:
    """Judge every goal that was asked for, by its id.

    ever      first and last event of goals before the hours that were looked at, as far as they are known
    silent    what `silences` found
    broken    goals that were found broken before; they stay so however old their outage gets
    """
    stale_us = us_of(arrivals.grid.now - NEWS)
    kept = frozenset(broken)
    found = {}
    for place, each in enumerate(arrivals.asked):
        stream = arrivals.of_goal(place)
        finding = _finding(each, stream, judge(stream.record), ever.get(each.goal_id))
        own = stream.main_source
        if own is not None and own in silent:
            whole = [Found(gap.since_us, gap.until_us, gap.certain_us, own) for gap in silent[own]]
            finding = replace(finding, outages=_merged(finding, whole, stream))
        found[each.goal_id] = _said(finding, stale_us=0 if each.goal_id in kept else stale_us)
    return found


def _finding(each: Asked, stream: Stream, verdict: Verdict, before: tuple[int, int] | None) -> Finding:
    since, until = stream.record.waits()
    first, last = min([stream.opening_us, *(before or ())[:1]]), max([stream.closing_us, *(before or ())[1:]])
    if not last:
        return Finding(each.goal_id, Tracked.WAITING)
    return Finding(
        goal_id=each.goal_id,
        state=_STATES[verdict.state],
        first_us=first,
        last_us=last,
        last_week=stream.last_week,
        daily=tuple(stream.daily.tolist()),
        outages=tuple(Found(gap.since_us, gap.until_us, gap.certain_us) for gap in verdict.outages),
        # Whatever lies before the hours that are looked at, the wait for their first event is one too.
        waits=np.stack([np.append(0, since), np.append(stream.opening_us, until)]),
    )


def _merged(finding: Finding, whole: Iterable[Found], stream: Stream) -> tuple[Found, ...]:
    """Add the outages of the goal's source to its own; one that meets an own one is part of it."""
    outages = list(finding.outages)
    for each in whole:
        if each.since_us < stream.opening_us:
            continue  # the goal had no event before it
        near = [own for own in outages if own.meets(each.since_us, each.until_us)]
        outages = [own for own in outages if own not in near]
        ends = [None if each.until_us is None else each.until_us, *(own.until_us for own in near)]
        outages.append(
            Found(
                min([each.since_us, *(own.since_us for own in near)]),
                None if None in ends else max(end for end in ends if end is not None),
                min([each.certain_us, *(own.certain_us for own in near)]),
                None if near else each.source_id,
            )
        )
    return tuple(sorted(outages, key=lambda each: each.since_us))


def _said(finding: Finding, *, stale_us: int) -> Finding:
    """Give the state that the outages make, without one that lasts since long before anybody looked."""
    lasting = finding.lasting
    if lasting is None:
        return finding
    if lasting.certain_us >= stale_us:
        return replace(finding, state=Tracked.BROKEN)
    return replace(
        finding, state=Tracked.SILENT, outages=tuple(each for each in finding.outages if each is not lasting)
    )


def _end(until_us: int | None) -> int:
    return NEVER if until_us is None else until_us
