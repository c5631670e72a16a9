"""Shapley values of keys in three games over the sets of keys that journeys met."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.arrays import Bools, Floats
from analysis.attribution.aggregated import Aggregated, rows
from analysis.attribution.coalitions import (
    Sampled,
    as_sets,
    bits_of,
    rates_of,
    sampled_values,
    shapley_values,
    sums_within,
    values_within_each,
)
from analysis.attribution.credited import NO_CONVERSION, NO_TOUCH

EXACT_TO = 12  # distinct keys: 4,096 coalitions, few of which have more than a handful of journeys
LARGEST_EXACT = 20  # a million coalitions, 8 MB a column; every key more doubles it
PERMUTATIONS = 2_000
FEWEST_DRAWS = 8  # below, the spread of the draws says too little about their mean
NO_FAILURE = "Every journey with a touch converted, so all rates are alike and tell only which paths came up."
SEED = 20_180_415  # any number does; a fixed one makes the same file give the same credits


@dataclass(frozen=True, slots=True)
class Shapley:
    """Hold the credits of a game; the last entry of both is (none).

    conversions    float64[n_keys + 1]; they sum to the conversions of the paths
    value          float64[n_keys + 1], in the unit of the paths' value; they sum to it
    worth          float64[n_keys], the Shapley values, in the unit of the game; may be below 0
    error          float64[n_keys], the standard error of each credit in `conversions`; 0 where exact
    permutations   orders that were walked; 0 where exact
    note           what is odd about the paths, in English; None where nothing is

    Sums are exact to about 1e-15 of the largest credit. A Shapley value below 0 gives credit below 0, which
    stays: see `of_all`.
    """

    conversions: Floats
    value: Floats
    worth: Floats
    error: Floats
    permutations: int = 0
    note: str | None = None

    @property
    def negative(self) -> tuple[int, ...]:
        """Give the keys that earned less than nothing: to be told beside the credits."""
        # Rounding leaves a null player at about 1e-17 of the sum, which is nothing to tell.
        least = -1e-12 * np.abs(self.worth).sum()
        return tuple(int(key) for key in np.flatnonzero(self.worth < least))


def simplified(paths: Aggregated) -> Shapley:
    """Share each conversion equally over the distinct keys of its path, and its value likewise.

    returns   worth in conversions: the Shapley values of v(S) = conversions of journeys that met no key
              outside S, which come to this share because games add up
    source    Zhao, Mahboobi and Bagheri 2018, arXiv 1804.05327, whose revenue is any amount

    Journeys without a conversion change nothing. Linear differs by counting a key as often as it was met.
    A path without a place goes to (none); a path of one key gives it all; no count is below 0.
    """
    sets = as_sets(paths)
    size = sets.lengths[sets.owner]
    conversions = _per_key(sets, sets.conversions[sets.owner] / size)
    value = _per_key(sets, sets.value[sets.owner] / size)
    return _shapley(sets, sets.lengths > 0, conversions, value, reads_rates=False)


def of_all(
    paths: Aggregated, *, exact_to: int = EXACT_TO, permutations: int = PERMUTATIONS, seed: int = SEED
) -> Shapley:
    """Share all conversions by the Shapley values of the conversion rate.

    The players are the keys that some path meets. A coalition S is worth the rate at which journeys within
    it convert: v(S) = conversions / journeys, both over the journeys that met at least one key and none
    outside S; 0 where there is no such journey, and so 0 of nobody. A key's part of the conversions is its
    part of the sum of Shapley values, which is the rate of all; value has the same parts. Rates know no
    volume: a key that few journeys met can earn as much as one that all met. `per_set` does not do that.

    exact_to       most players for whom every coalition is worked out, 0 to 20; beyond, orders are sampled
    permutations   orders to sample at least; drawn in rounds of as many as there are players, 8 rounds or more
    seed           of the draw, 0 or more
    returns        worth in conversions per journey
    raises         ValueError naming the parameter
    source         Shapley 1953; rates as worth: Dalessandro, Perlich, Stitelman and Provost 2012, ADKDD. The
                   journeys within S estimate its rate, not those of exactly S, of which there are often none

    Below 0 is a key whose company lowers rates by more than its own journeys bring. Its credit stays below
    0: raising it to 0 would take that much from keys that earned it, and hide what the journeys say.
    No conversion on a path with a key: all worth is 0, and a value without conversions goes to (none).
    No journey without a conversion: every rate is 1 or 0, and worth tells only which sets came up.
    One key: it gets all. A key on no path earns 0 and is no player. A path without a place goes to (none).
    """
    _refuse(exact_to, permutations, seed)
    sets = as_sets(paths)
    met = (sets.lengths > 0) & bool(sets.conversions[sets.lengths > 0].any())
    played = rows(sets, np.flatnonzero(met))
    player, code = np.unique(played.key, return_inverse=True)
    game = replace(played, key=code.astype(np.int64), n_keys=len(player))
    draws = 0 if len(player) <= exact_to else max(FEWEST_DRAWS, -(-permutations // len(player)))
    found = sampled_values(game, draws=draws, seed=seed) if draws else Sampled(_exact(game), np.zeros(len(player)))
    worth, error = np.zeros((2, paths.n_keys))
    worth[player], error[player] = found.worth, found.error
    per_worth = game.conversions.sum() / (worth.sum() or 1.0)
    value_per_worth = game.value.sum() / (worth.sum() or 1.0)
    credited = _shapley(sets, met, worth * per_worth, worth * value_per_worth)
    return replace(credited, worth=worth, error=error * per_worth, permutations=draws * len(player))


def per_set(paths: Aggregated) -> Shapley:
    """Share the conversions of every set among its own keys, by what the smaller sets within it convert at.

    For each set T that journeys met, the keys of T play for v(S), S within T: the conversion rate of the
    journeys that met exactly S, 0 where there is none or none converted. The conversions of T are shared in
    proportion to the Shapley values of that game, and its value likewise.

    returns   worth in conversions: the games' values, each times the journeys of its set
    source    marketing-attribution-models (attribution_shapley, conv_rate, order ignored), with which it
              agrees where that package's cut of sets to their last max_size keys is off

    Exact for any number of keys: only sets that came up have worth. Below 0 is a key with which sets convert
    worse than without it; it stays so, as in `of_all`. A set whose smaller sets never came up is shared
    equally. A value of a set without conversions goes to (none), as does a path without a place.
    """
    sets = as_sets(paths)
    won = (sets.lengths > 0) & (sets.conversions > 0)
    played = rows(sets, np.flatnonzero(won))
    owner = played.owner
    found = values_within_each(played, rates_of(played.conversions, played.journeys))
    part = found / np.bincount(owner, found, len(played))[owner]
    conversions = _per_key(played, part * played.conversions[owner])
    return _shapley(sets, won, conversions, _per_key(played, part * played.value[owner]))


def _exact(game: Aggregated) -> Floats:
    bits = bits_of(game)
    conversions = sums_within(bits, game.conversions, game.n_keys)
    return shapley_values(rates_of(conversions, sums_within(bits, game.journeys, game.n_keys)))


def _per_key(sets: Aggregated, amounts: Floats) -> Floats:
    # Of no rows at all, bincount gives integers.
    return np.bincount(sets.key, amounts, sets.n_keys).astype(np.float64, copy=False)


def _shapley(
    sets: Aggregated, played: Bools, conversions: Floats, value: Floats, *, reads_rates: bool = True
) -> Shapley:
    """Add what sets that did not play have, to (none)."""
    return Shapley(
        conversions=np.append(conversions, sets.conversions[~played].sum()),
        value=np.append(value, sets.value[~played].sum()),
        worth=conversions,
        error=np.zeros(sets.n_keys),
        note=_note(sets, reads_rates=reads_rates),
    )


def _note(sets: Aggregated, *, reads_rates: bool) -> str | None:
    met = sets.lengths > 0
    if not met.any():
        return NO_TOUCH
    if not sets.conversions[met].any():
        return NO_CONVERSION
    return NO_FAILURE if reads_rates and not sets.nulls[met].any() else None


def _refuse(exact_to: int, permutations: int, seed: int) -> None:
    if not 0 <= exact_to <= LARGEST_EXACT:
        raise ValueError(f"exact_to of {exact_to} keys: give 0 to {LARGEST_EXACT}")
    if permutations < 1:
        raise ValueError(f"{permutations} permutations: give 1 or more")
    if seed < 0:
        raise ValueError(f"seed {seed}: give a whole number of 0 or more")
