"""Weights and keys to the table of credits: conversions, value and net value per key, with (none)."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.arrays import Floats, Ints, unique
from analysis.attribution.paths import Paths, Weights
from analysis.attribution.positions import Place, Positions, between, ends

NONE = "(none)"  # the row of conversions without a credited touch
Worths = tuple[Ints | Floats | None, ...]  # one number a conversion, or a place; None is one each
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

    def settled(self) -> "Credits":
        """Round away what the order of adding leaves behind: conversions to 1e-10, values to 0.01 of their unit.

        Equal up to about ten thousand conversions a key, whatever parts they came in.
        """
        return Credits(self.conversions.round(10), self.value.round(2), self.value_net.round(2), self.additive)

    def over_groups(self) -> "Credits":
        """Sum over the groups: the same table with one group."""
        return Credits(
            self.conversions.sum(axis=0, keepdims=True),
            self.value.sum(axis=0, keepdims=True),
            self.value_net.sum(axis=0, keepdims=True),
            self.additive,
        )


def tally(
    weights: Weights | Positions,
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
    prepared = Tally(
        weights.paths,
        keys=keys,
        n_keys=n_keys,
        value=value,
        value_net=value_net,
        count=count,
        group=group,
        n_groups=n_groups,
    )
    return prepared.of(weights)


class Tally:
    """Sum credits as `tally` does, for any number of models of one cut: what they share is worked out once."""

    def __init__(
        self,
        paths: Paths,
        *,
        keys: Ints,
        n_keys: int,
        value: Ints | Floats | None = None,
        value_net: Ints | Floats | None = None,
        count: Ints | Floats | None = None,
        group: Ints | None = None,
        n_groups: int = 1,
    ) -> None:
        """Take what `tally` takes; raise ValueError as it does."""
        _refuse_misfits(paths, keys, n_keys, (value, value_net, count, group))
        _refuse_codes(group, n_groups)
        self._paths, self._n_keys, self._cells = paths, n_keys, n_groups * (n_keys + 1)
        self._has_value, self._has_net = value is not None, value_net is not None
        self._worths: Worths = (count, *(worth for worth in (value, value_net) if worth is not None))
        self._start = None if group is None else group * (n_keys + 1)
        self._key = keys[paths.row]
        self._places: dict[Place, Floats] = {}

    def of(self, weights: Weights | Positions) -> Credits:
        """Give the credits of one model; raise ValueError for weights of other paths."""
        if weights.paths is not self._paths:
            raise ValueError("weights are of other paths than the tally")
        if isinstance(weights, Positions):
            sums = sum((part * self._at(place) for place, part in weights.parts.items()), start=self._none)
        elif not weights.additive:
            sums = self._none + self._participating()
        elif weights.place is None:
            sums = self._none + self._sums(self._cell, self._worths_by_place, weights.share)
        else:
            sums = self._some(weights.place, weights.share)
        return self._credits(sums, additive=weights.additive)

    @cached_property
    def _cell(self) -> Ints:
        return self._key if self._start is None else self._start[self._paths.owner] + self._key

    @cached_property
    def _worths_by_place(self) -> Worths:
        return _taken(self._worths, self._paths.owner)

    @cached_property
    def _none(self) -> Floats:
        """Sum what the conversions without a path are worth."""
        return self._lost(np.flatnonzero(self._paths.counts == 0))

    def _lost(self, conversion: Ints) -> Floats:
        cell = np.full(len(conversion), self._n_keys)
        if self._start is not None:
            cell += self._start[conversion]
        return self._sums(cell, _taken(self._worths, conversion), None)

    def _at(self, place: Place) -> Floats:
        """Sum what conversions are worth by the key at one place of their paths."""
        if place not in self._places:
            if place is Place.BETWEEN:
                found = self._sums(self._cell, self._worths_by_place, between(self._paths))
            else:
                conversion, at = ends(self._paths, place)
                found = self._sums(self._cell[at], _taken(self._worths, conversion), None)
            self._places[place] = found
        return self._places[place]

    def _some(self, place: Ints, share: Floats) -> Floats:
        """Sum where not every conversion needs to have a share."""
        owner = self._paths.owner[place]
        is_lost = np.ones(len(self._paths.counts), dtype=np.bool_)
        is_lost[owner] = False
        return self._lost(np.flatnonzero(is_lost)) + self._sums(self._cell[place], _taken(self._worths, owner), share)

    def _participating(self) -> Floats:
        """Count each key once per conversion, whatever its touches."""
        owner, key = _distinct(self._paths.owner, self._key, len(self._paths.counts), self._n_keys)
        cell = key if self._start is None else self._start[owner] + key
        return self._sums(cell, _taken(self._worths, owner), None)

    def _sums(self, cell: Ints, worths: Worths, share: Floats | None) -> Floats:
        """Sum conversions, value and net value by cell, the latter where they are given: float64[1 to 3, cells].

        share   of each row; None is all of it
        """
        return np.stack(
            [
                _sum(cell, worth if share is None else share if worth is None else share * worth, self._cells)
                for worth in worths
            ]
        )

    def _credits(self, sums: Floats, *, additive: bool) -> Credits:
        tables = sums.reshape(len(sums), -1, self._n_keys + 1)
        conversions, gross = tables[0], tables[1] if self._has_value else np.zeros_like(tables[0])
        return Credits(conversions, gross, tables[-1] if self._has_net else gross, additive)


def _taken(worths: Worths, conversion: Ints) -> Worths:
    return tuple(None if worth is None else worth[conversion] for worth in worths)


def _sum(cell: Ints, worth: Ints | Floats | None, cells: int) -> Floats:
    # Without weights, or of no rows at all, bincount gives integers.
    return np.bincount(cell, weights=worth, minlength=cells).astype(np.float64, copy=False)


def _distinct(owner: Ints, key: Ints, n: int, n_keys: int) -> tuple[Ints, Ints]:
    """Keep each key once per conversion."""
    pair = owner * n_keys
    pair += key
    if n * n_keys <= SPARSE * len(pair):
        seen = np.zeros(n * n_keys, dtype=np.bool_)
        seen[pair] = True
        pair = np.flatnonzero(seen)
    else:
        pair = unique(pair)
    owner = pair // n_keys
    return owner, pair - owner * n_keys  # a remainder costs ten times as much


def _refuse_misfits(paths: Paths, keys: Ints, n_keys: int, columns: Worths) -> None:
    journeys = paths.journeys
    if len(keys) != len(journeys.touch):
        raise ValueError(f"{len(keys)} keys for {len(journeys.touch)} rows: take them by journeys.touch")
    _refuse_codes(keys, n_keys)
    for column in columns:
        if column is not None and len(column) != journeys.conversions:
            raise ValueError(f"a column of {len(column)} for {journeys.conversions} conversions")


def _refuse_codes(codes: Ints | None, n_codes: int) -> None:
    if codes is not None and len(codes) and (codes.min() < 0 or codes.max() >= n_codes):
        raise ValueError(f"codes from {codes.min()} to {codes.max()}: must lie in 0 to {n_codes - 1}")
