"""How many of each event came: kept by the drain with every batch, so that no page counts the lake.

A name is that of an event type; those that are planned are kept always, of the others a bounded number, and what comes
after is counted under the name "" together. A row of a day is of the events' own UTC day, so that it says what the lake
says; what is not in the lake (duplicates, refused ones) is of the day of receipt.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

from tracking.agreed import plan_of
from tracking.inbox import Batch
from tracking.models import EventDay, EventType, PropertyFault
from tracking.planned import OWN_EVENTS, Plan, breaches

MOST_NAMES = 1_000  # of a workspace, beside the planned ones: a faulty tag may put an order number into each name
OTHERS = ""
KEPT = timedelta(days=100)  # rows of days; nobody is shown older ones
LATE = timedelta(days=1)  # from then on an event changes the figures of a day that was over

_TYPES = """
insert into tracking_eventtype (workspace_id, source_id, name, events, first_at, last_at)
select %(workspace)s, given.*
from unnest(
    %(sources)s::bigint[], %(names)s::text[], %(events)s::bigint[], %(first)s::timestamptz[], %(last)s::timestamptz[]
) as given
on conflict (workspace_id, name, source_id) do update set
    events = tracking_eventtype.events + excluded.events,
    first_at = least(tracking_eventtype.first_at, excluded.first_at),
    last_at = greatest(tracking_eventtype.last_at, excluded.last_at)
"""

COUNTED = ("events", "late", "unknown_consent", "violating", "duplicates", "refused")
_DAYS = f"""
insert into tracking_eventday (workspace_id, source_id, name, day, {", ".join(COUNTED)})
select %(workspace)s, given.*
from unnest(
    %(sources)s::bigint[], %(names)s::text[], %(days)s::date[], {", ".join(f"%({name})s::bigint[]" for name in COUNTED)}
) as given
on conflict (workspace_id, day, name, source_id) do update set
    {", ".join(f"{name} = tracking_eventday.{name} + excluded.{name}" for name in COUNTED)}
"""  # noqa: S608  # the columns are ours

_FAULTS = """
insert into tracking_propertyfault (workspace_id, source_id, name, day, property, kind, events)
select %(workspace)s, given.*
from unnest(
    %(sources)s::bigint[], %(names)s::text[], %(days)s::date[], %(properties)s::text[], %(kinds)s::text[],
    %(events)s::bigint[]
) as given
on conflict (workspace_id, name, day, property, kind, source_id) do update set
    events = tracking_propertyfault.events + excluded.events
"""

Place = tuple[int, str]  # source and name
Dated = tuple[int, str, date]
# What `breaches` may ask of an event, as columns of the lake.
_ASKED = [
    "source_id", "name", "day", "properties", "value_micros", "currency", "transaction_id", "items", "url", "path",
    "title", "referrer", "user_id",
]  # fmt: skip


@dataclass(slots=True)
class Tally:
    """What one batch brought."""

    spans: dict[Place, tuple[int, datetime, datetime]] = field(default_factory=dict)  # events, first, last
    days: dict[Dated, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    faults: Counter[tuple[int, str, date, str, str]] = field(default_factory=Counter)

    def names(self) -> set[str]:
        """Give every name that it counts."""
        return {name for _, name in self.spans} | {name for _, name, _ in self.days}

    def folded(self, kept: set[str]) -> "Tally":
        """Count the names that are not kept together."""
        folded = Tally(faults=self.faults)  # faults are of planned names, which are kept
        for (source_id, name), (events, first, last) in self.spans.items():
            place = (source_id, name if name in kept else OTHERS)
            held = folded.spans.get(place, (0, first, last))
            folded.spans[place] = (held[0] + events, min(held[1], first), max(held[2], last))
        for (source_id, name, day), counts in self.days.items():
            folded.days[source_id, name if name in kept else OTHERS, day].update(counts)  # unlike +=, keeps minuses
        return folded


def note(workspace_id: int, batch: Batch, rows: pa.Table, *, now: datetime) -> None:
    """Count what a batch brought; call it in the transaction that settles it.

    rows  the batch's events as they entered the lake; may be none, where all were refused
    """
    if not rows.num_rows and not any(row.by_name for row in batch.rows):
        return
    plan = plan_of(workspace_id)
    tally = tally_of(rows, plan)
    for row in batch.rows:
        day = row.received_at.astimezone(UTC).date()
        for column, kind in (("duplicates", "duplicate"), ("refused", "refused")):
            for name, events in row.by_name.get(kind, {}).items():
                tally.days[row.source_id, name, day][column] += events
    write(workspace_id, tally.folded(kept_names(workspace_id, tally.names(), plan)), now=now)


def tally_of(rows: pa.Table, plan: Plan) -> Tally:
    """Count events of the lake's schema."""
    tally = Tally()
    if not rows.num_rows:
        return tally
    told = rows.select(["source_id", "name", "day", "time"]).append_column("late", _late(rows))
    told = told.append_column("unknown_consent", _unknown_consent(rows))
    spans = told.group_by(["source_id", "name"]).aggregate([("time", "count"), ("time", "min"), ("time", "max")])
    for row in spans.to_pylist():
        tally.spans[row["source_id"], row["name"]] = (row["time_count"], row["time_min"], row["time_max"])
    sums = [("time", "count"), ("late", "sum"), ("unknown_consent", "sum")]
    for row in told.group_by(["source_id", "name", "day"]).aggregate(sums).to_pylist():
        tally.days[row["source_id"], row["name"], row["day"]] += Counter(
            events=row["time_count"], late=row["late_sum"], unknown_consent=row["unknown_consent_sum"]
        )
    _judge(rows, plan, tally)
    return tally


def write(workspace_id: int, tally: Tally, *, now: datetime) -> None:
    """Add the counts to the rows."""
    # In one order everywhere, so that two settlings never wait for each other in a ring.
    spans = sorted(tally.spans.items())
    oldest = now.astimezone(UTC).date() - KEPT
    days = sorted((key, counts) for key, counts in tally.days.items() if key[2] >= oldest)
    faults = sorted((key, events) for key, events in tally.faults.items() if key[2] >= oldest)
    _run(_TYPES, workspace_id, spans, ("sources", "names"), {
        "events": [events for _, (events, _, _) in spans],
        "first": [first for _, (_, first, _) in spans],
        "last": [last for _, (_, _, last) in spans],
    })  # fmt: skip
    counted = {name: [counts[name] for _, counts in days] for name in COUNTED}
    _run(_DAYS, workspace_id, days, ("sources", "names", "days"), counted)
    named = ("sources", "names", "days", "properties", "kinds")
    _run(_FAULTS, workspace_id, faults, named, {"events": [events for _, events in faults]})


def purge(*, now: datetime) -> None:
    """Remove the workspace's rows of days that nobody is shown."""
    oldest = now.astimezone(UTC).date() - KEPT
    EventDay.objects.filter(day__lt=oldest).delete()
    PropertyFault.objects.filter(day__lt=oldest).delete()


def _run(
    statement: str, workspace_id: int, rows: Iterable[Any], keys: Iterable[str], values: Mapping[str, list[Any]]
) -> None:
    """Run an insert with a column for each part of the rows' keys, and the given ones."""
    found = list(rows)
    if not found:
        return
    columns = zip(*(key for key, _ in found), strict=True)
    given: dict[str, Any] = {"workspace": workspace_id, **dict(zip(keys, map(list, columns), strict=True)), **values}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)


def kept_names(workspace_id: int, names: set[str], plan: Plan) -> set[str]:
    """Give those of the names that are counted each by itself."""
    planned = {name for name in names if plan.knows(name)}
    asked = names - planned
    if not asked:
        return planned
    rows = EventType.objects.filter(workspace_id=workspace_id).exclude(name=OTHERS)
    refused = EventDay.objects.filter(workspace_id=workspace_id).exclude(name=OTHERS)
    known = set(rows.filter(name__in=asked).values_list("name", flat=True))
    known |= set(refused.filter(name__in=asked).values_list("name", flat=True))
    fresh = sorted(asked - known)
    if fresh:
        held = rows.exclude(name__in=[*plan.events, *OWN_EVENTS]).values("name").distinct().count()
        fresh = fresh[: max(0, MOST_NAMES - held)]
    return planned | known | set(fresh)


def _late(rows: pa.Table) -> pa.Array:
    behind = pc.subtract(rows.column("received_at").cast(pa.int64()), rows.column("time").cast(pa.int64()))
    is_late = pc.greater(behind, LATE // timedelta(microseconds=1))
    return pc.and_(is_late, pc.is_null(rows.column("import_id"))).cast(pa.int64())


def _unknown_consent(rows: pa.Table) -> pa.Array:
    stated = pc.fill_null(pc.match_substring(rows.column("consent"), '"analytics"'), False)
    return pc.invert(stated).cast(pa.int64())


def _judge(rows: pa.Table, plan: Plan, tally: Tally) -> None:
    """Count the events whose properties are not as agreed; only those with agreed properties are looked at."""
    names = [name for name, agreed in plan.events.items() if agreed]
    if not names:
        return
    asked = rows.filter(pc.is_in(rows.column("name"), pa.array(names, pa.string()))).select(_ASKED)
    for row in _rows(asked):
        place = (row["source_id"], row["name"], row["day"])
        found = list(breaches(plan.events[row["name"]], row["properties"], row.__getitem__))
        if found:
            tally.days[place]["violating"] += 1
        for each in found:
            tally.faults[*place, each.property, each.kind] += 1


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches():
        yield from batch.to_pylist()
