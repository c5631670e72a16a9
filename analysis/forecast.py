"""What a sum still to come may be: interval and chance from its mean and variance."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from scipy.special import betainc, gammainc, gammaincc, gammaincinv, ndtr, ndtri

CONFIDENCE = 0.80  # of the interval: one period in ten ends below it, one above
Law = Literal["count", "amount", "ratio"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Hold what the period may end at.

    mean        expected value at the end
    low, high   80 % interval
    chance      P(target met), 0 to 1
    """

    mean: float
    low: float
    high: float
    chance: float


@dataclass(frozen=True, slots=True)
class Remainder:
    """Hold a sum still to come by its mean and variance.

    law      count: negative binomial, Poisson where the variance is not above the mean;
             amount: gamma, normal where the mean is not above 0; ratio: normal
    source   moment matching; a Poisson whose mean is gamma is negative binomial (Greenwood and Yule 1920)
    """

    mean: float
    variance: float
    law: Law

    def interval(self, confidence: float = CONFIDENCE) -> tuple[float, float]:
        """Give the central interval."""
        tail = (1 - confidence) / 2
        return self.quantile(tail), self.quantile(1 - tail)

    def quantile(self, part: float) -> float:
        """Give the value that the sum does not pass with this probability."""
        if self.variance <= 0:
            return self.mean
        if self.law == "count" and self.mean > 0:
            return float(_smallest(lambda k: self._count_up_to(k) >= part, start=int(self.mean) + 1))
        if self.law == "amount" and self.mean > 0:
            shape = self.mean**2 / self.variance
            return float(gammaincinv(shape, part)) * self.variance / self.mean
        return self.mean + float(ndtri(part)) * math.sqrt(self.variance)

    def at_least(self, wanted: float) -> float:
        """Give the probability that the sum is this or more."""
        if self.variance <= 0:
            return float(self.mean >= wanted)
        if self.law == "count" and self.mean > 0:
            return 1.0 - self._count_up_to(math.ceil(wanted) - 1)
        if self.law == "amount" and self.mean > 0:
            shape = self.mean**2 / self.variance
            return float(gammaincc(shape, max(wanted, 0.0) * self.mean / self.variance))
        return float(ndtr((self.mean - wanted) / math.sqrt(self.variance)))

    def at_most(self, wanted: float) -> float:
        """Give the probability that the sum is this or less."""
        if self.law == "count" and self.mean > 0 and self.variance > 0:
            return self._count_up_to(math.floor(wanted))
        if self.law == "amount" and self.mean > 0 and self.variance > 0:
            shape = self.mean**2 / self.variance
            return float(gammainc(shape, max(wanted, 0.0) * self.mean / self.variance))
        return 1.0 - self.at_least(wanted) if self.variance > 0 else float(self.mean <= wanted)

    def _count_up_to(self, k: int) -> float:
        if k < 0:
            return 0.0
        extra = self.variance - self.mean
        if extra <= 1e-9 * self.mean:
            return float(gammaincc(k + 1.0, self.mean))
        return float(betainc(self.mean**2 / extra, k + 1.0, self.mean / self.variance))


def _smallest(holds: Callable[[int], bool], start: int) -> int:
    """Find the smallest whole number >= 0 for which something holds that then holds for all above."""
    low, high = -1, start
    while not holds(high):
        low, high = high, 2 * high + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
