"""A file that tells all of a day takes the place of what was imported of that day before, and changes nothing else.

Equal events stay as they are. One with other content makes way for the file's own, one that the file does not have any
more goes: both leave the ledger at once, and the lake by an order that the drain carries out, as
tracking.lake.withdrawing says.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from types import TracebackType
from typing import Self

import pyarrow.compute as pc
from django.db import connection
from django.utils.translation import gettext as _

from tracking import ledger
from tracking.event import Event
from tracking.imports.ga4_reading import PROTOCOL
from tracking.lake.schema import PARTITION, Table
from tracking.lake.table import dataset, open_table
from tracking.ledger import Origin
from tracking.models import InboxRow, Source, Withdrawal
from tracking.times import instant_of

AT_ONCE = 2_000  # events looked up or withdrawn by one statement
# A property's day begins up to 14 hours before UTC's and ends up to 12 after it; the rest is for devices' clocks.
AROUND = timedelta(days=2)

_NOTE = """
insert into tracking_replacing select unnest(%s::bytea[]) on conflict do nothing returning digest
"""
_MISSING = """
select given.digest from unnest(%s::bytea[]) as given (digest)
where not exists (select from tracking_replacing as kept where kept.digest = given.digest)
"""


class StillOnItsWay(Exception):
    """Events of an earlier file have not reached the lake yet, so what would be replaced is not known."""


@dataclass(frozen=True, slots=True)
class Gone:
    """An event that leaves."""

    event_id: str
    at: datetime


class Replacing:
    """What of the file's days makes way; remembers the file's ids in a table of this connection.

    Use it inside the transaction of one run. Only `make_way` and `clear` change something.
    """

    def __init__(self, origin: Origin, *, import_id: int) -> None:
        self._origin = origin
        self._import_id = import_id

    def __enter__(self) -> Self:
        with connection.cursor() as cursor:
            cursor.execute("create temporary table tracking_replacing (digest bytea primary key)")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:  # a fault undoes the transaction, and the table with it
            with connection.cursor() as cursor:
                cursor.execute("drop table tracking_replacing")

    def changed(self, events: Sequence[Event]) -> list[Event]:
        """Note the file's next events; give those that are there with other content. Call it once for each event."""
        by_key: dict[bytes, Event] = {}
        for event in events:
            by_key.setdefault(ledger.key_of(event.event_id), event)
        with connection.cursor() as cursor:
            cursor.execute(_NOTE, [sorted(by_key)])
            first = {bytes(digest) for (digest,) in cursor.fetchall()}
        held = ledger.held(self._origin, sorted(first))
        return [event for key, event in by_key.items() if key in held and not ledger.is_repeat(held[key], event)]

    def missing(self, days: Iterable[str]) -> Iterator[list[Gone]]:
        """Give what was imported of the days before and was not noted; days as YYYYMMDD."""
        for day in sorted(days):
            for found in self._imported(day):
                keys = {ledger.key_of(each.event_id): each for each in found}
                with connection.cursor() as cursor:
                    cursor.execute(_MISSING, [list(keys)])
                    yield [keys[bytes(digest)] for (digest,) in cursor.fetchall()]

    def make_way(self, gone: Sequence[Gone]) -> None:
        """Take the events out of the ledger, and have them taken out of the lake."""
        ordered = sorted(gone, key=lambda each: each.at)
        for start in range(0, len(ordered), AT_ONCE):
            some = ordered[start : start + AT_ONCE]
            ledger.forget(self._origin, [each.event_id for each in some])
            by_day = groupby(some, key=lambda each: each.at.date())
            Withdrawal.objects.bulk_create([self._order(day, list(theirs)) for day, theirs in by_day])

    def clear(self, days: Iterable[str]) -> int:
        """Withdraw what is missing of the days; say how many events that were."""
        removed = 0
        for gone in self.missing(days):
            self.make_way(gone)
            removed += len(gone)
        return removed

    def _order(self, day: date, gone: Sequence[Gone]) -> Withdrawal:
        return Withdrawal(
            workspace_id=self._origin.workspace_id,
            source_id=self._origin.source_id,
            import_id=self._import_id,
            day=day,
            since=gone[0].at,
            event_ids=[each.event_id for each in gone],
        )

    def _imported(self, day: str) -> Iterator[list[Gone]]:
        """Give the lake's events of one of the file's days, in parts."""
        table = open_table(self._origin.workspace_id, Table.EVENTS)
        if table is None:
            return
        middle = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007  # a date alone
        ours = (pc.field("source_id") == self._origin.source_id) & (pc.field("protocol") == PROTOCOL)
        near = (pc.field(PARTITION) >= middle - AROUND) & (pc.field(PARTITION) <= middle + AROUND)
        of_day = pc.match_substring(pc.field("properties"), f'"event_date":"{day}"')
        events = dataset(self._origin.workspace_id, Table.EVENTS, int(table.version()))
        for batch in events.to_batches(columns=["event_id", "time"], filter=near & ours & of_day, batch_size=AT_ONCE):
            ids, times = (column.to_pylist() for column in batch.columns)
            yield [Gone(event_id, at) for event_id, at in zip(ids, times, strict=True)]


def gone(events: Iterable[Event]) -> list[Gone]:
    """Give events as what leaves; an event's time is part of its id, so the stored one has the same."""
    return [Gone(event.event_id, instant_of(event.time_us)) for event in events]


def take_turn(origin: Origin) -> None:
    """Let one file at a time replace a source's days; raise StillOnItsWay where an earlier one is not in the lake."""
    Source.objects.select_for_update(no_key=True).get(pk=origin.source_id)
    if InboxRow.objects.filter(source_id=origin.source_id, import_id__isnull=False).exists():
        raise StillOnItsWay(_("An earlier file is on its way into the reports; this one waits for it."))
