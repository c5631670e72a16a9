"""Whose sessions, touches and conversions can differ between two states of the lake: a set that is never too small.

What is derived of a person follows from the person's events alone, and a conversion besides from the events of its
transaction. So between two states these differ: who has an event that only one of them has; whose events an identity
link gave to somebody else; and who has an event of a transaction that such an event is of, as a refund is.
"""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from tracking.lake.query import Listed, Pinned, connected, is_remote, show
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
    with connected(after, memory=MEMORY) as engine:
        return find(engine, before, after, most=most)


def find(
    engine: duckdb.DuckDBPyConnection, before: Snapshot, after: Snapshot, *, most: int, with_orders: bool = True
) -> pa.Table | None:
    """Do what `between` does on an engine that shows the state `after`.

    with_orders   also who has an event of a transaction that changed; sessions and touches know no transactions

    From then on the engine also has the events that only one of the states has, as `came` and `went`; the files that
    these are in, as `come` and `gone`; `people_before`; and `orders_by_day`, where orders are asked for.
    """
    old, new = (set(files(each.workspace_id, Table.EVENTS, each.events_version)) for each in (before, after))
    if is_remote([*old, *new]):
        return None  # the engine cannot open single files of an object store
    gone, come = tuple(sorted(old - new)), tuple(sorted(new - old))
    for name, listed in (("gone", gone), ("come", come)):
        show(engine, after.workspace_id, name, Listed(listed) if listed else EVENTS.empty_table())
    show(engine, after.workspace_id, "people_before", Pinned(Table.PEOPLE, before.people_version))
    engine.execute(_SQL["affected.events"])
    if _count(engine, "select count(distinct visitor_id) from changed") > most:
        return None
    engine.execute(_SQL["affected.visitors"])
    if _count(engine, "select count(*) from moved") > most:
        return None
    days = _days_of_orders(engine) if with_orders else []
    persons = engine.sql(_SQL["affected.persons"], params={"days": days}).to_arrow_table()
    return None if persons.num_rows > most else persons


def _days_of_orders(engine: duckdb.DuckDBPyConnection) -> list[date]:
    engine.execute(_SQL["affected.orders"])
    return [day for (day,) in engine.sql(_SQL["affected.days"]).fetchall()]


def _count(engine: duckdb.DuckDBPyConnection, sql: str) -> int:
    ((found,),) = engine.sql(sql).fetchall()
    return int(found)
