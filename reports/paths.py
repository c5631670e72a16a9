"""The paths of a goal: one row per conversion and touch, as stored in the lake under `paths/<goal id>`.

A conversion without a touch in the 90 days before it has one row whose touch is null. The table answers every model
and every window at once; a report reads the version that its goal's FillState names.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from analysis.arrays import Bools, Floats, Ints
from analysis.journeys import Journeys
from reports.models import FillState
from tracking.lake.query import Pinned
from tracking.lake.schema import INSTANT

SCHEMA = pa.schema(
    [
        pa.field("day", pa.date32(), nullable=False),  # of the conversion
        pa.field("number", pa.int64(), nullable=False),  # of the conversion, counted in the day by (time, source, id)
        pa.field("source_id", pa.int64(), nullable=False),
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("time", INSTANT, nullable=False),
        pa.field("person_id", pa.string(), nullable=False),
        pa.field("session_id", pa.string()),  # the session it happened in; null outside of any
        pa.field("value_micros", pa.int64(), nullable=False),  # gross; 0 where it is worth nothing
        pa.field("refund_micros", pa.int64(), nullable=False),  # negative
        pa.field("currency", pa.string()),
        pa.field("place", pa.int32(), nullable=False),  # of the touch in its path, from 0; 0 where there is none
        pa.field("touch_event_id", pa.string()),
        pa.field("touch_time", INSTANT),
        pa.field("kind", pa.int8()),  # VIEW 0, ENGAGEMENT 1, CLICK 2
        pa.field("channel", pa.string()),
        pa.field("source", pa.string()),
        pa.field("medium", pa.string()),
        pa.field("campaign", pa.string()),
        pa.field("content", pa.string()),
        pa.field("term", pa.string()),
        pa.field("landing_path", pa.string()),
        pa.field("paid", pa.bool_()),
        pa.field("direct", pa.bool_()),
        pa.field("same_session", pa.bool_()),  # touch and conversion are of one session
    ]
)
# Paths of persons whose rows in the goal's table do not hold any more: every person it names has all of its rows here.
AMENDED = pa.schema(
    [
        pa.field("day", pa.date32(), nullable=False),  # of no meaning, and always the same: the table is one file
        pa.field("booked_on", pa.date32()),  # the day of the rows; null: the person has no rows any more
        pa.field("person_id", pa.string(), nullable=False),
        *(field.with_nullable(True) for field in SCHEMA if field.name not in {"day", "person_id"}),
    ]
)


@dataclass(frozen=True, slots=True)
class PathRows:
    """The stored rows as arrays: journeys for the arithmetic, and a column for each of its n conversions.

    person, session   int64[n], codes; session -1 where there is none
    value, refund     int64[n], micros; zero in other currencies than the one asked for
    capped            how many of the conversions have only their newest touches (journeys.MOST_TOUCHES)
    keys, key         the dimension's values, and int64[rows] the one of each touch, by row of the journeys
    """

    journeys: Journeys
    person: Ints
    session: Ints
    value: Ints
    refund: Ints
    capped: int
    keys: tuple[str, ...]
    key: Ints


def name_of(goal_id: int) -> str:
    """Give the table's path below the workspace's folder."""
    return f"paths/{goal_id}"


def name_of_amended(goal_id: int) -> str:
    """Give the path of the table that amends it; not below it, where tidying would remove what it does not know."""
    return f"amended/{goal_id}"


def published(fill: FillState) -> Pinned:
    """Give the goal's paths as they are published, to be shown as a view."""
    amends = Pinned(name_of_amended(fill.goal_id), fill.amended_version)
    return Pinned(name_of(fill.goal_id), fill.paths_version, amends=amends)


def rows_of(table: pa.Table, *, currency: str) -> PathRows:
    """Turn stored rows, ordered as journeys are and with a dimension's `key`, into arrays; of one currency's values."""
    day, number = ints(table, "day"), ints(table, "number")
    starts = np.flatnonzero(np.r_[True, (np.diff(day) != 0) | (np.diff(number) != 0)][: len(day)])
    first = table.take(pa.array(starts))
    journeys = Journeys.from_rows(
        conversion=np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(day)])),
        has_touch=table.column("touch_time").is_valid().to_numpy(),
        touch_time_us=ints(table, "touch_time"),
        kind=ints(table, "kind").astype(np.int8),
        direct=flags(table, "direct"),
        paid=flags(table, "paid"),
        same_session=flags(table, "same_session"),
        conversion_time_us=ints(first, "time"),
    )
    key = table.column("key").combine_chunks().dictionary_encode()
    counted = pc.fill_null(pc.equal(first.column("currency"), currency), False).to_numpy()
    return PathRows(
        journeys=journeys,
        person=codes(first.column("person_id")),
        session=in_source(codes(first.column("session_id")), first),
        value=ints(first, "value_micros") * counted,
        refund=ints(first, "refund_micros") * counted,
        capped=int((ints(first, "place") > 0).sum()),
        keys=tuple(key.dictionary.to_pylist()),
        key=key.indices.to_numpy().astype(np.int64)[journeys.touch],
    )


def each_once(codes: Ints) -> Floats:
    """Weigh the conversions of one person, or of one session, so that together they count once; codes below 0 as 0."""
    known = codes >= 0
    counts = np.bincount(codes[known], minlength=1)
    return np.where(known, 1.0 / counts[np.where(known, codes, 0)].clip(1), 0.0)


def ints(table: pa.Table, name: str) -> Ints:
    """Give a column of numbers, days or times; 0 where it is null."""
    column = table.column(name)
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    numbers: Ints = pc.fill_null(column.cast(pa.int64()), 0).to_numpy().astype(np.int64, copy=False)
    return numbers


def flags(table: pa.Table, name: str) -> Bools:
    """Give a column of truths; False where it is null."""
    flags: npt.NDArray[np.bool_] = pc.fill_null(table.column(name), False).to_numpy()
    return flags


def codes(column: pa.ChunkedArray) -> Ints:
    """Number a column's different values; -1 where it is null."""
    encoded = column.combine_chunks().dictionary_encode()
    numbers: Ints = pc.fill_null(encoded.indices.cast(pa.int64()), -1).to_numpy().astype(np.int64)
    return numbers


def in_source(session: Ints, first: pa.Table) -> Ints:
    """Tell sessions of several sources apart: their ids are of one source each. -1 where there is none."""
    source = codes(first.column("source_id"))
    pair = session * (source.max(initial=0) + 1) + source
    return np.where(session < 0, -1, np.unique(pair, return_inverse=True)[1])
