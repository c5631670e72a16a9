"""Journeys by the path they walked: what data-driven models read, and how equal paths become one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.attribution.paths import Paths

SEPARATOR = " > "  # between the places of a path in text, oldest first


@dataclass(frozen=True, slots=True)
class Aggregated:
    """Hold paths with how often each was walked, and with what end.

    key           int64[k], codes 0 to n_keys - 1 of the paths' places, in order, oldest first
    offsets       int64[p + 1]; path i owns key[offsets[i]:offsets[i + 1]]; it may own none
    conversions   float64[p], journeys of this path that converted, >= 0
    value         float64[p], what they are worth together, in any one unit; below 0 after refunds
    nulls         float64[p], journeys of this path that did not convert, >= 0
    n_keys        how many keys there are, also those that no path visits
    raises        ValueError for columns that do not fit, codes out of range, or counts below 0

    A path may stand in several rows; `merged` makes them one. No model's result depends on that.
    """

    key: Ints
    offsets: Ints
    conversions: Floats
    value: Floats
    nulls: Floats
    n_keys: int

    def __post_init__(self) -> None:
        """Refuse what would be counted wrong without a word."""
        columns = (self.conversions, self.value, self.nulls)
        if not len(self.offsets) or any(len(column) != len(self) for column in columns):
            raise ValueError(f"columns of {[len(column) for column in columns]} for {len(self)} paths")
        if self.offsets[0] != 0 or self.offsets[-1] != len(self.key) or np.any(self.lengths < 0):
            raise ValueError(f"offsets must rise from 0 to the {len(self.key)} places")
        if len(self.key) and not 0 <= self.key.min() <= self.key.max() < self.n_keys:
            raise ValueError(f"codes from {self.key.min()} to {self.key.max()}: must lie in 0 to {self.n_keys - 1}")
        if not all(np.isfinite(column).all() for column in columns):
            raise ValueError("counts and values must be finite numbers")
        if np.any(self.conversions < 0) or np.any(self.nulls < 0):
            raise ValueError("counts of journeys must be 0 or more")

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def lengths(self) -> Ints:
        """Give the places of each path: int64[p]."""
        return np.diff(self.offsets)

    @property
    def owner(self) -> Ints:
        """Give the path of each place: int64[k], ascending."""
        return np.repeat(np.arange(len(self)), self.lengths)

    @property
    def journeys(self) -> Floats:
        """Give how often each path was walked, with and without a conversion: float64[p]."""
        return self.conversions + self.nulls


def of_texts(
    texts: Sequence[str],
    *,
    conversions: Sequence[float] | Floats,
    value: Sequence[float] | Floats | None = None,
    nulls: Sequence[float] | Floats | None = None,
) -> tuple[Aggregated, list[str]]:
    """Read paths as "email > paid_search", oldest first; an empty text is a path without a place.

    conversions, value, nulls   one a path; zeros where None
    returns                     the paths, and the names of their keys, sorted
    raises                      ValueError for a step without a name, and what Aggregated refuses
    """
    steps = [[step.strip() for step in text.split(SEPARATOR)] if text.strip() else [] for text in texts]
    names = sorted({step for path in steps for step in path})
    if "" in names:
        raise ValueError(f'a path has a step without a name: write names with "{SEPARATOR}" between')
    code = {name: i for i, name in enumerate(names)}
    aggregated = Aggregated(
        key=np.array([code[step] for path in steps for step in path], dtype=np.int64),
        offsets=_offsets([len(path) for path in steps]),
        conversions=np.asarray(conversions, dtype=np.float64),
        value=_column(value, len(texts)),
        nulls=_column(nulls, len(texts)),
        n_keys=len(names),
    )
    return aggregated, names


def of_paths(
    paths: Paths,
    *,
    keys: Ints,
    n_keys: int,
    walks: Ints | Floats | None = None,
    value: Ints | Floats | None = None,
    converted: bool = True,
) -> Aggregated:
    """Take eligible paths as models of single touches do: one row each; `merged` makes equal ones one.

    keys        int64[m], the key of each journeys' row, 0 to n_keys - 1, as `tally` takes it
    walks       [n], how many journeys each stands for; ones where None
    value       [n], worth of each conversion; zeros where None
    converted   False for journeys that ended without a conversion: put them `together` with the others
    raises      ValueError for keys of another length, and what Aggregated refuses
    """
    if len(keys) != len(paths.journeys.touch):
        raise ValueError(f"{len(keys)} keys for {len(paths.journeys.touch)} rows")
    n = paths.journeys.conversions
    walked = _column(walks, n, 1.0)
    return Aggregated(
        key=keys[paths.row],
        offsets=paths.offsets,
        conversions=walked if converted else np.zeros(n),
        value=_column(value, n),
        nulls=np.zeros(n) if converted else walked,
        n_keys=n_keys,
    )


def empty(n_keys: int) -> Aggregated:
    """Give a table without a path."""
    none = np.zeros(0)
    return Aggregated(none.astype(np.int64), np.zeros(1, dtype=np.int64), none, none, none, n_keys)


def together(*parts: Aggregated) -> Aggregated:
    """Put the rows of several tables with the same keys after each other.

    raises   ValueError for no tables, or tables of different keys
    """
    if len({part.n_keys for part in parts}) != 1:
        raise ValueError("tables must be given, and have the same keys")
    return Aggregated(
        key=np.concatenate([part.key for part in parts]),
        offsets=_offsets(np.concatenate([part.lengths for part in parts])),
        conversions=np.concatenate([part.conversions for part in parts]),
        value=np.concatenate([part.value for part in parts]),
        nulls=np.concatenate([part.nulls for part in parts]),
        n_keys=parts[0].n_keys,
    )


def merged(aggregated: Aggregated) -> Aggregated:
    """Make one row of all rows of one path, in the order in which paths first come up."""
    first, code = distinct(aggregated)
    return aggregated if len(first) == len(aggregated) else summed(aggregated, first, code)


def summed(aggregated: Aggregated, first: Ints, code: Ints) -> Aggregated:
    """Make one row of all rows of one code: the path of the first of them, and the sums of their columns.

    first   int64[d], the row whose path stands for each code
    code    int64[p], 0 to d - 1
    """

    def of(column: Floats) -> Floats:
        # Of no rows at all, bincount gives integers.
        return np.bincount(code, column, len(first)).astype(np.float64, copy=False)

    return replace(
        rows(aggregated, first),
        conversions=of(aggregated.conversions),
        value=of(aggregated.value),
        nulls=of(aggregated.nulls),
    )


def rows(aggregated: Aggregated, row: Ints) -> Aggregated:
    """Take some rows: int64, in the order that is asked for."""
    lengths = aggregated.lengths[row]
    offsets = _offsets(lengths)
    place = np.arange(offsets[-1]) + np.repeat(aggregated.offsets[row] - offsets[:-1], lengths)
    return Aggregated(
        key=aggregated.key[place],
        offsets=offsets,
        conversions=aggregated.conversions[row],
        value=aggregated.value[row],
        nulls=aggregated.nulls[row],
        n_keys=aggregated.n_keys,
    )


def distinct(aggregated: Aggregated) -> tuple[Ints, Ints]:
    """Tell the distinct paths: where each first comes up, and which one each row is.

    returns   int64[d], rows, ascending; int64[p], codes into it
    source    Carter and Wegman 1979, J. Comput. Syst. Sci. 18, 143-154, for the family of hashes

    Paths are told apart by a hash that is linear in the places, and then compared place by place: two
    paths of one hash are a reason to draw another one, not a wrong result.
    """
    for seed in count():  # of 10^17 pairs of paths fewer than one share a hash: a second draw is never seen
        first, code = first_seen(_hashes(aggregated, seed))
        if _are_same(aggregated, first[code]):
            break
    return first, code


def first_seen(label: Ints) -> tuple[Ints, Ints]:
    """Number labels in the order in which they come up.

    label     int64[p]
    returns   int64[d], where each first comes up, ascending; int64[p], codes into it
    """
    _, first, code = np.unique(label, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return first[order], rank[code]


def _hashes(aggregated: Aggregated, seed: int) -> Ints:
    draw = np.random.default_rng(seed)
    lengths = aggregated.lengths
    longest = int(lengths.max(initial=0))
    of_key = draw.integers(0, 2**63, aggregated.n_keys, dtype=np.int64)
    of_place = draw.integers(0, 2**63, longest, dtype=np.int64)
    of_length = draw.integers(0, 2**63, longest + 1, dtype=np.int64)
    hashes = of_length[lengths]
    if len(aggregated.key):
        within = np.arange(len(aggregated.key)) - np.repeat(aggregated.offsets[:-1], lengths)
        walked = np.flatnonzero(lengths)
        hashes[walked] += np.add.reduceat(of_key[aggregated.key] * of_place[within], aggregated.offsets[walked])
    return hashes


def _are_same(aggregated: Aggregated, other: Ints) -> bool:
    """Say whether each path equals that of the row `other` names for it."""
    lengths = aggregated.lengths
    if np.any(lengths != lengths[other]):
        return False
    place = np.arange(len(aggregated.key)) + np.repeat(aggregated.offsets[other] - aggregated.offsets[:-1], lengths)
    return bool(np.array_equal(aggregated.key, aggregated.key[place]))


def keep_places(aggregated: Aggregated, place: Ints) -> Aggregated:
    """Leave only some places in the paths; every path stays, if need be without a place.

    place   int64, ascending, into key
    """
    offsets = np.searchsorted(place, aggregated.offsets)
    return replace(aggregated, key=aggregated.key[place], offsets=offsets)


def _offsets(lengths: Sequence[int] | Ints) -> Ints:
    return np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))


def _column(given: Sequence[float] | Ints | Floats | None, rows: int, otherwise: float = 0.0) -> Floats:
    return np.full(rows, otherwise) if given is None else np.asarray(given, dtype=np.float64)
