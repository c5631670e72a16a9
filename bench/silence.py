"""How often a watched goal is called broken by mistake, and how soon when it is true.

    python -m bench.silence [--goals 40] [--stops 100]

False alarms: simulated goals of a shop's week and of an office's, each watched for a year with a look a week at the
thirteen weeks before; every wait that is called an outage is a mistake. Delays: goals that stop at a random moment,
from the last event to the moment from which on the silence is called broken. All seeded.
"""

import argparse
import platform
import time
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.habit import HOUR_US, Hours
from analysis.silence import FALSE_ALARMS_A_YEAR, Record, judge
from bench.weeks import OFFICE, SHOP

WINDOW = 91 * 24
WEEKS = {"shop": SHOP, "office": OFFICE}
LOOKS = (1, 2, 3, 5, 8, 13, 21, 30, 40, 50, 60, 70)  # days after a goal stopped; a look says when it became certain


@dataclass(frozen=True, slots=True)
class Case:
    """Describe a kind of goal.

    spread   relative variance of its days
    burst    how many events come together
    shift    a day begins up to so many hours sooner or later than the week says
    """

    week: str
    a_day: float
    spread: float = 0.05
    burst: int = 1
    shift: int = 0


NOISES = ((0.05, 1, 0), (0.3, 1, 0), (0.05, 3, 0), (0.05, 1, 1))
CASES = [Case(week, a_day, *noise) for week in WEEKS for a_day in (0.5, 2, 12, 120, 2_000) for noise in NOISES]
STOPPING = [Case(week, a_day) for week in WEEKS for a_day in (0.5, 1, 3, 12, 50, 200, 1_000, 10_000)]


def draw(case: Case, days: int, random: np.random.Generator) -> Record:
    """Make the record of a goal from a Monday on."""
    week = WEEKS[case.week]
    level = np.repeat(random.gamma(1 / case.spread, case.spread, days), 24)
    slots: Ints = np.arange(24 * days, dtype=np.int64) % 168
    moved = np.repeat(random.integers(-case.shift, case.shift + 1, days), 24)
    counts = (
        random.poisson(case.a_day / 24 * week[(slots + moved) % 168] * level / case.burst).astype(np.float64)
        * case.burst
    )
    ends = random.random((2, len(counts))) ** (1 / np.maximum(counts, 1))
    late = np.where(counts == 1, ends[1], np.maximum(ends[1], 1 - ends[0]))
    early = np.where(counts == 1, ends[1], np.minimum(ends[1], 1 - ends[0]))
    starts = HOUR_US * np.arange(1, len(counts) + 1, dtype=np.int64)
    first, last = (np.where(counts > 0, starts + (place * HOUR_US).astype(np.int64), 0) for place in (early, late))
    return Record(Hours(HOUR_US, int(starts[-1]) + HOUR_US, slots, counts), first, last)


def part(whole: Record, since: int, until: int, *, counts: Floats | None = None) -> Record:
    """Give the hours [since, until) as they were known then."""
    hours, cut = whole.hours, slice(since, until)
    begins = hours.begins_us + since * HOUR_US
    known = hours.counts if counts is None else counts
    kept = known[cut] > 0
    return Record(
        Hours(begins, begins + (until - since) * HOUR_US, hours.slots[cut], known[cut]),
        np.where(kept, whole.first_us[cut], 0),
        np.where(kept, whole.last_us[cut], 0),
    )


def false_alarms(case: Case, goals: int) -> tuple[float, float]:
    """Give false alarms a year and goal, and milliseconds a look."""
    random = np.random.default_rng(17)
    found, looks, spent = 0, 0, 0.0
    for _ in range(goals):
        whole = draw(case, 364 + 91, random)
        seen: set[int] = set()
        for end in range(WINDOW + 168, len(whole.hours.counts) + 1, 168):
            since = time.process_time()
            seen |= {outage.since_us for outage in judge(part(whole, end - WINDOW, end)).outages}
            spent += time.process_time() - since
            looks += 1
        found += len(seen)
    return found / goals, 1_000 * spent / looks


def delays(case: Case, stops: int) -> list[float]:
    """Give the hours from the last event to the alarm, of goals that stop; infinite where none came in ten weeks."""
    random = np.random.default_rng(23)
    found = []
    for _ in range(stops):
        whole = draw(case, 91 + 7 + LOOKS[-1], random)
        stop = WINDOW + int(random.integers(0, 168))
        counts = np.where(np.arange(len(whole.hours.counts)) < stop, whole.hours.counts, 0.0)
        found.append(next((hours for days in LOOKS if (hours := _delay(whole, counts, stop + 24 * days))), np.inf))
    return found


def _delay(whole: Record, counts: Floats, now: int) -> float | None:
    """Give how long the silence took to be called broken, by what is known at an hour; None where it is not."""
    outages = judge(part(whole, now - WINDOW, now, counts=counts)).outages
    return next(((each.certain_us - each.since_us) / HOUR_US for each in outages if each.until_us is None), None)


def _hours(value: float) -> str:
    return "none in 10 weeks" if np.isinf(value) else f"{value:.1f} h" if value < 48 else f"{value / 24:.1f} days"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--goals", type=int, default=40)
    parser.add_argument("--stops", type=int, default=100)
    asked = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}")
    print(f"\nstated: {FALSE_ALARMS_A_YEAR} false alarms a goal and year")
    print("| week | events a day | spread | burst | shift | false alarms a year | ms a look |")
    rates = []
    for case in CASES:
        rate, spent = false_alarms(case, asked.goals)
        rates.append(rate)
        kind = f"{case.week} | {case.a_day:g} | {case.spread} | {case.burst} | {case.shift}"
        print(f"| {kind} | {rate:.3f} | {spent:.1f} |", flush=True)
    print(f"all: {np.mean(rates):.4f} of {len(rates) * asked.goals} goal years")
    print("\n| week | events a day | half are found within | nine in ten within |")
    for case in STOPPING:
        hours = delays(case, asked.stops)
        middle, late = np.quantile(hours, [0.5, 0.9], method="inverted_cdf")
        print(f"| {case.week} | {case.a_day:g} | {_hours(middle)} | {_hours(late)} |", flush=True)


if __name__ == "__main__":
    main()
