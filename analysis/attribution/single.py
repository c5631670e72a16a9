"""Models that give a conversion whole to one touch: first, last, last by priority, same touch."""

import numpy as np

from analysis.arrays import Ints
from analysis.attribution.paths import Paths, Weights
from analysis.attribution.positions import Place, Positions
from analysis.windows import CLICK, ENGAGEMENT, VIEW


def first(paths: Paths) -> Positions:
    """Give all to the earliest touch of the path.

    source   SEMANTICS 4.7; also called first interaction
    """
    return Positions(paths, dict.fromkeys((Place.ALONE, Place.FIRST_OF_TWO, Place.FIRST), 1.0))


def last(paths: Paths) -> Positions:
    """Give all to the latest touch of the path: last non-direct, unless direct touches were kept.

    source   SEMANTICS 4.7; with the direct rule it is what GA calls last non-direct click
    """
    return Positions(paths, dict.fromkeys((Place.ALONE, Place.LAST_OF_TWO, Place.LAST), 1.0))


def last_priority(paths: Paths) -> Weights:
    """Give all to the latest click; without a click to the latest engagement, then to the latest view.

    source   SEMANTICS 4.7
    """
    kind = paths.journeys.kind[paths.row]
    latest = paths.offsets[paths.touched + 1] - 1
    best = np.zeros(len(paths.counts), dtype=np.int64)
    best[paths.touched] = latest
    # Most paths end with a click, which nothing outweighs; only the others are searched.
    is_open = np.zeros(len(best), dtype=np.bool_)
    is_open[paths.touched[kind[latest] != CLICK]] = True
    searched = np.flatnonzero(is_open[paths.owner])
    for weight in (VIEW, ENGAGEMENT, CLICK):  # a weightier one takes the place of those before
        place = _latest(searched[kind[searched] == weight], paths)
        best[paths.owner[place]] = place
    return _whole(paths, best[paths.touched])


def same_touch(paths: Paths) -> Weights:
    """Give all to the latest touch in the conversion's own session; without one, to nothing.

    The direct rule came before: a direct touch of the session gives way to any other eligible touch,
    also one of an earlier session, and then the conversion goes to (none).

    source   SEMANTICS 4.7
    """
    return _whole(paths, _latest(np.flatnonzero(paths.journeys.same_session[paths.row]), paths))


def _latest(place: Ints, paths: Paths) -> Ints:
    """Keep of some places, which ascend, the latest of each path."""
    owner = paths.owner[place]
    is_latest = np.ones(len(place), dtype=np.bool_)
    np.not_equal(owner[1:], owner[:-1], out=is_latest[:-1])
    return place[np.flatnonzero(is_latest)]


def _whole(paths: Paths, place: Ints) -> Weights:
    return Weights(paths, place, np.ones(len(place)))
