"""The seconds between the events of a visit."""

import numpy as np

from measureplan.demo.draws import Flags, Times
from measureplan.demo.rows import Expanded, Kind

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
LOOKS_S, LOOKS_SPREAD, LOOKS_MOST_S = 38.0, 1.1, 25 * 60.0  # from page to page, log-normal
ACTS_S, ACTS_SPREAD, ACTS_MOST_S = 14.0, 0.8, 120.0  # from a page to what is done on it
LONGEST_US = 90 * MINUTE_US
IDLE_US = 30 * MINUTE_US  # the session gap: reached exactly, a new session begins
_AT_ONCE = (Kind.VIEW_ITEM, Kind.PURCHASE)  # sent with the page view, in the same millisecond


def gaps_us(rng: np.random.Generator, expanded: Expanded, starts: Flags) -> Times:
    """Draw the microseconds since the event before, 0 where a visit starts; it lasts 90 minutes at most."""
    count = len(expanded.leads)
    looks = np.minimum(rng.lognormal(np.log(LOOKS_S), LOOKS_SPREAD, count), LOOKS_MOST_S)
    acts = np.minimum(rng.lognormal(np.log(ACTS_S), ACTS_SPREAD, count), ACTS_MOST_S)
    seconds = np.where(expanded.leads, looks, acts) + 1.0
    at_once = ~expanded.leads & np.isin(expanded.rows.kind, _AT_ONCE)
    seconds[starts | at_once] = 0.0
    first = np.flatnonzero(starts)
    total = np.add.reduceat(seconds, first) * SECOND_US
    shrink = np.minimum(1.0, LONGEST_US / np.maximum(total, 1.0))
    lengths = np.diff(np.append(first, count))
    milliseconds: Times = (seconds * np.repeat(shrink, lengths) * 1000).astype(np.int64)
    return milliseconds * 1000


def times_us(gaps: Times, starts: Flags, begun_us: Times) -> Times:
    """Sum the gaps from each visit's begin on; `begun_us` has one instant a row, its visit's."""
    total = np.cumsum(gaps)
    first = np.flatnonzero(starts)
    lengths = np.diff(np.append(first, len(gaps)))
    return begun_us + total - np.repeat(total[first], lengths)
