"""Histories as tables of lines, and ways to ask the command about them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import strategies as st

from tests.measureplan.attribute_cases import attribute

COLUMNS = ("visitor_id", "name", "channel", "type", "event_id", "value", "currency", "transaction_id")
HOUR_US = 3_600_000_000
START_US = 1_735_689_600_000_000


def table_of(rows: Sequence[dict[str, Any]]) -> pa.Table:
    time = pa.array([START_US + row["hour"] * HOUR_US for row in rows], pa.timestamp("us", "UTC"))
    texts = [pa.array([row.get(name) for row in rows], pa.string()) for name in COLUMNS]
    return pa.table([time, *texts], names=["time", *COLUMNS])


def store(folder: Path, rows: Sequence[dict[str, Any]], files: int) -> Path:
    """Write rows to a folder of Parquet files, in order."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    cuts = np.linspace(0, len(rows), files + 1).astype(int)
    for n in range(files):
        pq.write_table(table_of(rows[cuts[n] : cuts[n + 1]]), folder / f"{n}.parquet")
    return folder


def answers(address: Path, *arguments: str, runner: str = "here") -> Any:
    said = attribute(str(address), "--goal", "purchase", "--json", "--runner", runner, *arguments)
    assert said.code == 0, said.err
    return json.loads(said.out), said.err


def alike(found: Any, expected: Any) -> bool:
    """Say whether two answers are the same in every key, with figures to 1e-12 of each other."""
    if isinstance(expected, dict):
        return found.keys() == expected.keys() and all(alike(found[key], expected[key]) for key in expected)
    if isinstance(expected, float):
        return bool(found == pytest.approx(expected, rel=1e-12, abs=1e-12))
    return bool(found == expected)


VISITORS, TRANSACTIONS = ("anna", "ben", "cleo"), ("", "t1", "t2", "t3")


def some_rows() -> st.SearchStrategy[list[dict[str, Any]]]:
    place = {"hour": st.integers(0, 60), "visitor_id": st.sampled_from(VISITORS)}
    visit = st.fixed_dictionaries(
        place
        | {
            "name": st.just("visit"),
            "type": st.sampled_from(["view", "engagement", "click", ""]),
            "channel": st.sampled_from(["direct", "email", "paid_search", "display"]),
        }
    )
    money = {"value": st.sampled_from(["", "1", "2.50", "0.125"]), "currency": st.just("EUR")}
    sale = st.fixed_dictionaries(
        place | money | {"name": st.just("purchase"), "transaction_id": st.sampled_from(TRANSACTIONS)}
    )
    refund = st.fixed_dictionaries(
        place | money | {"name": st.just("refund"), "transaction_id": st.sampled_from([*TRANSACTIONS, "t9"])}
    )
    rows = st.lists(st.one_of(visit, visit, sale, refund), max_size=30)
    # Each id is one event's, which a sender may have sent again, later.
    doubled = st.tuples(rows, st.lists(st.tuples(st.integers(0, 29), st.integers(0, 5)), max_size=5))
    return doubled.map(_with_repeats)


def _with_repeats(drawn: tuple[list[dict[str, Any]], list[tuple[int, int]]]) -> list[dict[str, Any]]:
    rows, again = drawn
    rows = [row | {"event_id": f"e{n}"} for n, row in enumerate(rows)]
    return rows + [rows[n] | {"hour": rows[n]["hour"] + hours} for n, hours in again if n < len(rows)]


def shop(n: int) -> list[dict[str, Any]]:
    visits = [
        {"hour": i % 50, "visitor_id": f"v{i % 17}", "name": "visit", "type": "click", "channel": f"c{i % 5}"}
        for i in range(n)
    ]
    sales = [
        {"hour": 51, "visitor_id": f"v{i}", "name": "purchase", "value": "9.5", "currency": "EUR"} for i in range(15)
    ]
    return [row | {"event_id": f"e{i}"} for i, row in enumerate([*visits, *sales])]
