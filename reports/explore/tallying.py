"""Adds up what was read: the sums of the rows of one level, for all visits and for each segment."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product

import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from reports.explore.facts import Facts, facts_of
from reports.explore.question import Path
from reports.explore.reading import MOST_VALUES, Asking, TooMany

Sums = dict[str, int]
Tallies = dict[Path, tuple[Sums, ...]]


@dataclass(frozen=True, slots=True)
class Level:
    """Which rows are added up.

    depth     so many dimensions tell rows apart
    grouped   so many of them tell the sums apart: depth, or one less for what is left of each parent
    parents   paths of depth - 1 values whose rows are added up
    without   paths of depth values that are left out
    """

    depth: int
    grouped: int
    parents: Sequence[Path] = ()
    without: Sequence[Path] = ()


def tally(lake: Connection, asking: Asking, level: Level, needed: frozenset[str]) -> Tallies:
    """Give the sums of each path: those of all visits first, then those of each segment.

    needed   names of sums
    raises   TooMany
    """
    found: Tallies = {}
    with _listed(lake, level):
        for facts in facts_of(asking, level.depth, needed):
            if facts.sums:
                _add(lake, facts, level, len(asking.segments), found)
    return found


@contextmanager
def _listed(lake: Connection, level: Level) -> Iterator[None]:
    """Have the connection know the level's paths as the tables `parents` and `without`."""
    listed = {"parents": (level.parents, level.depth - 1), "without": (level.without, level.depth)}
    tables = {name: _table(paths, depth) for name, (paths, depth) in listed.items() if paths and depth}
    for name, table in tables.items():
        lake.register(name, table)
    yield
    for name in tables:
        lake.unregister(name)


def _table(paths: Sequence[Path], depth: int) -> pa.Table:
    return pa.table({f"k{n}": pa.array([path[n] for path in paths], pa.string()) for n in range(depth)})


def _add(lake: Connection, facts: Facts, level: Level, segments: int, found: Tallies) -> None:
    cells = [(name, segment) for segment, name in product(range(segments + 1), facts.sums)]
    columns = [f"{_aggregate(facts.sums[name], segment)} as c{n}" for n, (name, segment) in enumerate(cells)]
    text = _statement(facts, level, columns)
    rows = lake.execute(text, dict(facts.params)).fetchmany(MOST_VALUES + 1)
    if len(rows) > MOST_VALUES:
        raise TooMany(MOST_VALUES)
    for row in rows:
        path, values = row[: level.grouped], row[level.grouped :]
        sums = found.setdefault(path, tuple({} for _ in range(segments + 1)))
        for (name, segment), value in zip(cells, values, strict=True):
            sums[segment][name] = int(value or 0)


def _aggregate(added: tuple[str, str], segment: int) -> str:
    aggregate, condition = added
    conditions = [each for each in (condition, f"s{segment}" if segment else "") if each]
    return f"{aggregate} filter (where {' and '.join(conditions)})" if conditions else aggregate


def _statement(facts: Facts, level: Level, columns: Sequence[str]) -> str:
    keys = "".join(f", {key} as k{n}" for n, key in enumerate(facts.keys))
    grouped = [f"k{n}" for n in range(level.grouped)]
    # Nothing that people sent or typed stands in it: names are ours, and values are bound or in tables.
    parents = f"semi join parents using ({_names(level.depth - 1)})" if level.parents and level.depth > 1 else ""
    without = f"anti join without using ({_names(level.depth)})" if level.without else ""
    rows = f"(select *{keys} {facts.source}) {parents} {without}"
    ending = f"group by {', '.join(grouped)}" if grouped else ""
    return f"select {', '.join([*grouped, *columns])} from {rows} {ending}"  # noqa: S608  # see above


def _names(count: int) -> str:
    return ", ".join(f"k{n}" for n in range(count))
