"""Adds up the paths of the parts of a workspace's persons, and lays them out as columns that add up to each other."""

from dataclasses import dataclass, field

import numpy as np

from analysis.arrays import Ints
from analysis.flows import NOTHING, moves, trails
from reports.flows.starting import Begun

OTHER = -2  # in the place of a node: all that are not shown


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted.

    nodes       how many there are
    via         of some steps, from 1, the node that has to be there
    through_us  what is known: later events are not in the lake yet
    """

    nodes: int
    steps: int
    collapse: bool
    backwards: bool
    via: tuple[tuple[int, int], ...]
    through_us: int


@dataclass(slots=True)
class Tally:
    """What was counted so far.

    started     paths that begin
    narrowed    those of them that go through `via`
    still_open  those whose time is not over
    moves       of each step pairs, ascending, and their counts, as analysis.flows gives them
    """

    moves: list[tuple[Ints, Ints]]
    started: int = 0
    narrowed: int = 0
    still_open: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """So many are at a node at one step; `node` may be OTHER or NOTHING, `kinds` says how many nodes it stands for."""

    node: int
    count: int
    kinds: int = 1


@dataclass(frozen=True, slots=True)
class Move:
    """So many went from the stop at place `before` of the step before to the one at place `here` of this step.

    Before the first step, place 0 is the point.
    """

    before: int
    here: int
    count: int


@dataclass(frozen=True, slots=True)
class Step:
    """One column: its nodes, most first, all others as one, and those for whom nothing more was done."""

    stops: tuple[Stop, ...]
    moves: tuple[Move, ...] = field(default=())


def empty(counting: Counting) -> Tally:
    """Give the sums before anybody is counted."""
    none = np.empty(0, np.int64)
    return Tally([(none, none)] * counting.steps)


def add(tally: Tally, begun: Begun, counting: Counting) -> None:
    """Count some persons' paths."""
    starts = begun.starts
    found = trails(begun.things, starts, steps=counting.steps, collapse=counting.collapse, backwards=counting.backwards)
    goes = np.ones(len(found), np.bool_)
    for step, node in counting.via:
        goes &= found[:, step - 1] == node
    tally.started += len(found)
    tally.narrowed += int(goes.sum())
    if not counting.backwards:
        is_open = (starts.until_us > counting.through_us) & (starts.until_us < np.iinfo(np.int64).max)
        tally.still_open += int((is_open & goes).sum())
    counted = moves(found[goes], counting.nodes)
    tally.moves = [_sum(*pair) for pair in zip(tally.moves, counted, strict=True)]


def steps(tally: Tally, counting: Counting, *, top: int) -> tuple[Step, ...]:
    """Lay the paths out: of each step the nodes that most are at, of equals the first by number; none is left out."""
    laid, before = [], np.zeros(counting.nodes + 1, np.int64)
    for pair, count in tally.moves:
        here = pair % (counting.nodes + 1)
        at = np.bincount(here, weights=count, minlength=counting.nodes + 1).astype(np.int64)
        seen = np.flatnonzero(at[1:]) + 1
        shown = seen[np.lexsort((seen, -at[seen]))][:top]
        others = len(seen) - len(shown)
        stops = [Stop(int(node) - 1, int(at[node])) for node in shown]
        place = np.full(counting.nodes + 1, len(shown), np.int64)
        place[shown] = np.arange(len(shown))
        if others:
            stops.append(Stop(OTHER, int(at[seen].sum() - at[shown].sum()), others))
        place[0] = len(stops)
        if at[0]:
            stops.append(Stop(NOTHING, int(at[0])))
        laid.append(Step(tuple(stops), _moves(before[pair // (counting.nodes + 1)], place[here], count)))
        before = place
    return tuple(laid)


def _moves(before: Ints, here: Ints, count: Ints) -> tuple[Move, ...]:
    if not len(count):
        return ()
    width = int(here.max()) + 1
    counts = np.bincount(before * width + here, weights=count).astype(np.int64)
    return tuple(Move(int(pair) // width, int(pair) % width, int(counts[pair])) for pair in np.flatnonzero(counts))


def _sum(one: tuple[Ints, Ints], other: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    pairs = np.concatenate((one[0], other[0]))
    counts = np.concatenate((one[1], other[1]))
    found, place = np.unique(pairs, return_inverse=True)
    return found, np.bincount(place, weights=counts, minlength=len(found)).astype(np.int64)
