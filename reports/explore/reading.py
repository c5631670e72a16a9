"""Reads what a question asks about into tables of one connection: visits, what happened in them, conversions.

    found     the visits that lie in the range, with the columns that are asked for
    inside    visit, values of what happened in it (m0 ...), whether conditions were met (f0 ...), how often
    visits    found after all conditions, with a flag for each segment (s1 ...) and each goal that it reached (r0 ...)
    goal0 ... conversions of each goal

Whatever people sent or typed is bound. What stands in the statements is the registry's own.
"""

# ruff: noqa: S608  # see above

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from duckdb import DuckDBPyConnection as Connection

from reports.explore.clock import Clock
from reports.explore.conditions import CONTAINS, IS_NOT, STARTS, Condition
from reports.explore.dimensions import NOT_SET, Dimension, Of, pointer_of
from reports.explore.metrics import Counted
from tracking.uncounted import NOT_COUNTED
from workspaces.zones import start_of

_SQL = Path(__file__).parent.parent / "sql"
FOUND, FIRST, VALUES, INSIDE, BOOKED, OWN = (
    (_SQL / f"explore.{name}.sql").read_text() for name in ("found", "first", "values", "inside", "booked", "own")
)
ELSEWHERE = ("ad_impression", "ad_engagement", "ad_click")  # seen where nobody is on the site: in no visit
MOST_VALUES = 200_000  # of one level that are compared, of which few are shown
LONGEST_VISIT = timedelta(days=8)  # no visit of a person goes on for a week
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TooMany(Exception):
    """A level has more different values than can be compared: so many may they be at most."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is read.

    goals      whose conversions are read; goal n is the table `goal<n>`
    sites      short names of sources by their ids
    members    tables of the persons of segments, by the segments' short names
    """

    by: tuple[Dimension, ...]
    where: tuple[Condition, ...]
    segments: tuple[tuple[Condition, ...], ...]
    goals: tuple[Counted, ...]
    sites: Mapping[int, str]
    since: date
    until: date
    zone: ZoneInfo
    clock: Clock
    members: Mapping[str, str] = field(default_factory=dict)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Give all conditions, those of segments last."""
        return (*self.where, *(each for segment in self.segments for each in segment))

    @property
    def of_visits(self) -> list[Dimension]:
        """Give the dimensions that are columns of visits, each once: d0, d1 ..."""
        asked = (*self.by, *(each.dimension for each in self.conditions if each.is_of_column))
        return list(dict.fromkeys(each for each in asked if each.of in {Of.VISIT, Of.FIRST}))

    @property
    def several(self) -> list[Dimension]:
        """Give the dimensions of rows that have several values in a visit: m0, m1 ..."""
        return [each for each in self.by if each.is_several]

    @property
    def met(self) -> list[Condition]:
        """Give the conditions on what happens in a visit, each once: f0, f1 ..."""
        return list(dict.fromkeys(each for each in self.conditions if each.dimension.is_several))

    @property
    def reads_events(self) -> bool:
        """Say whether events are read."""
        return bool(self.several or self.met)

    @property
    def reads_times(self) -> bool:
        """Say whether local times are asked for."""
        return any(each.is_time for each in (*self.by, *(each.dimension for each in self.conditions)))

    def column_of(self, dimension: Dimension) -> str:
        """Give the column of `visits` that a dimension of visits is, and the one of `inside` otherwise."""
        if dimension.is_several:
            return f"m{self.several.index(dimension)}"
        return f"d{self.of_visits.index(dimension)}"

    def number_of(self, slug: str) -> int:
        """Give the number of a goal."""
        return [goal.slug for goal in self.goals].index(slug)


@dataclass(slots=True)
class Binder:
    """Numbers the values that one statement binds."""

    params: dict[str, object] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        """Take a value along; give the $name that stands for it."""
        name = f"bound_{len(self.params)}"
        self.params[name] = value
        return f"${name}"

    def value(self, dimension: Dimension, asking: Asking) -> str:
        """Give the expression of a dimension's value over what it is read from; never null."""
        name = self.bind(pointer_of(dimension.name)) if dimension.name else ""
        site = self._site(asking.sites) if "{site}" in dimension.sql else ""
        text = dimension.sql.format(name=name, site=site, at="started")
        return f"coalesce(nullif({text}, ''), {self.bind(NOT_SET)})"

    def _site(self, sites: Mapping[int, str]) -> str:
        cases = "".join(f" when {pk} then {self.bind(slug)}" for pk, slug in sites.items())
        number = "sessions.source_id::varchar"
        return f"case sessions.source_id{cases} else {number} end" if cases else number

    def meets(self, condition: Condition, text: str) -> str:
        """Give whether a text meets a condition; of "is not" whether it is."""
        values = [self.bind(value) for value in condition.values]
        calls = {CONTAINS: "contains", STARTS: "starts_with"}
        if call := calls.get(condition.operator):
            return f"({' or '.join(f'{call}({text}, {value})' for value in values)})"
        return f"({text} in ({', '.join(values)}))"


def prepare(lake: Connection, asking: Asking) -> None:
    """Make the tables; the connection has the views of the goals' paths, and the tables of segments' persons."""
    _find(lake, asking)
    if asking.reads_events:
        _look_inside(lake, asking)
    for number in range(len(asking.goals)):
        _book(lake, asking, number)
    _flag(lake, asking)


def forget(lake: Connection, asking: Asking) -> None:
    """Drop the tables again, so that another question can be prepared on the same connection."""
    lake.execute(f"drop {_kind_of_visits(asking)} visits")
    names = [f"goal{number}" for number in range(len(asking.goals))]
    for name in ("found", *(["inside"] if asking.reads_events else []), *names):
        lake.execute(f"drop table {name}")
    for number in range(len(asking.several)):
        lake.execute(f"drop table m{number}_values; drop type m{number}_values")


def _find(lake: Connection, asking: Asking) -> None:
    binder = Binder()
    local = asking.clock.local
    since, until = start_of(asking.since, asking.zone), start_of(asking.until, asking.zone)
    columns = []
    # Millions of visits are held at once: each column that nobody asks for would be room for others.
    if asking.reads_events:
        columns += ["(row_number() over ())::integer as visit", "sessions.source_id"]
    if asking.goals:
        columns.append("hash(sessions.source_id, sessions.session_id) as session")
    if asking.reads_times:
        columns.append(f"{local('epoch_us(started_at)')} as started")
    if asking.reads_times or asking.reads_events:
        columns += ["epoch_us(started_at) as started_us", "epoch_us(ended_at) as ended_us"]
    for place, dimension in enumerate(asking.of_visits):
        columns.append(f"{binder.value(dimension, asking)} as d{place}")
    early = [each for each in asking.where if not each.is_of_goal and not each.dimension.is_several]
    conditions = [_of_visit(binder, each, asking) for each in early] or ["true"]
    reads_first = any(each.of is Of.FIRST for each in asking.of_visits)
    text = FOUND.format(
        columns="".join(f", {each}" for each in columns),
        first=FIRST if reads_first else "",
        conditions=" and ".join(conditions),
    )
    bounds = {
        "since": since, "until": until, "since_day": asking.since - LONGEST_VISIT,
        "until_day": asking.until + timedelta(days=1),
    }  # fmt: skip
    lake.execute(text, bounds | binder.params)


def _of_visit(binder: Binder, condition: Condition, asking: Asking) -> str:
    """Give a condition over `found`."""
    if condition.is_of_goal:
        reached = [f"r{asking.number_of(slug)}" for slug in condition.values]
        text = f"({' or '.join(reached)})"
    elif condition.is_of_segment:
        belongs = [f"person in (select person from {asking.members[slug]})" for slug in condition.values]
        text = f"({' or '.join(belongs)})"
    elif condition.dimension.is_several:
        text = f"coalesce(f{asking.met.index(condition)}, false)"
    elif condition.dimension.is_time:
        text = binder.meets(condition, condition.dimension.sql.format(at="started"))
    else:
        text = binder.meets(condition, asking.column_of(condition.dimension))
    return f"not {text}" if condition.operator == IS_NOT else text


def _look_inside(lake: Connection, asking: Asking) -> None:
    bounds = {**_days_of_visits(lake), "not_counted": [*NOT_COUNTED, *ELSEWHERE]}
    for number, dimension in enumerate(asking.several):
        _number_values(lake, asking, dimension, f"m{number}_values", bounds)
    binder = Binder()
    values = {f"m{n}": f"{binder.value(each, asking)}::m{n}_values" for n, each in enumerate(asking.several)}
    values |= {f"f{n}": binder.meets(each, binder.value(each.dimension, asking)) for n, each in enumerate(asking.met)}
    text = INSIDE.format(values=", ".join(f"{sql} as {name}" for name, sql in values.items()), names=", ".join(values))
    lake.execute(text, bounds | binder.params)


def _number_values(
    lake: Connection, asking: Asking, dimension: Dimension, name: str, bounds: Mapping[str, object]
) -> None:
    """Make a type of the dimension's values; raise TooMany."""
    binder = Binder()
    text = VALUES.format(name=name, value=binder.value(dimension, asking))
    lake.execute(text, {**bounds, **binder.params})
    [[count]] = lake.execute(f"select count(*) from {name}").fetchall()
    if count > MOST_VALUES:
        raise TooMany(MOST_VALUES)
    lake.execute(f"create temp type {name} as enum (select value from {name} order by value)")


def _days_of_visits(lake: Connection) -> dict[str, object]:
    """Give the UTC days of the visits, the partition of events."""
    [[first, last]] = lake.execute("select min(started_us), max(ended_us) from found").fetchall()
    days = [(_EPOCH + timedelta(microseconds=us or 0)).date() for us in (first, last)]
    return {"first_day": days[0], "last_day": days[1]}


def _book(lake: Connection, asking: Asking, number: int) -> None:
    binder = Binder()
    own = {f"m{n}": binder.value(each, asking) for n, each in enumerate(asking.several)}
    days = {
        "since_day": asking.since, "until_day": asking.until,
        "earliest": asking.since - LONGEST_VISIT, "latest": asking.until + LONGEST_VISIT,
    }  # fmt: skip
    if own:
        utc = [start_of(day, asking.zone).date() for day in (asking.since, asking.until)]
        days |= {"first_day": utc[0], "last_day": utc[1]}
    missing = binder.bind(NOT_SET) if own else ""
    text = BOOKED.format(
        goal=f"goal{number}",
        paths=f"paths{asking.goals[number].pk}",
        at=asking.clock.local("time_us"),
        values="".join(f", coalesce(own.{name}, {missing}) as {name}" for name in own),
        own=OWN.format(own=", ".join(f"{sql} as {name}" for name, sql in own.items())) if own else "",
    )
    lake.execute(text, days | binder.params)


def _flag(lake: Connection, asking: Asking) -> None:
    """Make `visits`: with the segments they are of, and the goals they reached."""
    binder = Binder()
    late = [each for each in asking.where if each.is_of_goal or each.dimension.is_several]
    reached = [f"session in (select session from goal{n}) as r{n}" for n in range(len(asking.goals))]
    segments = [f"{_all(binder, segment, asking)} as s{n}" for n, segment in enumerate(asking.segments, 1)]
    met = [f"bool_or(f{n}) as f{n}" for n in range(len(asking.met))]
    happened = f"left join (select visit, {', '.join(met)} from inside group by visit) using (visit)" if met else ""
    flagged = f"select *{''.join(f', {each}' for each in reached)} from found {happened}"
    text = f"select *{''.join(f', {each}' for each in segments)} from ({flagged}) where {_all(binder, late, asking)}"
    lake.execute(f"create temporary {_kind_of_visits(asking)} visits as {text}", binder.params)


def _kind_of_visits(asking: Asking) -> str:
    """Give a view where nothing is to be worked out, which spares writing all visits once more."""
    return "table" if asking.goals or asking.segments or asking.met else "view"


def _all(binder: Binder, conditions: Sequence[Condition], asking: Asking) -> str:
    return " and ".join(_of_visit(binder, each, asking) for each in conditions) or "true"
