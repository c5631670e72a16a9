"""Target pace and forecast: expected to date, status, what the period may end at, needed per day."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.arrays import Floats
from analysis.forecast import Forecast, Law, Remainder
from analysis.level import level_of
from analysis.shape import LEAST_DAYS, shape
from analysis.targets import EARLY_SHARE, LITTLE_DATA, Status, Target


class Reason(StrEnum):
    """Name why a figure is missing; pages make a sentence of it."""

    TARGET_ZERO = "target_zero"  # "at least 0" is always met, so there is no status
    NO_DATA = "no_data"  # no measured day, or no denominator: no value or no forecast


@dataclass(frozen=True, slots=True)
class Record:
    """Hold the daily values of a KPI before and in the period of a target.

    history          float64[h], the days up to the period's first, oldest first; NaN where not measured
    so_far           float64[b], the days of the period that have begun
    days             of the period, b at most
    weekday          of the period's first day, 0 = Monday
    last_day_share   how much of the last day of so_far has passed, above 0, at most 1
    besides          what came on days of the period that are NaN, because they were not measured whole: it counts as
                     come, and teaches nothing
    raises           ValueError for days that contradict each other
    """

    history: Floats
    so_far: Floats
    days: int
    weekday: int
    last_day_share: float = 1.0
    besides: float = 0.0

    def __post_init__(self) -> None:
        if self.days < 1 or len(self.so_far) > self.days:
            raise ValueError(f"{len(self.so_far)} days so far in a period of {self.days}")
        if not 0 < self.last_day_share <= 1:
            raise ValueError(f"share of the last day {self.last_day_share}: give above 0, at most 1")

    @property
    def elapsed_days(self) -> float:
        """Give the days that have passed, the last by its share."""
        begun = len(self.so_far)
        return begun - 1 + self.last_day_share if begun else 0.0

    @property
    def total(self) -> float:
        """Give what has come in the period."""
        return float(np.nansum(self.so_far)) + self.besides

    @property
    def is_over(self) -> bool:
        """Say whether the whole period has passed."""
        return self.elapsed_days >= self.days

    @property
    def values(self) -> Floats:
        """Give all days, history first."""
        return np.concatenate((self.history, self.so_far))

    def exposure(self) -> tuple[Floats, Floats]:
        """Give the weight of each day that has begun, and of each that has anything left.

        The shape is learned from the history alone, so that what is expected does not move with what
        comes in; without three weeks of history, from all complete days.
        """
        begun, whole = len(self.so_far), len(self.so_far) - (self.last_day_share < 1)
        if np.isfinite(self.history).sum() >= LEAST_DAYS:
            factors = shape(self.history, self.days, self.weekday)
        else:
            known = np.concatenate((self.history, self.so_far[:whole]))
            factors = shape(known, self.days - whole, (self.weekday + whole) % 7)
        done, left = factors.copy(), factors[len(self.history) :].copy()
        done = done[: len(self.history) + begun]
        left = left[begun:]
        if begun and self.last_day_share < 1:
            left = np.concatenate(([done[-1] * (1 - self.last_day_share)], left))
            done[-1] *= self.last_day_share
        return done, left


@dataclass(frozen=True, slots=True)
class Pace:
    """Hold where a target stands.

    actual           so far, in the KPI's unit; None where there is no denominator
    expected         what was expected to date (the target itself for rates and ratios)
    status           None where nothing can be said; `reason` says why
    forecast         at the period's end; None once it is over, or without data
    needed_per_day   still to come per day that is left, for sums; with `down` what may still come
    elapsed_share    of the period, 0 to 1
    """

    actual: float | None
    expected: float
    status: Status | None
    forecast: Forecast | None
    needed_per_day: float | None
    elapsed_share: float
    reason: Reason | None = None


def pace_of_sum(target: Target, record: Record, *, is_count: bool) -> Pace:
    """Give the pace of a KPI that adds up over days: a count or a value.

    is_count   counts are whole and at least Poisson; values (money) are neither
    returns    Pace
    source     SEMANTICS 5; level and interval: see `level_of`; with under three weeks of data every
               weekday is alike, and the forecast is a negative binomial run rate
    """
    done, left = record.exposure()
    actual = record.total
    due = float(done[len(record.history) :].sum())
    whole = due + float(left.sum())
    share = due / whole if whole > 0 else record.elapsed_days / record.days
    level = level_of(record.values, done, is_count=is_count)
    forecast = None
    # Amounts that were all 0 have no scale: what the first one will be, nobody knows.
    if level is not None and not record.is_over and (is_count or np.nansum(record.values) != 0):
        rest = Remainder(*level.ahead(left), "count" if is_count else "amount")
        forecast = _forecast(target, actual, rest)
    return Pace(
        actual=actual,
        expected=target.value * share,
        status=_status_of_sum(target, record, actual, share),
        forecast=forecast,
        needed_per_day=_needed(target, record, actual),
        elapsed_share=record.elapsed_days / record.days,
        reason=_reason(target, has_data=level is not None),
    )


def pace_of_ratio(target: Target, numerator: Record, denominator: Record, *, is_rate: bool) -> Pace:
    """Give the pace of a KPI that is a ratio of sums: a rate, an order value, a cost per conversion.

    numerator, denominator   Records of the same days; denominators >= 0
    is_rate                  numerators are parts of denominators, so the value lies in 0 to 1
    returns                  Pace; too early below 30 in the denominator
    raises                   ValueError where the two have not the same days
    source                   SEMANTICS 5; ratio of sums, variance of numerators in proportion to denominators

    The denominators still to come are taken at their mean: their spread moves the ratio only in so far as
    the coming yield differs from that so far.
    """
    if len(numerator.values) != len(denominator.values) or len(numerator.so_far) != len(denominator.so_far):
        raise ValueError("numerator and denominator must have the same days")
    above, below = numerator.total, denominator.total
    actual = above / below if below > 0 else None
    forecast = None if denominator.is_over else _forecast_of_ratio(target, numerator, denominator, is_rate)
    return Pace(
        actual=actual,
        expected=target.value,
        status=_status_of_ratio(target, denominator, actual, below),
        forecast=forecast,
        needed_per_day=None,
        elapsed_share=denominator.elapsed_days / denominator.days,
        reason=_reason(target, has_data=actual is not None or forecast is not None),
    )


def _reason(target: Target, *, has_data: bool) -> Reason | None:
    if not target.can_be_judged:
        return Reason.TARGET_ZERO
    return None if has_data else Reason.NO_DATA


def _is_early(record: Record) -> bool:
    return record.elapsed_days < EARLY_SHARE * record.days


def _status_of_sum(target: Target, record: Record, actual: float, share: float) -> Status | None:
    if not target.can_be_judged or not np.isfinite(record.values).any():
        return None
    if record.is_over:
        return Status.MET if target.is_met_by(actual) else Status.MISSED
    if actual > target.top:
        return Status.MISSED  # a sum does not come down again, refunds apart
    if target.direction == "up" and actual >= target.value:
        return Status.MET
    return Status.TOO_EARLY if _is_early(record) else target.status(actual, share)


def _status_of_ratio(target: Target, record: Record, actual: float | None, below: float) -> Status | None:
    if not target.can_be_judged or (actual is None and record.is_over):
        return None
    if actual is None or below < LITTLE_DATA or (_is_early(record) and not record.is_over):
        return Status.TOO_EARLY
    if record.is_over:
        return Status.MET if target.is_met_by(actual) else Status.MISSED
    return target.status(actual, 1.0)


def _needed(target: Target, record: Record, actual: float) -> float | None:
    """Give what must still come per day; with `down`, what may still come before the target is passed."""
    if record.is_over or not target.can_be_judged:
        return None
    return max(target.value - actual, 0.0) / (record.days - record.elapsed_days)


def _forecast(target: Target, actual: float, rest: Remainder) -> Forecast:
    low, high = rest.interval()
    chance = 1.0
    if target.direction != "up":
        chance = rest.at_most(target.top - actual)
    if target.direction != "down":
        chance -= 1.0 - rest.at_least(target.bottom - actual)
    return Forecast(actual + rest.mean, actual + low, actual + high, min(max(chance, 0.0), 1.0))


def _forecast_of_ratio(target: Target, numerator: Record, denominator: Record, is_rate: bool) -> Forecast | None:
    done, left = denominator.exposure()
    volume = level_of(denominator.values, done, is_count=True)
    exposure = np.where(np.isfinite(numerator.values), np.nan_to_num(denominator.values), 0.0)
    level = level_of(numerator.values, exposure, is_count=False)
    if volume is None or level is None:
        return None
    coming = left * float(volume.weight @ volume.mean)
    above, below = numerator.total, denominator.total
    total = below + float(coming.sum())
    if total <= 0:
        return None
    mean, variance = level.ahead(coming)
    law: Law = "ratio"
    found = _forecast(target, 0.0, Remainder((above + mean) / total, variance / total**2, law))
    if not is_rate:
        return found
    mean, low, high = (min(max(part, 0.0), 1.0) for part in (found.mean, found.low, found.high))
    return Forecast(mean, low, high, found.chance)
