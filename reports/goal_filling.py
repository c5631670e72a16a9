"""Fills one goal: its conversions, their paths to Delta, and its days; published by others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from goals.conversions import Lake
from goals.definition import Definition
from goals.models import Goal
from reports import attribute, folding, paths
from reports.daily import GoalDay, days_of
from reports.models import FillState, Rollup
from reports.uniques import DayPersons
from tracking.lake.table import NO_VERSION, replace_days
from workspaces import scope


@dataclass(frozen=True, slots=True)
class FilledGoal:
    """What is ready to be published of one goal: its days from `since` on, and the version of its paths.

    amended_version   of the rows that stand in the place of some persons' paths
    is_whole          earlier days go: they answer to another definition
    is_listed         no other days than these change; one of them that is empty goes
    """

    goal_id: int
    version: int
    definition_at: datetime
    since: date
    days: Mapping[date, GoalDay]
    paths_version: int
    currency: str
    currencies: Mapping[str, int]
    amended_version: int = NO_VERSION
    is_whole: bool = False
    is_listed: bool = False


def fill_goal(
    goal: Goal, state: FillState | None, lake: Lake, *, since: date, currency: str, is_cut: bool = False
) -> FilledGoal:
    """Find the goal's conversions, and write the paths of the days from `since` on.

    state      what is published of it; None before the first fill, and where all is to be redone
    lake       open over all days that there are
    since      the first day to redo
    currency   the workspace's own
    is_cut     days before the lake's first have figures, which stay, and no events any more
    raises     Misstated for rules that are none, duckdb.Error for what the engine refuses
    """
    definition = Definition.of(goal)
    # All of history each time: "once per person" and repeated transactions look back, refunds reach back.
    found = lake.conversions(definition)
    currencies = currencies_of(found)
    chosen = main_currency(currencies, currency)
    days = days_of(found, currency=chosen)
    begin = since if state is None else _first_difference(goal, days, lake.since, before=since, is_cut=is_cut)
    from_scratch = state is None or begin <= lake.since
    kept = found if from_scratch else found.filter(pc.greater_equal(found.column("day"), pa.scalar(begin, pa.date32())))
    del found  # what is written of it is in memory once
    base = None if from_scratch or state is None else folding.folded(state)
    rows = attribute.join(kept, lake)
    del kept
    version = replace_days(
        goal.workspace_id, paths.name_of(goal.pk), rows, since=None if from_scratch else begin, base=base
    )
    return FilledGoal(
        goal_id=goal.pk,
        version=goal.version,
        definition_at=goal.changed_at,
        since=begin,
        days={day: row for day, row in days.items() if day >= begin},
        paths_version=version,
        currency=chosen,
        currencies=currencies,
        is_whole=state is None,
    )


def main_currency(currencies: Mapping[str, int], own: str) -> str:
    """Choose the currency that values are summed in: the workspace's own, unless all values are in one other."""
    return next(iter(currencies)) if len(currencies) == 1 else own


def currencies_of(found: pa.Table) -> dict[str, int]:
    """Count the conversions of each currency."""
    counted = pc.value_counts(found.column("currency").drop_null()).to_pylist()
    return {row["values"]: row["counts"] for row in sorted(counted, key=lambda row: str(row["values"]))}


def _first_difference(goal: Goal, days: Mapping[date, GoalDay], first: date, *, before: date, is_cut: bool) -> date:
    """Give the first day from `first` on that differs from what is published, `before` where none before it does.

    Late refunds change the day of their conversion, which lies before anything that the lake calls changed. Where
    older events were removed nothing else is compared: who came back would now be new, and figures would move that
    nobody touched.
    """
    with scope.in_workspace(goal.workspace_id):
        stored = {row.day: as_day(row) for row in goal.rollups.filter(day__gte=first, day__lt=before)}
    known = {day: row for day, row in days.items() if first <= day < before}
    differs = _differs_in_refunds if is_cut else _differs
    differing = (day for day in known.keys() | stored.keys() if differs(known.get(day), stored.get(day)))
    return min(differing, default=before)


def _differs(one: GoalDay | None, other: GoalDay | None) -> bool:
    return one != other


def _differs_in_refunds(one: GoalDay | None, other: GoalDay | None) -> bool:
    return (one.refund if one else 0) != (other.refund if other else 0)


def as_day(row: Rollup) -> GoalDay:
    """Read a stored day."""
    persons = DayPersons(tuple(row.gaps), tuple(row.persons))
    return GoalDay(row.conversions, row.sessions, row.value_micros, row.refund_micros, persons)
