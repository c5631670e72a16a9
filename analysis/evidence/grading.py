"""Evidence: the ratios of one micro and macro goal, whether there is enough data, and the grade that they earn."""

from dataclasses import dataclass
from enum import StrEnum

from analysis.evidence.needed import persons_needed
from analysis.evidence.ratios import Ratio, Strata, raw, stratified

# On each side so many are to be expected to reach: below, the logarithm of a ratio is not near enough to normal.
LEAST_EXPECTED = 5.0  # Cochran 1954, Biometrics 10, 417-451
LEAST_PERSONS = 30  # on each side; the least denominator of every rate
LEAST_COMPARABLE = 0.8  # of the persons with it, who must have somebody to be compared with in their own stratum


class Grade(StrEnum):
    """How an edge is known; the first that holds."""

    EXPERIMENT = "A"
    STRATIFIED = "B"
    RAW = "C"
    OPINION = "D"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a micro goal that is said to lead to a macro goal.

    reached_with, with_it, reached_without, without   persons, all strata together
    raw, stratified   ratios of risks; None where the data do not give one, and both None without enough of it
    grade             B or C by the data, D without; A is an experiment's to give
    missing           further persons with the micro goal until enough; 0 where there are enough, None where no
                      number can be given, because nobody without it reached the macro goal
    """

    reached_with: int
    with_it: int
    reached_without: int
    without: int
    raw: Ratio | None
    stratified: Ratio | None
    grade: Grade
    missing: int | None

    @property
    def is_explained(self) -> bool:
        """Say whether who does it may explain it all: away from 1 raw, and not within strata."""
        if self.raw is None or self.stratified is None:
            return False
        return self.raw.is_away_from_one and not self.stratified.is_away_from_one


def weigh(tables: Strata) -> Evidence:
    """Give the evidence of one edge from its strata."""
    whole = tables.whole
    if not has_enough(tables):
        return Evidence(*whole, None, None, Grade.OPINION, _missing(tables))
    within = stratified(tables) if tables.comparable_share >= LEAST_COMPARABLE else None
    overall = raw(tables)
    grade = Grade.STRATIFIED if within else Grade.RAW if overall else Grade.OPINION
    return Evidence(*whole, overall, within, grade, 0 if within or overall else None)


def has_enough(tables: Strata) -> bool:
    """Say whether each side has the persons, and would have the reaching, were there no difference."""
    reached_with, with_it, reached_without, without = tables.whole
    persons, reached = with_it + without, reached_with + reached_without
    smaller = min(with_it, without)
    return smaller >= LEAST_PERSONS and smaller * reached >= LEAST_EXPECTED * persons


def _missing(tables: Strata) -> int | None:
    _, with_it, reached_without, without = tables.whole
    if not (without and reached_without):
        return None
    if not with_it:
        return persons_needed(reached_without / without, 1.0)
    wanted = persons_needed(reached_without / without, without / with_it)
    return None if wanted is None else max(1, wanted - with_it)
