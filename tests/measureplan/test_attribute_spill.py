"""A large table is worked on bucket by bucket in one process, and says what it says when it is read whole."""

import errno
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measureplan import attribute, attribute_buckets, attribute_spill
from measureplan.attribute import NAMES
from measureplan.attribute_buckets import Job
from tests.measureplan.attribute_cases import attribute as run_command
from tests.measureplan.attribute_histories import alike, answers, shop, some_rows, store, table_of

VISITORS = ("anna", "ben", "cleo")


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Spill after a few lines, and remember how many lines each bucket had."""
    monkeypatch.setattr(attribute_spill, "SPILL_LINES", 7)
    found: list[int] = []
    credited = attribute_buckets.credited

    def watched(job: Job, lines: pa.Table) -> pa.Table:
        found.append(lines.num_rows)
        return credited(job, lines)

    monkeypatch.setattr(attribute_buckets, "credited", watched)
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=some_rows(),
    lent=st.lists(st.tuples(st.integers(0, 29), st.sampled_from(VISITORS), st.integers(0, 5)), max_size=3),
    files=st.integers(1, 3),
    buckets=st.integers(1, 5),
    counting=st.sampled_from(["every", "session", "person"]),
    more=st.sampled_from([[], ["--scope", "reset"], ["--keep-direct"], ["--most-touches", "2"], ["--by", "name"]]),
)
def test_any_number_of_buckets_gives_what_reading_whole_gives(
    tmp_path: Path, sizes: list[int], rows: Any, lent: Any, files: int, buckets: int, counting: str, more: list[str]
) -> None:
    # A sender may also give one event's id to another visitor, who can be in another bucket.
    others = [rows[n] | {"visitor_id": who, "hour": rows[n]["hour"] + hours} for n, who, hours in lent if n < len(rows)]
    folder = store(tmp_path / "events", [*rows, *others], files)
    arguments = ["--model", ",".join(NAMES), "--counting", counting, *more]
    expected, notes = answers(folder, *arguments)
    before = len(sizes)
    found, said = answers(folder, *arguments, "--buckets", str(buckets))
    refunds = [answer.pop("unmatched_refunds", []) for answer in (found, expected)]
    assert alike(found, expected)
    assert sorted(map(str, refunds[0])) == sorted(map(str, refunds[1]))
    assert said == notes
    assert len(sizes) - before <= buckets


@pytest.mark.parametrize("is_folder", [True, False], ids=["folder", "one file"])
def test_what_has_many_lines_is_dealt_out_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: list[int], *, is_folder: bool
) -> None:
    rows = shop(400)
    pq.write_table(table_of(rows), tmp_path / "all.parquet")
    address = store(tmp_path / "events", rows, 3) if is_folder else tmp_path / "all.parquet"
    expected, _ = answers(address, "--model", "linear,position")
    assert sizes == []
    for module in (attribute, attribute_spill):
        monkeypatch.setattr(module, "BUCKET_LINES", 50)
    assert alike(answers(address, "--model", "linear,position")[0], expected)
    assert sum(sizes) == len(rows)
    assert max(sizes) < len(rows) / 2


def test_nothing_is_left_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sizes: list[int]) -> None:
    spilled = tmp_path / "tmp"
    spilled.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spilled))
    answers(store(tmp_path / "events", shop(60), 2), "--buckets", "3")
    assert sizes
    assert list(spilled.iterdir()) == []


def test_what_cannot_be_dealt_out_says_why(tmp_path: Path, sizes: list[int]) -> None:
    table = table_of(shop(60))
    folder, texts, csv = store(tmp_path / "events", shop(60), 2), tmp_path / "all.parquet", tmp_path / "all.csv"
    pq.write_table(table.set_column(0, "time", pa.array(["2025-03-01T00:00:00Z"] * table.num_rows)), texts)
    csv.write_text("time,visitor_id,name,channel\n1,a,purchase,email\n")
    for address, model, reason in [
        (folder, "markov", "markov learns from all journeys at once; leave --buckets out"),
        (texts, "linear", "all.parquet is read whole; leave --buckets out, or give Parquet"),
        (csv, "linear", "all.csv is read whole; leave --buckets out, or give Parquet"),
    ]:
        asked = [str(address), "--goal", "purchase", "--model", model]
        said = run_command(*asked, "--buckets", "3")
        assert (said.code, reason in said.err) == (2, True), reason
        assert run_command(*asked).code == 0, address
    assert sizes == []


def test_no_room_for_the_lines_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = store(tmp_path / "events", shop(60), 2)
    monkeypatch.setattr(pa.ipc, "new_file", full)
    said = run_command(str(folder), "--goal", "purchase", "--buckets", "3")
    assert said.code == 2
    assert "No space left on device; make room, or set TMPDIR" in said.err


def test_a_fault_in_one_large_file_names_its_row(tmp_path: Path) -> None:
    rows = shop(60)
    rows[-1] |= {"value": "much"}
    pq.write_table(table_of(rows), tmp_path / "all.parquet")
    said = run_command(str(tmp_path / "all.parquet"), "--goal", "purchase", "--buckets", "4")
    assert said.code == 2
    assert f'all.parquet, row {len(rows)}, column value: "much" is no amount' in said.err
