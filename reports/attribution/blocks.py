"""A goal's paths as compact arrays, a calendar month each: what any window and any model is answered from.

Reading the Delta table takes many times as long as the arithmetic, so a process keeps the months that it read. A month
is kept under the names of its files, which never change: a newer version that has other files finds nothing kept, and
one that has the same files needs nothing else. The paths that amend a goal's table are a block of their own; what of
the months does not hold for them is kept beside the months, which stay. No person's id is kept.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection as Connection

from analysis.arrays import Bools, Ints, Kinds
from analysis.journeys import Journeys
from goals.models import Goal
from reports import paths
from reports.attribution.keeping import Keeper
from reports.dimensions import CARRIED, NOT_SET, TOLD
from reports.periods import Span, bucket_start, months_of
from reports.publishing import Published
from tracking.lake.query import Pinned, connected
from tracking.lake.schema import Table
from tracking.lake.table import Snapshot, address, day_of_file, files

KEPT_BYTES = 128 * 2**20  # of a web process' 512 MiB; about 8 million pairs of conversion and touch
SQL = Path(__file__).parent.parent / "sql"
ROWS = (SQL / "paths.block.sql").read_text()
KEYS = (SQL / "paths.keys.sql").read_text()
KEYS_TOLD = (SQL / "paths.keys_told.sql").read_text()
GONE = (SQL / "paths.gone.sql").read_text()
kept = Keeper(KEPT_BYTES)


@dataclass(frozen=True, slots=True)
class Block:
    """The paths of some days: n conversions, m touches.

    day              int32[n], days since 1970-01-01 on the workspace's calendar, ascending
    value, refund    int64[n], micros of the one currency
    offsets          int64[n + 1], into the touches
    age_us, kind, direct, paid, same_session   [m], as in Journeys
    """

    day: npt.NDArray[np.int32]
    value: Ints
    refund: Ints
    offsets: Ints
    age_us: Ints
    kind: Kinds
    direct: Bools
    paid: Bools
    same_session: Bools

    @property
    def nbytes(self) -> int:
        """Give the memory it takes."""
        return sum(getattr(self, name).nbytes for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class Keys:
    """What a block's touches have of one dimension: code int32[m] into the names."""

    names: tuple[str, ...]
    code: npt.NDArray[np.int32]

    @property
    def nbytes(self) -> int:
        """Give the memory it takes."""
        return self.code.nbytes + sum(len(name) + 56 for name in self.names)


@dataclass(frozen=True, slots=True)
class Places:
    """Some of a block's conversions, by their places in it: int64, ascending."""

    places: Ints

    @property
    def nbytes(self) -> int:
        """Give the memory it takes."""
        return self.places.nbytes


@dataclass(frozen=True, slots=True)
class Held:
    """A block with the keys of its touches, and who owns its conversions.

    gone     conversions that do not hold any more: they are of persons whose paths were amended
    rows     the view and the days that it was read from
    """

    block: Block
    keys: Keys
    gone: Places
    rows: "Rows"


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a block are: a view of the connection, and days of it; `name` says which rows, for good."""

    view: str
    span: Span
    name: Hashable


@dataclass(frozen=True, slots=True)
class Stored:
    """The published paths of a goal.

    snapshot   the state of the lake that they were made from
    currency   that values count in
    """

    snapshot: Snapshot
    paths: Pinned
    currency: str

    @property
    def tables(self) -> dict[str, Pinned]:
        """Give the table as a statement sees it."""
        return {"paths": self.paths}


def stored_of(published: Published, goal: Goal) -> Stored:
    """Give the goal's paths as they are published."""
    fill = published.fills[goal.pk]
    return Stored(published.snapshot, paths.published(fill), fill.currency)


def journeys_of(table: pa.Table) -> tuple[pa.Table, Journeys]:
    """Give the first row of each conversion, and the journeys; rows of one conversion stand together, in path order."""
    day, number = paths.ints(table, "day"), paths.ints(table, "number")
    starts = np.flatnonzero(np.r_[True, (np.diff(day) != 0) | (np.diff(number) != 0)][: len(day)])
    first = table.take(pa.array(starts))
    return first, Journeys.from_rows(
        conversion=np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(day)])),
        has_touch=table.column("touch_us").is_valid().to_numpy(),
        touch_time_us=paths.ints(table, "touch_us"),
        kind=paths.ints(table, "kind").astype(np.int8),
        direct=paths.flags(table, "direct"),
        paid=paths.flags(table, "paid"),
        same_session=paths.flags(table, "same_session"),
        conversion_time_us=paths.ints(first, "time_us"),
    )


def read(stored: Stored, span: Span, column: str) -> list[Held]:
    """Read the months that touch the span and what amends them, from what is kept where it is; what is read is kept."""
    amendment = _amendment(stored)
    rows = [*_months(stored, span, is_amended=amendment is not None), *([amendment] if amendment else [])]
    found = [_kept(each, stored, column, amendment) for each in rows]
    if all(each is not None for each in found):
        return [each for each in found if each is not None]
    only = (told_by,) if (told_by := _told_by(column)) else ()
    with connected(stored.snapshot, stored.tables, only=only) as lake:
        whole = [
            _read(lake, each, stored, column, amendment) if held is None else held
            for each, held in zip(rows, found, strict=True)
        ]
    pa.default_memory_pool().release_unused()  # Arrow would keep what it read the rows into
    return whole


def _told_by(column: str) -> Table | None:
    """Give the table that has what paths do not keep of their touches."""
    return Table.EVENTS if column in TOLD else Table.TOUCHES if column in CARRIED else None


def _names(rows: Rows, stored: Stored, column: str, amendment: Rows | None) -> tuple[Hashable, Hashable, Hashable]:
    """Name the block, its keys, and what of it does not hold."""
    return (rows.name, stored.currency), (rows.name, column), (rows.name, amendment.name if amendment else None)


def _kept(rows: Rows, stored: Stored, column: str, amendment: Rows | None) -> Held | None:
    block, keys, gone = (kept.find(name) for name in _names(rows, stored, column, amendment))
    if amendment is None or rows is amendment:
        gone = NOBODY
    return None if block is None or keys is None or gone is None else Held(block, keys, gone, rows)


def _read(lake: Connection, rows: Rows, stored: Stored, column: str, amendment: Rows | None) -> Held:
    names = _names(rows, stored, column, amendment)
    block, keys, gone = (kept.find(name) for name in names)
    if block is None:
        block = kept.keep(names[0], _block(lake, rows, stored.currency))
    if keys is None:
        keys = kept.keep(names[1], _keys(lake, rows, column))
    if amendment is None or rows is amendment:
        gone = NOBODY
    elif gone is None:
        gone = kept.keep(names[2], _gone(lake, rows, block))
    return Held(block, keys, gone, rows)


def _months(stored: Stored, span: Span, *, is_amended: bool) -> Iterator[Rows]:
    """Give the months that touch the span. The names of a month's own files say for good what is in it."""
    workspace_id, pinned = stored.snapshot.workspace_id, stored.paths
    listed: dict[date, list[str]] = {}
    for file in files(workspace_id, pinned.name, pinned.version):
        listed.setdefault(bucket_start(day_of_file(file), "month"), []).append(file)
    for month in months_of(span):
        name = (address(workspace_id, pinned.name), *listed.get(month.since, ()))
        yield Rows("paths_before" if is_amended else "paths", month, name)


def _amendment(stored: Stored) -> Rows | None:
    """Give the rows that stand in the place of some persons', of all days; None where there are none."""
    amends = stored.paths.amends
    listed = files(stored.snapshot.workspace_id, amends.name, amends.version) if amends else ()
    return Rows("paths_instead", Span(date.min, date.max), tuple(listed)) if listed else None


def _block(lake: Connection, rows: Rows, currency: str) -> Block:
    asked = {"since": rows.span.since, "until": rows.span.until, "currency": currency}
    table = lake.sql(ROWS.replace("{paths}", rows.view), params=asked).to_arrow_table()
    first, journeys = journeys_of(table)
    return Block(
        day=paths.ints(first, "day").astype(np.int32),
        value=paths.ints(first, "value"),
        refund=paths.ints(first, "refund"),
        offsets=journeys.offsets,
        age_us=journeys.age_us,
        kind=journeys.kind,
        direct=journeys.direct,
        paid=journeys.paid,
        same_session=journeys.same_session,
    )


def _gone(lake: Connection, rows: Rows, block: Block) -> Places:
    """Find the conversions of persons whose paths were amended: a day's are numbered from 0, in the block's order."""
    asked = {"since": rows.span.since, "until": rows.span.until}
    table = lake.sql(GONE, params=asked).to_arrow_table()
    return Places(np.sort(np.searchsorted(block.day, paths.ints(table, "day")) + paths.ints(table, "number")))


def _keys(lake: Connection, rows: Rows, column: str) -> Keys:
    asked = {"since": rows.span.since, "until": rows.span.until, "not_set": NOT_SET}
    sql = KEYS.replace("{column}", column)
    if told_by := _told_by(column):
        sql = KEYS_TOLD.replace("{told_by}", told_by).replace("{told}", TOLD.get(column, column))
    sql = sql.replace("{paths}", rows.view)
    table = lake.sql(sql, params=asked).to_arrow_table()
    encoded = table.column("key").combine_chunks().dictionary_encode()
    # In order, so that months with the same names code them equally.
    order = pc.sort_indices(encoded.dictionary)
    rank = np.empty(len(order), np.int32)
    rank[order.to_numpy()] = np.arange(len(order))
    return Keys(tuple(encoded.dictionary.take(order).to_pylist()), rank[encoded.indices.to_numpy()])


NOBODY = Places(np.empty(0, np.int64))
