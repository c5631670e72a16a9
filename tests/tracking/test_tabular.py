import gzip
import io
import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from tracking.channels import origin_of
from tracking.event import Event
from tracking.rules import SourceRules
from tracking.tabular import Imported, Importer
from tracking.tabular_mapping import Mapping, guess
from tracking.tabular_rows import RowError, layout_of, rows_of

SNOWPLOW = Path(__file__).resolve().parents[3] / "shared/data/snowplow_events/events.csv.gz"
NOW_US = 1_795_297_679_000_000
FIELDS = {"event_id": "id", "name": "name", "time": "time", "visitor_id": "visitor"}
HEADER = "id,name,time,visitor,value\n"


def salt_of(day: date) -> bytes:
    return day.isoformat().encode()


def imported(data: bytes | str, fields: dict[str, str] | None = None, **mapping: object) -> list[Imported | RowError]:
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    layout = layout_of(stream)
    known = Mapping(
        fields=guess(layout.columns, layout.sample) if fields is None else fields,
        **{"has_decimal_comma": layout.has_decimal_comma, **mapping},
    )
    importer = Importer(mapping=known, rules=SourceRules(source_id=1, currency="NOK"), salt_of=salt_of, now_us=NOW_US)
    return list(importer.read(rows_of(stream, layout)))


def events(*args: object, **settings: object) -> list[Event]:
    found = imported(*args, **settings)
    errors = [outcome for outcome in found if isinstance(outcome, RowError)]
    assert not errors
    return [outcome.event for outcome in found if isinstance(outcome, Imported)]


def test_a_row_becomes_an_event_by_the_guessed_mapping():
    (event,) = events("event_id,event_name,timestamp,visitor_id,revenue\ne1,kjøp,2026-11-21T21:00:00Z,v1,149.50\n")
    assert (event.event_id, event.name, event.visitor_id) == ("e1", "kjøp", "v1")
    assert (event.value_micros, event.currency, event.protocol) == (149_500_000, "NOK", "import")
    assert (event.time_us, event.received_us) == (1_795_294_800_000_000, NOW_US)


def test_history_is_welcome_and_the_future_is_an_error():
    old, future = imported(HEADER + "1,n,2015-05-17T10:00:00Z,v,\n2,n,2026-11-22T10:00:00Z,v,\n", FIELDS)
    assert isinstance(old, Imported)
    assert future == RowError(3, "time", "2026-11-22T10:00:00Z", "time_in_future", future.message)


ERRORS = {
    "no name": ("1,,2026-11-21T10:00:00Z,v,", "name", "", "name_required"),
    "no time": ("1,n,,v,", "time", "", "time_format"),
    "a wrong time": ("1,n,21/11/2026,v,", "time", "21/11/2026", "time_format"),
    "a wrong amount": ("1,n,2026-11-21T10:00:00Z,v,ten", "value", "ten", "amount_format"),
    "too many cells": ("1,n,2026-11-21T10:00:00Z,v,1,2", "", "1,n,2026-11-21T10:00:00Z,v,1,2", "row_length"),
    "too few cells": ("1,n", "", "1,n", "row_length"),
}


@pytest.mark.parametrize(("row", "column", "value", "code"), ERRORS.values(), ids=ERRORS.keys())
def test_a_faulty_row_says_line_column_value_and_reason(row, column, value, code):
    good = "0,n,2026-11-21T10:00:00Z,v,"
    found = imported(f"{HEADER}{good}\n{row}\n{good}\n", {**FIELDS, "value": "value"})
    error = found[1]
    assert isinstance(error, RowError)
    assert (error.line, error.column, error.value, error.code) == (3, column, value, code)
    assert error.message
    assert isinstance(found[2], Imported), "the rows after it are read"


def test_the_line_of_a_row_is_where_it_starts():
    text = 'name,time,title\nn,2026-11-21T10:00:00Z,"two\nlines"\n,2026-11-21T10:00:00Z,x\n'
    first, second = imported(text)
    assert first.line == 2
    assert (second.line, second.code) == (4, "name_required")


TIMES = {
    "with an offset": ("2026-06-01T12:00:00+02:00", {}, "2026-06-01T10:00"),
    "without one, in the file's zone": ("2026-06-01 12:00:00", {"time_zone": "Europe/Oslo"}, "2026-06-01T10:00"),
    "without one, in winter": ("2026-01-15 12:00:00", {"time_zone": "Europe/Oslo"}, "2026-01-15T11:00"),
    "BigQuery's": ("2026-06-01 10:00:00 UTC", {"time_zone": "Europe/Oslo"}, "2026-06-01T10:00"),
    "seconds": ("1780308000", {}, "2026-06-01T10:00"),
    "milliseconds": ("1780308000000", {}, "2026-06-01T10:00"),
    "GA4's microseconds": ("1780308000000000", {}, "2026-06-01T10:00"),
    "a format": (
        "01.06.2026 12:00",
        {"time_format": "%d.%m.%Y %H:%M", "time_zone": "Europe/Oslo"},
        "2026-06-01T10:00",
    ),
}


@pytest.mark.parametrize(("cell", "mapping", "expected"), TIMES.values(), ids=TIMES.keys())
def test_times_are_read_in_their_format_and_zone(cell, mapping, expected):
    (event,) = events(f"{HEADER}1,n,{cell},v,\n", FIELDS, **mapping)
    assert datetime.fromtimestamp(event.time_us / 1e6, UTC).isoformat(timespec="minutes")[:16] == expected


AMOUNTS = {
    "decimal comma": ("1 234,50", True, 1_234_500_000),
    "comma and points": ("1.234,50", True, 1_234_500_000),
    "comma and narrow spaces": ("1\u202f234,5", True, 1_234_500_000),
    "thousands in a file with commas": ("1.234", True, 1_234_000_000),
    "decimal point": ("1234.5", False, 1_234_500_000),
    "point and commas": ("1,234.50", False, 1_234_500_000),
}


@pytest.mark.parametrize(("cell", "has_comma", "micros"), AMOUNTS.values(), ids=AMOUNTS.keys())
def test_amounts_are_read_as_the_file_writes_them(cell, has_comma, micros):
    text = f"name;time;value\nn;2026-11-21T10:00:00Z;{cell}\n"
    (event,) = events(text, {"name": "name", "time": "time", "value": "value"}, has_decimal_comma=has_comma)
    assert event.value_micros == micros


def test_the_same_file_again_gives_the_same_ids_and_equal_rows_are_two():
    text = "name,time,visitor_id\nn,2026-11-21T10:00:00Z,v\nn,2026-11-21T10:00:00Z,v\nm,2026-11-21T10:00:00Z,v\n"
    first, again = events(text), events(text)
    assert [event.event_id for event in first] == [event.event_id for event in again]
    assert len({event.event_id for event in first}) == 3


def test_columns_that_make_the_id_make_equal_rows_one():
    text = "name,time,visitor_id,order\nn,2026-11-21T10:00:00Z,v,1\nm,2026-11-21T11:00:00Z,v,1\n"
    first, second = events(text, id_from=("order",))
    assert first.event_id == second.event_id


def test_expressions_are_columns_paths_constants_and_templates():
    row = {
        "event": "purchase",
        "at": "2026-11-21T10:00:00Z",
        "params": '{"price": 10.50, "deep": {"color": "blue"}}',
        "host": "shop.example",
        "path": "/a",
        "who": "(not set)",
    }
    fields = {
        "name": "event",
        "time": "at",
        "value": "params.price",
        "currency": "=EUR",
        "url": "https://{host}{path}",
        "user_id": "who",
        "properties.color": "params.deep.color",
        "properties.size": "params.deep.size",
    }
    (event,) = events(json.dumps(row), fields)
    assert (event.value_micros, event.currency) == (10_500_000, "EUR")
    assert (event.url, event.host, event.path) == ("https://shop.example/a", "shop.example", "/a")
    assert event.user_id is None
    assert event.properties == '{"color":"blue"}'


def test_a_file_without_ids_gives_its_visitors_one_for_the_day():
    header = "name,time,ip_address,user_agent\n"
    rows = "n,2026-11-21T10:00:00Z,192.0.2.7,Firefox\nn,2026-11-21T11:00:00Z,192.0.2.7,Firefox\n"
    first, same, next_day = events(header + rows + "n,2026-11-20T10:00:00Z,192.0.2.7,Firefox\n")
    assert first.visitor_id == same.visitor_id != next_day.visitor_id


def test_ndjson_and_parquet_give_the_same_events_as_csv():
    table = [
        {"event_id": "1", "name": "purchase", "time": "2026-11-21T10:00:00Z", "visitor_id": "v", "value": 10.5},
        {"event_id": "2", "name": "page_view", "time": "2026-11-21T10:01:00Z", "visitor_id": "v", "value": None},
    ]
    lines = "\n".join(json.dumps(row) for row in table)
    rows = "event_id,name,time,visitor_id,value\n" + "\n".join(
        ",".join("" if cell is None else str(cell) for cell in row.values()) for row in table
    )
    stream = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(table), stream)
    from_csv = events(rows)
    assert len(from_csv) == 2
    assert events(lines) == from_csv
    assert events(gzip.compress(lines.encode())) == from_csv
    assert events(stream.getvalue()) == from_csv


def test_parquet_keeps_its_dates_and_missing_numbers():
    row = {"name": "n", "time": datetime(2026, 11, 21, 10, tzinfo=UTC), "value": float("nan"), "properties": {"a": 1.5}}
    stream = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist([row]), stream)
    (event,) = events(stream.getvalue())
    assert (event.time_us, event.value_micros, event.properties) == (1_795_255_200_000_000, None, '{"a":1.5}')


def test_faulty_ndjson_lines_are_errors_and_the_rest_is_read():
    good = '{"name":"n","time":"2026-11-21T10:00:00Z"}'
    lines = [good, "{", '{"name":"a","name":"b"}', '{"a":' * 21 + "1" + "}" * 21, '{"time":NaN}', "5", good]
    found = imported("\n".join(lines), {"name": "name", "time": "time"})
    codes = [outcome.code if isinstance(outcome, RowError) else "" for outcome in found]
    assert codes == ["", "invalid_json", "duplicate_key", "too_deep", "number_not_finite", "not_an_object", ""]
    assert [outcome.line for outcome in found] == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.skipif(not SNOWPLOW.exists(), reason="../shared/data/snowplow_events is not on this machine")
def test_the_real_snowplow_file_is_read_by_the_guessed_mapping():
    found = events(SNOWPLOW.read_bytes())
    assert Counter(event.name for event in found) == {"page_view": 97, "checkout": 1}
    assert len({event.visitor_id for event in found}) == 67
    assert len({event.session_id for event in found}) == 98
    orders = [event.value_micros for event in found if event.value_micros]
    assert (len(orders), sum(orders)) == (6, 500_920_000)
    channels = Counter(
        origin_of(utm_source=event.utm_source, utm_medium=event.utm_medium, utm_campaign=event.utm_campaign).channel.key
        for event in found
    )
    assert channels == {
        "direct": 47,
        "organic_search": 39,
        "referral": 4,
        "paid_search": 3,
        "organic_video": 3,
        "organic_social": 1,
        "affiliates": 1,
    }
