"""Seeded events in one Parquet file sorted by person and time, and the file read piece by piece, persons whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.arrays import Ints
from analysis.journeys import Conversions, Touches
from analysis.windows import CLICK, ENGAGEMENT, KIND_NAMES, VIEW

CHANNELS, DAYS, LIFE_DAYS = 12, 365, 60
DAY_US = 86_400_000_000
START_US = 1_704_067_200_000_000
NAMED = ["direct", *(f"paid_{n}" if n % 2 else f"own_{n}" for n in range(1, CHANNELS))]
MADE_ROWS = 10_000_000
PIECE_ROWS = 262_144  # events that are read at a time, about 10 MB; arrays of that size are used again, larger ones not
BUFFER_BYTES = 1 << 18


def make_events(path: Path, events: int) -> None:
    """Write seeded events: person, time_us, kind, channel, session, value (null where no conversion).

    More than MADE_ROWS are the same again and again, of other persons.
    """
    made = _some_events(min(events, MADE_ROWS))
    with pq.ParquetWriter(path, made.schema) as writer:
        for begin in range(0, events, MADE_ROWS):
            some = _of_others(made.slice(0, events - begin), begin)
            writer.write_table(some, row_group_size=1_000_000)


def _of_others(made: pa.Table, before: int) -> pa.Table:
    for name in ("person", "session"):
        place = made.schema.get_field_index(name)
        made = made.set_column(place, name, pc.add(made.column(name), before))
    return made


def _some_events(events: int) -> pa.Table:
    random = np.random.default_rng(7)
    persons = events // 5
    weight = random.lognormal(0, 1.5, persons)
    person = np.sort(random.choice(persons, events, p=weight / weight.sum()))
    # A person is around for some weeks, not for the whole year, so touches and conversions lie close.
    arrival = random.integers(0, (DAYS - LIFE_DAYS) * DAY_US, persons)[person]
    moment = START_US + arrival + random.integers(0, LIFE_DAYS * DAY_US, events)
    order = np.lexsort((moment, person))
    is_sale = random.random(events) < 0.02
    kind = random.choice([VIEW, ENGAGEMENT, CLICK], events, p=[0.3, 0.1, 0.6]).astype(np.int8)
    channel = random.choice(CHANNELS, events, p=_falling(CHANNELS)).astype(np.int8)
    return pa.table(
        {
            "person": person.astype(np.int64),
            "time_us": moment[order],
            "kind": pa.array(kind, mask=is_sale),
            "channel": pa.array(channel, mask=is_sale),
            "session": np.arange(events) // 3,
            "value": pa.array(random.integers(1, 500_000_000, events), mask=~is_sale),
        }
    )


def make_lines(path: Path, events: Path) -> None:
    """Write the events of a file as `measureplan attribute` reads them: with names and texts."""
    kinds, channels = pa.array(KIND_NAMES), pa.array(NAMED)
    writer: pq.ParquetWriter | None = None
    for batch in _batches(events):
        sale = batch.column("kind").is_null()
        table = pa.table(
            {
                "time": batch.column("time_us").cast(pa.timestamp("us", "UTC")),
                "visitor_id": batch.column("person").cast(pa.string()),
                "name": pc.if_else(sale, "purchase", "visit"),
                "type": kinds.take(batch.column("kind")),
                "channel": channels.take(batch.column("channel")),
                "value": batch.column("value"),
                "session_id": batch.column("session").cast(pa.string()),
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer:
        writer.close()


def _falling(n: int) -> np.ndarray:
    weight = 1 / np.arange(1, n + 1)
    return weight / weight.sum()


@dataclass(frozen=True, slots=True)
class Piece:
    """Hold some persons whole: their conversions, and the touches of those who converted.

    channel      int8[touches]
    day, value   int64[conversions]
    """

    touches: Touches
    conversions: Conversions
    channel: np.ndarray
    day: Ints
    value: Ints


def whole_persons(path: Path) -> Iterator[pa.RecordBatch]:
    """Read a file sorted by person in pieces, no person in two: those across a cut come together, last."""
    across: list[pa.RecordBatch] = []
    for batch in _batches(path):
        person = batch.column("person").to_numpy()
        begin, end = np.searchsorted(person, person[0], side="right"), np.searchsorted(person, person[-1])
        # Taken, not sliced: a slice would keep its whole batch in memory.
        across.append(batch.take(pa.array(np.r_[:begin, max(begin, end) : len(person)])))
        if begin < end:
            yield batch.slice(begin, end - begin)
    if across:
        yield pa.concat_batches(across)


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    # Read ahead, the packed file would be in memory whole.
    file = pq.ParquetFile(path, pre_buffer=False, buffer_size=BUFFER_BYTES)
    return file.iter_batches(batch_size=PIECE_ROWS, use_threads=False)


def piece_of(batch: pa.RecordBatch) -> Piece:
    """Give a piece's arrays; touches of persons who did not convert are left out before anything is copied."""
    person, time_us, session = (batch.column(name).to_numpy() for name in ("person", "time_us", "session"))
    is_touch = batch.column("kind").is_valid().to_numpy(zero_copy_only=False)
    sale = np.flatnonzero(~is_touch)
    row = _rows_of(person, np.unique(person[sale]))
    touch = row[np.flatnonzero(is_touch[row])]
    kind, channel = (pc.fill_null(batch.column(name), 0).to_numpy()[touch] for name in ("kind", "channel"))
    return Piece(
        Touches(person[touch], time_us[touch], kind, channel == 0, channel % 2 == 1, session[touch]),
        Conversions(person[sale], time_us[sale], session[sale]),
        channel,
        (time_us[sale] - START_US) // DAY_US,
        batch.column("value").take(pa.array(sale)).to_numpy(),
    )


def _rows_of(person: Ints, chosen: Ints) -> Ints:
    begin = np.searchsorted(person, chosen)
    count = np.searchsorted(person, chosen, side="right") - begin
    before = np.cumsum(count) - count
    return np.arange(count.sum()) + np.repeat(begin - before, count)
