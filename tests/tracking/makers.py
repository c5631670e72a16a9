"""Events for tests of tracking: every field has a sensible default."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pyarrow as pa

from tracking import inbox
from tracking.derive import derive
from tracking.event import Event
from tracking.lake.query import query
from tracking.lake.rows import to_rows
from tracking.lake.writer import drain
from tracking.ledger import Origin
from tracking.models import Kind, Source
from workspaces import scope
from workspaces.models import Workspace

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def us(moment: datetime) -> int:
    """Give the moment in microseconds since the epoch."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def make_event(
    event_id: str = "e1",
    *,
    name: str = "page_view",
    at: datetime = NOON - timedelta(hours=1),
    visitor: str = "v1",
    **fields: object,
) -> Event:
    known = {"event_id": event_id, "name": name, "time_us": us(at), "received_us": us(NOON), "visitor_id": visitor}
    return msgspec.convert(known | {"protocol": "own"} | fields, Event)


def event_rows(events: list[Event], *, source_id: int = 1, import_id: int | None = None) -> pa.Table:
    return to_rows([(source_id, import_id, events)])


def make_source(
    workspace: Workspace,
    *,
    slug: str = "site",
    kind: Kind = Kind.BROWSER,
    hosts: tuple[str, ...] = (),
    **fields: object,
) -> Source:
    with scope.in_workspace(workspace.pk):
        return Source.objects.create(
            workspace=workspace, name=slug.title(), slug=slug, kind=kind, hosts=list(hosts), **fields
        )


def origin_of(source: Source, *, import_id: int | None = None) -> Origin:
    return Origin(workspace_id=source.workspace_id, source_id=source.pk, import_id=import_id)


class Lake:
    """A source's way from arrival to sessions and touches."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @property
    def workspace_id(self) -> int:
        return self.source.workspace_id

    def store(self, *events: Event) -> None:
        """Take the events into the lake, and derive nothing."""
        with scope.in_workspace(self.workspace_id):
            inbox.append(origin_of(self.source), events, counts=Counter(), now=NOON)
        drain(self.workspace_id, NOON)

    def take(self, *events: Event) -> date | None:
        """Take the events into the lake and derive; give the first day that changed."""
        self.store(*events)
        return derive(self.workspace_id, NOON)

    def sessions(self) -> list[dict[str, Any]]:
        return self.rows("select * from sessions order by started_at, source_id, session_id")

    def touches(self) -> list[dict[str, Any]]:
        return self.rows("select * from touches order by time, sequence, source_id, event_id")

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return query(self.workspace_id, sql).to_pylist()
