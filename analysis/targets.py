"""A target and the word for where it stands."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Direction = Literal["up", "down", "band"]
EARLY_SHARE = 0.2  # of the period: before, a day more or less decides
GREEN, AMBER = 0.95, 0.80  # of what was expected to date: from the one on all is well, below the other it is not
LITTLE_DATA = 30  # in the denominator of a rate or ratio


class Status(StrEnum):
    """Name where a target stands."""

    AHEAD = "ahead"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BEHIND = "behind"
    MET = "met"
    MISSED = "missed"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True)
class Target:
    """Hold what a KPI shall reach in a period.

    value       >= 0, in the KPI's unit; with direction band the lower end
    direction   up: reach it; down: stay at or below it; band: end between value and upper
    upper       >= value; band only
    green       on track from this part of what was expected to date; ahead from as much above it
    amber       at risk from this part, behind below it; 0 < amber <= green <= 1
    raises      ValueError naming what contradicts itself
    """

    value: float
    direction: Direction = "up"
    upper: float | None = None
    green: float = GREEN
    amber: float = AMBER

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and self.value >= 0):
            raise ValueError(f"target of {self.value}: give a number of 0 or more")
        if (self.direction == "band") != (self.upper is not None):
            raise ValueError(f"upper end of {self.upper}: a band has one, and nothing else does")
        if self.upper is not None and not self.value <= self.upper < math.inf:
            raise ValueError(f"band from {self.value} to {self.upper}: the upper end lies below")
        if not 0 < self.amber <= self.green <= 1:
            raise ValueError(f"thresholds {self.green} and {self.amber}: give 0 < amber <= green <= 1")

    @property
    def can_be_judged(self) -> bool:
        """Say whether reaching it means anything: at least 0 of something is always reached."""
        return self.direction != "up" or self.value > 0

    @property
    def top(self) -> float:
        """Give the most that is wanted."""
        if self.direction == "up":
            return math.inf
        return self.value if self.upper is None else self.upper

    @property
    def bottom(self) -> float:
        """Give the least that is wanted."""
        return -math.inf if self.direction == "down" else self.value

    def is_met_by(self, final: float) -> bool:
        """Say whether a period that ended at this value met the target."""
        return self.bottom <= final <= self.top

    def status(self, actual: float, share: float) -> Status:
        """Compare with what was expected once this share of the target was due (1 for rates and ratios)."""
        part = self.part(actual, share)
        if part >= 2 - self.green and self.direction != "band":
            return Status.AHEAD
        if part >= self.green:
            return Status.ON_TRACK
        return Status.AT_RISK if part >= self.amber else Status.BEHIND

    def part(self, actual: float, share: float) -> float:
        """Give how much of what was expected is there; the other way up where less is better."""
        low, high = self.bottom * share, self.top * share
        if self.direction == "up":
            return actual / low if low > 0 else math.inf
        if self.direction == "band" and actual < low:
            return actual / low
        if self.direction == "band" and actual <= high:
            return 1.0
        if actual <= 0:
            return math.inf if high > 0 else 1.0
        return high / actual
