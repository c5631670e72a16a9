"""What can be made of paths before a data-driven model reads them: fewer places, the same journeys.

Each function gives as many paths as it took, with their counts and values; `merged` then makes those one
that became equal. Source: SEMANTICS 4.7.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from analysis.arrays import Bools
from analysis.attribution.aggregated import Aggregated, keep_places


def collapse_repeats(paths: Aggregated) -> Aggregated:
    """Make one place of a key's places that follow each other: a, a, b, a becomes a, b, a."""
    return keep_places(paths, np.flatnonzero(_starts(paths) | _differs_from_before(paths)))


def first_occurrences(paths: Aggregated) -> Aggregated:
    """Keep each key where it first stands in its path: a, b, a, c becomes a, b, c."""
    if not len(paths.key):
        return paths
    _, place = np.unique(paths.owner * paths.n_keys + paths.key, return_index=True)
    return keep_places(paths, np.sort(place))


def drop(paths: Aggregated, key: int) -> Aggregated:
    """Take a key out of every path that has another one; a path of nothing else stays as it is.

    raises   ValueError for a code that is none of the keys
    """
    _refuse_stranger(paths, key)
    other = paths.key != key
    before = np.concatenate(([0], np.cumsum(other)))
    others = np.diff(before[paths.offsets])
    return keep_places(paths, np.flatnonzero(other | np.repeat(others == 0, paths.lengths)))


def strip_trailing(paths: Aggregated, key: int) -> Aggregated:
    """Take a key off the end of every path that has another one: a, x, b, x, x becomes a, x, b.

    raises   ValueError for a code that is none of the keys
    """
    _refuse_stranger(paths, key)
    other = np.flatnonzero(paths.key != key)
    # The end of a path is behind its last other key; without one in the path, the path is whole.
    upto = np.searchsorted(other, paths.offsets[1:])
    last = other[upto - 1] if len(other) else np.full(len(paths), -1)
    found = (upto > 0) & (last >= paths.offsets[:-1])
    end = np.where(found, last + 1, paths.offsets[1:])
    return keep_places(paths, np.flatnonzero(np.arange(len(paths.key)) < np.repeat(end, paths.lengths)))


def last_places(paths: Aggregated, n: int) -> Aggregated:
    """Keep the latest n places of each path.

    raises   ValueError for n below 1
    """
    if n < 1:
        raise ValueError(f"the last {n} places: give 1 or more")
    behind = np.repeat(paths.offsets[1:], paths.lengths) - np.arange(len(paths.key))
    return keep_places(paths, np.flatnonzero(behind <= n))


def _starts(paths: Aggregated) -> Bools:
    starts = np.zeros(len(paths.key), dtype=np.bool_)
    starts[paths.offsets[:-1][paths.lengths > 0]] = True
    return starts


def _differs_from_before(paths: Aggregated) -> Bools:
    differs = np.ones(len(paths.key), dtype=np.bool_)
    differs[1:] = paths.key[1:] != paths.key[:-1]
    return differs


def _refuse_stranger(paths: Aggregated, key: int) -> None:
    if not 0 <= key < paths.n_keys:
        raise ValueError(f"key {key}: must lie in 0 to {paths.n_keys - 1}")


@dataclass(frozen=True, slots=True)
class Transform:
    """Describe one transform.

    function   Aggregated, and what it takes, to Aggregated
    takes      a key's code, a number of places, or nothing
    """

    function: Callable[..., Aggregated]
    takes: Literal["key", "places"] | None = None


TRANSFORMS: Mapping[str, Transform] = MappingProxyType(
    {
        "collapse": Transform(collapse_repeats),
        "once": Transform(first_occurrences),
        "drop": Transform(drop, takes="key"),
        "strip": Transform(strip_trailing, takes="key"),
        "last": Transform(last_places, takes="places"),
    }
)
