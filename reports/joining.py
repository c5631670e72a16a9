"""Conversions and touches to rows of paths: persons joined whole, in a worker or on a cluster. Knows no Django."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.arrays import Ints, unique
from analysis.windows import DAY_US, LONGEST_DAYS

PART_ROWS = 250_000  # rows that are made at a time, about 50 MB

# What touches have that paths store under another name, and under the same.
_RENAMED = {"event_id": "touch_event_id", "time": "touch_time"}
CARRIED = ("kind", "channel", "source", "medium", "campaign", "content", "term", "landing_path", "paid", "direct")


def joined(
    conversions: pa.Table, touches: pa.Table, schema: pa.Schema, *, most_touches: int
) -> Iterator[pa.RecordBatch]:
    """Join conversions with their persons' touches of the 90 days before, both ends included, part by part.

    conversions   with the columns of paths that are theirs, in the order that the rows are to have
    touches       all of these persons in reach, each person's together, in the order of paths
    schema        of paths (reports.paths)
    most_touches  of one conversion, the newest; where there are more, the path does not start at place 0
    """
    low, high = _reach(conversions, touches)
    cut = np.maximum(high - low - most_touches, 0)
    until = np.cumsum(np.maximum(high - low - cut, 1))
    begin = 0
    while begin < len(low):
        before = until[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(until, before + PART_ROWS, side="right")))
        part = slice(begin, end)
        newest = low[part] + cut[part], high[part], cut[part]
        yield _rows(conversions.slice(begin, end - begin), touches, newest, schema)
        begin = end


def _reach(conversions: pa.Table, touches: pa.Table) -> tuple[Ints, Ints]:
    """Give for each conversion the touches [low, high) of its person with 0 <= age <= 90 days.

    One integer of person and time would not fit 64 bits, so time is replaced by its rank among all touches' times.
    """
    known = touches.column("person_id").combine_chunks().dictionary_encode()
    person = pc.index_in(conversions.column("person_id"), known.dictionary)
    # A person without touches sorts after all others: its range is empty.
    of_conversion = pc.fill_null(person.cast(pa.int64()), len(known.dictionary)).to_numpy()
    of_touch = known.indices.cast(pa.int64()).to_numpy()
    touched_us, converted_us = _micros(touches.column("time")), _micros(conversions.column("time"))
    moments = unique(touched_us)
    width = len(moments) + 1
    place = of_touch * width + np.searchsorted(moments, touched_us)
    from_rank = np.searchsorted(moments, converted_us - LONGEST_DAYS * DAY_US, side="left")
    to_rank = np.searchsorted(moments, converted_us, side="right")
    low = np.searchsorted(place, of_conversion * width + from_rank)
    high = np.searchsorted(place, of_conversion * width + to_rank)
    return low, high


def _rows(
    conversions: pa.Table, touches: pa.Table, newest: tuple[Ints, Ints, Ints], schema: pa.Schema
) -> pa.RecordBatch:
    """Make the rows of some conversions.

    newest   of each conversion its touches [low, high), and how many older ones were left out
    """
    low, high, cut = newest
    counts = high - low
    rows = np.maximum(counts, 1)  # a conversion without a touch has one row, of a null touch
    owner = np.repeat(np.arange(len(low)), rows)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(rows) - rows, rows)
    touch = pa.array(low[owner] + place, mask=counts[owner] == 0)
    left, right = conversions.take(pa.array(owner)), touches.take(touch)
    given = {_RENAMED.get(name, name): right.column(name) for name in ("event_id", "time", *CARRIED)}
    same = pc.fill_null(pc.equal(left.column("session_id"), right.column("session_id")), False)
    given |= {"place": pa.array(place + cut[owner], pa.int32()), "same_session": same}
    columns = [given.get(name, left.column(name) if name in left.column_names else None) for name in schema.names]
    return pa.table(columns, schema=schema).combine_chunks().to_batches()[0]


def _micros(column: pa.ChunkedArray) -> Ints:
    micros: Ints = column.cast(pa.int64()).to_numpy()
    return micros
