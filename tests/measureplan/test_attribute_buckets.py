"""Events of many files, dealt out to buckets: what one process says of all of them at once."""

import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measureplan import attribute_buckets, attribute_spark
from measureplan.attribute import NAMES
from measureplan.attribute_buckets import SEAT, Job
from tests.measureplan.attribute_cases import attribute, save
from tests.measureplan.attribute_histories import alike, answers, shop, some_rows, store, table_of


class Buckets:
    """In the place of Spark: deals lines out to buckets in this process, in no order that could be relied on."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.buckets = 0

    def run(self, job: Job, *, master: str | None, buckets: int | None) -> pa.Table:
        assert (master, bool(buckets)) == (None, True), "how many is asked for, and there is no cluster"
        files = range(len(job.source.files))
        money = [lines for file in files for lines in attribute_buckets.read(job, file)]
        others = [lines for file in files for lines in attribute_buckets.read_others(job, file)]
        judged = [attribute_buckets.attached(job, part) for part in self.dealt(job.lines, money, SEAT, buckets)]
        parts = self.dealt(job.judged, [*others, *judged], "visitor_id", buckets)
        added = [attribute_buckets.credited(job, part) for part in parts]
        return pa.concat_tables([attribute_buckets.ADDED.empty_table(), *added])

    def dealt(self, schema: pa.Schema, tables: list[pa.Table], by: str, buckets: int) -> list[pa.Table]:
        """Give the lines of each bucket that has any, shuffled."""
        lines = pa.concat_tables([schema.empty_table(), *tables])
        lines = lines.take(pa.array(self.random.permutation(lines.num_rows)))
        seat = np.array([zlib.crc32(text.encode()) % buckets for text in lines.column(by).to_pylist()], dtype=np.int64)
        parts = [lines.filter(pa.array(seat == n)) for n in range(buckets)]
        self.buckets += sum(part.num_rows > 0 for part in parts)
        return [parts[n] for n in self.random.permutation(buckets) if parts[n].num_rows]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=some_rows(),
    files=st.integers(1, 4),
    buckets=st.integers(1, 5),
    counting=st.sampled_from(["every", "session", "person"]),
    more=st.sampled_from([[], ["--scope", "reset"], ["--keep-direct"], ["--most-touches", "2"], ["--by", "name"]]),
)
def test_any_dealing_into_buckets_gives_what_one_process_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: Any, files: int, buckets: int, counting: str, more: list[str]
) -> None:
    folder = store(tmp_path / "events", rows, files)
    arguments = ["--model", ",".join(NAMES), "--counting", counting, *more]
    expected, notes = answers(folder, *arguments)
    monkeypatch.setattr(attribute_spark, "run", Buckets(len(rows)).run)
    found, said = answers(folder, *arguments, "--buckets", str(buckets), runner="spark")
    refunds = [answer.pop("unmatched_refunds", []) for answer in (found, expected)]
    assert alike(found, expected)
    assert sorted(map(str, refunds[0])) == sorted(map(str, refunds[1]))
    assert said == notes


def test_visitors_are_really_dealt_to_several_buckets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    buckets = Buckets(1)
    monkeypatch.setattr(attribute_spark, "run", buckets.run)
    answers(store(tmp_path / "events", shop(60), 3), "--buckets", "4", runner="spark")
    assert buckets.buckets > 4


def test_a_folder_and_a_delta_table_say_what_one_file_says(tmp_path: Path) -> None:
    rows = shop(60)
    pq.write_table(table_of(rows), tmp_path / "all.parquet")
    table = table_of(rows)
    day = table.column("time").cast(pa.date32())
    write_deltalake(tmp_path / "delta", table.append_column("day", day), partition_by=["day"])
    expected, _ = answers(tmp_path / "all.parquet", "--model", "linear,first")
    assert answers(store(tmp_path / "folder", rows, 4), "--model", "linear,first")[0] == expected
    assert alike(answers(tmp_path / "delta", "--model", "linear,first")[0], expected)


def test_a_delta_table_is_read_at_its_newest_version_only(tmp_path: Path) -> None:
    write_deltalake(tmp_path / "delta", table_of(shop(60)))
    write_deltalake(tmp_path / "delta", table_of(shop(30)[-1:]), mode="overwrite")
    assert answers(tmp_path / "delta")[0]["totals"]["conversions"] == 1


@pytest.mark.parametrize("runner", ["here", "spark"])
def test_a_fault_names_the_file_and_the_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runner: str) -> None:
    monkeypatch.setattr(attribute_spark, "run", Buckets(1).run)
    rows = shop(60)
    rows[-1] |= {"value": "much"}
    folder = store(tmp_path / "events", rows, 3)
    more = ["--buckets", "4"] if runner == "spark" else []
    said = attribute(str(folder), "--goal", "purchase", "--runner", runner, *more)
    assert said.code == 2
    assert f'{folder}, file 3, row 25, column value: "much" is no amount' in said.err


def test_two_currencies_in_different_buckets_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attribute_spark, "run", Buckets(1).run)
    rows = shop(60)
    rows[-1] |= {"currency": "SEK"}
    folder = store(tmp_path / "events", rows, 2)
    said = attribute(str(folder), "--goal", "purchase", "--runner", "spark", "--buckets", "8")
    assert said.code == 2
    assert "EUR and SEK do not add up" in said.err


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: folder, "holds no Parquet file"),
        (lambda folder: save(folder, "no parquet", "a.parquet").parent, "cannot be read"),
        (lambda folder: _with(folder, pa.table({"time": [1], "name": ["a"]})), "has no column visitor_id, channel"),
        (lambda folder: _with(folder, table_of(shop(1)).set_column(0, "time", _texts(16))), "column time: string"),
    ],
    ids=["nothing there", "no Parquet", "columns missing", "times as text"],
)
def test_a_folder_that_cannot_be_read_is_refused_with_its_reason(
    tmp_path: Path, make: Callable[[Path], Path], reason: str
) -> None:
    said = attribute(str(make(tmp_path)), "--goal", "purchase")
    assert said.code == 2
    assert reason in said.err


def _with(folder: Path, table: pa.Table) -> Path:
    pq.write_table(table, folder / "a.parquet")
    return folder


def _texts(n: int) -> pa.Array:
    return pc.cast(pa.array(range(n)), pa.string())


def test_without_spark_its_runner_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py4j.protocol", None)
    said = attribute(str(store(tmp_path / "events", shop(5), 1)), "--goal", "purchase", "--runner", "spark")
    assert said.code == 2
    assert "--runner spark: py4j.protocol is not installed; pip install 'measureplan[spark]'" in said.err


def test_a_model_that_learns_from_all_journeys_is_refused_on_a_cluster(tmp_path: Path) -> None:
    folder = store(tmp_path / "events", shop(5), 1)
    said = attribute(str(folder), "--goal", "purchase", "--model", "linear,markov", "--runner", "spark")
    assert said.code == 2
    assert "markov learns from all journeys at once; leave --runner spark out" in said.err
