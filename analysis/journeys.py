"""Touches and conversions to journeys: per conversion the touches before it, as flat arrays with offsets."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import numpy.typing as npt

from analysis.arrays import Bools, Ints, Kinds
from analysis.windows import WIDEST, Windows

NEVER = np.iinfo(np.int64).max  # the gap of a person's first conversion
NO_SESSION = -1
MOST_TOUCHES = 250  # of one conversion, the newest; more in 90 days is a machine or a shared screen, and is counted
PART_ROWS = 100_000  # about 4 MB of rows at a time, however heavy a person is; larger parts leave the cache


BY_ROW = ("touch", "age_us", "kind", "direct", "paid", "same_session")  # columns of Journeys with one entry a row


@dataclass(frozen=True, slots=True)
class Touches:
    """Hold all touches of some persons, sorted by (person, time, sequence, event_id): see `in_order`.

    person    int64[t], any codes, ascending
    time_us   int64[t], microseconds since the epoch, UTC, ascending within a person
    kind      int8[t], VIEW, ENGAGEMENT or CLICK
    direct    bool[t], came without campaign, click id or referrer
    paid      bool[t]
    session   int64[t], codes that conversions share; NO_SESSION where there is none
    """

    person: Ints
    time_us: Ints
    kind: Kinds
    direct: Bools
    paid: Bools
    session: Ints


@dataclass(frozen=True, slots=True)
class Conversions:
    """Hold the counted conversions of one goal, sorted as touches are: see `in_order`.

    person, time_us, session   int64[n], codes and units as in Touches
    """

    person: Ints
    time_us: Ints
    session: Ints


@dataclass(frozen=True, slots=True)
class Journeys:
    """Hold, for each conversion, its candidate touches up to and including its time, in order.

    offsets        int64[n + 1]; conversion i owns rows offsets[i] to offsets[i + 1]
    touch          int64[m], where each row came from; `keys[journeys.touch]` brings any column to rows
    age_us         int64[m], conversion time minus touch time, microseconds, >= 0, not rising within a path
    kind           int8[m]
    direct, paid   bool[m]
    same_session   bool[m], touch and conversion are of one session
    gap_us         int64[n], time since the person's earlier conversion of the goal; NEVER for the first
    capped         how many of the conversions have only their newest touches; to be shown where credits are
    """

    offsets: Ints
    touch: Ints
    age_us: Ints
    kind: Kinds
    direct: Bools
    paid: Bools
    same_session: Bools
    gap_us: Ints
    capped: int = 0

    @property
    def conversions(self) -> int:
        """Give the number of conversions, those without a touch included."""
        return len(self.offsets) - 1

    def parts(self, rows: int = PART_ROWS) -> Iterator[tuple[slice, Self]]:
        """Cut into parts of at most so many rows, as `journeys_in_parts` does; nothing is copied.

        yields   (the slice of the conversions, their Journeys); tables of parts add up to the whole table
        """
        for part in _parts(np.diff(self.offsets), rows):
            begin, end = self.offsets[part.start], self.offsets[part.stop]
            offsets = self.offsets[part.start : part.stop + 1] - begin
            columns = {name: getattr(self, name)[begin:end] for name in BY_ROW}
            # Which of them were capped is not kept, so the first part counts them all.
            capped = 0 if part.start else self.capped
            yield part, replace(self, offsets=offsets, gap_us=self.gap_us[part], capped=capped, **columns)

    @classmethod
    def from_rows(
        cls,
        *,
        conversion: Ints,
        has_touch: Bools,
        touch_time_us: Ints,
        kind: Kinds,
        direct: Bools,
        paid: Bools,
        same_session: Bools,
        conversion_time_us: Ints,
        previous_time_us: Ints | None = None,
    ) -> Self:
        """Make journeys from a stored paths table: one row per conversion and touch, in path order.

        conversion           int64[m], 0 to n - 1, ascending
        has_touch            bool[m], False in the one row of a conversion without touches; it falls out
        touch_time_us        int64[m], as are kind (int8) and the flags (bool); anything where no touch
        conversion_time_us   int64[n], microseconds since the epoch, UTC
        previous_time_us     int64[n], the person's earlier conversion of the goal, -1 for none; for `reset`
        raises               ValueError for rows out of order, or a touch later than its conversion
        """
        if np.any(conversion[1:] < conversion[:-1]):
            raise ValueError("rows of one conversion must stand together, in ascending order of conversion")
        touch = np.flatnonzero(has_touch)
        owner = conversion[touch]
        age_us = conversion_time_us[owner] - touch_time_us[touch]
        if np.any(age_us < 0):
            raise ValueError("a touch stands after its conversion")
        return cls(
            offsets=np.searchsorted(owner, np.arange(len(conversion_time_us) + 1)),
            touch=touch,
            age_us=age_us,
            kind=kind[touch],
            direct=direct[touch],
            paid=paid[touch],
            same_session=same_session[touch],
            gap_us=_gap_to(conversion_time_us, previous_time_us),
        )


def in_order(
    person: Ints,
    time_us: Ints,
    *,
    sequence: Ints | None = None,
    event_id: npt.NDArray[np.str_] | npt.NDArray[np.object_] | None = None,
) -> Ints:
    """Give the order (person, time, sequence, event_id) as a permutation; equals keep their place.

    person, time_us   int64[t]
    sequence          int64[t], the client's own count; 0 where it gave none
    event_id          text[t], compared by code point; read only for rows that time does not tell apart
    returns           int64[t], to be taken on every column
    source            SEMANTICS 4.3
    """
    order: Ints = np.lexsort((time_us, person))
    if sequence is None and event_id is None:
        return order
    equal = (person[order[1:]] == person[order[:-1]]) & (time_us[order[1:]] == time_us[order[:-1]])
    tied = np.flatnonzero(np.r_[equal, False] | np.r_[False, equal])
    rows = order[tied]
    keys: list[npt.NDArray[np.generic]] = [time_us[rows], person[rows]]
    if sequence is not None:
        keys.insert(0, sequence[rows])
    if event_id is not None and len(rows):
        keys.insert(0, event_id[rows].astype(np.str_))
    # Tied rows keep their set of places, so sorting them among themselves puts each where it belongs.
    order[tied] = rows[np.lexsort(keys)]
    return order


def journeys_of(touches: Touches, conversions: Conversions, reach: Windows = WIDEST) -> Journeys:
    """Join conversions with their persons' touches within reach, all at once.

    touches, conversions   sorted; see `in_order`
    reach                  the widest window that will be asked of the journeys; cut before anything is copied
    returns                Journeys; `touch` indexes the touches' arrays
    raises                 ValueError if touches or conversions are not sorted
    """
    ((_, journeys),) = journeys_in_parts(touches, conversions, reach, rows=None)
    return journeys


def journeys_in_parts(
    touches: Touches,
    conversions: Conversions,
    reach: Windows = WIDEST,
    *,
    rows: int | None = PART_ROWS,
    most_touches: int | None = None,
) -> Iterator[tuple[slice, Journeys]]:
    """Join as `journeys_of` does, in parts of bounded memory: tables of parts add up to the whole table.

    rows           the most rows of one part; a single conversion with more has a part of its own; None is one part
    most_touches   keep so many of a conversion's touches, the newest, and count the conversion as capped; None
                   keeps all, which for a robot of t touches and n conversions is t x n rows
    yields         (the slice of the conversions, their Journeys); at least one part, also of no conversions
    """
    _refuse_disorder(touches.person, touches.time_us, "touches")
    _refuse_disorder(conversions.person, conversions.time_us, "conversions")
    low, high = _ranges(touches, conversions, int(reach.reach_us().max()))
    is_capped = np.zeros(len(low), dtype=np.bool_)
    if most_touches is not None:
        is_capped = high - low > most_touches
        low = np.maximum(low, high - most_touches)
    gap_us = _gaps(conversions)
    for part in _parts(high - low, rows):
        some = Conversions(conversions.person[part], conversions.time_us[part], conversions.session[part])
        journeys = _expand(touches, some, low[part], high[part], gap_us[part])
        yield part, replace(journeys, capped=int(is_capped[part].sum()))


def _refuse_disorder(person: Ints, time_us: Ints, name: str) -> None:
    same = person[1:] == person[:-1]
    if np.any(person[1:] < person[:-1]) or np.any(same & (time_us[1:] < time_us[:-1])):
        raise ValueError(f"{name} must be sorted by person, then time: take them by in_order()")


def _ranges(touches: Touches, conversions: Conversions, reach_us: int) -> tuple[Ints, Ints]:
    """Find for each conversion the touches [low, high) with 0 <= age <= reach."""
    start = np.searchsorted(touches.person, conversions.person, side="left")
    end = np.searchsorted(touches.person, conversions.person, side="right")
    high = _first_not_before(touches.time_us, start, end, conversions.time_us + 1)
    low = _first_not_before(touches.time_us, start, high, conversions.time_us - reach_us)
    return low, high


def _first_not_before(time_us: Ints, start: Ints, end: Ints, moment: Ints) -> Ints:
    """Bisect every [start, end) at once: the first index with time >= moment, else end.

    One key of person and microseconds does not fit 63 bits from about 260,000 persons and a year on,
    hence a search inside each person's own stretch: log2(longest stretch) rounds.
    """
    low, high = start.copy(), end.copy()
    open_ = np.flatnonzero(low < high)
    while len(open_):
        middle = (low[open_] + high[open_]) >> 1
        before = time_us[middle] < moment[open_]
        low[open_[before]] = middle[before] + 1
        high[open_[~before]] = middle[~before]
        open_ = open_[low[open_] < high[open_]]
    return low


def _gaps(conversions: Conversions) -> Ints:
    gap_us = np.full(len(conversions.time_us), NEVER, dtype=np.int64)
    again = np.flatnonzero(conversions.person[1:] == conversions.person[:-1]) + 1
    gap_us[again] = conversions.time_us[again] - conversions.time_us[again - 1]
    return gap_us


def _gap_to(time_us: Ints, previous_us: Ints | None) -> Ints:
    if previous_us is None:
        return np.full(len(time_us), NEVER, dtype=np.int64)
    return np.where(previous_us < 0, NEVER, time_us - previous_us)


def _parts(counts: Ints, rows: int | None) -> Iterator[slice]:
    total = len(counts)
    if rows is None or not total:
        yield slice(0, total)
        return
    until = np.cumsum(counts)
    begin = 0
    while begin < total:
        before = until[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(until, before + rows, side="right")))
        yield slice(begin, end)
        begin = end


def _expand(touches: Touches, conversions: Conversions, low: Ints, high: Ints, gap_us: Ints) -> Journeys:
    counts = high - low
    offsets = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=offsets[1:])
    touch = np.arange(offsets[-1])
    touch += np.repeat(low - offsets[:-1], counts)
    age_us = np.repeat(conversions.time_us, counts)
    age_us -= touches.time_us[touch]
    session = np.repeat(conversions.session, counts)
    return Journeys(
        offsets=offsets,
        touch=touch,
        age_us=age_us,
        kind=touches.kind[touch],
        direct=touches.direct[touch],
        paid=touches.paid[touch],
        same_session=(session != NO_SESSION) & (session == touches.session[touch]),
        gap_us=gap_us,
    )
