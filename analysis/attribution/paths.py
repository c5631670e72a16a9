"""Which touches of a journey are eligible: the window, the scope, then the direct rule."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.journeys import Journeys
from analysis.windows import Windows

Scope = Literal["all", "reset"]


@dataclass(frozen=True)  # without slots: what every model asks for again is worked out once, and kept
class Paths:
    """Hold the touches of each conversion that a model shares credit among, in order.

    journeys   what the paths were cut from
    row        int64[k], rows of the journeys, ascending
    offsets    int64[n + 1]; conversion i owns row[offsets[i]:offsets[i + 1]]; empty where none is eligible
    """

    journeys: Journeys
    row: Ints
    offsets: Ints

    @cached_property
    def counts(self) -> Ints:
        """Give the touches of each path: int64[n]."""
        return np.diff(self.offsets)

    @cached_property
    def touched(self) -> Ints:
        """Give the conversions with a path: int64, ascending."""
        return np.flatnonzero(self.counts)

    @cached_property
    def owner(self) -> Ints:
        """Give the conversion of each place: int64[k]."""
        counts = self.counts
        return np.repeat(np.arange(len(counts)), counts)


@dataclass(frozen=True, slots=True)
class Weights:
    """Hold what share of its conversion each touch gets.

    paths      the paths that were weighed
    place      int64[s], ascending places in `paths.row`; None for every place
    share      float64[s], in [0, 1]; of one conversion they sum to 1, unless not additive
    additive   False where every touch counts whole (participation): a key then counts once per conversion
    """

    paths: Paths
    place: Ints | None
    share: Floats
    additive: bool = True

    @property
    def row(self) -> Ints:
        """Give the journeys' row of each share: int64[s]."""
        return self.paths.row if self.place is None else self.paths.row[self.place]

    @property
    def owner(self) -> Ints:
        """Give the conversion of each share: int64[s]."""
        return self.paths.owner if self.place is None else self.paths.owner[self.place]


def paths_of(journeys: Journeys, windows: Windows, *, keep_direct: bool = False, scope: Scope = "all") -> Paths:
    """Cut journeys to the paths that models weigh: window first, then the direct rule.

    keep_direct   True leaves direct touches in their place
    scope         all: each conversion looks back over its whole window; reset: not past the person's
                  earlier conversion of the goal
    raises        ValueError for an unknown scope
    source        SEMANTICS 4.1, 4.4 and 4.6
    """
    paths = eligible(journeys, windows, scope=scope)
    return paths if keep_direct else without_direct(paths)


def eligible(journeys: Journeys, windows: Windows, *, scope: Scope = "all") -> Paths:
    """Keep the touches within their type's window, ends included; the direct rule is not applied.

    Reset needs no list of spent touches. The first conversion at or after a touch is the nearest one:
    if that is within the window, it spends the touch; if not, no later one reaches it. So a touch stays
    exactly when it is later than the earlier conversion of its person.
    """
    if scope not in {"all", "reset"}:
        raise ValueError(f"scope {scope!r}: give all or reset")
    inside = journeys.age_us <= windows.reach_us()[journeys.kind]
    if scope == "reset":
        inside &= journeys.age_us < np.repeat(journeys.gap_us, np.diff(journeys.offsets))
    if inside.all():
        return Paths(journeys, np.arange(len(inside)), journeys.offsets)
    return Paths(journeys, np.flatnonzero(inside), offsets_of(inside, journeys.offsets))


def without_direct(paths: Paths) -> Paths:
    """Take direct touches out of every path that has another touch; an all-direct path stays as it is."""
    if not paths.journeys.direct.any():
        return paths
    direct: Bools = paths.journeys.direct[paths.row]
    others = np.diff(offsets_of(~direct, paths.offsets))
    return chosen(paths, ~direct | (others == 0)[paths.owner])


def never_direct(paths: Paths) -> Paths:
    """Take direct touches out of every path: an all-direct path is empty then, and its conversion goes to (none)."""
    return chosen(paths, ~paths.journeys.direct[paths.row])


def chosen(paths: Paths, keep: Bools) -> Paths:
    """Keep the places of the paths that are marked: bool[k]."""
    # Taking by place is several times as fast as taking by a mask where both kinds alternate.
    return Paths(paths.journeys, paths.row[np.flatnonzero(keep)], offsets_of(keep, paths.offsets))


def offsets_of(keep: Bools, offsets: Ints) -> Ints:
    """Give the offsets of what is left when only the marked places stay."""
    before = np.zeros(len(keep) + 1, dtype=np.int64)
    np.cumsum(keep, out=before[1:])
    return before[offsets]
