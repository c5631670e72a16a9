"""Forecasts of a target's remaining days: the closed form beside ETS and UnobservedComponents.

    python -m bench.pacing

Simulated daily counts with a weekday shape, overdispersion and a drifting level, all seeded. For each method:
how often the 80 % interval of the remaining sum holds what came, its mean width as part of the sum, the mean
absolute error of the forecast as part of the sum, and CPU milliseconds per KPI.
"""

import argparse
import platform
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import statsmodels
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.statespace.structural import UnobservedComponents

from analysis.arrays import Floats
from analysis.forecast import Remainder
from analysis.level import level_of
from analysis.shape import shape

WEEK = np.array([1.2, 1.1, 1.1, 1.0, 1.2, 0.8, 0.6])
PATHS = 300  # simulated futures; the interval of a sum has no closed form in either library model


@dataclass(frozen=True, slots=True)
class Case:
    """Describe a kind of series: level, variance over mean, daily drift, days known and days to come."""

    mean: float
    dispersion: float
    drift: float
    known: int
    coming: int


CASES = (
    Case(50, 1, 0, 84, 30),
    Case(50, 3, 0.01, 84, 30),
    Case(50, 3, 0.02, 180, 30),
    Case(500, 10, 0.01, 180, 45),
    Case(5, 2, 0.01, 60, 20),
)
Interval = tuple[float, float, float]


def series(case: Case, random: np.random.Generator) -> Floats:
    """Make known and coming days."""
    days = case.known + case.coming
    level = case.mean * np.exp(np.cumsum(random.normal(0, case.drift, days)))
    mean = level * (WEEK / WEEK.mean())[np.arange(days) % 7]
    if case.dispersion == 1:
        return random.poisson(mean).astype(np.float64)
    return random.negative_binomial(mean / (case.dispersion - 1), 1 / case.dispersion).astype(np.float64)


def closed_form(known: Floats, coming: int) -> Interval:
    """Ours."""
    factors = shape(known, coming, len(known) % 7)
    level = level_of(known, factors[: len(known)], is_count=True)
    assert level is not None
    rest = Remainder(*level.ahead(factors[len(known) :]), "count")
    return rest.mean, *rest.interval()


def ets(known: Floats, coming: int) -> Interval:
    """Additive level and weekday season, fitted by maximum likelihood."""
    fitted = ETSModel(known, error="add", seasonal="add", seasonal_periods=7).fit(disp=False)
    return _of_paths(fitted.simulate(coming, anchor="end", repetitions=PATHS, rng=1))


def structural(known: Floats, coming: int) -> Interval:
    """Local level and stochastic weekday season, fitted by maximum likelihood."""
    fitted = UnobservedComponents(known, "llevel", seasonal=7).fit(disp=False, maxiter=100)
    paths = fitted.simulate(coming, anchor="end", repetitions=PATHS, rng=1)
    return _of_paths(np.asarray(paths).reshape(coming, PATHS))


def _of_paths(paths: Floats) -> Interval:
    sums = np.asarray(paths).sum(axis=0)
    return float(sums.mean()), *map(float, np.quantile(sums, [0.1, 0.9]))


METHODS: dict[str, Callable[[Floats, int], Interval]] = {
    "closed form": closed_form,
    "ETS": ets,
    "UnobservedComponents": structural,
}


def measure(case: Case, method: Callable[[Floats, int], Interval], runs: int) -> tuple[float, ...]:
    """Give coverage, width, error and milliseconds over seeded series, the same for every method."""
    random = np.random.default_rng(11)
    rows, spent = [], 0.0
    for _ in range(runs):
        days = series(case, random)
        known, came = days[: case.known], days[case.known :].sum()
        since = time.process_time()
        mean, low, high = method(known, case.coming)
        spent += time.process_time() - since
        rows.append((low <= came <= high, (high - low) / came, abs(mean - came) / came))
    return *np.mean(rows, axis=0), 1000 * spent / runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=100)
    runs = parser.parse_args().runs
    warnings.simplefilter("ignore")  # the fits warn where they do not converge, which their coverage shows
    print(f"{platform.machine()}, Python {platform.python_version()}, statsmodels {statsmodels.__version__}")
    print(f"command: python -m bench.pacing --runs {runs}")
    print("| level | disp. | drift | known | coming | method               | covers | width | error | ms/KPI")
    for case in CASES:
        for name, method in METHODS.items():
            covers, width, error, ms = measure(case, method, runs)
            print(
                f"| {case.mean:5g} | {case.dispersion:5g} | {case.drift:5g} "
                f"| {case.known:5} | {case.coming:6} "
                f"| {name:<20} | {covers:6.1%} | {width:5.1%} | {error:5.1%} | {ms:6.1f}"
            )


if __name__ == "__main__":
    main()
