"""Models that share a conversion among the touches of its path."""

import math

import numpy as np

from analysis.attribution.paths import Paths, Weights
from analysis.attribution.positions import Place, Positions
from analysis.windows import DAY_US


def linear(paths: Paths) -> Weights:
    """Give 1/n to each of the n touches.

    source   SEMANTICS 4.7; one value that was touched twice gets two shares
    """
    return Weights(paths, None, (1.0 / np.maximum(paths.counts, 1))[paths.owner])


def position(paths: Paths) -> Positions:
    """Give 40 % to the first touch, 40 % to the last, and 20 % equally to those between.

    source   SEMANTICS 4.7; two touches get 50/50, a single one all
    """
    return custom(paths, first=0.4, middle=0.2, last=0.4)


def j_curve(paths: Paths) -> Positions:
    """Give 20 % to the first touch, 60 % to the last, and 20 % equally to those between.

    source   SEMANTICS 4.7; two touches get 25/75, a single one all
    """
    return custom(paths, first=0.2, middle=0.2, last=0.6)


def inverse_j(paths: Paths) -> Positions:
    """Give 60 % to the first touch, 20 % to the last, and 20 % equally to those between.

    source   SEMANTICS 4.7; two touches get 75/25, a single one all
    """
    return custom(paths, first=0.6, middle=0.2, last=0.2)


def custom(paths: Paths, *, first: float, middle: float, last: float) -> Positions:
    """Give the first touch, the last touch, and those between (equally) their parts.

    first, middle, last   finite, >= 0, not all 0; parts of their sum, so 40/20/40 and 0.4/0.2/0.4 are one
    two touches           first and last renormalised; halves where both are 0
    one touch             all
    raises                ValueError naming the parts
    source                SEMANTICS 4.7
    """
    parts = (first, middle, last)
    if not all(math.isfinite(part) and part >= 0 for part in parts) or not sum(parts):
        raise ValueError(f"parts {first}, {middle}, {last}: give numbers of 0 or more, not all 0")
    ends = first + last
    both = (first / ends, last / ends) if ends else (0.5, 0.5)
    # Without ends to take the rest, three or more touches keep the sum at 1 by dividing by it.
    whole = ends + middle if middle else ends
    given = {Place.ALONE: 1.0, Place.FIRST_OF_TWO: both[0], Place.LAST_OF_TWO: both[1]}
    given |= {Place.FIRST: first / whole, Place.BETWEEN: middle / whole, Place.LAST: last / whole}
    return Positions(paths, {place: part for place, part in given.items() if part})


def time_decay(paths: Paths, *, half_life_days: float = 7.0) -> Weights:
    """Give each touch 2^(-(T - t) / h), normalised over the path.

    half_life_days   h, days of 24 hours, finite, above 0
    raises           ValueError naming the half-life
    source           SEMANTICS 4.7; exponential discounting of age

    Ages count from the path's latest touch. The factor cancels when normalising, and the greatest
    weight is then 1: no age and no half-life can make the sum vanish or overflow.
    """
    if not (math.isfinite(half_life_days) and half_life_days > 0):
        raise ValueError(f"half-life of {half_life_days} days: give a number of days above 0")
    owner = paths.owner
    age_us = paths.journeys.age_us[paths.row]
    latest = np.zeros(len(paths.counts), dtype=np.int64)
    latest[paths.touched] = age_us[paths.offsets[paths.touched + 1] - 1]
    age_us -= latest[owner]
    with np.errstate(over="ignore"):  # an infinite number of half-lives is a weight of 0
        share = age_us / (-DAY_US * half_life_days)
    np.exp2(share, out=share)
    share /= np.bincount(owner, weights=share, minlength=len(latest))[owner]
    return Weights(paths, None, share)


def participation(paths: Paths) -> Weights:
    """Give 1 to each distinct key in the path: influenced conversions, which do not add up to the total.

    source   SEMANTICS 4.7; which touches share a key is known to the tally, which counts each key once
    """
    return Weights(paths, None, np.ones(len(paths.row)), additive=False)
