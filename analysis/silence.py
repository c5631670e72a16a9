"""Whether events that used to come have stopped: verified, silent or broken, with a stated rate of false alarms."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.habit import HOUR_US, Habit, Hours, attendance, habit_of

FALSE_ALARMS_A_YEAR = 0.01  # of one goal: twenty goals watched for five years raise one
BROKEN, SILENT = 1e-4, 1e-2  # the most that the chance of such a wait may be, for rare events too
SILENCES_A_YEAR = 4.0  # a wait that chance brings less often than once a quarter is worth a word
LEAST_GAP_US = HOUR_US  # a deploy or a restart is over before anybody reads of it
NEVER = np.iinfo(np.int64).max
ACCURACY_US = HOUR_US // 60
LEAST_HISTORY_HOURS = 14 * 24  # each hour of the week seen twice; with less, nothing is called broken
LEAST_EVENTS = 20  # nor with fewer
ROUNDS = 2  # of learning: the second without the outages that the first found
LATELY_US = 28 * 24 * HOUR_US  # what has not come for four weeks is silent, whatever its habit


class State(StrEnum):
    """Name what the newest wait says."""

    VERIFIED = "verified"
    SILENT = "silent"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Outage:
    """Hold a wait that chance does not explain.

    since_us, until_us   times of the event before and of the one after; until_us None: it lasts
    certain_us           from when on chance did not explain it
    """

    since_us: int
    until_us: int | None
    certain_us: int


@dataclass(frozen=True, slots=True)
class Record:
    """Hold what came of one kind of event over the last weeks.

    hours      counts of events that were received as they happened
    first_us   int64[h], time of each hour's first event, imported ones included; 0 for an hour without
    last_us    int64[h], of its last
    others     float64[h], events of the same senders that are of other kinds; None where there are no others
    late_us    how long after it happened an event is usually stored
    """

    hours: Hours
    first_us: Ints
    last_us: Ints
    others: Floats | None = None
    late_us: int = 0

    def waits(self) -> tuple[Ints, Ints]:
        """Give where waits between hours begin and end, oldest first; the last one, which lasts, ends NEVER."""
        occupied = np.flatnonzero(self.last_us)
        lasting = np.full(min(len(occupied), 1), NEVER, dtype=np.int64)
        return self.last_us[occupied], np.concatenate((self.first_us[occupied[1:]], lasting))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold what was found; the last of the outages lasts where the state is broken."""

    state: State
    outages: tuple[Outage, ...] = ()


def judge(record: Record) -> Verdict:
    """Say whether events have stopped, and when they had before.

    returns   verified, silent or broken, and the outages of the record, oldest first
    errors    Each event begins a wait. With N of them a year, and P the chance that none follows for so long, N x P
              waits of that length are expected from chance alone. Broken means P < BROKEN and
              N x P < FALSE_ALARMS_A_YEAR; silent the same with SILENT and SILENCES_A_YEAR.
    source    `Habit.chance`; where senders' other events fell too, fewer visitors explain fewer events, so that a
              holiday is no outage. Learned twice, the second time without the outages found by the first.
    """
    known, outages, habit = _measured(record), list[Outage](), None
    for _ in range(ROUNDS):
        learned = _habit(record, known)
        if learned is None:
            break
        habit, others = learned, _others(record, known)
        outages = [found for gap in _candidates(record, habit) if (found := _outage(gap, record, habit, others))]
        known = _measured(record) & ~_inside(outages, record)
    if outages and outages[-1].until_us is None:
        return Verdict(State.BROKEN, tuple(outages))
    is_silent = _is_long_ago(record) or (habit is not None and _is_unusual(record, habit))
    return Verdict(State.SILENT if is_silent else State.VERIFIED, tuple(outages))


def usual_lateness(late_us: Ints) -> int:
    """Give how late events usually are, from the earliest of each hour: int64[hours with events].

    A sender that delivers a day's events at night is not silent by day. The 95th percentile, so that one hour whose
    only event came from a telephone without a connection does not hold up every alarm.
    """
    return max(0, int(np.quantile(late_us, 0.95))) if len(late_us) else 0


def _measured(record: Record) -> Bools:
    """Mark the hours from the first live event to the last event; whether a wait at the end counts is the question."""
    known = np.zeros(len(record.hours.counts), dtype=np.bool_)
    live, occupied = np.flatnonzero(record.hours.counts), np.flatnonzero(record.last_us)
    if len(live):
        known[live[0] : occupied[-1] + 1] = True
    return known


def _inside(outages: list[Outage], record: Record) -> Bools:
    """Mark the hours that an outage touches."""
    found = np.zeros(len(record.hours.counts), dtype=np.bool_)
    for outage in outages:
        until = record.hours.now_us if outage.until_us is None else outage.until_us
        found[int(record.hours.place(outage.since_us)) : int(np.ceil(record.hours.place(until)))] = True
    return found


def _habit(record: Record, known: Bools) -> Habit | None:
    """Learn, where there is enough to learn from."""
    if known.sum() < LEAST_HISTORY_HOURS or record.hours.counts[known].sum() < LEAST_EVENTS:
        return None
    habit = habit_of(record.hours, known)
    return habit if record.hours.counts[known].sum() >= LEAST_EVENTS * habit.burst else None


def _others(record: Record, known: Bools) -> Habit | None:
    if record.others is None or record.others[known].sum() < LEAST_EVENTS:
        return None
    hours = record.hours
    return habit_of(Hours(hours.begins_us, hours.now_us, hours.slots, record.others), known)


def _candidates(record: Record, habit: Habit) -> list[tuple[int, int | None]]:
    """Give the waits long enough for a closer look: no law of zero events lies below Poisson's.

    What was imported before the first live event is history: nothing was watched that could have stopped.
    """
    since, until = record.waits()
    live_us = record.hours.begins_us + int(np.flatnonzero(record.hours.counts)[0]) * HOUR_US
    is_long = (since >= live_us) & (np.exp(-habit.usual(since, until)) < BROKEN)
    pairs = zip(since[is_long].tolist(), until[is_long].tolist(), strict=True)
    return [(begin, None if end == NEVER else end) for begin, end in pairs]


def _outage(gap: tuple[int, int | None], record: Record, habit: Habit, others: Habit | None) -> Outage | None:
    """Judge one wait, and find the moment from which on chance did not explain it any more."""
    since, until = gap
    end = record.hours.now_us - record.late_us if until is None else until

    def is_certain(moment: int) -> bool:
        attended = attendance(others, since, moment) if others else 1.0
        chance = habit.chance(since, moment, attendance=attended)
        return chance < BROKEN and habit.yearly * chance < FALSE_ALARMS_A_YEAR

    earliest = since + LEAST_GAP_US
    if end < earliest or not is_certain(end):
        return None
    low, high = since, end
    while high - low > ACCURACY_US:
        middle = (low + high) // 2
        low, high = (low, middle) if is_certain(middle) else (middle, high)
    return Outage(since, until, max(high, earliest))


def _is_unusual(record: Record, habit: Habit) -> bool:
    last, until = int(record.last_us.max()), record.hours.now_us - record.late_us
    chance = habit.chance(last, until)
    return until - last >= LEAST_GAP_US and chance < SILENT and habit.yearly * chance < SILENCES_A_YEAR


def _is_long_ago(record: Record) -> bool:
    return record.hours.now_us - int(record.last_us.max(initial=0)) >= LATELY_US
