"""The shop as files, as batches for the collector, and as rows for the command line."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet
import pytest

from measureplan.demo import Shop, shop
from measureplan.demo.writer import attribute_rows, collect_batches, write
from tests.measureplan.demo.conftest import TODAY


@pytest.fixture(scope="module")
def small() -> Shop:
    return shop(until=TODAY, scale=0.05)


def test_parquet_holds_the_very_table(small: Shop, tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    half = small.events.num_rows // 2
    assert write([small.events.slice(0, half), small.events.slice(half)], path) == small.events.num_rows
    assert pa.parquet.read_table(path).equals(small.events)


def test_csv_has_one_header_and_iso_times(small: Shop, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    write([small.events.slice(0, 10), small.events.slice(10, 10)], path)
    rows = pa.csv.read_csv(path, convert_options=pa.csv.ConvertOptions(column_types={"time": pa.string()}))
    assert rows.num_rows == 20
    read = [datetime.fromisoformat(text) for text in rows["time"].to_pylist()]
    assert read == small.events["time"].slice(0, 20).to_pylist()


def test_ndjson_leaves_nulls_out_and_nests_json(small: Shop, tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    write([small.events], path)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row["event_id"] for row in rows] == small.events["event_id"].to_pylist()
    bought = next(row for row in rows if row["name"] == "purchase")
    assert bought["items"][0]["price"] > 0
    assert bought["consent"]["analytics"] is True
    assert not any(value is None for row in rows for value in row.values())


def test_another_kind_of_file_is_refused(tmp_path: Path, small: Shop) -> None:
    with pytest.raises(ValueError, match=r"'events\.xlsx' should end in one of \.parquet, \.csv, \.ndjson"):
        write([small.events], tmp_path / "events.xlsx")


def test_batches_are_full_and_hold_every_event_once(small: Shop) -> None:
    batches = list(collect_batches(small.events, size=300))
    assert {len(batch) for batch in batches[:-1]} == {300}
    assert [row["event_id"] for batch in batches for row in batch] == small.events["event_id"].to_pylist()
    assert json.loads(json.dumps(batches[0])) == batches[0]


def test_a_sent_event_leaves_to_the_door_what_the_door_works_out(small: Shop) -> None:
    rows = {row["event_id"]: row for batch in collect_batches(small.events) for row in batch}
    for event in small.events.to_pylist():
        sent = rows[event["event_id"]]
        assert not {"day", "source_id", "received_at", "host", "path", "click_id", "value_micros"} & set(sent)
        assert ("utm_source" in sent) == (event["url"] is None and event["utm_source"] is not None)
        assert sent.get("refund", False) is event["refund"]
        value = None if event["value_micros"] is None else Decimal(event["value_micros"]) / 1_000_000
        assert (None if "value" not in sent else Decimal(sent["value"])) == value


def test_tags_of_an_address_are_those_of_the_columns(small: Shop) -> None:
    tagged = small.events.filter(pc.and_(pc.is_valid(small.events["url"]), pc.is_valid(small.events["utm_source"])))
    assert tagged.num_rows > 100
    for event in tagged.to_pylist():
        assert f"utm_source={event['utm_source']}&utm_medium={event['utm_medium']}" in event["url"]
        if event["click_id"]:
            assert event["url"].endswith(f"{event['click_id_type']}={event['click_id']}")


def test_batches_can_leave_out_what_is_too_old(small: Shop) -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    rows = [row for batch in collect_batches(small.events, since=since) for row in batch]
    assert rows
    assert len(rows) == pc.sum(pc.greater_equal(small.events["time"], pa.scalar(since))).as_py()
    assert all(datetime.fromisoformat(row["time"]) >= since for row in rows)


def test_attribute_rows_name_the_planted_touch_of_each_event(small: Shop) -> None:
    rows = attribute_rows(small)
    assert rows.column_names == [
        "time", "visitor_id", "name", "type", "channel", "event_id", "sequence", "paid", "value", "currency",
        "transaction_id", "session_id",
    ]  # fmt: skip
    touches = rows.filter(pc.is_valid(rows["type"]))
    assert set(touches["type"].to_pylist()) == {"view", "engagement", "click"}
    assert touches["channel"].null_count == 0
    assert rows.filter(pc.is_null(rows["type"]))["channel"].null_count == rows.num_rows - touches.num_rows
    spent = {row["event_id"]: row["value"] for row in rows.to_pylist() if row["value"] is not None}
    kept = {
        e["event_id"]: Decimal(e["value_micros"]) / 1_000_000 for e in small.events.to_pylist() if e["value_micros"]
    }
    assert spent == kept
