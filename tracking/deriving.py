"""Sessions and touches of marked events, part by part, so that memory grows neither with the days nor with one of them.

A part is the sessions that start on some days, or those of some persons where one day alone is too much. What the next
ones need of it stays behind in two temporary tables: the persons who have been there, and the touches on later days
than their session's first.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import msgspec
import pyarrow as pa
from deltalake.transaction import AddAction

from tracking.channels import Origin, origin_of
from tracking.lake import dayfiles
from tracking.lake.schema import SCHEMAS, Table
from tracking.lake.table import open_or_make
from workspaces.zones import start_of

PART_ROWS = 50_000  # rows that are on their way to the lake at a time, about 10 MB
_SQL = {path.name: path.read_text() for path in (Path(__file__).parent / "sql").glob("*.sql")}
Telling = Callable[[int, int], None]  # takes how many days are done, and of how many; may raise to end it all


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Where the recomputed part begins: the first instant of a local day."""

    day: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The sessions that start in [since, until), of those persons who fall to one of so many equal shares."""

    since: Cut
    until: Cut
    share: int
    shares: int


def parts_of(engine: duckdb.DuckDBPyConnection, cut: Cut, last: date, zone: ZoneInfo, part_events: int) -> list[Part]:
    """Cut what there is from the cut to the last day into parts of about `part_events`: of days, or of a day's persons.

    Nothing cuts one person's day in two: a robot's million events of one day are one part.
    """
    counted = "select day, count(*) as events from events where day >= $day group by day order by day"
    begins, sizes = [cut.day], [0]
    for day, events in engine.sql(counted, params={"day": cut.day}).fetchall():
        # Counted by the day in UTC: which part an event is in matters to memory alone.
        if sizes[-1] and sizes[-1] + events > part_events and day <= last:
            begins.append(day)
            sizes.append(0)
        sizes[-1] += events
    cuts = [Cut(day=day, at=start_of(day, zone)) for day in (*begins, max(last, cut.day) + timedelta(days=1))]
    return [
        Part(since=since, until=until, share=share, shares=shares)
        for (since, until), size in zip(pairwise(cuts), sizes, strict=True)
        for shares in [max(math.ceil(size / part_events), 1)]
        for share in range(shares)
    ]


def write(
    engine: duckdb.DuckDBPyConnection,
    workspace_id: int,
    parts: Sequence[Part],
    own_hosts: Mapping[int, frozenset[str]],
    tell: Telling,
) -> dict[Table, list[AddAction]]:
    """Write sessions and touches from the first part on to files that no version has yet; as `rows_of` otherwise."""
    tables = {name: open_or_make(workspace_id, name, SCHEMAS[name]) for name in (Table.SESSIONS, Table.TOUCHES)}
    written: dict[Table, list[AddAction]] = {name: [] for name in tables}
    for name, rows in rows_of(engine, parts, own_hosts, tell):
        written[name] += dayfiles.write(tables[name], rows)
    return written


def rows_of(
    engine: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    own_hosts: Mapping[int, frozenset[str]],
    tell: Telling,
) -> Iterator[tuple[Table, pa.RecordBatchReader]]:
    """Give sessions and touches from the first part on, in the lake's schemas; each is to be read before the next.

    engine   shows the lake, `days`, and the events from the first part on as `marked`
    parts    by days, one after the other
    tell     called before each part
    """
    cut, days = parts[0].since, (parts[-1].until.day - parts[0].since.day).days
    engine.execute(_SQL["touches.carried.sql"], {"cut": cut.at, "cut_day": cut.day})
    engine.execute("create or replace temp table known (person_id varchar)")
    for part in parts:
        tell((part.since.day - cut.day).days, days)
        _bring(engine, part, own_hosts)
        yield Table.SESSIONS, _rows(engine, Table.SESSIONS, {"cut_day": cut.day})
        yield Table.TOUCHES, _rows(engine, Table.TOUCHES, {"until_day": part.until.day})
        engine.execute("delete from touched where day < $day", {"day": part.until.day})
        engine.execute(_SQL["sessions.known.sql"])


def _bring(engine: duckdb.DuckDBPyConnection, part: Part, own_hosts: Mapping[int, frozenset[str]]) -> None:
    """Find the events that bring somebody, judge where from, and add the touches that they are."""
    since, until = part.since.at, part.until.at
    bounds = {"since": since, "until": until, "share": part.share, "shares": part.shares}
    engine.execute(_SQL["sessions.part.sql"], bounds)
    last = engine.sql("select max(time) as last from part").to_arrow_table().column("last")[0].as_py()
    # Sessions may go on for days after the part's.
    days = {"since_day": since.date(), "last_day": max(last or until, until).date()}
    engine.execute(_SQL["touches.arrivals.sql"], bounds | days)
    clues = engine.sql("select distinct clues from arrivals").to_arrow_table().column("clues")
    engine.register("origins", _origins(clues, own_hosts))
    engine.execute(_SQL["touches.fresh.sql"])


def _rows(engine: duckdb.DuckDBPyConnection, table: Table, given: Mapping[str, object]) -> pa.RecordBatchReader:
    """Give sessions or touches in the lake's schema, to be read once."""
    schema = SCHEMAS[table]
    read = engine.sql(_SQL[f"{table}.sql"], params=dict(given)).to_arrow_reader(PART_ROWS)
    parts = (part.select(schema.names).cast(schema) for part in read)
    return pa.RecordBatchReader.from_batches(schema, parts)


def _origins(clues: pa.ChunkedArray, own_hosts: Mapping[int, frozenset[str]]) -> pa.Table:
    """Judge each combination of clues once: its channel and what else a touch says of its origin."""
    texts = sorted(clues.to_pylist())
    found = [_origin(text, own_hosts) for text in texts]
    columns = {
        "clues": texts,
        "channel": [origin.channel.key for origin in found],
        "paid": [origin.channel.paid for origin in found],
        "direct": [origin.is_direct for origin in found],
        "source": [origin.source for origin in found],
        "medium": [origin.medium for origin in found],
        "campaign": [origin.campaign for origin in found],
        "content": [origin.content for origin in found],
        "term": [origin.term for origin in found],
    }
    return pa.table(columns, schema=_ORIGINS)


_TEXTS = ("source", "medium", "campaign", "content", "term")
_ORIGINS = pa.schema(
    [("clues", pa.string()), ("channel", pa.string()), ("paid", pa.bool_()), ("direct", pa.bool_())]
    + [(name, pa.string()) for name in _TEXTS]
)


def _origin(clues: str, own_hosts: Mapping[int, frozenset[str]]) -> Origin:
    source_id, host, source, medium, campaign, term, content, click_id_type, referrer = _read(clues)
    own = own_hosts.get(int(source_id or 0), frozenset())
    return origin_of(
        utm_source=source,
        utm_medium=medium,
        utm_campaign=campaign,
        utm_term=term,
        utm_content=content,
        click_id_type=click_id_type,
        referrer=referrer,
        own_hosts=own | {host} if host else own,
    )


_read = msgspec.json.Decoder(list[str | None]).decode
