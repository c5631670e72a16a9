"""How far shares of the credit would move if other persons, or other journeys, had come."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.attribution.aggregated import Aggregated, distinct, summed
from analysis.attribution.credited import Credited

REPLICATES = 500  # a percentile of 2.5 % then rests on a dozen replicates
FEWEST_REPLICATES = 40  # below, the 2.5 % percentile lies outside of all replicates
SEED = 19_790_101


Model = Callable[[Aggregated], Credited]


@dataclass(frozen=True, slots=True)
class Walks:
    """Hold who walked which path, and with what end: one row per person and path, or per journey.

    path          int64[r], rows of the paths, 0 to p - 1
    person        int64[r], codes 0 to persons - 1
    conversions, value, nulls   float64[r], of this person on this path; summed over persons they are the paths'
    persons       how many persons there are
    """

    path: Ints
    person: Ints
    conversions: Floats
    value: Floats
    nulls: Floats
    persons: int


@dataclass(frozen=True, slots=True)
class Shares:
    """Hold shares of a total, with the ends of their intervals: float64[n_keys + 1] each, the last being (none)."""

    share: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Intervals:
    """Hold what a bootstrap found.

    conversions, value   None where the total is not above 0: nothing has a share of it
    replicates           how many were used for conversions; those that drew no conversion were left out
    """

    conversions: Shares | None
    value: Shares | None
    replicates: int


def walks_of(rows: Aggregated, *, person: Ints, persons: int) -> tuple[Aggregated, Walks]:
    """Merge rows that each are of one person, and keep who walked what.

    person    int64[p], the person of each row, 0 to persons - 1
    persons   how many there are, those without a journey left out
    """
    first, path = distinct(rows)
    return summed(rows, first, path), Walks(path, person, rows.conversions, rows.value, rows.nulls, persons)


def intervals(
    paths: Aggregated,
    model: Model,
    *,
    walks: Walks | None = None,
    replicates: int = REPLICATES,
    level: float = 0.95,
    seed: int = SEED,
) -> Intervals:
    """Draw again, share again, and give the percentiles of the shares.

    model        any data-driven function of paths; orders that it samples are the same in every replicate if
                 its seed is, and their error is then not in the intervals
    walks        draws persons, each with all journeys: what to give whenever persons are known, for one
                 person's journeys are alike. None draws journeys as if each were another person's
    replicates   40 or more; the time is that of as many runs of the model, so give a model that reads only
                 sets of keys the sets (`coalitions.as_sets`): they are fewer, and the shares the same
    level        share of replicates between the two ends, between 0 and 1
    seed         of numpy's PCG64, 0 or more: the same arguments give the same bits
    returns      percentile intervals; the shares themselves are of the paths as given
    raises       ValueError naming the parameter, or for walks that are not of these paths
    source       Efron 1979, Annals of Statistics 7, 1-26; persons as the unit: Davison and Hinkley 1997,
                 Bootstrap Methods and their Application, 3.8

    Intervals tell of the chance in who came, not of what is wrong with a model, and credit is not cause.
    Journeys are drawn as many as there were, whole. How the values of one path's conversions differ is not
    known without walks, so the intervals of value are then too short.

    Memory: one replicate's paths, and two numbers per replicate and key. A key with a handful of journeys
    may be missing from a replicate and have a share of 0 there, as it might have in another month. Without
    conversions there are no shares. Where all journeys are of one person, every replicate is the same.
    """
    _refuse(replicates, level, seed)
    draw = _journeys(paths) if walks is None else _persons(paths, walks)
    random = np.random.default_rng(seed)
    conversions, value = np.full((2, replicates, paths.n_keys + 1), np.nan)
    for replicate in range(replicates):
        credited = model(draw(random))
        conversions[replicate] = _of_total(credited.conversions)
        value[replicate] = _of_total(credited.value)
    found = model(paths)
    drawn = int(np.isfinite(conversions[:, 0]).sum())
    return Intervals(
        _shares(found.conversions, conversions, level), _shares(found.value, value, level), replicates=drawn
    )


def _journeys(paths: Aggregated) -> Callable[[np.random.Generator], Aggregated]:
    """Draw journeys by path and end: a multinomial with the numbers that were walked."""
    counts = np.concatenate([paths.conversions, paths.nulls])
    total = counts.sum()
    chance = counts / (total or 1.0)
    each = np.divide(paths.value, paths.conversions, out=np.zeros(len(paths)), where=paths.conversions > 0)
    # A refund of a path without conversions belongs to no journey that could be drawn, so it stays.
    fixed = np.where(paths.conversions > 0, 0.0, paths.value)

    def draw(random: np.random.Generator) -> Aggregated:
        drawn = random.multinomial(round(total), chance).astype(np.float64) if total else counts
        conversions, nulls = drawn[: len(paths)], drawn[len(paths) :]
        return replace(paths, conversions=conversions, value=each * conversions + fixed, nulls=nulls)

    return draw


def _persons(paths: Aggregated, walks: Walks) -> Callable[[np.random.Generator], Aggregated]:
    """Draw persons with replacement, each with all that it walked."""

    def summed(amounts: Floats) -> Floats:
        return np.bincount(walks.path, amounts, len(paths)).astype(np.float64, copy=False)

    _refuse_strangers(paths, walks, summed)

    def draw(random: np.random.Generator) -> Aggregated:
        times = np.bincount(random.integers(0, walks.persons, walks.persons), minlength=walks.persons)
        often = times[walks.person]
        conversions, value, nulls = (summed(often * a) for a in (walks.conversions, walks.value, walks.nulls))
        return replace(paths, conversions=conversions, value=value, nulls=nulls)

    return draw


def _of_total(credit: Floats) -> Floats:
    total = credit.sum()
    return credit / total if total > 0 else np.full(len(credit), np.nan)


def _shares(credit: Floats, drawn: Floats, level: float) -> Shares | None:
    drawn = drawn[np.isfinite(drawn[:, 0])]
    if not credit.sum() > 0 or not len(drawn):
        return None
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return Shares(_of_total(credit), low, high)


def _refuse(replicates: int, level: float, seed: int) -> None:
    if replicates < FEWEST_REPLICATES:
        raise ValueError(f"{replicates} replicates: give {FEWEST_REPLICATES} or more")
    if not 0 < level < 1:
        raise ValueError(f"level {level}: give a share between 0 and 1, as 0.95")
    if seed < 0:
        raise ValueError(f"seed {seed}: give a whole number of 0 or more")


def _refuse_strangers(paths: Aggregated, walks: Walks, summed: Callable[[Floats], Floats]) -> None:
    columns = (walks.person, walks.conversions, walks.value, walks.nulls)
    if any(len(column) != len(walks.path) for column in columns):
        raise ValueError(f"walks have columns of {[len(column) for column in columns]} for {len(walks.path)} rows")
    for codes, n_codes, name in ((walks.path, len(paths), "paths"), (walks.person, walks.persons, "persons")):
        if len(codes) and not 0 <= codes.min() <= codes.max() < n_codes:
            raise ValueError(f"{name} from {codes.min()} to {codes.max()}: must lie in 0 to {n_codes - 1}")
    for name in ("conversions", "value", "nulls"):
        if not np.allclose(summed(getattr(walks, name)), getattr(paths, name), rtol=1e-9, atol=1e-9):
            raise ValueError(f"the walks' {name} do not sum to the paths'")
