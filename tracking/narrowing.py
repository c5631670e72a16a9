"""An engine that sees the events of some persons alone, so that what is asked of it costs what these persons did."""

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa

from tracking.lake.query import NOBODY_LINKED, PERSON_EVENTS
from tracking.lake.schema import EVENTS

_SQL = {path.stem: path.read_text() for path in (Path(__file__).parent / "sql").glob("narrowing.*.sql")}
# Without these nobody could say whose an event is, which it is and when it was.
ALWAYS = frozenset({"day", "source_id", "event_id", "name", "time", "visitor_id", "user_id", "consent", "sequence"})


def narrow(
    engine: duckdb.DuckDBPyConnection,
    persons: pa.Table,
    columns: Iterable[str],
    *,
    is_linked: bool,
    source: str = "events",
    with_orders: bool = False,
) -> int:
    """Have `events` and `person_events` show what is the persons'; give the number of events.

    engine    shows a state of the lake; `with_orders` after tracking.affected.find, which found those of all events
    persons   person_id, each once; from now on also the engine's table `affected`
    columns   of events that are needed beside ALWAYS; the others are gone
    is_linked whether anybody was ever linked with anybody
    source    the view to read events from: a day in a filter has the engine join the wrong way round
    with_orders   also everybody's events of the transactions that theirs are of; `columns` has what that needs

    An event of one of the persons' visitors can be somebody else's: a device that is shared. So `person_events` may
    show persons that were not asked for, and not all that these did.
    """
    engine.register("affected", persons)
    listed = _listed(columns)
    engine.execute(_SQL["narrowing.visitors"])
    engine.execute(_SQL["narrowing.events"].replace("{columns}", listed).replace("{source}", source))
    if with_orders:
        _bring_strangers(engine, listed)
    look_at(engine, "few_events", is_linked=is_linked)
    return _count(engine, "few_events")


def narrow_before(engine: duckdb.DuckDBPyConnection, columns: Iterable[str]) -> None:
    """Show the same persons' events of the state before as `few_events_before`.

    engine   after `narrow` and tracking.affected.find
    columns  as given to `narrow`
    """
    engine.execute(_SQL["narrowing.before"].replace("{columns}", _listed(columns)))


def look_at(engine: duckdb.DuckDBPyConnection, events: str, *, is_linked: bool) -> None:
    """Have `events` and `person_events` show a table of events."""
    # A temporary view stands before the snapshot's view of the same name.
    engine.execute(f"create or replace temp view events as from {events}")
    whose = PERSON_EVENTS if is_linked else NOBODY_LINKED
    engine.execute(whose.replace("create temp view", "create or replace temp view"))


def _bring_strangers(engine: duckdb.DuckDBPyConnection, listed: str) -> None:
    """Add the events of others that share a transaction; all columns are read on the days of these alone."""
    days = [day for (day,) in engine.sql(_SQL["narrowing.strangers"]).fetchall()]
    if days:
        engine.execute(_SQL["narrowing.brought"].replace("{columns}", listed), {"days": days})


def _listed(columns: Iterable[str]) -> str:
    wanted = ALWAYS | set(columns)
    return ", ".join(name for name in EVENTS.names if name in wanted)


def _count(engine: duckdb.DuckDBPyConnection, table: str) -> int:
    ((rows,),) = engine.sql(f"select count(*) from {table}").fetchall()  # noqa: S608  # a name of ours
    return int(rows)
