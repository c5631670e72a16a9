"""Shares that follow from a touch's place in its path alone: one table for each place serves all such models."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.attribution.paths import Paths


class Place(IntEnum):
    """Name the places that a touch can have, by how many touches its path has."""

    ALONE = 0
    FIRST_OF_TWO = 1
    LAST_OF_TWO = 2
    FIRST = 3  # of three or more, as are the next two
    BETWEEN = 4
    LAST = 5


_FIRSTS = (Place.ALONE, Place.FIRST_OF_TWO, Place.FIRST)
# Touches of the path; 3 is three or more.
_LENGTHS = {Place.ALONE: 1, Place.FIRST_OF_TWO: 2, Place.LAST_OF_TWO: 2, Place.FIRST: 3, Place.LAST: 3}


@dataclass(frozen=True, slots=True)
class Positions:
    """Hold what part of a conversion each place gets; the shape of Weights that models of position give.

    paths   the paths that were weighed
    parts   place to part, BETWEEN for all touches there together; no part is 0. Those of paths of one, of two,
            and of three or more touches sum to 1 each
    """

    paths: Paths
    parts: Mapping[Place, float]
    place: ClassVar[None] = None  # as in Weights: there is a share for every place
    additive: ClassVar[bool] = True

    @property
    def share(self) -> Floats:
        """Give the share of each place of `paths.row`: float64[k]."""
        share = between(self.paths) * self.parts.get(Place.BETWEEN, 0.0)
        for name in Place:
            if name is not Place.BETWEEN:
                share[ends(self.paths, name)[1]] = self.parts.get(name, 0.0)
        return share


def ends(paths: Paths, name: Place) -> tuple[Ints, Ints]:
    """Give the conversions whose path has such a place, and the place in `paths.row`; not of BETWEEN.

    returns   int64[c] and int64[c], both ascending
    """
    conversions = np.flatnonzero(np.minimum(paths.counts, 3) == _LENGTHS[name])
    if name in _FIRSTS:
        return conversions, paths.offsets[conversions]
    return conversions, paths.offsets[conversions + 1] - 1


def between(paths: Paths) -> Floats:
    """Give the touches between the first and the last of a path equal parts of 1, and those two nothing: float64[k]."""
    share: Floats = (1.0 / np.maximum(paths.counts - 2, 1))[paths.owner]
    share[paths.offsets[paths.touched]] = 0.0
    share[paths.offsets[paths.touched + 1] - 1] = 0.0
    return share
