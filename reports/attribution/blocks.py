"""A goal's paths as compact arrays, a calendar month each: what any window and any model is answered from.

Reading the Delta table takes many times as long as the arithmetic, so a process keeps the months that it read. A month
is kept under the names of its files, which never change: a newer version that has other files finds nothing kept, and
one that has the same files needs nothing else. No person's id is kept.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from duckdb import DuckDBPyConnection as Connection

from analysis.arrays import Bools, Ints, Kinds
from analysis.journeys import Journeys
from reports import paths
from reports.attribution.keeping import Keeper
from reports.dimensions import NOT_SET
from reports.periods import Span, bucket_start
from tracking.lake.query import Pinned, connected
from tracking.lake.table import Snapshot, address, day_of_file, files

KEPT_BYTES = 128 * 2**20  # of a web process' 512 MiB; about 8 million pairs of conversion and touch
PART_ROWS = 250_000  # weighed at a time: their arrays stay in the processor's cache
_SQL = Path(__file__).parent.parent / "sql"
ROWS = (_SQL / "paths.block.sql").read_text()
KEYS = (_SQL / "paths.keys.sql").read_text()
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
class Part:
    """Some whole conversions: what is weighed at a time. `key` holds codes int64[m] into the names of all parts."""

    journeys: Journeys
    key: Ints
    value: Ints
    refund: Ints


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


def names_and_parts(stored: Stored, span: Span, column: str) -> tuple[tuple[str, ...], list[Part]]:
    """Give the paths of the span's conversions, cut to parts, and the names that their keys code."""
    pairs = read(stored, span, column)
    names = tuple(sorted({name for _, keys in pairs for name in keys.names}))
    codes = {name: code for code, name in enumerate(names)}
    found = [
        part
        for block, keys in pairs
        for part in _parts(block, keys, np.array([codes[name] for name in keys.names], np.int64), span)
    ]
    return names, found


def read(stored: Stored, span: Span, column: str) -> list[tuple[Block, Keys]]:
    """Give the months that touch the span, from what is kept where it is; what is read is kept."""
    months = list(_months(stored, span))
    found = [(kept.find((listed, stored.currency)), kept.find((listed, column))) for _, listed in months]
    if all(block is not None and keys is not None for block, keys in found):
        return found
    with connected(stored.snapshot, stored.tables) as lake:
        whole = [
            (
                kept.keep((listed, stored.currency), _block(lake, month, stored.currency)) if block is None else block,
                kept.keep((listed, column), _keys(lake, month, column)) if keys is None else keys,
            )
            for (month, listed), (block, keys) in zip(months, found, strict=True)
        ]
    pa.default_memory_pool().release_unused()  # Arrow would keep what it read the rows into
    return whole


def _months(stored: Stored, span: Span) -> Iterator[tuple[Span, Hashable]]:
    """Give the months that touch the span, each with what names its rows for good.

    That is the table but for its version, which other months' rows change as well, and the month's own files.
    """
    workspace_id, pinned = stored.snapshot.workspace_id, stored.paths
    table = (address(workspace_id, pinned.name), replace(pinned, version=0))
    listed: dict[date, list[str]] = {}
    for file in files(workspace_id, pinned.name, pinned.version):
        listed.setdefault(bucket_start(day_of_file(file), "month"), []).append(file)
    first = bucket_start(span.since, "month")
    while first < span.until:
        until = bucket_start(first + timedelta(days=32), "month")
        yield Span(first, until), (table, *listed.get(first, ()))
        first = until


def _block(lake: Connection, month: Span, currency: str) -> Block:
    asked = {"since": month.since, "until": month.until, "currency": currency}
    table = lake.sql(ROWS, params=asked).to_arrow_table()
    day, number = paths.ints(table, "day"), paths.ints(table, "number")
    starts = np.flatnonzero(np.r_[True, (np.diff(day) != 0) | (np.diff(number) != 0)][: len(day)])
    first = table.take(pa.array(starts))
    journeys = Journeys.from_rows(
        conversion=np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(day)])),
        has_touch=table.column("touch_us").is_valid().to_numpy(),
        touch_time_us=paths.ints(table, "touch_us"),
        kind=paths.ints(table, "kind").astype(np.int8),
        direct=paths.flags(table, "direct"),
        paid=paths.flags(table, "paid"),
        same_session=paths.flags(table, "same_session"),
        conversion_time_us=paths.ints(first, "time_us"),
    )
    return Block(
        day=day[starts].astype(np.int32),
        value=paths.ints(first, "value"),
        refund=paths.ints(first, "refund"),
        offsets=journeys.offsets,
        age_us=journeys.age_us,
        kind=journeys.kind,
        direct=journeys.direct,
        paid=journeys.paid,
        same_session=journeys.same_session,
    )


def _keys(lake: Connection, month: Span, column: str) -> Keys:
    asked = {"since": month.since, "until": month.until, "not_set": NOT_SET}
    table = lake.sql(KEYS.replace("{column}", column), params=asked).to_arrow_table()
    encoded = table.column("key").combine_chunks().dictionary_encode()
    # In order, so that months with the same names code them equally.
    order = pc.sort_indices(encoded.dictionary)
    rank = np.empty(len(order), np.int32)
    rank[order.to_numpy()] = np.arange(len(order))
    return Keys(tuple(encoded.dictionary.take(order).to_pylist()), rank[encoded.indices.to_numpy()])


def _parts(block: Block, keys: Keys, codes: Ints, span: Span) -> Iterator[Part]:
    """Cut the days of the span out of the block, in parts of whole conversions."""
    begin, end = np.searchsorted(block.day, [_number(span.since), _number(span.until)])
    while begin < end:
        room = block.offsets[begin] + PART_ROWS
        until = min(end, max(begin + 1, int(np.searchsorted(block.offsets, room, side="right")) - 1))
        yield _part(block, keys, codes, slice(int(begin), int(until)))
        begin = until


def _part(block: Block, keys: Keys, codes: Ints, some: slice) -> Part:
    offsets = block.offsets[some.start : some.stop + 1]
    rows = slice(offsets[0], offsets[-1])
    journeys = Journeys(
        offsets=offsets - offsets[0],
        touch=np.arange(offsets[-1] - offsets[0]),
        age_us=block.age_us[rows],
        kind=block.kind[rows],
        direct=block.direct[rows],
        paid=block.paid[rows],
        same_session=block.same_session[rows],
        gap_us=_NO_GAPS[:0],
    )
    code = keys.code[rows]
    # Most often the month has all names, and its codes are those of all months.
    key = code.astype(np.int64) if np.array_equal(codes, np.arange(len(codes))) else codes[code]
    return Part(journeys, key, block.value[some], block.refund[some])


_NO_GAPS: Ints = np.empty(0, np.int64)  # nobody asks for `reset` here: a question has no scope


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days
