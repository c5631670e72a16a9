"""Reads what paths are made of from one state of the lake, some persons at a time, so that memory stays bounded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

from analysis.arrays import Bools, Ints
from analysis.flows import NOTHING
from analysis.ordering import order_of
from goals.conditions import Rule, compile_rules
from reports.flows.nodes import Folders, Things
from reports.funnels.reading import EPOCH, Part, Persons

_SQL = Path(__file__).parent.parent / "sql"
THINGS = (_SQL / "flows.things.sql").read_text()
HITS = (_SQL / "flows.hits.sql").read_text()
REACH = (_SQL / "flows.reach.sql").read_text()
TIED = """ and (hash(person_id), {by_source} epoch_us(time)) in (select (person, {by_source} time_us) from ties)
order by person, {by_source} time_us, coalesce(sequence, 0), event_id"""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is read: the steps of [since, until), and the events that meet the point.

    point     the rules of the point; () for the beginning of a visit, or its end
    sources   short name to id, as rules name sources
    """

    things: Things
    folders: Folders
    point: tuple[Rule, ...]
    sources: Mapping[str, int]
    since: datetime
    until: datetime

    @property
    def bounds(self) -> dict[str, object]:
        """Give the instants with their UTC days, the lake's partition."""
        days = {"since_day": self.since.date(), "until_day": self.until.date()}
        return {"since": self.since, "until": self.until, **days}


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of all things: ascending what an event is read as, and the node that it is."""

    raw: Persons
    node: Ints

    @property
    def nodes(self) -> int:
        """Give how many nodes there are."""
        return int(self.node.max()) + 1 if len(self.node) else 0


@dataclass(frozen=True, slots=True)
class Rows:
    """Events that are steps, or the point: n of each."""

    person: Persons
    source: Ints
    time_us: Ints
    node: Ints
    is_point: Bools

    def taken(self, order: Ints) -> "Rows":
        """Give some of them, in another order."""
        return Rows(self.person[order], self.source[order], self.time_us[order], self.node[order], self.is_point[order])


@dataclass(frozen=True, slots=True)
class Marks:
    """Moments to find the places of: whose, on which source, and when."""

    person: Persons
    source: Ints
    time_us: Ints


def numbered(lake: Connection, asking: Asking) -> Numbers:
    """Number all things that there are; `named` and `node_of` ask the lake's connection for them afterwards."""
    rolled, rolled_params = asking.folders.name
    things = asking.things
    text = THINGS.format(is_step=things.is_step, kind=things.kind, name=things.name, rolled=rolled)
    lake.execute(text, {**asking.bounds, **things.params, **rolled_params})
    table = lake.sql("select raw, node from things order by raw").to_arrow_table()
    return Numbers(table["raw"].to_numpy(), table["node"].to_numpy())


def named(lake: Connection, nodes: Ints) -> dict[int, tuple[str, str]]:
    """Give kind and name of some nodes."""
    found = lake.execute(
        "select distinct node, kind, name from things where list_contains($nodes, node)", {"nodes": nodes.tolist()}
    )
    return {node: (kind, name) for node, kind, name in found.fetchall()}


def node_of(lake: Connection, kind: str, name: str) -> int | None:
    """Give the node of a kind and name; None where nobody did that."""
    found = lake.execute("select node from things where kind = $kind and name = $name", {"kind": kind, "name": name})
    return next((int(node) for [node] in found.fetchall()), None)


def reach(lake: Connection, since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """Give from when to when the visits go on that have events in [since, until)."""
    [[first, last]] = lake.execute(REACH, {"since": since, "until": until}).fetchall()
    if not last:
        return since, until
    begun, ended = (EPOCH + timedelta(microseconds=moment) for moment in (first, last + 1))
    return min(since, begun), max(until, ended)


def read(lake: Connection, asking: Asking, numbers: Numbers, part: Part) -> Rows:
    """Read the events of some persons, in no order."""
    return _rows(lake, asking, numbers, part.sql, part.params)


def in_order(rows: Rows, marks: Marks, *, by_source: bool, before: bool) -> tuple[Rows, Ints]:
    """Give the events by person, by source where that is asked for, and time; and how many are before each mark.

    before   a mark stands before the events of its own moment; otherwise behind them
    """
    n, m = len(rows.person), len(marks.person)
    parts = (marks, rows) if before else (rows, marks)
    person = np.concatenate([part.person for part in parts])
    source = np.concatenate([part.source for part in parts]) if by_source else None
    time_us = np.concatenate([part.time_us for part in parts])
    order = order_of(person, source, time_us)
    is_mark = order < m if before else order >= n
    place = np.empty(m, np.int64)
    place[order[is_mark] - (0 if before else n)] = np.cumsum(~is_mark)[is_mark]
    return rows.taken(order[~is_mark] - (m if before else 0)), place


def untied(lake: Connection, asking: Asking, numbers: Numbers, rows: Rows, part: Part, *, by_source: bool) -> Rows:
    """Put what one person did at one moment into its order, where the order matters."""
    same = (rows.person[1:] == rows.person[:-1]) & (rows.time_us[1:] == rows.time_us[:-1])
    if by_source:
        same &= rows.source[1:] == rows.source[:-1]
    differing = same & ((rows.node[1:] != rows.node[:-1]) | (rows.is_point[1:] != rows.is_point[:-1]))
    if not differing.any():
        return rows
    opens = np.r_[True, ~same]
    moment = opens.cumsum() - 1
    is_tied = np.isin(moment, moment[1:][differing])
    first = rows.taken(np.flatnonzero(opens & is_tied))
    ties = {"person": first.person, "source_id": first.source, "time_us": first.time_us}
    lake.register("ties", pa.table(ties))
    tied = TIED.format(by_source="source_id," if by_source else "")
    found = _rows(lake, asking, numbers, part.sql + tied, part.params)
    lake.unregister("ties")
    source, node, is_point = rows.source.copy(), rows.node.copy(), rows.is_point.copy()
    # Both are in one order, so that the moments follow each other in the same way.
    source[is_tied], node[is_tied], is_point[is_tied] = found.source, found.node, found.is_point
    return Rows(rows.person, source, rows.time_us, node, is_point)


def _rows(lake: Connection, asking: Asking, numbers: Numbers, rest: str, params: Mapping[str, object]) -> Rows:
    things = asking.things
    point = compile_rules(asking.point, sources=asking.sources, prefix="point")
    meets = f"coalesce({point.sql}, false)"
    kept = f"({things.is_step} or {meets}){rest}"
    text = HITS.format(is_step=things.is_step, kind=things.kind, name=things.name, is_point=meets, kept=kept)
    table = lake.sql(text, params={**asking.bounds, **things.params, **point.params, **params}).to_arrow_table()
    person, source, time_us, is_point = (
        table[name].to_numpy() for name in ("person", "source_id", "time_us", "is_point")
    )
    return Rows(person, source, time_us, _nodes(table["thing"], numbers), is_point)


def _nodes(things: pa.ChunkedArray, numbers: Numbers) -> Ints:
    coded = things.combine_chunks().dictionary_encode()
    node = numbers.node[np.searchsorted(numbers.raw, coded.dictionary.to_numpy())]
    # One more behind the last stands for events that are no step.
    found: Ints = np.append(node, NOTHING)[coded.indices.fill_null(len(node)).to_numpy()]
    return found
