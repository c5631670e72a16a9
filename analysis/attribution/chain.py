"""Journeys as a Markov chain that ends in a conversion or without one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from analysis.arrays import Bools, Floats, Ints
from analysis.attribution.aggregated import Aggregated

START = -1  # what stands before a path's first place
ROOMY = 4  # a table may have this many cells per place before sorting is the cheaper way
LARGEST_CODE = 2**62


@dataclass(frozen=True, slots=True)
class Chain:
    """Hold the chain of the paths with a place: where a journey stands is told by its last few keys.

    context    int64[m, order], the keys of each state, the latest first, START where the path had none yet
    onward     sparse float64[m, m], chance to go on from a state to another
    converts   float64[m], chance to convert from a state; what is left to 1 ends without a conversion
    starts     float64[m], share of journeys that begin in a state
    visits     float64[m], how often a journey stands in a state, on average
    rate       share of journeys that convert; NaN where there are none

    A state that no journey visited (a path that was walked 0 times, a key of no path) has zeros.
    """

    context: Ints
    onward: Any  # scipy.sparse.csr_array; scipy has no types
    converts: Floats
    starts: Floats
    visits: Floats
    rate: float

    def holding(self, key: int) -> Bools:
        """Tell the states that cannot be reached once a key is gone: bool[m]."""
        return np.asarray((self.context == key).any(axis=1))


def chain_of(paths: Aggregated, order: int) -> Chain:
    """Count what follows what, by the last `order` keys.

    order     1 or more; of 1, what comes next depends on the latest key alone
    raises    ValueError for an order below 1, or more contexts than can be numbered
    source    Anderl, Becker, von Wangenheim and Schumann 2016, Int. J. of Research in Marketing 33, 457-474

    Chances are the shares counted, so visits and the rate of this chain are those of the journeys.
    """
    context, state = _states(paths, order)
    m, walked = len(context), np.flatnonzero(paths.lengths)
    begins, ends = paths.offsets[walked], paths.offsets[walked + 1] - 1
    journeys = paths.journeys
    walks = np.repeat(journeys, paths.lengths)
    visits = _summed(state, walks, m)
    per_visit = np.divide(1.0, visits, out=np.zeros(m), where=visits > 0)
    total = journeys[walked].sum()
    per_journey = 1.0 / total if total else 0.0
    return Chain(
        context=context,
        onward=sparse.diags_array(per_visit) @ _moves(state, begins, walks, m),
        converts=_summed(state[ends], paths.conversions[walked], m) * per_visit,
        starts=_summed(state[begins], journeys[walked], m) * per_journey,
        visits=visits * per_journey,
        rate=float(paths.conversions[walked].sum() / total) if total else float("nan"),
    )


def _states(paths: Aggregated, order: int) -> tuple[Ints, Ints]:
    """Number the contexts: the keys of each, int64[m, order], and the one of each place, int64[k]."""
    base = paths.n_keys + 1
    if order < 1 or base**order > LARGEST_CODE:
        raise ValueError(f"order {order} with {paths.n_keys} keys: give 1 or more, or fewer keys")
    if order == 1:
        return np.arange(paths.n_keys).reshape(-1, 1), paths.key
    code = paths.key + 1
    place = np.arange(len(code)) - np.repeat(paths.offsets[:-1], paths.lengths)
    for back in range(1, order):
        reaches = np.flatnonzero(place >= back)
        code[reaches] += base**back * (paths.key[reaches - back] + 1)
    found, state = _numbered(code, base**order)
    return found[:, np.newaxis] // base ** np.arange(order) % base + START, state


def _numbered(code: Ints, codes: int) -> tuple[Ints, Ints]:
    if codes > ROOMY * len(code):
        found, state = np.unique(code, return_inverse=True)
        return found, state
    seen = np.zeros(codes, dtype=np.bool_)
    seen[code] = True
    return np.flatnonzero(seen), (np.cumsum(seen) - 1)[code]


def _moves(state: Ints, begins: Ints, walks: Floats, m: int) -> Any:
    follows = np.ones(len(state), dtype=np.bool_)
    follows[begins] = False
    to = np.flatnonzero(follows)
    if m * m <= ROOMY * len(state):
        # Few cells and many moves: added up where they belong, rather than sorted.
        cells = _summed(state[to - 1] * m + state[to], walks[to], m * m)
        return sparse.csr_array(cells.reshape(m, m))
    return sparse.coo_array((walks[to], (state[to - 1], state[to])), shape=(m, m)).tocsr()


def _summed(code: Ints, amounts: Floats, codes: int) -> Floats:
    # Of no rows at all, bincount gives integers.
    return np.bincount(code, amounts, codes).astype(np.float64, copy=False)
