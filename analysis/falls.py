"""Whether a rate fell by more than chance: a recent count of persons against an earlier one."""

from dataclasses import dataclass
from typing import Final

from analysis.evidence.exact import p_value
from analysis.evidence.ratios import strata
from analysis.rates import LITTLE_DATA

LEAST_EXPECTED: Final = 10  # conversions that the earlier rate would have brought; with fewer, a bad day is only a day
CHANCE: Final = 0.01  # a look a day at rates that do not change: one false alarm in two hundred looks at most


@dataclass(frozen=True, slots=True)
class Fall:
    """A recent rate beside an earlier one.

    recent, before   fractions
    share            of the earlier rate that is gone: 0.26 is 26 % less; below 0 where the rate rose
    p                two-sided exact p-value of no difference
    """

    recent: float
    before: float
    share: float
    p: float

    @property
    def is_beyond_chance(self) -> bool:
        """Say whether the rates differ by more than chance."""
        return self.p < CHANCE


def fall(reached: int, persons: int, reached_before: int, persons_before: int) -> Fall | None:
    """Compare two rates by Fisher's exact test, two-sided as twice the smaller tail.

    reached, persons                 of the recent days, 0 <= reached <= persons
    reached_before, persons_before   of the earlier days, all of them together: a ratio of sums
    returns                          Fall; None for too little data: below 30 persons on either side, or where the
                                     earlier rate would not have brought 10 of the recent persons to convert
    raises                           ValueError for counts that contradict each other
    source                           Fisher 1934, Statistical Methods for Research Workers, 5th edition, section 21.02
    """
    table = strata((reached, persons, reached_before, persons_before))
    if min(persons, persons_before) < LITTLE_DATA:
        return None
    before = reached_before / persons_before
    if before * persons < LEAST_EXPECTED:
        return None
    recent = reached / persons
    return Fall(recent, before, 1 - recent / before, p_value(table))
