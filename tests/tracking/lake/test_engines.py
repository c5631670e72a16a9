"""DuckDB engines that stay: quick for the next question, and nothing of one question is in another."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from tracking.lake import engines
from tracking.lake.engines import Kind, Pool, connection_of

HERE = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    pool = Pool()
    monkeypatch.setattr(engines, "_POOL", pool)
    yield pool
    for each in pool.idle:
        each.instance.close()


@pytest.fixture
def kind(tmp_path: Path) -> Kind:
    return Kind((f"{tmp_path}/own/",), f"{tmp_path}/spill", 1, "64MB")


def test_the_same_engine_answers_again_and_knows_nothing_of_before(pool: Pool, kind: Kind) -> None:
    with connection_of(kind) as first:
        first.register("given", pa.table({"n": [1, 2]}))
        first.execute("create temp table made as select n + 1 as n from given")
        first.execute("create temp view shown as from made")
    (engine,) = pool.idle
    with connection_of(kind) as second:
        assert pool.idle == [], "nobody else has it meanwhile"
        for name in ("given", "made", "shown"):
            with pytest.raises(duckdb.CatalogException, match=name):
                second.execute(f"from {name}")
        assert second.sql("select current_setting('timezone')").fetchall() == [("UTC",)]
    assert pool.idle == [engine]
    assert engine.uses == 2


def test_an_engine_reaches_its_folders_alone_and_cannot_be_told_otherwise(tmp_path: Path, kind: Kind) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.csv").write_text("n\n1\n")
    for statement in (
        f"from read_csv('{tmp_path}/other/secret.csv')",
        "set enable_external_access = true",
        "set memory_limit = '8GB'",
        f"copy (select 1) to '{tmp_path}/other/out.csv'",
    ):
        with pytest.raises(duckdb.Error), connection_of(kind) as connection:
            connection.execute(statement)
    assert not (tmp_path / "other" / "out.csv").exists()


def test_one_that_failed_is_not_given_to_others(pool: Pool, kind: Kind) -> None:
    with pytest.raises(duckdb.Error), connection_of(kind) as connection:
        connection.execute("from nothing")
    assert pool.idle == []


def test_few_stay_and_none_for_ever(pool: Pool, kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "USES", 3)
    kinds = [Kind((f"{tmp_path}/{n}/",), f"{tmp_path}/spill", 1, "64MB") for n in range(engines.IDLE + 2)]
    for each in kinds:
        with connection_of(each):
            pass
    assert [each.kind for each in pool.idle] == kinds[-engines.IDLE :]
    newest = pool.idle[-1]
    for _ in range(2):
        with connection_of(newest.kind):
            pass
    assert newest not in pool.idle, "after so many questions a new one is started"
    clock = engines.time.monotonic() + engines.IDLE_SECONDS
    monkeypatch.setattr(engines.time, "monotonic", lambda: clock)
    with connection_of(kind):
        pass
    assert [each.kind for each in pool.idle] == [kind]


def test_a_fork_starts_its_own(pool: Pool, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    with connection_of(kind):
        pass
    (parents,) = pool.idle
    monkeypatch.setattr(os, "getpid", lambda: -1)
    with connection_of(kind):
        pass
    assert [each is parents for each in pool.idle] == [False]
    parents.instance.close()


def test_whatever_is_made_in_an_engine_is_temporary() -> None:
    """What is not would be there for the next question, of whoever it is."""
    lasting = re.compile(
        r"(?i)\bcreate (?:or replace )?(?!temp\b|temporary\b)(?:table|view|type|macro|schema|sequence)\b"
    )
    found = [
        f"{path}: {match.group()}"
        for app in ("tracking", "goals", "reports")
        for kind in ("*.py", "*.sql")
        for path in sorted((HERE / app).rglob(kind))
        if "migrations" not in path.parts
        for match in lasting.finditer(path.read_text())
    ]
    assert found == []
