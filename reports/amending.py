"""Fills goals by persons: those in whom two states of the lake differ are counted again, and nobody else.

Their conversions are counted in the state of before, and in the new one. What those put into the days is taken off,
what these put there is added, and the new paths are written beside the goal's table (paths.AMENDED).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goals.definition import Definition
from goals.models import Goal
from reports import adjusting, attribute, folding, paths
from reports.daily import GoalDay, days_of
from reports.goal_filling import FilledGoal, as_day, currencies_of, main_currency, sessions_of
from reports.models import FillState
from reports.narrowed import Narrowed
from tracking.lake.table import write_beside
from workspaces import scope

MOST_ROWS = 150_000  # amended paths beyond so many, about 30 MB, are written into the goal's table
MOST_FILES = 50  # each fill adds one, and every reader opens them all
# Numbers of an amendment's conversions: after those of any day, and of every amendment before it.
NUMBERS = 2**40


@dataclass(frozen=True, slots=True)
class Before:
    """What is published of the persons.

    conversions   with the columns that days are summed from
    days          what they put into the goal's days
    """

    conversions: pa.Table
    days: Mapping[date, GoalDay]


def before(goal: Goal, state: FillState, few: Narrowed) -> Before:
    """Count the persons' conversions of the state before, which is to be shown: what is published of them.

    raises    as goal_filling.fill_goal
    """
    conversions = _conversions(goal, few)
    return Before(conversions, days_of(conversions, sessions_of(conversions, few.lake), currency=state.currency))


def fill_goal(goal: Goal, state: FillState, few: Narrowed, was: Before, *, currency: str) -> FilledGoal | None:
    """Count the persons' conversions again, and write their paths.

    state     of the publication whose state of the lake the persons were told apart from
    returns   None where the days are to be counted from the whole lake: their values are summed in another currency
    raises    adjusting.Contradiction, and what goal_filling.fill_goal raises
    """
    found = _conversions(goal, few)
    currencies = adjusting.counts(state.currencies, currencies_of(was.conversions), currencies_of(found))
    if main_currency(currencies, currency) != state.currency:
        return None
    days = days_of(found, sessions_of(found, few.lake), currency=state.currency)
    adjusted = adjusting.goal_days(_stored(goal, was.days.keys() | days.keys()), was.days, days)
    written = _written(goal, state, was, found, few)
    return FilledGoal(
        goal_id=goal.pk,
        version=goal.version,
        definition_at=goal.changed_at,
        since=min(adjusted, default=few.lake.since),
        days=adjusted,
        paths_version=written.paths_version,
        amended_version=written.amended_version,
        currency=state.currency,
        currencies=currencies,
        is_listed=True,
    )


def _conversions(goal: Goal, few: Narrowed) -> pa.Table:
    found = few.lake.conversions(Definition.of(goal))
    return found.filter(pc.is_in(found.column("person_id"), value_set=few.persons.column("person_id")))


def _stored(goal: Goal, days: Sequence[date] | set[date]) -> dict[date, GoalDay]:
    with scope.in_workspace(goal.workspace_id):
        return {row.day: as_day(row) for row in goal.rollups.filter(day__in=days)}


def _written(goal: Goal, state: FillState, was: Before, found: pa.Table, few: Narrowed) -> FillState:
    """Write the amended paths; give the state with the versions to be published, which is not saved."""
    if not found.num_rows and not was.conversions.num_rows:
        return state  # the goal knows none of them; an amendment that says so says it still
    turn = state.amended_version + 2 if folding.is_amended(state) else 1  # more than any that is published
    rows = _amended(attribute.join(found, few.lake).read_all(), turn)
    table = pa.concat_tables([rows, _without(was.conversions.column("person_id"), rows, turn)])
    name = paths.name_of_amended(goal.pk)
    base = state.amended_version if turn > 1 else None
    version, held = write_beside(goal.workspace_id, name, table, base=base)
    written = _copy(state, amended_version=version)
    if held.rows <= MOST_ROWS and held.files <= MOST_FILES:
        return written
    return _copy(state, paths_version=folding.folded(written), amended_version=FillState().amended_version)


def _copy(state: FillState, **versions: int) -> FillState:
    known = {"paths_version": state.paths_version, "amended_version": state.amended_version}
    return FillState(workspace_id=state.workspace_id, goal_id=state.goal_id, **known | versions)


def _amended(rows: pa.Table, turn: int) -> pa.Table:
    """Give rows of paths as those of amended paths; conversions are numbered on over all days."""
    columns = {name: rows.column(name) for name in paths.SCHEMA.names}
    starts = np.ones(rows.num_rows, dtype=bool)
    day, number = (paths.ints(rows, name) for name in ("day", "number"))
    starts[1:] = (np.diff(day) != 0) | (np.diff(number) != 0)
    columns["number"] = pa.array(turn * NUMBERS + np.cumsum(starts), pa.int64())
    columns["booked_on"], columns["day"] = columns["day"], _no_day(rows.num_rows)
    return pa.table([columns[name] for name in paths.AMENDED.names], schema=paths.AMENDED)


def _without(persons: pa.ChunkedArray, rows: pa.Table, turn: int) -> pa.Table:
    """Give one row for each person that has none: what is published of it does not hold any more."""
    known = persons.unique()
    left = known.filter(pc.invert(pc.is_in(known, value_set=rows.column("person_id").unique())))
    none = {field.name: pa.nulls(len(left), field.type) for field in paths.AMENDED}
    number = pa.array([turn * NUMBERS] * len(left), pa.int64())
    columns = none | {"day": _no_day(len(left)), "person_id": left, "number": number}
    return pa.table([columns[name] for name in paths.AMENDED.names], schema=paths.AMENDED)


def _no_day(rows: int) -> pa.Array:
    return pa.array(np.zeros(rows, "datetime64[D]"), pa.date32())
