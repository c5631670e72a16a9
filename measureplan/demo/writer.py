"""The shop's events as files, as batches for the collector, and as rows for `measureplan attribute`."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from measureplan.demo.generate import Shop

ROWS_A_WRITE = 50_000
TOUCH_NAMES = ("view", "engagement", "click")
_JSON_COLUMNS = ("items", "consent", "properties")
_ONE_MICRO = pa.scalar(Decimal("0.000001"), pa.decimal128(7, 6))
# What the collector works out itself, from the time, the address and the write key.
_MADE_AT_THE_DOOR = {
    "day", "source_id", "received_at", "client_time", "host", "path", "click_id_type", "click_id",
    "value_micros", "protocol", "import_id",
}  # fmt: skip


def write(tables: Iterable[pa.Table], path: Path) -> int:
    """Write tables of one schema below each other to a .parquet, .csv or .ndjson file; count the rows.

    Times are ISO 8601 in UTC. In NDJSON nulls are left out, and `items`, `consent`, `properties` are objects.

    raises  ValueError for another suffix
    """
    if path.suffix not in WRITERS:
        raise ValueError(f"{path.name!r} should end in one of {', '.join(WRITERS)}")
    return WRITERS[path.suffix](tables, path)


def _write_parquet(tables: Iterable[pa.Table], path: Path) -> int:
    count = 0
    writer = None
    for table in tables:
        writer = writer or pa.parquet.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
        count += table.num_rows
    if writer:
        writer.close()
    return count


def _write_csv(tables: Iterable[pa.Table], path: Path) -> int:
    count = 0
    with path.open("wb") as file:
        for table in tables:
            options = pa.csv.WriteOptions(include_header=count == 0)
            pa.csv.write_csv(_with_iso_times(table), file, options)
            count += table.num_rows
    return count


def _write_ndjson(tables: Iterable[pa.Table], path: Path) -> int:
    count = 0
    encoder = msgspec.json.Encoder(decimal_format="number")
    with path.open("wb") as file:
        for table in tables:
            for start in range(0, table.num_rows, ROWS_A_WRITE):
                rows = _dicts(table.slice(start, ROWS_A_WRITE))
                file.write(encoder.encode_lines(rows))
                count += len(rows)
    return count


WRITERS: dict[str, Callable[[Iterable[pa.Table], Path], int]] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".ndjson": _write_ndjson,
}


def collect_batches(
    events: pa.Table, *, size: int = 500, since: datetime | None = None
) -> Iterator[list[dict[str, Any]]]:
    """Give the events as lists of at most `size` dicts for the collect endpoint, in the table's order.

    Campaign tags are named only where there is no address to read them from, and click ids never. `value`
    is an int, or a decimal text. `since` leaves out what the door would call too old.
    """
    if since is not None:
        events = events.filter(pc.greater_equal(events["time"], pa.scalar(since, events["time"].type)))
    for start in range(0, events.num_rows, size):
        chunk = events.slice(start, size)
        values = chunk["value_micros"].to_pylist()
        sent = _dicts(chunk.select([name for name in chunk.column_names if name not in _MADE_AT_THE_DOOR]))
        yield [_sent(row, value) for row, value in zip(sent, values, strict=True)]


def _sent(row: dict[str, Any], value_micros: int | None) -> dict[str, Any]:
    if "url" in row:
        row = {name: value for name, value in row.items() if not name.startswith("utm_")}
    if not row["refund"]:
        del row["refund"]
    if value_micros is not None:
        whole, rest = divmod(value_micros, 1_000_000)
        row["value"] = whole if rest == 0 else str(Decimal(value_micros) / 1_000_000)
    return row


def _dicts(table: pa.Table) -> list[dict[str, Any]]:
    """Give rows as dicts without their nulls; JSON texts become objects."""
    columns = _with_iso_times(table).to_pydict()
    for name in _JSON_COLUMNS:
        if name in columns:
            known: dict[str, Any] = {}
            columns[name] = [_decoded(text, known) for text in columns[name]]
    names = list(columns)
    rows = zip(*columns.values(), strict=True)
    return [{n: value for n, value in zip(names, row, strict=True) if value is not None} for row in rows]


def _decoded(text: str | None, known: dict[str, Any]) -> Any:
    """Read a JSON text, each different one once: most are among a few dozen."""
    if text is None:
        return None
    if text not in known:
        known[text] = msgspec.json.decode(text)
    return known[text]


def _with_iso_times(table: pa.Table) -> pa.Table:
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            text = pc.strftime(table.column(place), "%Y-%m-%dT%H:%M:%SZ")
            table = table.set_column(place, field.name, text)
    return table


def attribute_rows(shop: Shop) -> pa.Table:
    """Give a shop as the columns of `measureplan attribute`, with planted touches, channels and sessions.

    So the command can be asked for what was planted, without the product's own sessions and channels.
    `user_id` is left out: in the shop a person is a visitor.
    """
    events, planted = shop.events, shop.planted
    names = pa.array(TOUCH_NAMES)
    micros = events["value_micros"].cast(pa.decimal128(19, 0))
    columns = {
        "time": events["time"],
        "visitor_id": events["visitor_id"],
        "name": events["name"],
        "type": names.take(planted["touch"].combine_chunks()),
        "channel": planted["channel"],
        "event_id": events["event_id"],
        "sequence": events["sequence"],
        "paid": planted["paid"],
        "value": pc.multiply(micros, _ONE_MICRO),
        "currency": events["currency"],
        "transaction_id": events["transaction_id"],
        "session_id": planted["session"],
    }
    return pa.table(columns)
