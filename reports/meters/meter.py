"""Meter: what a KPI is read with, and what has been read; boards and baselines know no measure beyond it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from analysis.pacing import Pace, Record
from analysis.targets import Target as Aim
from goals.models import Goal
from reports.publishing import Published

ByDay = Callable[[date], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a KPI came to over some days: money in micros, rates as fractions.

    actual       None where a ratio has no denominator
    part, whole  what a ratio is made of; of one goal's sums its value and conversions
    """

    actual: float | None
    part: float
    whole: int


class Metered(Protocol):
    """A KPI on one publication.

    state      whether there are figures, as in reports.answer
    fault      why it can't be computed any more, for people; "" where it can
    currency   of its money
    is_share   whether `part` lies in `whole`, both of them counts
    of         what that whole is called, "" where it has no name
    told       how it is computed, for people; "" where its goal says so
    """

    @property
    def state(self) -> str: ...
    @property
    def fault(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def is_share(self) -> bool: ...
    @property
    def of(self) -> str: ...
    @property
    def told(self) -> str: ...

    def figure(self, since: date, until: date) -> Figure:
        """Give what it came to over [since, until)."""
        ...

    def by_day(self, begin: date, since: date) -> tuple[ByDay, ByDay]:
        """Give what each day adds above and below the line; ones below where it is a sum.

        begin, since   of what was measured, and of the period: people are counted once before and once in it
        """
        ...

    def pace(self, target: Aim, above: Record, below: Record) -> Pace:
        """Give where the target stands."""
        ...


class Meter(Protocol):
    """How one KPI is read.

    goals   those whose days it takes
    """

    @property
    def goals(self) -> tuple[Goal, ...]: ...

    def read(self, published: Published) -> Metered:
        """Take the reading off one publication, which has the goals."""
        ...
