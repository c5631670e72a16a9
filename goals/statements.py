"""Statements: questions to the lake, and how they are put to it, some persons at a time where they are too many."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pyarrow as pa
from duckdb import DuckDBPyConnection as Connection

GOAL = "goal"
# So many events that meet rules are worked on at a time: with the visits of those who did them, what 160 MB can hold.
# The engine writes what is more to disk, but not all of it: of 330,000 it ran out of memory.
AT_ONCE = 150_000
_COUNTED = "create or replace temporary table counted (place bigint, session_id varchar, session_day date)"
_MATCHING = "select count(*) from once"


@dataclass(frozen=True, slots=True)
class Statement:
    """A question to the lake: SQL over its views, the values bound in it, and the tables it brings along.

    before   what is to be run first on the same connection, with the same tables
    """

    sql: str
    params: dict[str, object] = field(default_factory=dict)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    before: "Statement | None" = None

    def given(self, **params: object) -> "Statement":
        """Give it with further values bound."""
        return replace(self, params=self.params | params)


@dataclass(frozen=True, slots=True)
class Finding:
    """Conversions by three statements, of which the second takes some persons at a time, and the third some rows.

    once      keeps the events that meet rules as the table `once`, in their order, numbered from 1 on as `place`
    counted   adds to the table `counted` those of them that count, of the persons of $share of $shares
    found     gives GOAL and what is asked of a conversion, of the places after $after up to $through
    """

    once: Statement
    counted: Statement
    found: Statement


def ask(lake: Connection, asked: Statement) -> pa.Table:
    """Put a statement to the lake."""
    _prepare(lake, asked)
    return lake.sql(asked.sql, params=asked.params).to_arrow_table()


def run(lake: Connection, asked: Statement) -> None:
    """Have a statement make or fill a temporary table, which later ones may ask."""
    _prepare(lake, asked)
    lake.execute(asked.sql, asked.params)


def find(lake: Connection, finding: Finding, *, at_once: int = AT_ONCE) -> pa.Table:
    """Find the conversions, one goal's after the other's, each goal's in their order.

    at_once   about how many events that meet rules are worked on at a time: a question of memory alone
    """
    run(lake, finding.once)
    [[matching]] = lake.execute(_MATCHING).fetchall()
    parts = max(1, -(-matching // at_once))
    lake.execute(_COUNTED)
    for share in range(parts):
        run(lake, finding.counted.given(share=share, shares=parts))
    found = pa.concat_tables(_found(lake, finding.found, parts, at_once))
    return found if parts == 1 else found.sort_by(GOAL)


def _found(lake: Connection, asked: Statement, parts: int, at_once: int) -> Iterator[pa.Table]:
    for part in range(parts):
        yield ask(lake, asked.given(after=part * at_once, through=(part + 1) * at_once))


def _prepare(lake: Connection, asked: Statement) -> None:
    if asked.before:
        run(lake, asked.before)
    for name, table in asked.tables.items():
        lake.register(name, table)
