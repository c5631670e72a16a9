"""`measureplan attribute`: the formats it reads, and its one line for what is wrong."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from measureplan.attribute import EVERY
from tests.measureplan.attribute_cases import EVENTS, conversions, refusal, run, save


def test_without_a_type_column_every_other_row_with_a_channel_is_a_click(tmp_path: Path) -> None:
    text = "time,visitor_id,name,channel\n1740000000,a,visit,Paid Search\n1740000001,a,look,\n"
    found = run(save(tmp_path, text + "1740000002,a,purchase,Direct\n"), "--model", "linear")
    assert conversions(found, "linear") == {"Paid Search": 1.0}
    assert found["paid_split"]["paid_unassisted"]["conversions"] == 1


@pytest.mark.parametrize(
    "moment",
    [
        "2025-02-19T21:20:00Z",
        "2025-02-19 22:20:00+01:00",
        "2025-02-19T21:20:00",
        "1740000000",
        "1740000000000",
    ],
    ids=["UTC", "with a zone", "without a zone", "seconds", "milliseconds"],
)
def test_a_time_may_be_written_in_several_ways_also_in_one_file(tmp_path: Path, moment: str) -> None:
    text = f"time,visitor_id,name,channel\n{moment},a,visit,email\n"
    for sale, key in (("1740000000", "email"), ("1739999999", "(none)"), ("2025-02-19T21:20Z", "email")):
        found = run(save(tmp_path, f"{text}{sale},a,purchase,\n"))
        assert conversions(found, "last") == {key: 1.0}, sale


def _as_ndjson(rows: list[dict[str, str]]) -> bytes:
    typed = [{k: float(v) if k == "value" and v else v or None for k, v in row.items()} for row in rows]
    return "\n".join(json.dumps(row) for row in typed).encode()


def _as_parquet(rows: list[dict[str, str]]) -> bytes:
    columns: dict[str, Any] = {name: [row[name] or None for row in rows] for name in rows[0]}
    columns["time"] = pa.array([datetime.fromisoformat(t) for t in columns["time"]], pa.timestamp("ns", "UTC"))
    columns["value"] = pa.array([v and Decimal(v) for v in columns["value"]], pa.decimal128(12, 2))
    columns["channel"] = pa.array(columns["channel"]).dictionary_encode()
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


FORMATS: dict[str, Callable[[list[dict[str, str]]], bytes]] = {
    "events.csv.gz": lambda _: gzip.compress(EVENTS.encode()),
    "with a mark and semicolons.csv": lambda _: b"\xef\xbb\xbf" + EVENTS.replace(",", ";").encode(),
    "windows.csv": lambda _: EVENTS.replace("\n", "\r\n").encode(),
    "events.ndjson": _as_ndjson,
    "events.ndjson.gz": lambda rows: gzip.compress(_as_ndjson(rows)),
    "events.parquet": _as_parquet,
    "a name that says nothing": _as_parquet,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_numbers(tmp_path: Path, name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(EVENTS)))
    path = tmp_path / name
    path.write_bytes(FORMATS[name](rows))
    expected = run(save(tmp_path, EVENTS, "plain.csv"), "--model", "linear,same_touch")
    assert run(path, "--model", "linear,same_touch") == expected


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2025-03-02T08:00:00Z,ben", "yesterday,ben", 'line 8, column time: "yesterday" is no time'),
        ("2025-03-02T08:00:00Z,ben", ",ben", 'line 8, column time: "" is no time'),
        (
            "click,email",
            "tap,email",
            'line 3, column type: "tap" is no type; write view, engagement or click',
        ),
        ("80,EUR", '"1.234,50",EUR', 'line 9, column value: "1.234,50" is no amount'),
        ("80,EUR", "NaN,EUR", 'column value: "NaN" is no amount'),
        ("80,EUR", "-80,EUR", 'line 9, column value: "-80" is below zero'),
        ("80,EUR", "80,NOK", "EUR and NOK do not add up"),
        ("80,EUR", "80,", "EUR and no currency do not add up"),
        ("cleo,purchase", ",purchase", 'line 10, column visitor_id: "" is nobody'),
        ("visitor_id,name", "visitor,name", "has no column visitor_id; its columns are: time, visitor, name"),
        ("click,email", "click,(none)", 'line 3, column channel: "(none)" is the row of conversions'),
        ("e2,,,,s2", "e2,,,s2", "Row #3: Expected 10 columns, got 9"),
        ("session_id\n", "value\n", "line 1: column value stands there twice"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_value_and_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in EVENTS, "the case needs a row to spoil"
    path = save(tmp_path, EVENTS.replace(old, new, 1))
    line = refusal(str(path), "--goal", "purchase")
    assert said in line
    assert str(path) in line


def test_blank_lines_and_quoted_breaks_do_not_move_the_line_that_is_named(tmp_path: Path) -> None:
    text = 'time,visitor_id,name,channel\n\n1740000000,"a\nb",visit,email\nsoon,a,purchase,\n'
    assert "line 5, column time" in refusal(str(save(tmp_path, text)), "--goal", "purchase")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b'{"time": 1}\n{"time": ', "line 2"),
        (b'{"time": 1, "visitor_id": "a", "name": "purchase"}', "has no column channel"),
        (b"PAR1 and no more", "damaged Parquet"),
        (b"\x1f\x8bno gzip", "cannot be read"),
    ],
    ids=["empty", "torn JSON", "missing column", "damaged Parquet", "damaged gzip"],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert said in refusal(str(path), "--goal", "purchase")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.csv", "--goal", "x"], "missing.csv cannot be read: No such file or directory"),
        (["e.csv"], "--goal is missing"),
        ([], "give a file of events, or --paths"),
        (["e.csv", "--paths", "p.csv"], "give a file of events, or --paths"),
        (["e.csv", "--goal", "refund"], '--goal "refund"'),
        (["e.csv", "--goal", "x", "--model", "linear,markow"], f"'markow'; there are {', '.join(EVERY)}"),
        (["e.csv", "--goal", "x", "--view", "91"], "'91' is no window; give 0 to 90 days, or off"),
        (["e.csv", "--goal", "x", "--half-life", "0"], "'0' is no half-life"),
        (["--paths", "p.csv", "--click", "7", "--scope", "all"], "--paths takes no --click, --scope"),
        (["--paths", "p.csv", "--model", "linear,time_decay"], "time_decay needs the time of each touch"),
    ],
)
def test_arguments_that_cannot_be_are_refused_in_one_line(arguments: list[str], said: str) -> None:
    assert said in refusal(*arguments)


def test_times_are_utc_whatever_the_machine_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Apia")
    assert datetime.fromtimestamp(1_740_000_000, UTC).isoformat() == "2025-02-19T21:20:00+00:00"
    text = "time,visitor_id,name,channel\n2025-02-19T21:20:00,a,visit,email\n1740000000,a,purchase,\n"
    assert conversions(run(save(tmp_path, text)), "last") == {"email": 1.0}


def test_a_header_alone_is_a_file_without_rows(tmp_path: Path) -> None:
    for header in ("time,visitor_id,name,channel", "time,visitor_id,name,channel\n"):
        found = run(save(tmp_path, header), "--counting", "session", "--model", "same_touch,participation")
        assert found["totals"] == {"conversions": 0, "capped": 0, "value": 0}, header
