"""Models that give a conversion whole to one touch: first, last, last by priority, same touch."""

import numpy as np

from analysis.arrays import Ints
from analysis.attribution.paths import Paths, Weights

PLACE_BITS = 56  # a place and, above it, its touch type share one int64: 2^56 places are out of reach


def first(paths: Paths) -> Weights:
    """Give all to the earliest touch of the path.

    source   SEMANTICS 4.7; also called first interaction
    """
    return _whole(paths, paths.offsets[paths.touched])


def last(paths: Paths) -> Weights:
    """Give all to the latest touch of the path: last non-direct, unless direct touches were kept.

    source   SEMANTICS 4.7; with the direct rule it is what GA calls last non-direct click
    """
    return _whole(paths, paths.offsets[paths.touched + 1] - 1)


def last_priority(paths: Paths) -> Weights:
    """Give all to the latest click; without a click to the latest engagement, then to the latest view.

    source   SEMANTICS 4.7
    """
    kind = paths.journeys.kind[paths.row].astype(np.int64)
    ranked = (kind << PLACE_BITS) | np.arange(len(kind))
    best = _greatest(ranked, paths)
    return _whole(paths, best & ((1 << PLACE_BITS) - 1))


def same_touch(paths: Paths) -> Weights:
    """Give all to the latest touch in the conversion's own session; without one, to nothing.

    The direct rule came before: a direct touch of the session gives way to any other eligible touch,
    also one of an earlier session, and then the conversion goes to (none).

    source   SEMANTICS 4.7
    """
    here = paths.journeys.same_session[paths.row]
    best = _greatest(np.where(here, np.arange(len(here)), -1), paths)
    return _whole(paths, best[best >= 0])


def _greatest(ranked: Ints, paths: Paths) -> Ints:
    starts = paths.offsets[paths.touched]
    if not len(starts):
        return starts
    # Empty paths have no start here, so each stretch ends where the next path begins.
    greatest: Ints = np.maximum.reduceat(ranked, starts)
    return greatest


def _whole(paths: Paths, place: Ints) -> Weights:
    return Weights(paths, place, np.ones(len(place)))
