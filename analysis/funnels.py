"""Which persons take a way of several steps, how far each of them gets, and how long every step takes.

Arrays in, arrays out, one pass over each step: from every start, the earliest event that meets the next step is the
best one, because any later one leaves less time for what follows. So no start needs more than one look at each step.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.arrays import Bools, Ints

FEWEST_STEPS, MOST_STEPS = 2, 20
Bits = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Happened:
    """What persons did: n events by person, and of a person in the order (time, sequence, event id).

    person    int64[n], ascending codes
    session   int64[n], codes that no two sessions share; what lies in no session has a code of its own
    time_us   int64[n], microseconds
    meets     uint32[n], bit k is set where the event meets step k + 1
    """

    person: Ints
    session: Ints
    time_us: Ints
    meets: Bits


@dataclass(frozen=True, slots=True)
class Way:
    """What is asked of the steps.

    steps       how many, 2 to 20
    window_us   from the first step to the last, both ends inside; None: all within the first step's session
    strict      each step has to be the very next event; otherwise others may lie between
    """

    steps: int
    window_us: int | None
    strict: bool = False

    def __post_init__(self) -> None:
        if not FEWEST_STEPS <= self.steps <= MOST_STEPS:
            raise ValueError(f"a way has {FEWEST_STEPS} to {MOST_STEPS} steps, not {self.steps}")


@dataclass(frozen=True, slots=True)
class Tries:
    """Each start with how far it got: m tries, by person and then by time.

    at      int64[m, steps], the event that met the step; -1 where the try did not get there
    depth   int64[m], steps that were met, 1 or more
    """

    at: Ints
    depth: Ints

    @property
    def start(self) -> Ints:
        """Give the event each try began with."""
        return self.at[:, 0]


def tries(happened: Happened, way: Way, starts: Bools) -> Tries:
    """Follow every start as far as it gets.

    starts    bool[n]: events that may be a first step, of those that meet it
    returns   one try for each event that meets the first step and may start
    cost      linear in the events, for each step
    """
    chained = _Chained(happened, way)
    begun = np.flatnonzero(chained.meeting(0) & starts[chained.order])
    at = np.full((len(begun), way.steps), -1, np.int64, order="F")  # a step's events beside each other
    at[:, 0] = begun
    alive = np.arange(len(begun))
    for step in range(1, way.steps):
        found = chained.following(step, at[alive, step - 1])
        is_met = chained.is_within(begun[alive], found)
        alive = alive[is_met]
        at[alive, step] = found[is_met]
    depth = (at >= 0).sum(axis=1)
    if way.window_us is not None:
        return Tries(at, depth)
    at = np.where(at < 0, at, chained.order[at])
    # By person and time again, since sessions were followed one by one.
    ordered = np.argsort(at[:, 0], kind="stable")
    return Tries(at[ordered], depth[ordered])


def furthest(found: Tries, group: Ints) -> Ints:
    """Give the try of each group that got furthest, of several the earliest.

    group     int64[m], ascending; equal for tries of one group: a person, or a person in one span of time
    returns   places in the tries, ascending
    """
    m = len(group)
    if not m:
        return np.empty(0, np.int64)
    firsts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    # The greatest of these has the greatest depth, and of several the smallest place.
    rank = found.depth * m + np.arange(m - 1, -1, -1)
    best: Ints = m - 1 - np.maximum.reduceat(rank, firsts) % m
    return best


def reached(depth: Ints, steps: int) -> Ints:
    """Count who got to each step at least: int64[steps], falling."""
    counts = np.bincount(depth, minlength=steps + 1)[1:]
    return counts[::-1].cumsum()[::-1]


def waits(found: Tries, chosen: Ints, time_us: Ints) -> list[Ints]:
    """Give how long each step but the first took those who made it.

    chosen    places in the tries, one of each person
    returns   microseconds from the step before, an array a step
    """
    at = found.at[chosen]
    pairs = ((at[:, step - 1], at[:, step]) for step in range(1, at.shape[1]))
    return [time_us[after[after >= 0]] - time_us[before[after >= 0]] for before, after in pairs]


class _Chained:
    """The events in the order in which they are followed: a person's, or within sessions a session's."""

    def __init__(self, happened: Happened, way: Way) -> None:
        self.way = way
        in_sessions = way.window_us is None
        n = len(happened.time_us)
        self.order = np.argsort(happened.session, kind="stable") if in_sessions else np.arange(n)
        self.group = happened.session[self.order] if in_sessions else happened.person
        self.time_us = happened.time_us[self.order] if in_sessions else happened.time_us
        self.meets = happened.meets[self.order] if in_sessions else happened.meets

    def meeting(self, step: int) -> Bools:
        """Say which events meet a step, counted from 0."""
        return (self.meets & np.uint32(1 << step)).astype(np.bool_)

    def following(self, step: int, after: Ints) -> Ints:
        """Give the event that meets a step after each of these; n where there is none."""
        n = len(self.meets)
        is_met = self.meeting(step)
        if self.way.strict:
            return np.where(np.append(is_met, False)[after + 1], after + 1, n)
        places = np.append(np.flatnonzero(is_met), n)
        met = np.cumsum(is_met, dtype=np.int32)  # up to each event, itself included: the next one's number
        following: Ints = places[met[after]]
        return following

    def is_within(self, start: Ints, found: Ints) -> Bools:
        """Say which of the found events are of their start's group and window."""
        n = len(self.meets)
        is_found = found < n
        if not n:
            return is_found
        safe = np.where(is_found, found, 0)
        is_within: Bools = is_found & (self.group[safe] == self.group[start])
        if self.way.window_us is None:
            return is_within
        is_within &= self.time_us[safe] - self.time_us[start] <= self.way.window_us
        return is_within
