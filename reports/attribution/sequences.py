"""Whole paths: which ones were walked how often, and how far the greatest keys overlap. Pure: arrays in, rows out."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa

from analysis.arrays import Ints
from analysis.attribution.paths import Paths, offsets_of

WORD_BITS = 62  # of an int64, the sign and a bit to spare apart
UNTOUCHED = -1


@dataclass(frozen=True, slots=True)
class Walked:
    """The paths of n conversions as their keys one after the other; repeats that follow each other count as one.

    key       int64[k], codes
    offsets   int64[n + 1]
    lag_us    int64[n], from the first touch to the conversion; UNTOUCHED without one
    """

    key: Ints
    offsets: Ints
    lag_us: Ints


@dataclass(frozen=True, slots=True)
class Way:
    """A path that was walked: its keys, oldest first, none where nothing touched; by how many and for how much."""

    keys: tuple[int, ...]
    conversions: int
    value: int
    median_lag: timedelta | None


@dataclass(frozen=True, slots=True)
class Overlap:
    """The conversions whose path has exactly these of the compared keys, and any others beside."""

    keys: tuple[int, ...]
    conversions: int


def walked(paths: Paths, key: Ints) -> Walked:
    """Give the paths' keys; `key` is int64, one for each of the journeys' rows."""
    keys = key[paths.row]
    is_new = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=is_new[1:])
    is_new[paths.offsets[paths.touched]] = True
    lag = np.full(len(paths.offsets) - 1, UNTOUCHED, np.int64)
    lag[paths.touched] = paths.journeys.age_us[paths.row[paths.offsets[paths.touched]]]
    return Walked(keys[is_new], offsets_of(is_new, paths.offsets), lag)


def joined(parts: Iterable[Walked]) -> Walked:
    """Put the conversions of several parts one after the other."""
    all_parts = tuple(parts)
    counts = [np.diff(part.offsets) for part in all_parts]
    return Walked(
        np.concatenate([np.empty(0, np.int64), *(part.key for part in all_parts)]),
        np.cumsum(np.concatenate([np.zeros(1, np.int64), *counts])),
        np.concatenate([np.empty(0, np.int64), *(part.lag_us for part in all_parts)]),
    )


def ways(walked: Walked, value: Ints, *, n_keys: int, most: int) -> tuple[Way, ...]:
    """Give the paths walked most, most first; where equal, the one walked first.

    value   int64[n], micros
    """
    if not len(value):
        return ()
    code = _codes(walked, n_keys)
    counts = np.bincount(code)
    first = np.empty(len(counts), np.int64)
    first[code[::-1]] = np.arange(len(code))[::-1]  # of several at one place the last one stays
    worth = np.bincount(code, weights=value)
    found = []
    for each in np.argsort(-counts, kind="stable")[:most]:
        member = int(first[each])
        lags = walked.lag_us[code == each]
        keys = walked.key[walked.offsets[member] : walked.offsets[member + 1]]
        median = timedelta(microseconds=float(np.median(lags))) if len(keys) else None
        found.append(Way(tuple(keys.tolist()), int(counts[each]), round(worth[each]), median))
    return tuple(found)


def overlaps(walked: Walked, keys: Sequence[int], *, n_keys: int) -> tuple[Overlap, ...]:
    """Count the conversions by which of the keys are in their path; those with none of them are left out."""
    bit = np.zeros(n_keys, np.uint8)
    for place, key in enumerate(keys):
        bit[key] = 1 << place
    touched = np.flatnonzero(np.diff(walked.offsets))
    if not len(touched):
        return ()
    seen = np.bitwise_or.reduceat(bit[walked.key], walked.offsets[touched])
    counts = np.bincount(seen, minlength=2 ** len(keys))
    sets = sorted(range(1, 2 ** len(keys)), key=lambda each: (each.bit_count(), each))
    return tuple(
        Overlap(tuple(key for place, key in enumerate(keys) if each >> place & 1), int(counts[each])) for each in sets
    )


def _codes(walked: Walked, n_keys: int) -> Ints:
    """Code equal paths equally: int64[n], 0 to d - 1 in the order in which they come first.

    As many keys as fit are packed into one number, and a longer path is the code of its beginning and its next number:
    paths are equal exactly where their codes are.
    """
    base = n_keys + 1  # a digit of 0 is the end of a path
    length = max(1, int(WORD_BITS / math.log2(base + 1)))
    counts = np.diff(walked.offsets)
    words = -(-counts // length)
    code = _factor(_word(walked, np.arange(len(counts)), 0, length, base))
    for number in range(1, int(words.max(initial=0))):
        longer = np.flatnonzero(words > number)
        word = _factor(_word(walked, longer, number, length, base))
        pair = _factor(code[longer] * (int(word.max()) + 1) + word)
        code[longer] = int(code.max()) + 1 + pair
    return _factor(code)


def _word(walked: Walked, conversion: Ints, number: int, length: int, base: int) -> Ints:
    """Pack the keys of the places [number * length, (number + 1) * length) of some conversions' paths."""
    start = walked.offsets[conversion] + number * length
    counts = np.clip(walked.offsets[conversion + 1] - start, 0, length)
    word = np.zeros(len(conversion), np.int64)
    scale = 1
    for place in range(int(counts.max(initial=0))):
        inside = np.flatnonzero(counts > place)
        word[inside] += (walked.key[start[inside] + place] + 1) * scale
        scale *= base
    return word


def _factor(numbers: Ints) -> Ints:
    codes: Ints = pa.array(numbers).dictionary_encode().indices.to_numpy().astype(np.int64)
    return codes
