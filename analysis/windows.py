"""Look-back by touch type: how long a view, an engagement and a click stay eligible."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from analysis.arrays import Ints

VIEW, ENGAGEMENT, CLICK = 0, 1, 2  # ordered by weight: last_priority takes the highest
KIND_NAMES = ("view", "engagement", "click")
DAY_US = 86_400_000_000  # a window is a duration, so its days have 24 hours; calendar days may not
LONGEST_DAYS = 90  # paths are stored this far back, so nothing longer can be answered
OFF_US = -1  # no age is below zero, so nothing is eligible


@dataclass(frozen=True, slots=True)
class Windows:
    """Hold the longest age at which a touch of each type is eligible.

    view_days, engagement_days, click_days   days of 24 hours, 0 to 90, fractions allowed; None is off
    raises                                   ValueError naming the window and its value
    source                                   SEMANTICS 4.1: 0 <= T - t <= W(type), both ends included
    """

    view_days: float | None = 1.0
    engagement_days: float | None = 30.0
    click_days: float | None = 30.0

    def __post_init__(self) -> None:
        for name, days in zip(KIND_NAMES, self.days(), strict=True):
            if days is not None and not (math.isfinite(days) and 0 <= days <= LONGEST_DAYS):
                raise ValueError(f"{name} window of {days} days: give 0 to {LONGEST_DAYS} days, or off")

    def days(self) -> tuple[float | None, float | None, float | None]:
        """Give the days of view, engagement and click, in this order; None is off."""
        return self.view_days, self.engagement_days, self.click_days

    def reach_us(self) -> Ints:
        """Give the longest eligible age by type: int64[3], microseconds, at VIEW, ENGAGEMENT, CLICK.

        Days are turned into microseconds exactly and rounded once; a type that is off has OFF_US.
        """
        reach = [OFF_US if days is None else round(Fraction(days) * DAY_US) for days in self.days()]
        return np.array(reach, dtype=np.int64)


WIDEST = Windows(LONGEST_DAYS, LONGEST_DAYS, LONGEST_DAYS)  # what a stored paths table holds
