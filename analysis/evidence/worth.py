"""What a micro goal is worth: how often the macro goal follows, times what the macro goal brings."""

import math
from dataclasses import dataclass

from scipy.special import ndtri

from analysis.rates import Rate, rate


@dataclass(frozen=True, slots=True)
class Worth:
    """A derived value with what it was computed from.

    value, low, high   micros, 0 or more
    share              of the persons who did it, how many reached the macro goal within the days, with its interval
    mean               micros that a conversion of the macro goal brings
    conversions        that the mean was taken of
    """

    value: float
    low: float
    high: float
    share: Rate
    mean: float
    conversions: int


def worth(
    followed: int, persons: int, *, mean: float, spread: float, conversions: int, confidence: float = 0.95
) -> Worth | None:
    """Give the probability of the macro goal after the micro goal, times its mean value.

    followed      of the persons, who reached the macro goal within the days, 0 <= followed <= persons
    mean, spread  of the conversions' values, micros; the spread is their standard deviation
    conversions   how many there were, 2 at least for an interval
    returns       Worth; None without persons, or with fewer than 2 conversions
    source        variance of the product of two independent estimates: Goodman 1960, JASA 55, 708-713
    """
    share = rate(followed, persons, confidence)
    if share is None or conversions < 2:
        return None
    of_share = share.value * (1 - share.value) / persons
    of_mean = spread * spread / conversions
    variance = share.value**2 * of_mean + mean**2 * of_share + of_share * of_mean
    reach = float(ndtri((1 + confidence) / 2)) * math.sqrt(variance)
    value = share.value * mean
    return Worth(value, max(0.0, value - reach), value + reach, share, mean, conversions)
