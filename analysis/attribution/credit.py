"""Weights and keys to the table of credits: conversions, value and net value per key, with (none)."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.attribution.paths import Weights

NONE = "(none)"  # the row of conversions without a credited touch
SPARSE = 16  # cells per row above which distinct keys are sorted out rather than ticked off


@dataclass(frozen=True, slots=True)
class Credits:
    """Hold the credits by group and key; the last column is (none).

    conversions   float64[groups, keys + 1]
    value         float64[groups, keys + 1], in the unit of the values given (micros in, micros out)
    value_net     float64[groups, keys + 1], the same after refunds
    additive      False where rows do not sum to the conversions (participation)

    Where additive, every sum over keys and (none) equals the sum over the conversions to float rounding
    (about 1e-15 of the sum). Tables of parts add up with `+`.
    """

    conversions: Floats
    value: Floats
    value_net: Floats
    additive: bool

    def __add__(self, other: "Credits") -> "Credits":
        """Add the table of other conversions, made with the same keys, groups and model."""
        if self.additive != other.additive or self.conversions.shape != other.conversions.shape:
            raise ValueError("tables of different models or keys do not add up")
        return Credits(
            self.conversions + other.conversions,
            self.value + other.value,
            self.value_net + other.value_net,
            self.additive,
        )

    def over_groups(self) -> "Credits":
        """Sum over the groups: the same table with one group."""
        return Credits(
            self.conversions.sum(axis=0, keepdims=True),
            self.value.sum(axis=0, keepdims=True),
            self.value_net.sum(axis=0, keepdims=True),
            self.additive,
        )


def tally(
    weights: Weights,
    *,
    keys: Ints,
    n_keys: int,
    value: Ints | Floats | None = None,
    value_net: Ints | Floats | None = None,
    count: Ints | Floats | None = None,
    group: Ints | None = None,
    n_groups: int = 1,
) -> Credits:
    """Sum the credits per key, or per group and key.

    keys        int[m], the key of each journeys' row, 0 to n_keys - 1
    value       [n], worth of each conversion, in any one unit; zeros where None
    value_net   [n], the same after refunds; value where None
    count       [n], how many conversions each stands for (aggregated paths); ones where None
    group       int[n], 0 to n_groups - 1, say the conversion's day; one group where None
    returns     Credits
    raises      ValueError if keys or a column of conversions have the wrong length or codes out of range

    Refunds go to the touches and weights of their conversion because the shares are the same; to book them
    on their own day, tally the refunds apart with that day as group.
    """
    n = weights.paths.journeys.conversions
    _refuse_misfits(weights, keys, n_keys, (value, value_net, count, group))
    _refuse_codes(group, n_groups)
    if weights.additive:
        owner, key, share = weights.owner, keys[weights.row], weights.share
    else:
        owner, key = _distinct(weights.owner, keys[weights.row], n, n_keys)
        share = np.ones(len(owner))
    width = n_keys + 1
    start = np.zeros(n, dtype=np.int64) if group is None else group * width
    cell = key if group is None else start[owner] + key
    empty = np.ones(n, dtype=np.bool_)
    empty[owner] = False
    lost = np.flatnonzero(empty)

    def table(worth: Ints | Floats) -> Floats:
        sums = _sums(cell, share * worth[owner], n_groups * width)
        sums += _sums(start[lost] + n_keys, worth[lost], n_groups * width)
        return sums.reshape(n_groups, width)

    conversions = table(np.ones(n) if count is None else count)
    gross = np.zeros_like(conversions) if value is None else table(value)
    net = gross if value_net is None else table(value_net)
    return Credits(conversions, gross, net, weights.additive)


def _sums(cell: Ints, worth: Ints | Floats, cells: int) -> Floats:
    # Of no rows at all, bincount gives integers.
    return np.bincount(cell, weights=worth, minlength=cells).astype(np.float64, copy=False)


def _distinct(owner: Ints, key: Ints, n: int, n_keys: int) -> tuple[Ints, Ints]:
    """Keep each key once per conversion."""
    pair = owner * n_keys + key
    if n * n_keys <= SPARSE * len(pair):
        seen = np.zeros(n * n_keys, dtype=np.bool_)
        seen[pair] = True
        pair = np.flatnonzero(seen)
    else:
        pair = np.unique(pair)
    return pair // n_keys, pair % n_keys


def _refuse_misfits(weights: Weights, keys: Ints, n_keys: int, columns: tuple[Ints | Floats | None, ...]) -> None:
    journeys = weights.paths.journeys
    if len(keys) != len(journeys.touch):
        raise ValueError(f"{len(keys)} keys for {len(journeys.touch)} rows: take them by journeys.touch")
    _refuse_codes(keys, n_keys)
    for column in columns:
        if column is not None and len(column) != journeys.conversions:
            raise ValueError(f"a column of {len(column)} for {journeys.conversions} conversions")


def _refuse_codes(codes: Ints | None, n_codes: int) -> None:
    if codes is not None and len(codes) and (codes.min() < 0 or codes.max() >= n_codes):
        raise ValueError(f"codes from {codes.min()} to {codes.max()}: must lie in 0 to {n_codes - 1}")
