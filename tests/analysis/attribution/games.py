"""Shapley credits in plain loops over all orders of the players, sharing no code with the product; rows of paths."""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from analysis.attribution.aggregated import Aggregated

Set = frozenset[int]
Worth = Callable[[Set], float]


class Row(NamedTuple):
    """Say how often a path was walked."""

    path: tuple[int, ...]
    conversions: float = 0
    nulls: float = 0
    value: float = 0


def aggregated(rows: Sequence[Row], n_keys: int) -> Aggregated:
    """Give rows as the product's arrays."""
    return Aggregated(
        key=np.array([key for row in rows for key in row.path], dtype=np.int64),
        offsets=np.cumsum([0, *(len(row.path) for row in rows)]),
        conversions=np.array([row.conversions for row in rows], dtype=np.float64),
        value=np.array([row.value for row in rows], dtype=np.float64),
        nulls=np.array([row.nulls for row in rows], dtype=np.float64),
        n_keys=n_keys,
    )


def values_by_order(players: Iterable[int], worth: Worth) -> dict[int, float]:
    """Walk every order of the players and average what each adds."""
    players = sorted(players)
    gained = dict.fromkeys(players, 0.0)
    for order in permutations(players):
        there: Set = frozenset()
        for player in order:
            gained[player] += worth(there | {player}) - worth(there)
            there |= {player}
    return {player: gain / math.factorial(len(players)) for player, gain in gained.items()}


def rate_within(rows: Sequence[Row], keys: Set) -> float:
    """Give the rate of the journeys that met at least one key and none but these."""
    return _rate(row for row in rows if row.path and set(row.path) <= keys)


def rate_exactly(rows: Sequence[Row], keys: Set) -> float:
    """Give the rate of the journeys that met all these keys and no others."""
    return _rate(row for row in rows if row.path and set(row.path) == keys)


def _rate(rows: Iterable[Row]) -> float:
    some = list(rows)
    journeys = sum(row.conversions + row.nulls for row in some)
    return sum(row.conversions for row in some) / journeys if journeys else 0.0


def simplified(rows: Sequence[Row], n_keys: int, amount: str) -> list[float]:
    """Share every row among the distinct keys of its path; (none) stands last."""
    credit = [0.0] * (n_keys + 1)
    for row in rows:
        for key in set(row.path) or {n_keys}:
            credit[key] += getattr(row, amount) / len(set(row.path) or {n_keys})
    return credit


def of_all(rows: Sequence[Row], n_keys: int, amount: str) -> list[float]:
    """Share what all rows with a path have by the values of the game of rates."""
    with_path = [row for row in rows if row.path]
    total = sum(getattr(row, amount) for row in with_path)
    credit = [0.0] * n_keys + [sum(getattr(row, amount) for row in rows) - total]
    players = {key for row in with_path for key in row.path}
    values = values_by_order(players, lambda keys: rate_within(rows, keys))
    if not sum(row.conversions for row in with_path):
        credit[n_keys] += total
        return credit
    for player, value in values.items():
        credit[player] = total * value / rate_within(rows, frozenset(players))
    return credit


def per_set(rows: Sequence[Row], n_keys: int, amount: str) -> list[float]:
    """Share what each set of keys has by the values of its own game."""
    credit = [0.0] * (n_keys + 1)
    for keys in {frozenset(row.path) for row in rows}:
        total = sum(getattr(row, amount) for row in rows if set(row.path) == keys)
        whole = rate_exactly(rows, keys)
        if not whole:
            credit[n_keys] += total
            continue
        for player, value in values_by_order(keys, lambda some: rate_exactly(rows, some)).items():
            credit[player] += total * value / whole
    return credit


def some_rows(keys: int, most: int = 8) -> st.SearchStrategy[list[Row]]:
    """Draw rows of paths over so many keys; often of the same sets, as real ones are."""
    count = st.integers(0, 20)
    path = st.lists(st.integers(0, keys - 1), max_size=5).map(tuple)
    return st.lists(st.builds(Row, path, count, count, st.integers(-50, 500)), max_size=most)
