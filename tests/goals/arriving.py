"""Steady events in a stored lake, received as they happened: what a live site leaves behind."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pyarrow as pa
from deltalake import write_deltalake

from tracking.lake.schema import EVENTS, Table
from tracking.lake.table import open_or_make
from tracking.models import Kind, LakeState, Source
from workspaces import scope
from workspaces.models import Workspace

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HISTORY = timedelta(days=60)


def make_source(workspace: Workspace, name: str = "Shop", kind: Kind = Kind.BROWSER) -> Source:
    with scope.in_workspace(workspace.pk):
        return Source.objects.create(workspace=workspace, name=name, slug=name.lower(), kind=kind)


def hourly(since: datetime, until: datetime, *, minutes: int = 60) -> Iterator[datetime]:
    """Give moments so many minutes apart in [since, until), the first of them a little later."""
    moment = since + timedelta(minutes=7)
    while moment < until:
        yield moment
        moment += timedelta(minutes=minutes)


def append(
    source: Source,
    times: Iterable[datetime],
    *,
    name: str = "purchase",
    import_id: int | None = None,
    late: Callable[[datetime], timedelta] = lambda _: timedelta(seconds=2),
) -> None:
    """Put events of one name into the lake and publish them, as drain and derivation would."""
    rows = [
        {
            "day": time.astimezone(UTC).date(), "source_id": source.pk, "name": name,
            "event_id": f"{source.pk} {name} {time} {import_id}",
            "time": time, "received_at": time + late(time), "visitor_id": f"v{time:%d%H}",
            "path": f"/{name}", "refund": False, "protocol": "own", "import_id": import_id,
        }
        for time in times
    ]  # fmt: skip
    stored = open_or_make(source.workspace_id, Table.EVENTS, EVENTS)
    write_deltalake(stored, pa.Table.from_pylist(rows, schema=EVENTS), mode="append")
    with scope.in_workspace(source.workspace_id):
        state, _ = LakeState.objects.get_or_create(workspace_id=source.workspace_id)
        known = [row["time"] for row in rows] + ([state.last_event_at] if state.last_event_at else [])
        state.events_version = stored.version()
        state.revision += 1
        state.last_event_at = max(known)
        state.derived_at = state.derived_through = state.stored_through = max(known)
        state.save()
