"""The usual week of a shop and of an office, hour by hour from Monday on: float64[168], mean 1."""

import numpy as np

from analysis.arrays import Floats

_MORNING = [0.2, 0.1, 0.05, 0.05, 0.05, 0.1, 0.3, 0.7, 1, 1.2, 1.3, 1.3]
_EVENING = [1.3, 1.3, 1.3, 1.3, 1.4, 1.5, 1.6, 1.8, 1.9, 1.6, 1, 0.5]


def _usual(days: list[float], clock: list[float]) -> Floats:
    week = np.outer(days, clock).reshape(-1)
    usual: Floats = week / week.mean()
    return usual


SHOP = _usual([1.04, 0.98, 0.95, 0.96, 0.86, 0.92, 1.29], _MORNING + _EVENING)
OFFICE = _usual([1] * 5 + [0] * 2, [0] * 8 + [1] * 9 + [0] * 7)
