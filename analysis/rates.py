"""Conversion rates with intervals; None where there is no denominator."""

import math
from dataclasses import dataclass

from scipy.special import gammaincinv, ndtri

LITTLE_DATA = 30  # denominators below this are marked: their intervals are wide and their values jump
ROUNDING = 1e-9  # credited conversions are sums of shares and may pass a whole number by this much


@dataclass(frozen=True, slots=True)
class Rate:
    """Hold a rate with what it was computed from.

    value, low, high   fractions (0.042 is 4.2 %)
    conversions        numerator, may be a sum of shares
    visits             denominator, a count
    """

    value: float
    low: float
    high: float
    conversions: float
    visits: int

    @property
    def is_little_data(self) -> bool:
        """Say whether the denominator is below 30."""
        return self.visits < LITTLE_DATA


def rate(conversions: float, visits: int, confidence: float = 0.95) -> Rate | None:
    """Give the conversion rate with its Wilson score interval.

    conversions   0 <= conversions <= visits; a sum of shares where it is attributed
    visits        count of visitors, sessions or persons, at most one conversion each
    confidence    of the interval, above 0 and below 1
    returns       Rate in [0, 1]; None for no visits: no rate, not zero
    raises        ValueError if the counts contradict each other
    source        Wilson 1927, JASA 22, 209-212
    """
    _refuse_counts(conversions, visits, confidence)
    if conversions > visits + ROUNDING:
        raise ValueError(f"{conversions} conversions in {visits} visits are no rate: ask frequency()")
    if not visits:
        return None
    value = min(conversions / visits, 1.0)
    z = float(ndtri((1 + confidence) / 2))
    spread = z * math.sqrt(value * (1 - value) / visits + z * z / (4 * visits * visits))
    centre, scale = value + z * z / (2 * visits), 1 + z * z / visits
    low, high = (centre - spread) / scale, (centre + spread) / scale
    # At 0 and 1 the bound equals the value in theory; rounding must not put the value outside.
    return Rate(value, max(0.0, min(low, value)), min(1.0, max(high, value)), conversions, visits)


def frequency(conversions: float, visits: int, confidence: float = 0.95) -> Rate | None:
    """Give conversions per visit with the exact Poisson interval; may exceed 1.

    conversions   >= 0; several per visit allowed, so this has another name than a rate
    visits        count of sessions, visitors or persons
    returns       Rate, 0 or more; None for no visits
    raises        ValueError for counts below zero
    source        Garwood 1936, Biometrika 28, 437-442
    """
    _refuse_counts(conversions, visits, confidence)
    if not visits:
        return None
    tail = (1 - confidence) / 2
    low = float(gammaincinv(conversions, tail)) if conversions else 0.0
    high = float(gammaincinv(conversions + 1, 1 - tail))
    return Rate(conversions / visits, low / visits, high / visits, conversions, visits)


def ratio(numerator: float, denominator: float) -> float | None:
    """Give the ratio of two sums (order value, cost per conversion, return on spend).

    numerator, denominator   sums over all rows and days: a ratio is never averaged and never summed
    returns                  float; None for a denominator of 0
    raises                   ValueError for a denominator below 0
    source                   SEMANTICS 3
    """
    if denominator < 0:
        raise ValueError(f"denominator of {denominator}: give 0 or more")
    return numerator / denominator if denominator else None


def _refuse_counts(conversions: float, visits: int, confidence: float) -> None:
    if conversions < 0 or visits < 0 or not math.isfinite(conversions):
        raise ValueError(f"{conversions} conversions in {visits} visits: give counts of 0 or more")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence of {confidence}: give a number between 0 and 1")
