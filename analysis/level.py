"""Where a KPI stands and how far it may wander: a local level, in closed form and one pass."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Floats

BLOCK = 7  # days of one block: whole weeks, so that what is left of the weekdays cancels
MEMORY_DAYS = 26 * BLOCK  # what is older says nothing of today's level, and would cost time
# How much a level may move in a day, as parts of itself, and how likely that is before the data speak.
# 1 % a day is 5 % in a month; few series stand still, and hardly any moves by a tenth each day.
DRIFTS = np.array([0.0, 0.003, 0.006, 0.01, 0.015, 0.022, 0.033, 0.05, 0.1])
PRIOR = np.array([0.25, 0.12, 0.13, 0.16, 0.14, 0.10, 0.06, 0.03, 0.01])


@dataclass(frozen=True, slots=True)
class Level:
    """Hold what one unit of exposure yields at the end of the data, for each drift that may be.

    weight       float64[k], how likely each drift is, sum 1
    mean         float64[k], yield per unit of exposure (per ordinary day, per session)
    variance     float64[k], of that mean
    drift        float64[k], variance that the level gains each day
    dispersion   variance of an amount per unit of exposure: Var(y) = dispersion x exposure
    """

    weight: Floats
    mean: Floats
    variance: Floats
    drift: Floats
    dispersion: float

    def ahead(self, exposure: Floats) -> tuple[float, float]:
        """Give mean and variance of the sum over coming days with these exposures: float64[days]."""
        total = float(exposure.sum())
        left = np.cumsum(exposure[::-1])  # a step of the level on a day moves all that is left from there on
        variance = self.dispersion * total + self.variance * total**2 + self.drift * float((left**2).sum())
        means = self.mean * total
        mean = float(self.weight @ means)
        return mean, float(self.weight @ (variance + (means - mean) ** 2))


def level_of(amount: Floats, exposure: Floats, *, is_count: bool) -> Level | None:
    """Estimate the level of daily amounts that grow with a daily exposure.

    amount     float64[d], oldest first; NaN where not measured
    exposure   float64[d], >= 0: the shape of the day for sums, the denominator for rates and ratios
    is_count   amounts are counts: their dispersion is at least that of Poisson
    returns    Level; None where nothing was exposed
    source     local level model (Harvey 1989, ch. 2; Durbin and Koopman 2012, ch. 2) with variance in
               proportion to exposure (quasi-likelihood: McCullagh and Nelder 1989, ch. 9); dispersion by
               Pearson within weeks; the drift is averaged over a grid by its posterior (Hoeting et al. 1999)
    """
    amount, exposure = amount[-MEMORY_DAYS:], exposure[-MEMORY_DAYS:]
    known = np.isfinite(amount) & (exposure > 0)
    if not known.any():
        return None
    y, x = np.where(known, amount, 0.0), np.where(known, exposure, 0.0)
    if is_count and not y.any():
        # Half an event stands in for none (Jeffreys): zeros are no proof that nothing ever comes.
        y = x * (0.5 / float(x.sum()))
    mean = float(y.sum() / x.sum())
    dispersion = _dispersion(y, x, mean, is_count=is_count)
    return _filtered(y, x, dispersion, (DRIFTS * mean) ** 2)


def _dispersion(y: Floats, x: Floats, mean: float, *, is_count: bool) -> float:
    """Pearson's estimate about each week's own level; counts lean on one week of Poisson."""
    week_y, week_x = _weeks(y), _weeks(x)
    own = np.divide(week_y, week_x, out=np.full_like(week_y, mean), where=week_x > 0)
    expected = np.repeat(own, BLOCK)[-len(y) :] * x
    residual = float((np.divide((y - expected) ** 2, x, out=np.zeros_like(y), where=x > 0)).sum())
    freedom = int((x > 0).sum()) - int((week_x > 0).sum())
    if not is_count:
        return residual / freedom if freedom > 0 else mean**2
    return max(mean, (residual + BLOCK * mean) / (freedom + BLOCK))


def _weeks(values: Floats) -> Floats:
    """Sum over weeks counted back from the end: float64[ceil(d / 7)]; the oldest may be short."""
    short = -len(values) % BLOCK
    sums: Floats = np.concatenate((np.zeros(short), values)).reshape(-1, BLOCK).sum(axis=1)
    return sums


def _filtered(y: Floats, x: Floats, dispersion: float, drift: Floats) -> Level:
    """Run the Kalman filter of the local level for every drift at once, from no prior knowledge."""
    days = np.flatnonzero(x)
    noise = max(dispersion, 1e-12 * (1.0 + float(np.abs(y).max()))) / x[days]  # constant days leave none
    seen = y[days] / x[days]
    mean, variance = np.full(len(drift), seen[0]), np.full(len(drift), noise[0])
    log_weight = np.log(PRIOR)
    before = days[0]
    for day, value, error in zip(days[1:].tolist(), seen[1:].tolist(), noise[1:].tolist(), strict=True):
        variance = variance + drift * (day - before)
        before = day
        total = variance + error
        surprise = value - mean
        log_weight -= 0.5 * (np.log(total) + surprise * surprise / total)
        gain = variance / total
        mean = mean + gain * surprise
        variance = gain * error
    weight = np.exp(log_weight - log_weight.max())
    return Level(weight / weight.sum(), mean, variance, drift, dispersion)
