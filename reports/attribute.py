"""One goal's conversions with the touches before them: the only place where attribution meets the lake."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.arrays import Ints
from analysis.journeys import MOST_TOUCHES
from analysis.windows import DAY_US, LONGEST_DAYS
from goals.conversions import Lake
from goals.counting import Statement
from reports import paths

TOUCHES = (Path(__file__).parent / "sql" / "touches.before.sql").read_text()
PART_ROWS = 250_000  # rows that are made at a time, about 50 MB
REACH = timedelta(days=LONGEST_DAYS + 1)  # one more: local days and 24-hour days differ by an hour

# What the query gives that paths store under another name.
_RENAMED = {"event_id": "touch_event_id", "time": "touch_time"}
_CARRIED = ("kind", "channel", "source", "medium", "campaign", "content", "term", "landing_path", "paid", "direct")


def join(conversions: pa.Table, lake: Lake, *, most_touches: int = MOST_TOUCHES) -> pa.RecordBatchReader:
    """Join conversions with their persons' touches of the 90 days before, both ends included.

    conversions   what `goals.conversions.find` gives, of any order
    returns       the rows of `paths`, to be read once; a path that was cut to its newest touches does not start
                  at place 0
    """
    conversions = _numbered(conversions)
    touches = _touches(conversions, lake)
    low, high = _reach(conversions, touches)
    parts = _parts(conversions, touches, low, high, most_touches)
    return pa.RecordBatchReader.from_batches(paths.SCHEMA, parts)


def _numbered(conversions: pa.Table) -> pa.Table:
    """Sort conversions by (day, time, source, event id) and number each day's."""
    order = [(name, "ascending") for name in ("day", "time", "source_id", "event_id")]
    ordered = conversions.take(pc.sort_indices(conversions, order)).combine_chunks()
    day = ordered.column("day").cast(pa.int32()).to_numpy()
    place = np.arange(len(day))
    return ordered.append_column("number", pa.array(place - np.searchsorted(day, day), pa.int64()))


def _touches(conversions: pa.Table, lake: Lake) -> pa.Table:
    if not conversions.num_rows:
        since, until = date.max, date.max
    else:
        first, last = conversions.column("day")[0].as_py(), conversions.column("day")[-1].as_py()
        since, until = first - REACH, last + timedelta(days=1)
    converters = pa.table({"person_id": conversions.column("person_id").unique()})
    asked = Statement(TOUCHES, {"since": since, "until": until}, {"converters": converters})
    return lake.ask(asked).combine_chunks()


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
    moments = np.unique(touched_us)
    width = len(moments) + 1
    place = of_touch * width + np.searchsorted(moments, touched_us)
    from_rank = np.searchsorted(moments, converted_us - LONGEST_DAYS * DAY_US, side="left")
    to_rank = np.searchsorted(moments, converted_us, side="right")
    low = np.searchsorted(place, of_conversion * width + from_rank)
    high = np.searchsorted(place, of_conversion * width + to_rank)
    return low, high


def _parts(
    conversions: pa.Table, touches: pa.Table, low: Ints, high: Ints, most_touches: int
) -> Iterator[pa.RecordBatch]:
    """Make the rows part by part, each of whole conversions."""
    cut = np.maximum(high - low - most_touches, 0)
    until = np.cumsum(np.maximum(high - low - cut, 1))
    begin = 0
    while begin < len(low):
        before = until[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(until, before + PART_ROWS, side="right")))
        part = slice(begin, end)
        yield _rows(conversions.slice(begin, end - begin), touches, low[part], high[part], cut[part])
        begin = end


def _rows(conversions: pa.Table, touches: pa.Table, low: Ints, high: Ints, cut: Ints) -> pa.RecordBatch:
    counts = high - low - cut
    rows = np.maximum(counts, 1)  # a conversion without a touch has one row, of a null touch
    owner = np.repeat(np.arange(len(low)), rows)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(rows) - rows - cut, rows)
    touch = pa.array(low[owner] + place, mask=counts[owner] == 0)
    left, right = conversions.take(pa.array(owner)), touches.take(touch)
    given = {_RENAMED.get(name, name): right.column(name) for name in ("event_id", "time", *_CARRIED)}
    same = pc.fill_null(pc.equal(left.column("session_id"), right.column("session_id")), False)
    given |= {"place": pa.array(place, pa.int32()), "same_session": same}
    columns = [given.get(name, left.column(name) if name in left.column_names else None) for name in paths.SCHEMA.names]
    return pa.table(columns, schema=paths.SCHEMA).combine_chunks().to_batches()[0]


def _micros(column: pa.ChunkedArray) -> Ints:
    micros: Ints = column.cast(pa.int64()).to_numpy()
    return micros
