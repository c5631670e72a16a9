"""Days of a goal and of a workspace's visits, and their sums over a range. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.rates import Rate, ratio
from analysis.rates import rate as proportion
from reports import uniques
from reports.uniques import NOBODY, DayPersons


@dataclass(frozen=True, slots=True)
class GoalDay:
    """One local day of a goal; see the Rollup row."""

    conversions: int = 0
    sessions: int = 0
    value: int = 0
    refund: int = 0
    persons: DayPersons = NOBODY


@dataclass(frozen=True, slots=True)
class VisitDay:
    """One local day of visits; see the Visits row."""

    sessions: int = 0
    pageviews: int = 0
    events: int = 0
    persons: DayPersons = NOBODY


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one goal over one range. Money in micros of one currency.

    converters           different persons who converted in the range
    converting_sessions  sessions that began in the range and reached the goal
    refund               0 or negative
    visitors             different persons seen in the range
    sessions             that began in the range
    """

    conversions: int
    converters: int
    converting_sessions: int
    value: int
    refund: int
    visitors: int
    sessions: int

    @property
    def value_net(self) -> int:
        """Give the value after refunds."""
        return self.value + self.refund

    @property
    def average(self) -> int | None:
        """Give the value of a conversion, gross, in micros; None without conversions."""
        average = ratio(self.value, self.conversions)
        return None if average is None else round(average)

    def part(self, per: str) -> int:
        """Give the numerator of the rate."""
        return self.converters if per == "visitors" else self.converting_sessions

    def whole(self, per: str) -> int:
        """Give the denominator of the rate."""
        return self.visitors if per == "visitors" else self.sessions

    def rate(self, per: str) -> Rate | None:
        """Give the rate with its Wilson interval; None without a denominator.

        None too where persons converted who made no visit: then the two counts are of different things, which
        happens to goals on ad events alone.
        """
        part, whole = self.part(per), self.whole(per)
        return None if part > whole else proportion(part, whole)


def figures(days: Mapping[date, GoalDay], visits: Mapping[date, VisitDay], *, since: date, until: date) -> Figures:
    """Sum the days of [since, until); persons are counted once."""
    dates = [since + timedelta(days=n) for n in range((until - since).days)]
    mine = {day: days[day] for day in dates if day in days}
    seen = {day: visits[day] for day in dates if day in visits}
    return Figures(
        conversions=sum(row.conversions for row in mine.values()),
        converters=uniques.distinct({day: row.persons for day, row in mine.items()}, since, until),
        converting_sessions=sum(row.sessions for row in mine.values()),
        value=sum(row.value for row in mine.values()),
        refund=sum(row.refund for row in mine.values()),
        visitors=uniques.distinct({day: row.persons for day, row in seen.items()}, since, until),
        sessions=sum(row.sessions for row in seen.values()),
    )


def days_of(conversions: pa.Table, *, currency: str) -> dict[date, GoalDay]:
    """Sum conversions by local day.

    conversions   what `goals.conversions.find` gives, of all history: persons' gaps look back
    currency      values of other currencies are left out
    """
    if not conversions.num_rows:
        return {}
    day = conversions.column("day").cast(pa.int32()).to_numpy().astype(np.int64)
    mine = pc.fill_null(pc.equal(conversions.column("currency"), currency), False).to_numpy()
    value = conversions.column("value_micros").to_numpy() * mine
    refund = conversions.column("refund_micros").to_numpy() * mine
    person = conversions.column("person_id").combine_chunks().dictionary_encode().indices.to_numpy()
    persons = uniques.by_day(person.astype(np.int64), day)
    found, place = np.unique(day, return_inverse=True)
    sums = [np.zeros(len(found), dtype=np.int64) for _ in range(3)]
    for total, worth in zip(sums, (np.ones(len(day), dtype=np.int64), value, refund), strict=True):
        np.add.at(total, place, worth)  # integers stay exact, which bincount's floats would not
    rows = {
        _date(ordinal): GoalDay(int(sums[0][n]), 0, int(sums[1][n]), int(sums[2][n]), persons[ordinal])
        for n, ordinal in enumerate(found.tolist())
    }
    return _with_sessions(rows, _sessions(conversions))


def _sessions(conversions: pa.Table) -> dict[date, int]:
    """Count the sessions that conversions lie in, by the local day that they began on."""
    each = conversions.group_by(["source_id", "session_id", "session_day"]).aggregate([])
    counted = pc.value_counts(each.column("session_day").drop_null()).to_pylist()  # none: outside of every session
    return {row["values"]: row["counts"] for row in counted}


def _with_sessions(rows: Mapping[date, GoalDay], sessions: Mapping[date, int]) -> dict[date, GoalDay]:
    """Put each session on the day it began, which may be the day before its conversion."""
    days: Iterable[date] = sorted(rows.keys() | sessions.keys())
    return {day: replace(rows.get(day, GoalDay()), sessions=sessions.get(day, 0)) for day in days}


def _date(ordinal: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + ordinal)
