"""What the door asks of the ledger, called as the door calls it, for bench.once. Import it once Django is set up."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection

from tracking import inbox, ledger
from tracking.event import Event
from tracking.ledger import Origin
from tracking.models import Source
from tracking.new_events import append_new
from workspaces import scope
from workspaces.models import Workspace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
WAIT_MS = 2_500


class Door:
    """The door's part of a workspace that has one source."""

    def __init__(self, slug: str) -> None:
        workspace = Workspace.objects.get(slug=slug)
        with scope.in_workspace(workspace.pk):
            self.origin = Origin(workspace_id=workspace.pk, source_id=Source.objects.get().pk)
        self.made = 0
        self.old: list[str] = []

    def backend(self) -> int:
        """Give the database's process that serves this one."""
        connection.ensure_connection()
        return int(connection.connection.info.backend_pid)

    def remembered(self, count: int) -> list[tuple[bytes, bytes]]:
        """Give keys and fingerprints of so many ids that `known` gives out from now on."""
        self.old = self.new(count)
        return [(ledger.key_of(each), ledger.print_of(event(each))) for each in self.old]

    def new(self, count: int) -> list[str]:
        """Give so many ids that nobody sent."""
        self.made += count
        return [f"{n}" for n in range(self.made - count, self.made)]

    def known(self, count: int) -> list[str]:
        """Give so many ids that are held, each once: where they stand was not looked at before."""
        given, self.old = self.old[:count], self.old[count:]
        return given

    def one(self, ids: list[str]) -> Callable[[], None]:
        """Give what takes the ids one by one, each call the next."""
        events = iter([event(each) for each in ids])

        def take() -> None:
            each = next(events)
            if not _stored(self.origin, [each]):
                self._append([each])  # as the door does, to say why and to count it

        return take

    def many(self, ids: list[str]) -> Callable[[], None]:
        """Give what takes all ids in one request."""
        events = [event(each) for each in ids]

        def take() -> None:
            if not _stored(self.origin, events):
                self._append(events)

        return take

    def _append(self, events: list[Event]) -> None:
        with scope.in_workspace(self.origin.workspace_id):
            inbox.append(self.origin, events, counts=Counter(), now=NOW)


def _stored(origin: Origin, events: list[Event]) -> bool:
    none = [None] * len(events)
    return append_new(origin, events, marks=[""] * len(events), also=none, now=NOW, wait_ms=WAIT_MS)


def event(event_id: str) -> Event:
    """Give a page view of this id."""
    at = int(NOW.timestamp()) * 1_000_000
    url = "https://shop.example/tea"
    return Event(
        event_id=event_id, name="page_view", time_us=at, received_us=at, visitor_id="v", protocol="own", url=url
    )
