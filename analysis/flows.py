"""Where people go from where they begin, or came from before where they end: the things of each step, in their order.

Arrays in, arrays out, a look at each step for each start. Repeats of one thing in a row are runs, taken together where
that is asked for: the step after a run's thing is then the first thing of the next run.
"""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Ints

MOST_STEPS = 20
NOTHING = -1  # in the place of a node: no step, or nothing more was done


@dataclass(frozen=True, slots=True)
class Things:
    """What was done: n things, those of a group beside each other, and of a group in their order.

    group     int64[n], 0 or more: a visit, or a person
    time_us   int64[n], microseconds, not falling within a group
    node      int64[n], what it is; NOTHING for what is no step
    """

    group: Ints
    time_us: Ints
    node: Ints

    def mirrored(self) -> "Things":
        """Give the same with time running backwards."""
        return Things(self.group[::-1], -self.time_us[::-1], self.node[::-1])


@dataclass(frozen=True, slots=True)
class Starts:
    """Where m trails begin.

    place      int64[m], 0 to n: things from there on may be steps; going back, things before it
    group      int64[m], whose things they are
    node       int64[m], what the start itself is, which is what the first step may repeat; NOTHING for none
    until_us   int64[m], things up to this moment are steps, itself included; going back, from this moment on
    """

    place: Ints
    group: Ints
    node: Ints
    until_us: Ints

    def mirrored(self, n: int) -> "Starts":
        """Give the same with time running backwards over n things."""
        return Starts(n - self.place, self.group, self.node, -self.until_us)


def trails(things: Things, starts: Starts, *, steps: int, collapse: bool, backwards: bool = False) -> Ints:
    """Follow each start for some steps.

    steps      1 to 20
    collapse   repeats of one node in a row are one step
    backwards  what came before the start, the nearest first
    returns    int64[m, steps], nodes; NOTHING from where nothing more was done
    raises     ValueError for fewer or more steps
    """
    if not 1 <= steps <= MOST_STEPS:
        raise ValueError(f"a trail has 1 to {MOST_STEPS} steps, not {steps}")
    if backwards:
        things, starts = things.mirrored(), starts.mirrored(len(things.node))
    runs = _Runs(things, collapse=collapse)
    at = runs.place(starts.place)
    is_repeated = collapse & (runs.node[at] == starts.node) & (runs.group[at] == starts.group)
    at = np.where(is_repeated, runs.next(at), at)
    found = np.full((len(starts.place), steps), NOTHING, np.int64)
    alive = np.arange(len(at))
    for step in range(steps):
        is_here = (runs.group[at] == starts.group[alive]) & (runs.time_us[at] <= starts.until_us[alive])
        alive, at = alive[is_here], at[is_here]
        found[alive, step] = runs.node[at]
        at = runs.next(at)
    return found


def first_of_each(unit: Ints, time_us: Ints, *, backwards: bool = False) -> Ints:
    """Choose the earliest start of each unit, going back the latest; of several at one moment the first, or the last.

    unit, time_us   int64[m] each
    returns         places in the starts, by unit
    """
    m = len(unit)
    if not m:
        return np.empty(0, np.int64)
    place = np.arange(m)
    if (unit[1:] > unit[:-1]).all():
        return place  # each has one start alone, in their order
    order = np.lexsort((-place, -time_us, unit) if backwards else (place, time_us, unit))
    chosen: Ints = order[np.r_[True, unit[order][1:] != unit[order][:-1]]]
    return chosen


def moves(found: Ints, nodes: int) -> list[tuple[Ints, Ints]]:
    """Count for each step what follows what.

    found     as `trails` gives it; those who were not there any more do not move
    nodes     how many nodes there are: their numbers lie below
    returns   for each step (pair, count), pairs ascending: the node before times (nodes + 1) and the node here, both
              one higher than they are, so that 0 is NOTHING; of the first step all nodes before are NOTHING
    """
    before = np.full(len(found), NOTHING, np.int64)
    was_there = np.ones(len(found), np.bool_)
    counted = []
    for step in range(found.shape[1]):
        here = found[was_there, step]
        pair, count = np.unique((before[was_there] + 1) * (nodes + 1) + here + 1, return_counts=True)
        counted.append((pair, count.astype(np.int64)))
        before, was_there = found[:, step], found[:, step] != NOTHING
    return counted


class _Runs:
    """The things that are steps, with the first thing of the next run; behind the last lies one that is nobody's."""

    def __init__(self, things: Things, *, collapse: bool) -> None:
        is_step = things.node != NOTHING
        places = np.flatnonzero(is_step)
        self._rank = np.concatenate(([0], np.cumsum(is_step)))
        self.node = np.append(things.node[places], NOTHING)
        self.group = np.append(things.group[places], NOTHING)
        self.time_us = np.append(things.time_us[places], 0)
        opens = np.ones(len(self.node), np.bool_)
        if collapse:
            opens[1:] = (self.node[1:] != self.node[:-1]) | (self.group[1:] != self.group[:-1])
        self._run = np.cumsum(opens) - 1
        self._first = np.append(np.flatnonzero(opens), len(places))

    def place(self, place: Ints) -> Ints:
        """Give the step at a thing's place, or the next one after it."""
        found: Ints = self._rank[place]
        return found

    def next(self, at: Ints) -> Ints:
        """Give the first step of the next run."""
        found: Ints = self._first[self._run[at] + 1]
        return found
