"""Days whose figures change because those of some persons do: what they were is taken off, what they are put on. Pure.

Every figure of a day is a sum over persons: a person's conversions, the sessions that reached the goal, the money, and
one person-day with its gap. So adjusted days equal days that are counted anew.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from reports.daily import GoalDay, VisitDay
from reports.uniques import DayPersons

Day = TypeVar("Day", GoalDay, VisitDay)


class Contradiction(Exception):
    """More is to be taken off than there is: what is stored does not hold these persons as they were."""


def goal_days(
    stored: Mapping[date, GoalDay], before: Mapping[date, GoalDay], after: Mapping[date, GoalDay]
) -> dict[date, GoalDay]:
    """Give the days of a goal that differ, as they are now; days on which nothing is left are GoalDay().

    stored          of everybody, at least the days of the other two
    before, after   of some persons alone
    raises          Contradiction
    """
    return {
        day: _goal_day(stored.get(day, GoalDay()), before.get(day, GoalDay()), after.get(day, GoalDay()))
        for day in _differing(before, after)
    }


def visit_days(
    stored: Mapping[date, VisitDay], before: Mapping[date, VisitDay], after: Mapping[date, VisitDay]
) -> dict[date, VisitDay]:
    """Do the same with days of visits."""
    return {
        day: _visit_day(stored.get(day, VisitDay()), before.get(day, VisitDay()), after.get(day, VisitDay()))
        for day in _differing(before, after)
    }


def counts(stored: Mapping[str, int], before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Adjust counts by name; names of which none is left are not there."""
    found = {
        name: _sum(stored.get(name, 0), before.get(name, 0), after.get(name, 0))
        for name in sorted({*stored, *before, *after})
    }
    return {name: count for name, count in found.items() if count}


def _differing(before: Mapping[date, Day], after: Mapping[date, Day]) -> list[date]:
    return sorted(day for day in before.keys() | after.keys() if before.get(day) != after.get(day))


def _goal_day(stored: GoalDay, before: GoalDay, after: GoalDay) -> GoalDay:
    return GoalDay(
        conversions=_sum(stored.conversions, before.conversions, after.conversions),
        sessions=_sum(stored.sessions, before.sessions, after.sessions),
        value=stored.value - before.value + after.value,
        refund=stored.refund - before.refund + after.refund,
        persons=_persons(stored.persons, before.persons, after.persons),
    )


def _visit_day(stored: VisitDay, before: VisitDay, after: VisitDay) -> VisitDay:
    return VisitDay(
        sessions=_sum(stored.sessions, before.sessions, after.sessions),
        pageviews=_sum(stored.pageviews, before.pageviews, after.pageviews),
        events=_sum(stored.events, before.events, after.events),
        persons=_persons(stored.persons, before.persons, after.persons),
    )


def _persons(stored: DayPersons, before: DayPersons, after: DayPersons) -> DayPersons:
    held, off, on = (Counter(dict(zip(each.gaps, each.persons, strict=True))) for each in (stored, before, after))
    found = {gap: _sum(held[gap], off[gap], on[gap]) for gap in sorted({*held, *off, *on})}
    left = {gap: persons for gap, persons in found.items() if persons}
    return DayPersons(tuple(left), tuple(left.values()))


def _sum(stored: int, before: int, after: int) -> int:
    if before > stored:
        raise Contradiction(f"{before} are to be taken off {stored}")
    return stored - before + after
