"""Events for tests of tracking: every field has a sensible default."""

from datetime import UTC, datetime, timedelta

import msgspec
import pyarrow as pa

from tracking.event import Event
from tracking.lake.rows import to_rows
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
