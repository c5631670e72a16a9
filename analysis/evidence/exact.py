"""The exact test that within strata a micro goal and a macro goal have nothing to do with each other."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from analysis.evidence.ratios import Strata

NEGLIGIBLE = 1e-18  # probabilities below it are cut off at the ends; a thousand strata change a p-value by 1e-15


def p_value(tables: Strata) -> float:
    """Give the two-sided exact p-value of no association within strata, given every stratum's margins.

    With margins fixed, those with the micro goal who reached follow a hypergeometric distribution in each stratum;
    their sum follows the convolution. Two-sided: twice the smaller tail, at most 1. Never too small, however few
    the events: what ranks hundreds of candidates looks far out into the tails, where the normal curve is wrong.

    returns   in (0, 1]; 1 where no stratum compares anybody
    source    Birch 1964, JRSS B 26, 313-324; Mehta, Patel, Gray 1985, JASA 80, 969-973
    """
    chances = np.ones(1)
    seen = 0
    for reached_with, with_it, reached_without, without in _informative(tables):
        reached = reached_with + reached_without
        least = max(0, reached - without)
        chances = np.convolve(chances, _hypergeometric(with_it, without, reached))
        seen += reached_with - least
        begin, end = _kept(chances, seen)
        chances, seen = chances[begin:end], seen - begin
    if len(chances) == 1:
        return 1.0
    lower, upper = float(chances[: seen + 1].sum()), float(chances[seen:].sum())
    return min(1.0, 2 * min(lower, upper) / float(chances.sum()))


def _informative(tables: Strata) -> list[tuple[int, int, int, int]]:
    rows = np.column_stack((tables.reached_with, tables.with_it, tables.reached_without, tables.without))
    reached, persons = rows[:, 0] + rows[:, 2], rows[:, 1] + rows[:, 3]
    counts = rows[(rows[:, 1] > 0) & (rows[:, 3] > 0) & (reached > 0) & (reached < persons)]
    return [tuple(row) for row in counts.tolist()]


def _hypergeometric(with_it: int, without: int, reached: int) -> NDArray[np.float64]:
    """Give the chances of the counts that can be, from the least on."""
    counts = np.arange(max(0, reached - without), min(reached, with_it) + 1, dtype=np.float64)
    logs = (
        _log_choose(with_it, counts)
        + _log_choose(without, reached - counts)
        - _log_choose(with_it + without, np.float64(reached))
    )
    chances: NDArray[np.float64] = np.exp(logs)
    return chances


def _log_choose(n: int, k: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    logs: NDArray[np.float64] = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return logs


def _kept(chances: NDArray[np.float64], seen: int) -> tuple[int, int]:
    """Give the range outside of which nothing but what was seen matters."""
    big = np.flatnonzero(chances > NEGLIGIBLE)
    first, last = (int(big[0]), int(big[-1])) if len(big) else (seen, seen)
    return min(first, seen), max(last, seen) + 1
