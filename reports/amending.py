"""Fills goals by persons: those in whom two states of the lake differ are counted again, and nobody else.

Their conversions of before stand in the goal's paths. What these put into the days is taken off, what the new ones put
there is added, and the new paths are written beside the goal's table (paths.AMENDED).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from goals.counting import Statement
from goals.definition import Definition
from goals.models import Goal
from reports import adjusting, attribute, folding, paths
from reports.daily import GoalDay, days_of
from reports.goal_filling import FilledGoal, as_day, currencies_of, main_currency, sessions_of
from reports.models import FillState
from reports.narrowed import Narrowed
from tracking.lake.table import replace_days
from workspaces import scope

MOST_ROWS = 150_000  # amended paths beyond so many, about 30 MB, are written into the goal's table
FROM = 2**40  # numbers of amended conversions: after those of any day, so that no two of a day have one
_SQL = {path.stem: path.read_text() for path in (Path(__file__).parent / "sql").glob("amending.*.sql")}
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Before:
    """What is published of the persons.

    conversions   with the columns that days are summed from
    days          what they put into the goal's days
    kept          amended paths of other persons
    amended       those of the persons whose paths are amended already
    """

    conversions: pa.Table
    days: Mapping[date, GoalDay]
    kept: pa.Table
    amended: pa.ChunkedArray


def before(goal: Goal, state: FillState, few: Narrowed) -> Before:
    """Read what is published of the persons; the sessions of before are to be shown."""
    few.show(f"stored_{goal.pk}", paths.published(state))
    conversions = _asked(few, goal, "amending.before")
    days = days_of(conversions, sessions_of(conversions, few.lake), currency=state.currency)
    if not folding.is_amended(state):
        nobody = paths.AMENDED.empty_table()
        return Before(conversions, days, nobody, nobody.column("person_id"))
    rows = _asked(few, goal, "amending.kept").select(paths.AMENDED.names).cast(paths.AMENDED)
    known = pc.is_in(rows.column("person_id"), value_set=few.persons.column("person_id"))
    return Before(conversions, days, rows.filter(pc.invert(known)), rows.filter(known).column("person_id"))


def fill_goal(goal: Goal, state: FillState, few: Narrowed, was: Before, *, currency: str) -> FilledGoal | None:
    """Count the persons' conversions again, and write their paths.

    state     of the publication whose state of the lake the persons were told apart from
    returns   None where the days are to be counted from the whole lake: their values are summed in another currency
    raises    adjusting.Contradiction, and what goal_filling.fill_goal raises
    """
    found = few.lake.conversions(Definition.of(goal))
    found = found.filter(pc.is_in(found.column("person_id"), value_set=few.persons.column("person_id")))
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


def _asked(few: Narrowed, goal: Goal, name: str) -> pa.Table:
    return few.lake.ask(Statement(_SQL[name].replace("{stored}", f"stored_{goal.pk}")))


def _stored(goal: Goal, days: Sequence[date] | set[date]) -> dict[date, GoalDay]:
    with scope.in_workspace(goal.workspace_id):
        return {row.day: as_day(row) for row in goal.rollups.filter(day__in=days)}


def _written(goal: Goal, state: FillState, was: Before, found: pa.Table, few: Narrowed) -> FillState:
    """Write the amended paths; give the state with the versions to be published, which is not saved."""
    if not found.num_rows and not was.conversions.num_rows:
        return state  # the goal knows none of them; an amendment that says so says it still
    rows = _amended(attribute.join(found, few.lake).read_all())
    known = pa.chunked_array([*was.conversions.column("person_id").chunks, *was.amended.chunks], pa.string())
    gone = _without(known, rows)
    amended = _numbered(pa.concat_tables([was.kept, rows]))
    table = pa.concat_tables([amended, gone])
    name = paths.name_of_amended(goal.pk)
    written = _copy(state, amended_version=replace_days(goal.workspace_id, name, table, since=None))
    if table.num_rows <= MOST_ROWS:
        return written
    return _copy(state, paths_version=folding.folded(written), amended_version=FillState().amended_version)


def _copy(state: FillState, **versions: int) -> FillState:
    known = {"paths_version": state.paths_version, "amended_version": state.amended_version}
    return FillState(workspace_id=state.workspace_id, goal_id=state.goal_id, **known | versions)


def _amended(rows: pa.Table) -> pa.Table:
    """Give rows of paths as those of amended paths."""
    columns = {name: rows.column(name) for name in paths.SCHEMA.names}
    columns["booked_on"] = columns["day"]
    columns["day"] = _no_day(rows.num_rows)
    return pa.table([columns[name] for name in paths.AMENDED.names], schema=paths.AMENDED)


def _without(persons: pa.ChunkedArray, rows: pa.Table) -> pa.Table:
    """Give one row for each person that has none: what the goal's table has of it does not hold any more."""
    known = persons.unique()
    left = known.filter(pc.invert(pc.is_in(known, value_set=rows.column("person_id").unique())))
    none = {field.name: pa.nulls(len(left), field.type) for field in paths.AMENDED}
    columns = none | {"day": _no_day(len(left)), "person_id": left}
    return pa.table([columns[name] for name in paths.AMENDED.names], schema=paths.AMENDED)


def _numbered(rows: pa.Table) -> pa.Table:
    """Number conversions anew, since those that are kept were numbered by themselves."""
    rows = rows.take(pc.sort_indices(rows, [(name, "ascending") for name in _ORDER])).combine_chunks()
    differs = np.zeros(rows.num_rows, dtype=bool)
    for name in _ORDER[:-1]:
        codes = pc.fill_null(rows.column(name).combine_chunks().dictionary_encode().indices, -1).to_numpy()
        differs[1:] |= np.diff(codes) != 0
    place = paths.AMENDED.get_field_index("number")
    return rows.set_column(place, paths.AMENDED.field("number"), pa.array(FROM + np.cumsum(differs), pa.int64()))


_ORDER = ("booked_on", "time", "source_id", "event_id", "place")


def _no_day(rows: int) -> pa.Array:
    return pa.array([_EPOCH] * rows, pa.date32())
