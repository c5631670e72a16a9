"""Whose sessions, touches and conversions can differ between two states of the lake: a set that is never too small.

What is derived of a person follows from the person's events alone, and a conversion besides from the events of its
transaction. So between two states these differ: who has an event that only one of them has; whose events an identity
link gave to somebody else; and who has an event of a transaction that such an event is of, as a refund is.
"""

from pathlib import Path

import duckdb
import pyarrow as pa

from tracking.lake.query import Listed, Pinned, connected, is_remote
from tracking.lake.schema import EVENTS, Table
from tracking.lake.table import Snapshot, files

MEMORY = "128MB"
_SQL = {path.stem: path.read_text() for path in (Path(__file__).parent / "sql").glob("affected.*.sql")}


def between(before: Snapshot, after: Snapshot, *, most: int) -> pa.Table | None:
    """Give the persons that two states of a workspace can differ in.

    before, after   states that were published, of the same zone and with the same sources
    most            so many persons are worth telling apart
    returns         person_id, each once; None where they are more, or where only a whole reading could tell
    """
    old, new = (set(files(each.workspace_id, Table.EVENTS, each.events_version)) for each in (before, after))
    gone, come = tuple(sorted(old - new)), tuple(sorted(new - old))
    if is_remote(gone + come):
        return None  # the engine cannot open single files of an object store
    tables = {
        "gone": Listed(gone) if gone else EVENTS.empty_table(),
        "come": Listed(come) if come else EVENTS.empty_table(),
        "people_before": Pinned(Table.PEOPLE, before.people_version),
    }
    with connected(after, tables, memory=MEMORY) as engine:
        return _found(engine, most)


def _found(engine: duckdb.DuckDBPyConnection, most: int) -> pa.Table | None:
    engine.execute(_SQL["affected.events"])
    if _count(engine, "select count(distinct visitor_id) from changed") > most:
        return None
    engine.execute(_SQL["affected.visitors"])
    if _count(engine, "select count(*) from moved") > most:
        return None
    persons = engine.sql(_SQL["affected.persons"]).to_arrow_table()
    return None if persons.num_rows > most else persons


def _count(engine: duckdb.DuckDBPyConnection, sql: str) -> int:
    ((found,),) = engine.sql(sql).fetchall()
    return int(found)
