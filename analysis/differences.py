"""The difference of two rates with its interval; none where one of them is none."""

import math
from dataclasses import dataclass

from analysis.rates import Rate


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold a difference of two rates.

    value, low, high   fractions from -1 to 1 (0.01 is one percentage point)
    """

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Say whether the interval leaves no difference out."""
        return self.low > 0 or self.high < 0


def difference(one: Rate | None, other: Rate | None) -> Difference | None:
    """Give how much the first rate is above the second, of groups without common members.

    one, other   with their Wilson intervals; the difference has the same confidence
    returns      Difference; None without either rate: no difference, not zero
    source       Newcombe 1998, Statistics in Medicine 17, 873-890, method 10
    """
    if one is None or other is None:
        return None
    value = one.value - other.value
    below = math.hypot(one.value - one.low, other.high - other.value)
    above = math.hypot(one.high - one.value, other.value - other.low)
    return Difference(value, max(-1.0, value - below), min(1.0, value + above))
