"""When people shop: trend, weekday, pay-day, season and hour, as a clock that runs fast in busy hours.

Visits are drawn evenly in *busy days* and then placed in real time, so that first and returning visits
alike follow the same shape, and nobody comes back at four in the morning because the arithmetic said so.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from measureplan.demo.truth import TREND, WEEKDAY_WEIGHTS, ZONE, midnight

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
HOUR_WEIGHTS = (
    0.35, 0.18, 0.10, 0.07, 0.08, 0.20, 0.50, 0.85, 1.00, 1.05, 1.10, 1.20,
    1.25, 1.10, 1.05, 1.05, 1.10, 1.15, 1.25, 1.55, 1.95, 2.05, 1.60, 0.85,
)  # fmt: skip


def black_friday(year: int) -> date:
    """Give the day after the fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 22)


def season_weight(day: date) -> float:
    """Give how busy a day is beside trend and weekday; 1 on an ordinary day."""
    days_to_sale = (black_friday(day.year) - day).days
    if days_to_sale == 0:
        return 2.1
    if -3 <= days_to_sale <= 4:
        return 1.45
    if (day.month, day.day) in {(1, d) for d in range(2, 11)}:
        return 1.25  # the January sale
    return 1.15 if day.day in {12, 13, 14, 25, 26} else 1.0  # Norwegian pay-days and the days after


def buying_weight(day: date) -> float:
    """Give what the day does to the purchase risk of a visit; 1 on an ordinary day."""
    weight = season_weight(day)
    return 1.0 if weight == 1.0 else 1.0 + (min(weight, 1.5) - 1.0) * 0.6


def day_weight(day: date, *, since: date, days: int) -> float:
    """Give the planted number of visits of a day relative to an ordinary day at the range's start."""
    grown = 1.0 + TREND * (day - since).days / days
    return grown * WEEKDAY_WEIGHTS[day.weekday()] * season_weight(day)


@dataclass(frozen=True, slots=True)
class Clock:
    """Busy days against real time.

    edges_us, busy       (hours + 1,) hour boundaries in UTC, and the busy days passed by then: 0 when
                         the range begins, one a day on average
    opens_us, closes_us  the range [opens, closes) in microseconds since the epoch
    days_buying          (days,) the purchase risk's factor by day of the range
    midnights_us         (days + 1,) where each local day begins, 23- and 25-hour days included
    """

    edges_us: NDArray[np.int64]
    busy: NDArray[np.float64]
    opens_us: int
    closes_us: int
    days_buying: NDArray[np.float64]
    midnights_us: NDArray[np.int64]

    def busy_at(self, times_us: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the busy days passed at instants of the range."""
        return np.interp(times_us, self.edges_us, self.busy)

    def times_us(self, busy: NDArray[np.float64]) -> NDArray[np.int64]:
        """Place busy days in real time, to the millisecond, as browsers do."""
        real = np.interp(busy, self.busy, self.edges_us.astype(np.float64))
        return (real // 1000).astype(np.int64) * 1000

    def buying(self, times_us: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the purchase risk's factor at instants of the range."""
        days = np.searchsorted(self.midnights_us, times_us, side="right") - 1
        return self.days_buying[np.clip(days, 0, len(self.days_buying) - 1)]


def instant_us(moment: datetime) -> int:
    """Give microseconds since the epoch, exactly."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def clock(*, until: date, days: int) -> Clock:
    """Make the clock of the `days` days that end with the day `until`."""
    since = until - timedelta(days=days - 1)
    range_days = [since + timedelta(days=n) for n in range(days)]
    start = instant_us(midnight(since))
    end = instant_us(midnight(until + timedelta(days=1)))
    edges = np.append(np.arange(start, end, HOUR_US, dtype=np.int64), np.int64(end))
    weights = np.array([_hour_weight(int(edge), since=since, days=days) for edge in edges[:-1]])
    busy = np.concatenate(([0.0], np.cumsum(weights)))
    return Clock(
        edges_us=edges,
        busy=busy * (days / busy[-1]),
        opens_us=start,
        closes_us=end,
        days_buying=np.array([buying_weight(day) for day in range_days]),
        midnights_us=np.array([instant_us(midnight(day)) for day in [*range_days, until + timedelta(days=1)]]),
    )


def _hour_weight(edge_us: int, *, since: date, days: int) -> float:
    local = datetime.fromtimestamp(edge_us // 1_000_000, tz=UTC).astimezone(ZONE)
    return day_weight(local.date(), since=since, days=days) * HOUR_WEIGHTS[local.hour]
