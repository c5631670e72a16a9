"""Risk ratios with intervals: raw by Katz, and over strata by Mantel and Haenszel."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A risk ratio with its interval; 1 is no difference."""

    value: float
    low: float
    high: float

    @property
    def is_away_from_one(self) -> bool:
        """Say whether the interval leaves 1 out."""
        return not self.low <= 1.0 <= self.high


@dataclass(frozen=True, slots=True)
class Strata:
    """One two-by-two table for each stratum: persons with the micro goal and without, and who reached the macro goal.

    reached_with, with_it        (strata,) 0 <= reached_with <= with_it
    reached_without, without     (strata,) 0 <= reached_without <= without
    raises                       ValueError for counts that contradict each other
    """

    reached_with: Counts
    with_it: Counts
    reached_without: Counts
    without: Counts

    def __post_init__(self) -> None:
        shapes = {each.shape for each in (self.reached_with, self.with_it, self.reached_without, self.without)}
        if len(shapes) != 1:
            raise ValueError(f"strata of different shapes: {sorted(shapes)}")
        for reached, persons in ((self.reached_with, self.with_it), (self.reached_without, self.without)):
            if (reached < 0).any() or (reached > persons).any():
                raise ValueError("more reached than there are persons, or fewer than none")

    @property
    def whole(self) -> tuple[int, int, int, int]:
        """Give the table of all strata together: reached with, with, reached without, without."""
        return (
            int(self.reached_with.sum()), int(self.with_it.sum()),
            int(self.reached_without.sum()), int(self.without.sum()),
        )  # fmt: skip

    @property
    def comparable_share(self) -> float:
        """Give the share of the persons with the micro goal in whose stratum there is somebody without; 0 for none."""
        persons = int(self.with_it.sum())
        return int(self.with_it[self.without > 0].sum()) / persons if persons else 0.0


def strata(*tables: tuple[int, int, int, int]) -> Strata:
    """Give the strata of tables written as (reached with, with, reached without, without)."""
    columns = np.array(tables, dtype=np.int64).reshape(-1, 4).T
    return Strata(*columns)


def raw(tables: Strata, confidence: float = 0.95) -> Ratio | None:
    """Give the ratio of the two rates with all strata together, with Katz's interval on the logarithm.

    confidence   of the interval, above 0 and below 1
    returns      Ratio; None where somebody is missing: no persons, or nobody who reached, on either side
    source       Katz et al. 1978, Biometrics 34, 469-474 (their method C)
    """
    reached_with, with_it, reached_without, without = tables.whole
    if not (reached_with and reached_without):
        return None
    variance = 1 / reached_with - 1 / with_it + 1 / reached_without - 1 / without
    return _ratio((reached_with / with_it) / (reached_without / without), variance, confidence)


def stratified(tables: Strata, confidence: float = 0.95) -> Ratio | None:
    """Give the ratio that the strata have in common, each person compared within their own stratum.

    Strata in which one side is empty say nothing and weigh nothing.

    confidence   of the interval, above 0 and below 1
    returns      Ratio; None where no stratum compares anybody who reached, on either side
    source       Mantel, Haenszel 1959; the ratio of risks and its variance: Greenland, Robins 1985,
                 Biometrics 41, 55-68
    """
    persons = np.maximum(tables.with_it + tables.without, 1)
    above = float((tables.reached_with * tables.without / persons).sum())
    below = float((tables.reached_without * tables.with_it / persons).sum())
    if not (above and below):
        return None
    reached = tables.reached_with + tables.reached_without
    spread = tables.with_it * tables.without * reached - tables.reached_with * tables.reached_without * persons
    # A stratum in which one side is empty has a spread of 0, as its persons on the other side reached alone.
    variance = float((spread / persons.astype(np.float64) ** 2).sum()) / (above * below)
    return _ratio(above / below, variance, confidence)


def _ratio(value: float, variance: float, confidence: float) -> Ratio:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence of {confidence}: give a number between 0 and 1")
    reach = float(ndtri((1 + confidence) / 2)) * math.sqrt(max(0.0, variance))
    return Ratio(value, value * math.exp(-reach), value * math.exp(reach))
