"""The daily secrets of cookieless visitor ids: made once a workspace and day, gone two days later."""

import secrets
from datetime import date, datetime, timedelta
from functools import lru_cache

from tracking.models import Salt
from workspaces import scope

KEPT = timedelta(days=2)  # until yesterday's late events are in; then nobody can undo that day's hashes
BYTES = 32


@lru_cache(maxsize=1_024)
def salt_of(workspace_id: int, day: date) -> bytes:
    """Give the workspace's secret of the UTC day, the same in every process.

    It is kept in mind, so that the door reads no table for it but once a day; call it outside of a transaction that
    may be rolled back.
    """
    made = Salt(workspace_id=workspace_id, day=day, secret=secrets.token_bytes(BYTES))
    with scope.in_workspace(workspace_id):
        Salt.objects.bulk_create([made], ignore_conflicts=True)  # another process may have made it a moment before
        return bytes(Salt.objects.get(workspace_id=workspace_id, day=day).secret)


def purge(*, now: datetime) -> int:
    """Remove the workspace's secrets whose time is over; say how many."""
    return Salt.objects.filter(day__lte=(now - KEPT).date()).delete()[0]
