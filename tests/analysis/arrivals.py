"""Made-up arrivals by the hour: a shop's week, an office's week, events that come together."""

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.habit import HOUR_US, Hours
from analysis.silence import Record

BEGINS_US = 1_767_225_600_000_000 // HOUR_US * HOUR_US
DAY_US = 24 * HOUR_US


def draw(
    random: np.random.Generator, a_day: float, week: Floats, days: int, *, spread: float = 0.05, burst: int = 1
) -> Floats:
    """Draw counts by the hour: Poisson bursts of a size, on days whose level is gamma distributed."""
    level = random.gamma(1 / spread, spread, days) if spread else np.ones(days)
    mean = a_day / 24 * np.tile(week, days // 7 + 1)[: 24 * days] * np.repeat(level, 24)
    return random.poisson(mean / burst).astype(np.float64) * burst


def record(counts: Floats, *, now_us: int = 0, random: np.random.Generator | None = None, **more: object) -> Record:
    """Give the record of hourly counts from a Monday midnight on; each hour's events are its middle unless drawn.

    now_us   microseconds after the last hour's start; 0: the hour is over
    """
    places = np.full((2, len(counts)), 0.5)
    if random is not None:
        upper = random.random((2, len(counts))) ** (1 / np.maximum(counts, 1))
        places[1] = np.where(counts == 1, upper[1], np.maximum(upper[1], 1 - upper[0]))
        places[0] = np.where(counts == 1, upper[1], np.minimum(upper[1], 1 - upper[0]))
    starts = BEGINS_US + HOUR_US * np.arange(len(counts), dtype=np.int64)
    first, last = (np.where(counts > 0, starts + (place * HOUR_US).astype(np.int64), 0) for place in places)
    end = int(starts[-1]) + (now_us or HOUR_US)
    slots: Ints = np.arange(len(counts), dtype=np.int64) % 168
    return Record(Hours(BEGINS_US, end, slots, counts), first, last, **more)  # type: ignore[arg-type]


def window(whole: Record, since: int, until: int) -> Record:
    """Give the hours [since, until) of a record, as it was known then."""
    hours = whole.hours
    begins = hours.begins_us + since * HOUR_US
    cut = slice(since, until)
    return Record(
        Hours(begins, begins + (until - since) * HOUR_US, hours.slots[cut], hours.counts[cut]),
        whole.first_us[cut],
        whole.last_us[cut],
        None if whole.others is None else whole.others[cut],
        whole.late_us,
    )
