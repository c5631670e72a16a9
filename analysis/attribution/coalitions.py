"""Journeys by the set of keys that they met, and the Shapley value of games over such sets.

A coalition is a set of keys. Where all 2^n of n players are held in one array, the coalition of bits b
stands at index b: player i is in it if bit i is set.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.special import binom

from analysis.arrays import Floats, Ints, unique
from analysis.attribution.aggregated import Aggregated, first_seen, merged, summed

MOST_BITS = 63  # the keys that an int64 tells apart
MOST_COMPARED = 10**12  # multiplications: some minutes
BLOCK = 2_000_000  # cells that are worked on at once: 16 MB for each array of them


@dataclass(frozen=True, slots=True)
class Sampled:
    """Hold Shapley values estimated from orders of the players.

    worth   float64[n]
    error   float64[n], the standard error of each
    """

    worth: Floats
    error: Floats


def as_sets(paths: Aggregated) -> Aggregated:
    """Give the distinct sets of the paths: journeys of one set are one row."""
    if paths.n_keys > MOST_BITS:
        return merged(keys_once(paths))
    return keys_once(summed(paths, *first_seen(bits_of(paths))))


def bits_of(paths: Aggregated) -> Ints:
    """Give the coalition of each path's keys: int64[p], of at most MOST_BITS keys."""
    bits = np.zeros(len(paths), dtype=np.int64)
    walked = np.flatnonzero(paths.lengths)
    if len(walked):
        # Empty paths have no start here, so each stretch ends where the next path begins.
        bits[walked] = np.bitwise_or.reduceat(np.int64(1) << paths.key, paths.offsets[walked])
    return bits


def keys_once(paths: Aggregated) -> Aggregated:
    """Leave each key of a path once, in ascending order: every path stays, now as a set."""
    # A path's number leads, so that sorted pairs leave each path's keys together.
    pair = unique(paths.owner * paths.n_keys + paths.key)
    owner, key = (pair // paths.n_keys, pair % paths.n_keys) if len(pair) else (pair, pair)
    return replace(paths, key=key, offsets=np.searchsorted(owner, np.arange(len(paths) + 1)))


def sums_within(coalition: Ints, amounts: Floats, players: int) -> Floats:
    """Give, for every coalition, the sum of the amounts of all coalitions that lie within it.

    coalition   int64[u], bits of each; amounts float64[u]
    returns     float64[2^players]
    source      the zeta transform over subsets, after Yates 1937, The Design and Analysis of Factorial Experiments
    """
    # Of no coalitions at all, bincount gives integers.
    sums: Floats = np.bincount(coalition, amounts, 2**players).astype(np.float64, copy=False)
    for player in range(players):
        without_with = sums.reshape(-1, 2, 2**player)
        without_with[:, 1] += without_with[:, 0]
    return sums


def shapley_values(worth: Floats) -> Floats:
    """Give each player's Shapley value in the game in which coalition b is worth worth[b].

    worth     float64[2^n], of the empty coalition first
    returns   float64[n]; they sum to the worth of all players less that of none
    source    Shapley 1953, Contributions to the Theory of Games II, 307-317

    A player's value is what it adds to a coalition, averaged over the coalitions of each size and then over
    sizes. Who adds nothing to any gets 0 without rounding.
    """
    players = len(worth).bit_length() - 1
    if not players:
        return np.zeros(0)
    size = np.bitwise_count(np.arange(2 ** (players - 1))).astype(np.int64)
    weight = 1.0 / (players * binom(players - 1, size))
    values = np.empty(players)
    for player in range(players):
        without_with = worth.reshape(-1, 2, 2**player)
        # Leaving out one bit keeps the order of the others, so the sizes are the same for each player.
        values[player] = weight @ (without_with[:, 1] - without_with[:, 0]).ravel()
    return values


def rates_of(conversions: Floats, journeys: Floats) -> Floats:
    """Divide, with a rate of 0 where there are no journeys."""
    rates: Floats = np.divide(conversions, journeys, out=np.zeros_like(conversions), where=journeys > 0)
    return rates


def sampled_values(sets: Aggregated, *, draws: int, seed: int) -> Sampled:
    """Estimate the Shapley values of the game of `shapley.of_all` from random orders of the players.

    sets      none empty; keys are players, 0 to n_keys - 1
    draws     orders drawn, 2 or more; each is walked n_keys times, begun at every player in turn
    seed      of numpy's PCG64: the same seed, sets and draws give the same bits
    source    Castro, Gómez and Tejada 2009, Computers & Operations Research 36, 1726-1730; the same place for
              everybody equally often after Castro and others 2017, ibid. 82, 180-188

    Along one order only n coalitions come up, so none of 2^n is stored. The gains of an order sum to the
    worth of all players, whatever was drawn: sampling moves worth between players and loses none. Who comes
    first gains most by far, so turning each order takes most of the error out.
    """
    random, players = np.random.default_rng(seed), sets.n_keys
    mean = np.zeros((draws, players))
    block = max(1, BLOCK // max(len(sets.key), 1))
    for draw in range(draws):
        place = random.permutation(players)
        for begin in range(0, players, block):
            turn = np.arange(begin, min(begin + block, players))
            mean[draw] += _gains(sets, (place + turn[:, None]) % players).sum(axis=0) / players
    return Sampled(mean.mean(axis=0), mean.std(axis=0, ddof=1) / np.sqrt(draws))


def _gains(sets: Aggregated, place: Ints) -> Floats:
    """Give what each player adds when the players come in order: place int64[b, n], to float64[b, n]."""
    orders, players = place.shape
    # A set lies within the coalition from the moment on when its last member came.
    complete = np.maximum.reduceat(place[:, sets.key], sets.offsets[:-1], axis=1)
    cell = (complete + np.arange(orders)[:, None] * players).ravel()

    def until(amounts: Floats) -> Floats:
        at = np.bincount(cell, np.tile(amounts, orders), orders * players)
        return np.cumsum(at.reshape(orders, players), axis=1)

    rates = rates_of(until(sets.conversions), until(sets.journeys))
    return np.take_along_axis(np.diff(rates, axis=1, prepend=0.0), place, axis=1)


def values_within_each(sets: Aggregated, rates: Floats) -> Floats:
    """Give the Shapley values of as many games as there are sets: each set's keys play for its rate.

    sets      none empty, none twice; keys 0 to n_keys - 1
    rates     float64[u], the worth of each set in every game; coalitions that are no set are worth 0
    returns   float64[k], one for each place of the sets; those of one set sum to its rate
    raises    ValueError for more sets than can be compared with each other

    Only coalitions that are sets have worth, so each game is a sum over the sets within its own, exact for any
    number of keys. They are found by asking for every part of a set of t keys, 2^t of them, or where that is
    more than there are sets, by comparing it with all.
    """
    values = np.empty(len(sets.key))
    size = sets.lengths
    weights = _weights(int(size.max(initial=0)))
    for keys in np.unique(size).tolist():
        some = np.flatnonzero(size == keys)
        asks = sets.n_keys <= MOST_BITS and 2**keys <= len(sets)
        found = (_by_parts if asks else _by_comparing)(sets, rates, some, weights)
        values[sets.offsets[some][:, None] + np.arange(keys)] = found
    return values


def _by_parts(sets: Aggregated, rates: Floats, some: Ints, weights: tuple[Floats, Floats]) -> Floats:
    """Give the values of sets of one size t, float64[s, t], from every part that each could have."""
    bits = bits_of(sets)
    order = np.argsort(bits)
    known, rate_of = bits[order], rates[order]
    size = int(sets.lengths[some[0]])
    bit = np.int64(1) << sets.key[sets.offsets[some][:, None] + np.arange(size)]
    values = np.zeros(bit.shape)
    for mask in range(1, 2**size):
        inner = np.array([place for place in range(size) if mask >> place & 1])
        part = bit[:, inner].sum(axis=1)
        at = np.minimum(np.searchsorted(known, part), len(known) - 1)
        rate = np.where(known[at] == part, rate_of[at], 0.0)[:, None]
        both, outside = (table[size, len(inner)] for table in weights)
        values[:, inner] += both * rate
        values -= outside * rate
    return values


def _by_comparing(sets: Aggregated, rates: Floats, some: Ints, weights: tuple[Floats, Floats]) -> Floats:
    """Give the same from all sets that there are, each compared with each."""
    if len(some) * len(sets) * sets.n_keys > MOST_COMPARED:
        raise ValueError(f"{len(sets):,} sets of {sets.n_keys:,} keys are too many to compare; give fewer keys")
    member = np.zeros((len(sets), sets.n_keys))
    member[sets.owner, sets.key] = 1.0
    size, (both, outside) = sets.lengths, weights
    values = np.empty((len(some), int(size[some[0]])))
    block = max(1, BLOCK // len(sets))
    for begin in range(0, len(some), block):
        part = some[begin : begin + block]
        whole, inner = np.nonzero(member[part] @ member.T == size)
        cell = size[part][whole], size[inner]
        gained = coo_array((both[cell] * rates[inner], (whole, inner)), shape=(len(part), len(sets)))
        lost = np.bincount(whole, outside[cell] * rates[inner], len(part))
        total = gained.tocsr() @ member - lost[:, None]
        values[begin : begin + block] = total[member[part] > 0].reshape(len(part), -1)
    return values


def _weights(most: int) -> tuple[Floats, Floats]:
    """Tabulate how a part of s keys weighs in the game of a whole of t: float64[most + 1, most + 1] at [t, s].

    A member of the part gains its worth times (s-1)!(t-s)!/t!, the others of the whole lose it times
    s!(t-s-1)!/t!. The tables hold the sum of both, and the second: the loss is then taken from everybody.
    """
    whole, part = np.meshgrid(np.arange(most + 1.0), np.arange(most + 1.0), indexing="ij")
    both, outside = np.zeros_like(whole), np.zeros_like(whole)
    inner = (part > 0) & (part < whole)
    t, s = whole[inner], part[inner]
    both[inner] = 1.0 / ((t - s) * binom(t - 1, s - 1))
    outside[inner] = 1.0 / ((t - s) * binom(t, s))
    np.fill_diagonal(both[1:, 1:], 1.0 / np.arange(1.0, most + 1))  # all are members of the whole: nobody loses
    return both, outside
