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
from reports.goal_filling import FilledGoal, as_day, currencies_of, main_currency
from reports.models import FillState
from reports.narrowed import Narrowed
from tracking.lake.table import write_beside
from workspaces import scope

MOST_ROWS = 150_000  # amended paths beyond so many, about 30 MB, are written into the goal's table
MOST_FILES = 50  # each fill adds one, and every reader opens them all
# Numbers of an amendment's conversions: after those of any day, and of every amendment before it.
NUMBERS = 2**40


@dataclass(frozen=True, slots=True)
class Known:
    """A goal of the publication: what is published of it, and the definition that this answers to."""

    goal: Goal
    state: FillState
    definition: Definition


@dataclass(frozen=True, slots=True)
class Before:
    """What is published of the persons.

    converters   those who converted
    currencies   how many of their conversions are in each
    days         what they put into the goal's days
    """

    converters: pa.Array
    currencies: Mapping[str, int]
    days: Mapping[date, GoalDay]


def conversions(goals: Sequence[Known], few: Narrowed) -> list[pa.Table]:
    """Find the persons' conversions of each goal, in the state that is to be shown.

    raises    duckdb.Error for what the engine refuses
    """
    found = few.lake.conversions_of_each([each.definition for each in goals])
    return [rows.filter(pc.is_in(rows.column("person_id"), value_set=few.persons["person_id"])) for rows in found]


def before(known: Known, found: pa.Table) -> Before:
    """Sum up the conversions of the state before: what is published of the persons."""
    days = days_of(found, currency=known.state.currency)
    return Before(found.column("person_id").unique(), currencies_of(found), days)


def fill_goal(
    known: Known, was: Before, found: pa.Table, *, touches: pa.Table, since: date, currency: str
) -> FilledGoal | None:
    """Put what the persons do now in the place of what they did, and write their paths.

    found     the persons' conversions
    touches   all of theirs, as reports.attribute.touches_of gives them
    since     the first day there is
    currency  the workspace's own
    returns   None where the days are to be counted from the whole lake: their values are summed in another currency
    raises    adjusting.Contradiction
    """
    goal, state = known.goal, known.state
    currencies = adjusting.counts(state.currencies, was.currencies, currencies_of(found))
    if main_currency(currencies, currency) != state.currency:
        return None
    days = days_of(found, currency=state.currency)
    adjusted = adjusting.goal_days(_stored(goal, was.days.keys() | days.keys()), was.days, days)
    written = _written(state, was.converters, attribute.join_at_hand(found, touches))
    return FilledGoal(
        goal_id=goal.pk,
        version=goal.version,
        definition_at=goal.changed_at,
        since=min(adjusted, default=since),
        days=adjusted,
        paths_version=written.paths_version,
        amended_version=written.amended_version,
        currency=state.currency,
        currencies=currencies,
        is_listed=True,
    )


def _stored(goal: Goal, days: Sequence[date] | set[date]) -> dict[date, GoalDay]:
    with scope.in_workspace(goal.workspace_id):
        return {row.day: as_day(row) for row in goal.rollups.filter(day__in=days)}


def _written(state: FillState, converters: pa.Array, rows: pa.Table) -> FillState:
    """Write the amended paths; give the state with the versions to be published, which is not saved.

    converters   the persons of whom paths are published
    rows         of paths, that hold now
    """
    if not rows.num_rows and not len(converters):
        return state  # the goal knows none of them; an amendment that says so says it still
    turn = state.amended_version + 2 if folding.is_amended(state) else 1  # more than any that is published
    table = pa.concat_tables([_amended(rows, turn), _without(converters, rows, turn)])
    name = paths.name_of_amended(state.goal_id)
    base = state.amended_version if turn > 1 else None
    version, held = write_beside(state.workspace_id, name, table, base=base)
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


def _without(converters: pa.Array, rows: pa.Table, turn: int) -> pa.Table:
    """Give one row for each person that has none: what is published of it does not hold any more."""
    left = converters.filter(pc.invert(pc.is_in(converters, value_set=rows.column("person_id").unique())))
    none = {field.name: pa.nulls(len(left), field.type) for field in paths.AMENDED}
    number = pa.array([turn * NUMBERS] * len(left), pa.int64())
    columns = none | {"day": _no_day(len(left)), "person_id": left, "number": number}
    return pa.table([columns[name] for name in paths.AMENDED.names], schema=paths.AMENDED)


def _no_day(rows: int) -> pa.Array:
    return pa.array(np.zeros(rows, "datetime64[D]"), pa.date32())
