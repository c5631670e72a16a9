"""Conversions shared by what each key's removal would take away."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.arrays import Floats
from analysis.attribution.aggregated import Aggregated
from analysis.attribution.credited import NO_CONVERSION, NO_TOUCH
from analysis.attribution.removal import removal_effects

Split = Literal["global", "journey"]


@dataclass(frozen=True, slots=True)
class Markov:
    """Hold the credits; the last entry of conversions and value is (none).

    conversions   float64[n_keys + 1]; they sum to the conversions of the paths
    value         float64[n_keys + 1], in the unit of the paths' value; they sum to it
    effect        float64[n_keys], removal effects, 0 to 1
    note          why nothing could be shared, in English; None where it could
    """

    conversions: Floats
    value: Floats
    effect: Floats
    note: str | None = None


def markov(paths: Aggregated, *, order: int = 1, split: Split = "global") -> Markov:
    """Share conversions, and value alike, in proportion to the removal effects.

    order     1, 2 or 3: how many of the latest keys decide what comes next
    split     global: a key has its part of the sum of all effects, of every conversion; journey: each path's
              conversions are shared among its own places, by the effects of their keys
    raises    ValueError for another order or split
    source    Anderl and others 2016, as in `removal_effects`, for the global split; the split by journey is
              that of marketing-attribution-models

    A path without a place goes to (none). One key gets the rest. A key on no path, or on none that
    converted, has no effect and gets 0; so on a path that converted at least one key has an effect. Without
    conversions on paths with a place there is nothing to share by, and all goes to (none): see `note`. Split
    by journey, a path whose keys have no effect (it can only hold value without conversions) is shared
    equally over its places.
    """
    if split not in {"global", "journey"}:
        raise ValueError(f"split {split!r}: give global or journey")
    effect = removal_effects(paths, order=order)
    met = paths.lengths > 0
    if not effect.any():
        lost = np.zeros(paths.n_keys)
        note = NO_CONVERSION if met.any() else NO_TOUCH
        return Markov(_with_none(lost, paths.conversions), _with_none(lost, paths.value), effect, note)
    conversions, value = (_split(paths, effect, column, split) for column in (paths.conversions, paths.value))
    return Markov(_with_none(conversions, paths.conversions[~met]), _with_none(value, paths.value[~met]), effect)


def _with_none(credit: Floats, untouched: Floats) -> Floats:
    return np.append(credit, untouched.sum())


def _split(paths: Aggregated, effect: Floats, amount: Floats, split: Split) -> Floats:
    if split == "global":
        part: Floats = effect / effect.sum()
        return part * float(amount[paths.lengths > 0].sum())
    weight = effect[paths.key]
    owner = paths.owner
    whole = np.bincount(owner, weight, len(paths))
    weight[whole[owner] == 0] = 1.0
    whole = np.bincount(owner, weight, len(paths))
    credit: Floats = np.bincount(paths.key, weight / whole[owner] * amount[owner], paths.n_keys).astype(np.float64)
    return credit
