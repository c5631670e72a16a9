"""An engine that sees the events of some persons alone, so that what is asked of it costs what these persons did."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa

from tracking.lake.query import NOBODY_LINKED, PERSON_EVENTS
from tracking.lake.schema import EVENTS
from tracking.lake.table import NO_VERSION, Snapshot

_SQL = {path.stem: path.read_text() for path in (Path(__file__).parent / "sql").glob("narrowing.*.sql")}
# Without these nobody could say whose an event is, which it is and when it was.
ALWAYS = frozenset({"day", "source_id", "event_id", "name", "time", "visitor_id", "user_id", "consent", "sequence"})


def narrow(
    engine: duckdb.DuckDBPyConnection,
    snapshot: Snapshot,
    persons: pa.Table,
    columns: Iterable[str],
    *,
    with_orders: bool = False,
) -> int:
    """Have `events` and `person_events` show what is the persons'; give the number of events.

    engine    shows the snapshot
    persons   person_id, each once; from now on also the engine's table `affected`
    columns   of events that are needed beside ALWAYS; the others are gone
    with_orders   also everybody's events of the transactions that theirs are of; `columns` has what that needs

    An event of one of the persons' visitors can be somebody else's: a device that is shared. So `person_events` may
    show persons that were not asked for, and not all that these did.
    """
    engine.register("affected", persons)
    wanted = ALWAYS | set(columns)
    listed = ", ".join(name for name in EVENTS.names if name in wanted)
    engine.execute(_SQL["narrowing.visitors"])
    engine.execute(_SQL["narrowing.events"].replace("{columns}", listed))
    if with_orders:
        engine.execute(_SQL["narrowing.shared"])
        engine.execute(_SQL["narrowing.strangers"].replace("{columns}", listed))
    # A temporary view stands before the snapshot's view of the same name.
    engine.execute("create or replace temp view events as from few_events")
    whose = NOBODY_LINKED if snapshot.people_version == NO_VERSION else PERSON_EVENTS
    engine.execute(whose.replace("create view", "create or replace temp view"))
    ((events,),) = engine.sql("select count(*) from few_events").fetchall()
    return int(events)
