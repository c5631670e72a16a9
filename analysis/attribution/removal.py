"""Markov removal effects: what share of the conversions a chain loses when one key is gone, solved exactly."""

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from analysis.arrays import Bools, Floats, Ints
from analysis.attribution.aggregated import Aggregated
from analysis.attribution.chain import START, Chain, chain_of

ORDERS = (1, 2, 3)  # beyond, nearly every state is one journey's own, and the chain tells what paths tell
ROUNDS = 200  # chains of journeys take 5 to 30; what takes more is slow to end, and is factorised
TIGHT = 1e-14  # of the right side, and what may be left of it in the end
LEFT = 1e-12
# One inverse costs about m^3 steps; solving for a key costs 300 for every move and 5 million for being asked.
MOVE, ASKED = 300, 5_000_000


def removal_effects(paths: Aggregated, *, order: int = 1) -> Floats:
    """Give for each key the share of conversions that is lost when journeys end wherever they meet it.

    order     1, 2 or 3
    returns   float64[n_keys]: 1 - P(convert, never meeting the key) / P(convert), of journeys with a place
    raises    ValueError for another order
    source    Anderl, Becker, von Wangenheim and Schumann 2016, Int. J. of Research in Marketing 33, 457-474;
              absorbing chains: Kemeny and Snell 1960, Finite Markov Chains, chapter 3

    Journeys that did not convert count as much as those that did. Without any, the effect of a key is the
    chance to meet it. Of order 1, repeats of a key behind itself change nothing.
    """
    if order not in ORDERS:
        raise ValueError(f"order {order}: give one of {', '.join(map(str, ORDERS))}")
    chain = chain_of(paths, order)
    effect = np.zeros(paths.n_keys)
    if not chain.rate > 0:
        return effect
    met = np.unique(chain.context[chain.visits > 0])
    met = met[met != START]
    m, moves = len(chain.context), chain.onward.nnz
    lost = _lost_by_inverse if m**3 <= len(met) * (MOVE * moves + ASKED) else _lost_by_solving
    effect[met] = np.clip(lost(chain, met) / chain.rate, 0.0, 1.0)
    return effect


def _lost_by_inverse(chain: Chain, keys: Ints) -> Floats:
    """Give the chance to convert after meeting each key, from one inverse N = (I - Q)^-1.

    Let S be the states that hold the key, g the chances to enter S first at each of them, and h the chances
    to convert from there: the sum of g h is asked. Visits to S are g N_SS, and visits are counted already.
    """
    visits_from = np.linalg.inv(np.eye(len(chain.context)) - chain.onward.toarray())
    converts = visits_from @ chain.converts
    lost = np.zeros(len(keys))
    for i, key in enumerate(keys.tolist()):
        held = np.flatnonzero(chain.holding(key))
        lost[i] = chain.visits[held] @ np.linalg.solve(visits_from[np.ix_(held, held)], converts[held])
    return lost


def _lost_by_solving(chain: Chain, keys: Ints) -> Floats:
    """Give the same from one sparse system for each key: for many states, of which each leads to few."""
    return np.array([chain.rate - _rate_without(chain, ~chain.holding(key)) for key in keys.tolist()])


def _rate_without(chain: Chain, kept: Bools) -> float:
    """Give the chance to convert while only the kept states can be reached."""
    mask = sparse.diags_array(kept.astype(np.float64))
    stay = np.where(kept, chain.onward.diagonal(), 0.0)
    # Staying is solved for: a key that is repeated a thousand times would take as many rounds.
    scale = sparse.diags_array(1.0 / (1.0 - stay))
    matrix = (scale @ (sparse.eye_array(len(kept)) - mask @ chain.onward @ mask)).tocsr()
    right = scale @ np.where(kept, chain.converts, 0.0)
    found, _ = linalg.bicgstab(matrix, right, rtol=TIGHT, atol=0.0, maxiter=ROUNDS)
    if not np.abs(matrix @ found - right).max() <= LEFT * right.max():  # nor if it is no number
        found = linalg.splu(matrix.tocsc()).solve(right)
    return float(chain.starts @ np.where(kept, found, 0.0))
