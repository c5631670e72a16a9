"""How often a kind of event comes, hour by hour of the local week, and how likely it stays away for a while."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.arrays import Bools, Floats, Ints

HOUR_US = 3_600_000_000
HOURS_A_DAY, HOURS_A_WEEK = 24, 168
HOURS_A_YEAR = 8_766.0
RECENT_HOURS = 28 * HOURS_A_DAY  # the level of four whole weeks; a habit older than that is no guide to today
PRIOR_WEEKS = 2.0  # what weekday times hour is worth against an hour of the week by itself ...
PRIOR_EVENTS = 1.0  # ... but no more events than this: that a busy office is empty at night takes no two weeks to learn
HIGHEST_DAY = 3.0  # of the usual: a campaign's day says nothing of how low an ordinary day may be
DOUBT = 2.0  # standard errors of the burst's size
LEAST_SEEN = 20.0  # expected events of others below which nobody can say whether visitors stayed away


@dataclass(frozen=True)
class Hours:
    """Hold counts of events by hour, up to a moment.

    begins_us   the first hour's start, microseconds since the epoch
    now_us      the moment; it lies in the last hour, of which only so much has passed
    slots       int64[h], the hour of the local week that each one is, 0 (Monday 0:00) to 167
    counts      float64[h], >= 0
    raises      ValueError where the two differ in length, or the last hour is not the one of now
    """

    begins_us: int
    now_us: int
    slots: Ints
    counts: Floats

    def __post_init__(self) -> None:
        if len(self.slots) != len(self.counts):
            raise ValueError(f"{len(self.slots)} slots for {len(self.counts)} counts")
        if not 0 < self.now_us - self.begins_us - (len(self.counts) - 1) * HOUR_US <= HOUR_US:
            raise ValueError("the last hour is not the one that runs")

    @cached_property
    def edges(self) -> Floats:
        """Give where hours begin and the last one ends, in hours since the first: float64[h + 1]."""
        edges = np.arange(len(self.counts) + 1, dtype=np.float64)
        edges[-1] = (self.now_us - self.begins_us) / HOUR_US
        return edges

    def place(self, time_us: int) -> float:
        """Give an instant in hours since the first hour's start, kept inside."""
        return min(max((time_us - self.begins_us) / HOUR_US, 0.0), (self.now_us - self.begins_us) / HOUR_US)

    def within(self, since_us: int, until_us: int) -> float:
        """Give the events of [since, until), an hour's spread evenly over it."""
        low, high = np.interp([self.place(since_us), self.place(until_us)], self.edges, self._sums)
        return float(high - low)

    @cached_property
    def _sums(self) -> Floats:
        return sums(self.counts)


@dataclass(frozen=True)
class Habit:
    """Hold what was learned of one kind of event.

    hours        what it was learned from
    known        bool[h], the hours that were measured
    expected     float64[h], events of each hour at the usual level
    burst        events that come together, >= 1: variance over mean within a day
    spread       relative variance of a day's level
    most         float64[h], bursts that may be counted on in each hour: no more than leaves the share of its kind
                 that stayed empty; an office that opens late on one day in three is not missed at eight
    """

    hours: Hours
    known: Bools
    expected: Floats
    burst: float
    spread: float
    most: Floats

    @property
    def yearly(self) -> float:
        """Give how many bursts begin in a year: as many chances for a long wait."""
        return float(self.expected[self.known].mean()) * HOURS_A_YEAR / self.burst

    def level(self, at_us: int) -> tuple[float, float]:
        """Give the level of the four weeks before an instant, 1 at most, and how many bursts it rests on.

        A level above the usual is not believed: growth that is real only makes the alarm later.
        """
        until = int(self.hours.place(at_us))
        since = max(until - RECENT_HOURS, 0)
        came, due = (float(each[until] - each[since]) for each in self._known_sums)
        return (min(came / due, 1.0) if due > 0 else 1.0), came / self.burst

    def due(self, since_us: int, until_us: int) -> float:
        """Give the events expected in [since, until) at the level of its start."""
        places = np.array([self.hours.place(since_us), self.hours.place(until_us)])
        low, high = np.interp(places, self.hours.edges, sums(self.expected * np.diff(self.hours.edges)))
        return float(high - low) * self.level(since_us)[0]

    def usual(self, since_us: Ints, until_us: Ints) -> Floats:
        """Give the bursts expected in each [since, until) at the usual level: float64[n]."""
        places = np.clip((np.stack([since_us, until_us]) - self.hours.begins_us) / HOUR_US, 0.0, self.hours.edges[-1])
        low, high = self._up_to(places)
        found: Floats = high - low
        return found

    def chance(self, since_us: int, until_us: int, *, attendance: float = 1.0) -> float:
        """Give the probability that not one event comes in [since, until).

        attendance  the share of the usual visitors who were there
        source      a Poisson whose mean is gamma distributed is negative binomial (Greenwood and Yule 1920), here
                    its term of zero; the mean's relative variance is that of the level's estimate plus that of the
                    days, which average out over a stretch of several
        """
        level, bursts = self.level(since_us)
        days = self._by_day(since_us, until_us)
        mean = float(days.sum()) * level * attendance
        if mean <= 0 or bursts <= 0:
            return 1.0
        variance = 1.0 / bursts + self.spread * float((days**2).sum()) / float(days.sum()) ** 2
        return float((1.0 + variance * mean) ** (-1.0 / variance))

    def _by_day(self, since_us: int, until_us: int) -> Floats:
        """Give the bursts of [since, until) by days from its start, at the usual level: float64[days]."""
        since, until = self.hours.place(since_us), self.hours.place(until_us)
        return np.diff(self._up_to(np.append(np.arange(since, until, HOURS_A_DAY), until)))

    def _up_to(self, places: Floats) -> Floats:
        """Give the bursts expected up to each place, of the hour that runs what has passed of it."""
        total: Floats = np.interp(places, self.hours.edges, self._sums)
        return total

    @cached_property
    def _sums(self) -> Floats:
        return sums(np.minimum(self.expected / self.burst, self.most) * np.diff(self.hours.edges))

    @cached_property
    def _known_sums(self) -> tuple[Floats, Floats]:
        return sums(np.where(self.known, self.hours.counts, 0.0)), sums(np.where(self.known, self.expected, 0.0))


def habit_of(hours: Hours, known: Bools) -> Habit:
    """Learn from the hours that were measured; needs one event in them at least.

    source   hour of the week as weekday times hour of the day, drawn towards what the hour itself showed (a gamma
             prior of PRIOR_WEEKS weeks, or PRIOR_EVENTS events); dispersion by Pearson (McCullagh and Nelder 1989,
             ch. 9), within days and between them
    """
    expected, without = _expected(hours, known)
    came = np.where(known, hours.counts, 0.0)
    due = np.where(known, expected, 0.0)
    day = np.arange(len(came)) // HOURS_A_DAY
    burst = _burst(came, np.where(known, without, 0.0), day)
    return Habit(hours, known, expected, burst, _spread(came, due, day, burst), _most(hours, known))


def attendance(others: Habit, since_us: int, until_us: int) -> float:
    """Give the share of the usual events of others in [since, until), 1 at most; 1 where too few were due."""
    due = others.due(since_us, until_us)
    return min(others.hours.within(since_us, until_us) / due, 1.0) if due >= LEAST_SEEN else 1.0


def _expected(hours: Hours, known: Bools) -> tuple[Floats, Floats]:
    """Give the events of each hour, float64[h]: by the hours of its kind, and by those without the hour itself."""
    slots, counts = hours.slots[known], hours.counts[known]
    seen = np.bincount(slots, minlength=HOURS_A_WEEK).astype(np.float64).reshape(7, HOURS_A_DAY)
    came = np.bincount(slots, counts, minlength=HOURS_A_WEEK).reshape(7, HOURS_A_DAY)
    weekday = came.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    clock = _blurred(came.sum(axis=0) / np.maximum(seen.sum(axis=0), 1))
    prior = np.outer(weekday, clock) / (came.sum() / seen.sum())
    weeks = np.minimum(PRIOR_WEEKS, PRIOR_EVENTS / np.maximum(prior, PRIOR_EVENTS / PRIOR_WEEKS))
    above = (came + weeks * prior).reshape(-1)[hours.slots]
    below = (seen + weeks).reshape(-1)[hours.slots]
    return above / below, (above - np.where(known, hours.counts, 0.0)) / (below - known)


def _most(hours: Hours, known: Bools) -> Floats:
    """Give the mean of a Poisson that is 0 as often as the other hours of each one's kind were: float64[h]."""
    is_empty = known & (hours.counts == 0)
    seen, empty = (np.bincount(hours.slots[each], minlength=HOURS_A_WEEK)[hours.slots] for each in (known, is_empty))
    share = (empty - is_empty) / np.maximum(seen - known, 1)
    most: Floats = -np.log(share, out=np.full(len(share), -np.inf), where=share > 0)
    return most


def _blurred(clock: Floats) -> Floats:
    """Average each hour of the day with its neighbours: rare events would invent hours that never have one."""
    blurred: Floats = (np.roll(clock, 1) + 2.0 * clock + np.roll(clock, -1)) / 4.0
    return blurred


def _burst(came: Floats, due: Floats, day: Ints) -> float:
    """Give variance over mean of an hour's count, given its day's.

    Of a day's Y bursts of one size b, an hour with the share p of the day takes a binomial part, so that the squares of
    (count - p x events) add up to b x events x (1 - sum of p squared). `due` leaves each hour itself out: a rare event
    would explain itself.
    """
    due_daily = np.bincount(day, due)
    share = np.divide(due, due_daily[day], out=np.zeros_like(due), where=due_daily[day] > 0)
    came_daily = np.bincount(day, came)
    above = float(((came - share * came_daily[day]) ** 2).sum())
    below = float((came_daily * (1.0 - np.bincount(day, share**2))).sum())
    # Few occupied hours tell little of how events come together: their doubt goes to the side of no alarm.
    doubt = 1.0 + DOUBT / np.sqrt(max(int((came > 0).sum()), 1))
    return max(1.0, above / below if below > 0 else 1.0) * float(doubt)


def _spread(came: Floats, due: Floats, day: Ints, burst: float) -> float:
    """Give the relative variance of the days' levels that bursts do not explain."""
    came_daily, due_daily = np.bincount(day, came), np.bincount(day, due)
    some = due_daily > 0
    usual, seen = due_daily[some], np.minimum(came_daily[some], HIGHEST_DAY * due_daily[some])
    return max(0.0, float(((seen - usual) ** 2 - burst * usual).sum() / (usual**2).sum()))


def sums(amounts: Floats) -> Floats:
    """Give the running sum, from 0: float64[n + 1]."""
    return np.concatenate(([0.0], np.cumsum(amounts)))
