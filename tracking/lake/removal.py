"""Events taken out of the lake for good: of a person, of an import, of a time that is over.

Two steps. `remove` writes the days again without them, in one commit; readers of older versions see them still.
`clear` then deletes every file that no version in use has, so that their bytes are gone too.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import duckdb
import pyarrow as pa
from deltalake.transaction import AddAction

from tracking.lake import dayfiles
from tracking.lake.query import connected
from tracking.lake.schema import EVENTS, Table
from tracking.lake.table import NO_VERSION, Snapshot, open_table, replace_listed
from tracking.models import LakeState

MEMORY = "128MB"
_BY_DAY = "select day, count(*) as events, min(time) as first from events where {these} group by day order by day"
ROWS = 50_000  # on their way at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Events that are to go.

    first         time of the earliest: everything derived is to be redone from there; None where there are none
    names, paths  that they came with, which are counted beside the lake (tracking.catalogue)
    """

    events: int = 0
    days: tuple[date, ...] = ()
    first: datetime | None = None
    names: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Which events: SQL of ours over the columns of `events`, with $parameters and tables beside."""

    sql: str
    params: Mapping[str, object] = field(default_factory=dict)
    tables: Mapping[str, pa.Table] = field(default_factory=dict)


def newest(workspace_id: int) -> Snapshot:
    """Give the newest state of the events, published or not: what was stored a second ago is to be found as well."""
    table = open_table(workspace_id, Table.EVENTS)
    return Snapshot(workspace_id, events_version=table.version() if table else NO_VERSION)


def seek(workspace_id: int, condition: Condition) -> Sought:
    """Say what would go, among all that is in the lake by now."""
    with _opened(workspace_id, condition) as engine:
        days = _ask(engine, condition, _BY_DAY)
        return Sought(
            events=sum(day["events"] for day in days),
            days=tuple(day["day"] for day in days),
            first=min((day["first"].astimezone(UTC) for day in days), default=None),
            names=_texts(engine, condition, "name"),
            paths=_texts(engine, condition, "path"),
        )


def remove(workspace_id: int, condition: Condition, days: Sequence[date]) -> None:
    """Take the events out of their days, in one commit; call it with the drain's lock.

    days   of `seek`, since when nothing was stored
    """
    table = open_table(workspace_id, Table.EVENTS)
    if table is None or not days:
        return
    files: list[AddAction] = []
    with _opened(workspace_id, condition) as engine:
        for day in days:
            files += dayfiles.write(table, _others(engine, condition, day))
    replace_listed(table, files, days)


def recount(state: LakeState) -> None:
    """Say again how many events the lake has, and when the last one was; the caller saves the row."""
    sums = _sums(state.workspace_id)
    state.events, state.last_event_at = sums["events"], sums["last"]


def first_day(workspace_id: int) -> date | None:
    """Give the UTC day of the oldest event; None where there is none."""
    day: date | None = _sums(workspace_id)["first"]
    return day


def clear(workspace_id: int, name: str, *, keep: Collection[int]) -> None:
    """Delete all files of a table that neither its newest version nor those to keep have, also killed writers' strays.

    Call it where nobody else writes the table, and some seconds after older versions went out of use: who still reads
    one fails.
    """
    table = open_table(workspace_id, name)
    if table is None:
        return
    kept = sorted({table.version(), *(version for version in keep if version != NO_VERSION)})
    # The commit that a vacuum writes of itself would make another version, which readers do not know.
    table.vacuum(0, dry_run=False, enforce_retention_duration=False, full=True, keep_versions=kept)
    table.create_checkpoint()


@contextmanager
def _opened(workspace_id: int, condition: Condition) -> Iterator[duckdb.DuckDBPyConnection]:
    with connected(newest(workspace_id), condition.tables, threads=1, memory=MEMORY) as engine:
        yield engine


def _sums(workspace_id: int) -> dict[str, Any]:
    everything = Condition(sql="true")
    with _opened(workspace_id, everything) as engine:
        return _ask(engine, everything, "select count(*) as events, min(day) as first, max(time) as last from events")[
            0
        ]


def _ask(engine: duckdb.DuckDBPyConnection, condition: Condition, sql: str) -> list[dict[str, Any]]:
    asked = engine.sql(sql.replace("{these}", condition.sql), params=dict(condition.params))
    rows: list[dict[str, Any]] = asked.to_arrow_table().to_pylist()
    return rows


def _texts(engine: duckdb.DuckDBPyConnection, condition: Condition, column: str) -> tuple[str, ...]:
    sql = f"select distinct {column} from events where {{these}} and {column} is not null order by 1"  # noqa: S608
    return tuple(row[column] for row in _ask(engine, condition, sql))


def _others(engine: duckdb.DuckDBPyConnection, condition: Condition, day: date) -> pa.RecordBatchReader:
    """Give the day's other events, in the lake's schema and order."""
    sql = f"select * from events where day = $day and not coalesce({condition.sql}, false) order by time, event_id"  # noqa: S608
    read = engine.sql(sql, params={**condition.params, "day": day}).to_arrow_reader(ROWS)
    parts = (part.select(EVENTS.names).cast(EVENTS) for part in read)
    return pa.RecordBatchReader.from_batches(EVENTS, parts)
