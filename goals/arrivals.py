"""When events came that meet goals' rules: hour by hour, of all goals in one pass over the lake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa

from analysis.arrays import Bools, Floats, Ints
from analysis.habit import HOUR_US, Hours
from analysis.silence import NEVER, Record, usual_lateness
from goals.conditions import Rule, compile_rules
from tracking.lake.query import connected
from tracking.lake.table import Snapshot
from tracking.times import us_of
from workspaces.zones import day_of, start_of

WATCHED_DAYS = 91  # thirteen weeks: each hour of the week that often, and a season's change forgotten
DAYS_SHOWN = 28
MOST_BITS = 62  # of one column: a signed 64-bit integer, with one to spare
MAIN_SHARE = 0.9  # of a goal's events: the source that brings so many is the one that it stands and falls with
LEAST_SHARE = 0.1  # a source that brings less says nothing of the goal's visitors
_SQL = Path(__file__).parent / "sql"
_HOURLY = (_SQL / "arrivals.hourly.sql").read_text()
_EVER = (_SQL / "arrivals.ever.sql").read_text()


@dataclass(frozen=True, slots=True)
class Asked:
    """A goal's rules, to be looked for."""

    goal_id: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Grid:
    """The hours that are looked at: from a local midnight to a moment."""

    now: datetime
    zone: ZoneInfo

    @cached_property
    def today(self) -> date:
        return day_of(self.now, self.zone)

    @cached_property
    def begins(self) -> datetime:
        return start_of(self.today - timedelta(days=WATCHED_DAYS), self.zone)

    @cached_property
    def length(self) -> int:
        """Give how many hours there are; the last one runs."""
        return -(-(us_of(self.now) - us_of(self.begins)) // HOUR_US)

    @cached_property
    def slots(self) -> Ints:
        """Give the hour of the local week of each hour's middle: int64[hours], 0 (Monday 0:00) to 167."""
        local = self._middles
        return np.array([24 * each.weekday() + each.hour for each in local], dtype=np.int64)

    @cached_property
    def days_ago(self) -> Ints:
        """Give how many local days before today each hour is: int64[hours]."""
        return np.array([(self.today - each.date()).days for each in self._middles], dtype=np.int64)

    @cached_property
    def _middles(self) -> list[datetime]:
        middle = self.begins + timedelta(minutes=30)
        return [(middle + timedelta(hours=n)).astimezone(self.zone) for n in range(self.length)]


@dataclass(frozen=True, slots=True)
class Stream:
    """Hold what came of one goal, or of one source.

    record       for the verdict
    last_week    events of the last seven whole local days
    daily        int64[28], of the last 28, oldest first
    main_source  the source that nearly all of them come from; None where there are several, or no event
    """

    record: Record
    last_week: int
    daily: Ints
    main_source: int | None = None

    @property
    def opening_us(self) -> int:
        """Give the time of the first event; NEVER where there is none."""
        first = self.record.first_us
        return int(first[first > 0].min(initial=NEVER))

    @property
    def closing_us(self) -> int:
        """Give the time of the last event; 0 where there is none."""
        return int(self.record.last_us.max(initial=0))


@dataclass(frozen=True)
class Arrivals:
    """Hold the arrivals of a workspace: one entry for each source, hour and combination of goals.

    sources, hours, events, week, first_us, last_us, late_us   int64[n]; is_live bool[n]; masks int64[columns, n]
    asked                                                      in the order of the bits
    """

    grid: Grid
    asked: tuple[Asked, ...]
    sources: Ints
    is_live: Bools
    hours: Ints
    masks: Ints
    events: Ints
    week: Ints
    first_us: Ints
    last_us: Ints
    late_us: Ints

    def of_source(self, source_id: int) -> Stream:
        """Give all events of a source; there is nothing to compare them with."""
        return self._stream(self.sources == source_id, None)

    def of_goal(self, place: int) -> Stream:
        """Give the events that meet the rules of the goal asked for at this place, beside those of its sources."""
        mine = self._meets(place)
        live = self.events * (mine & self.is_live)
        by_source = {int(each): int(live[self.sources == each].sum()) for each in np.unique(self.sources)}
        whole = sum(by_source.values())
        near = [each for each, events in by_source.items() if whole and events >= LEAST_SHARE * whole]
        others = self._hourly(np.isin(self.sources, near) & self.is_live & ~mine) if near else None
        main = [each for each in near if by_source[each] >= MAIN_SHARE * whole]
        return self._stream(mine, others, main_source=main[0] if main else None)

    def _meets(self, place: int) -> Bools:
        found: Bools = (self.masks[place // MOST_BITS] >> (place % MOST_BITS)) & 1 == 1
        return found

    def _hourly(self, chosen: Bools) -> Floats:
        hourly: Floats = np.zeros(self.grid.length)
        np.add.at(hourly, self.hours[chosen], self.events[chosen])
        return hourly

    def _stream(self, mine: Bools, others: Floats | None, *, main_source: int | None = None) -> Stream:
        first, last, late = (np.full(self.grid.length, fill, dtype=np.int64) for fill in (NEVER, 0, NEVER))
        np.minimum.at(first, self.hours[mine], self.first_us[mine])
        np.maximum.at(last, self.hours[mine], self.last_us[mine])
        live = mine & self.is_live
        np.minimum.at(late, self.hours[live], self.late_us[live])
        hours = Hours(us_of(self.grid.begins), us_of(self.grid.now), self.grid.slots, self._hourly(live))
        record = Record(
            hours, np.where(last > 0, first, 0), last, others, usual_lateness(late[late < NEVER])
        )  # fmt: skip
        ago = self.grid.days_ago[self.hours[mine]]
        shown = (ago >= 1) & (ago <= DAYS_SHOWN)
        daily = np.bincount(DAYS_SHOWN - ago[shown], self.events[mine][shown], minlength=DAYS_SHOWN).astype(np.int64)
        return Stream(record, int(self.week[mine].sum()), daily, main_source)


class Watching:
    """One state of a workspace's lake, open for the questions of a watch."""

    def __init__(self, snapshot: Snapshot, grid: Grid, sources: Mapping[str, int]) -> None:
        self._snapshot, self._grid, self._sources = snapshot, grid, sources

    def arrivals(self, asked: Sequence[Asked]) -> Arrivals:
        """Count what came in the hours that are looked at; raise duckdb.Error for rules that the engine refuses."""
        grid = self._grid
        week = start_of(grid.today - timedelta(days=7), grid.zone)
        bounds = {"begins_us": us_of(grid.begins), "week": week, "today": start_of(grid.today, grid.zone)}
        found = self._ask(_HOURLY, asked, bounds)
        names = ("source_id", "is_live", "hour", "events", "week", "first_us", "last_us", "late_us")
        columns = {name: found.column(name).to_numpy() for name in names}
        # A clock that runs ahead puts an event into an hour that has not begun.
        hours = np.clip(columns["hour"], 0, grid.length - 1)
        return Arrivals(
            grid=grid, asked=tuple(asked), sources=columns["source_id"], is_live=columns["is_live"], hours=hours,
            masks=_masks_of(found), events=columns["events"], week=columns["week"], first_us=columns["first_us"],
            last_us=columns["last_us"], late_us=columns["late_us"],
        )  # fmt: skip

    def ever(self, asked: Sequence[Asked]) -> dict[int, tuple[int, int]]:
        """Give the first and the last event of goals before those hours, by goal id; those without one left out."""
        if not asked:
            return {}
        found = self._ask(_EVER, asked, {})
        masks, first, last = _masks_of(found), found.column("first_us").to_numpy(), found.column("last_us").to_numpy()
        spans = {}
        for place, each in enumerate(asked):
            mine = (masks[place // MOST_BITS] >> (place % MOST_BITS)) & 1 == 1
            if mine.any():
                spans[each.goal_id] = int(first[mine].min()), int(last[mine].max())
        return spans

    def sound(self, asked: Sequence[Asked]) -> list[Asked]:
        """Leave out the goals whose rules the engine refuses, which would keep all others from being looked at."""
        return [each for each in asked if self._is_sound(each)]

    def _is_sound(self, each: Asked) -> bool:
        try:
            self.arrivals([each])
        except duckdb.Error:
            return False
        return True

    def _ask(self, sql: str, asked: Sequence[Asked], bounds: Mapping[str, object]) -> pa.Table:
        masks, params = _masks(asked, self._sources)
        given = {**params, **bounds, "begins": self._grid.begins}
        with connected(self._snapshot) as connection:
            return connection.sql(sql.replace("{masks}", masks), params=given).to_arrow_table()


def _masks(asked: Sequence[Asked], sources: Mapping[str, int]) -> tuple[str, dict[str, object]]:
    """Give a column for each 62 goals, whose bits say which goals an event meets; one column at least."""
    bits: list[str] = []
    params: dict[str, object] = {}
    for place, each in enumerate(asked):
        rules = compile_rules(each.rules, sources=sources)
        own = f"goal_{place}_"
        bits.append(f"case when {rules.sql.replace('$rule_', f'${own}')} then {1 << place % MOST_BITS} else 0 end")
        params |= {name.replace("rule_", own): value for name, value in rules.params.items()}
    groups = [bits[start : start + MOST_BITS] for start in range(0, len(bits), MOST_BITS)] or [["0"]]
    columns = (f"(({') + ('.join(group)}))::bigint as mask_{n}" for n, group in enumerate(groups))
    return ", ".join(columns), params


def _masks_of(found: pa.Table) -> Ints:
    columns = [found.column(name).to_numpy() for name in found.column_names if name.startswith("mask_")]
    masks: Ints = np.array(columns, dtype=np.int64)
    return masks
