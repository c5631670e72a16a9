"""The shape of a KPI's days: weekdays and, with more than a year of history, the season."""

import numpy as np

from analysis.arrays import Floats, Ints

WEEK = 7
LEAST_DAYS = 21  # with less, a weekday was seen twice at most: every day is taken to be alike
YEAR = 364  # whole weeks, so that a day is compared with the same weekday a year before
SEASON_DAYS = YEAR + 28  # a year, and four weeks to set its level against
SMOOTH_DAYS = 29  # centred: two weeks either side
RECENT_DAYS = 26 * WEEK  # a habit older than half a year is no guide to the week


def shape(history: Floats, days: int, weekday: int = 0) -> Floats:
    """Give the relative size of each day of history and of the days after it.

    history   float64[h], one value per day, oldest first; NaN where the day was not measured
    days      how many days follow
    weekday   of the day after the history, 0 = Monday; any fixed count of weekdays does
    returns   float64[h + days], 1 on average over a week of the ordinary season, never below 0
    source    classical ratio-to-average seasonal factors, each shrunk towards 1 by its own noise
              (James and Stein 1961), so that sparse days do not invent a shape
    """
    length = len(history)
    position = (np.arange(length + days) - length + weekday) % WEEK
    factors = np.ones(length + days)
    if np.isfinite(history).sum() < LEAST_DAYS:
        return factors
    week = weekday_factors(history[-RECENT_DAYS:], position[:length][-RECENT_DAYS:])
    factors = week[position]
    if length >= SEASON_DAYS:
        factors = factors * _season(history, factors[:length], days)
    return factors


def weekday_factors(values: Floats, position: Ints) -> Floats:
    """Give the factor of each weekday: float64[7], mean 1.

    values     float64[h], NaN where not measured; position int[h], 0 to 6
    """
    measured = np.isfinite(values)
    count = np.bincount(position[measured], minlength=WEEK)
    total = np.bincount(position[measured], weights=values[measured], minlength=WEEK)
    mean = total / np.maximum(count, 1)
    level = mean[count > 0].mean()
    if level <= 0:
        return np.ones(WEEK)
    raw = np.where(count > 0, mean / level, 1.0)
    spread = (values[measured] - mean[position[measured]]) ** 2
    noise = spread.sum() / max(measured.sum() - WEEK, 1) / level**2 / np.maximum(count, 1).mean()
    factors: Floats = np.maximum(_shrunk(raw, noise), 0.0)
    return factors / float(factors.mean())


def _season(history: Floats, week: Floats, days: int) -> Floats:
    """Give each day's level a year before, smoothed, against that of the four weeks before today.

    Days without a year before them, and days past the known year, keep the nearest known factor.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = np.where(week > 0, history / week, np.nan)
    level = _smoothed(plain)
    today = level[len(history) - YEAR - 28 : len(history) - YEAR].mean()
    if not np.isfinite(level).all() or today <= 0:
        return np.ones(len(history) + days)
    year_before = np.clip(np.arange(len(history) + days) - YEAR, 0, len(history) - 1)
    raw = level[year_before] / today
    noise = np.nanvar(plain - level) / today**2 / SMOOTH_DAYS
    season = np.maximum(_shrunk(raw, noise), 0.0)
    season[:YEAR] = season[YEAR]
    return season


def _smoothed(values: Floats) -> Floats:
    """Average over SMOOTH_DAYS, over what there is at the ends and around days that were not measured."""
    measured = np.isfinite(values).astype(np.float64)
    window = np.ones(SMOOTH_DAYS)
    total = np.convolve(np.nan_to_num(values), window, mode="same")
    count = np.convolve(measured, window, mode="same")
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, total / count, np.nan)


def _shrunk(raw: Floats, noise: float) -> Floats:
    """Pull factors towards 1 by the part of their variance that noise explains."""
    seen = float(np.mean((raw - 1.0) ** 2))
    signal = max(seen - noise, 0.0)
    return 1.0 + (raw - 1.0) * (signal / seen if seen > 0 else 0.0)
