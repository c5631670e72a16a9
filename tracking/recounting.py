"""Counts the lake's events by name anew: for a lake older than its tallies, and after events were taken out of it."""

from datetime import datetime, timedelta
from pathlib import Path

from tracking.agreed import plan_of
from tracking.lake.query import query
from tracking.lake.schema import Table
from tracking.lake.table import Snapshot, open_table
from tracking.locks import Work, alone
from tracking.models import EventDay, EventType, LakeState
from tracking.tallies import LATE, Tally, kept_names, write
from workspaces import scope

_RECOUNT = (Path(__file__).parent / "sql" / "tallies.recount.sql").read_text(encoding="utf-8")


def recount(workspace_id: int, *, now: datetime) -> bool:
    """Bring the tallies to what the lake holds; False where a drain is at work, which would be counted twice.

    What is not in the lake stays as it was counted: duplicates and refused events; so do breaches of the plan, which
    are judged by the plan of their day.
    """
    with alone(Work.DRAIN, workspace_id) as free:
        if not free:
            return False
        table = open_table(workspace_id, Table.EVENTS)
        if table is None:
            return True
        tally = _tally(Snapshot(workspace_id, events_version=table.version()))
        with scope.in_workspace(workspace_id):
            kept = kept_names(workspace_id, tally.names(), plan_of(workspace_id))
            EventType.objects.filter(workspace_id=workspace_id).delete()
            EventDay.objects.filter(workspace_id=workspace_id).update(events=0, late=0, unknown_consent=0)
            write(workspace_id, tally.folded(kept), now=now)
    return True


def recount_if_never(workspace_id: int, *, now: datetime) -> bool:
    """Count a lake that was filled before there were tallies; say whether it was."""
    with scope.in_workspace(workspace_id):
        is_filled = LakeState.objects.filter(workspace_id=workspace_id, events__gt=0).exists()
        is_counted = EventType.objects.filter(workspace_id=workspace_id).exists()
    return is_filled and not is_counted and recount(workspace_id, now=now)


def _tally(snapshot: Snapshot) -> Tally:
    params = {"late_us": LATE // timedelta(microseconds=1)}
    tally = Tally()
    for row in query(snapshot.workspace_id, _RECOUNT, params, snapshot=snapshot).to_pylist():
        place = (row["source_id"], row["name"])
        events, first, last = tally.spans.get(place, (0, row["first_at"], row["last_at"]))
        tally.spans[place] = (events + row["events"], min(first, row["first_at"]), max(last, row["last_at"]))
        counted = {name: row[name] for name in ("events", "late", "unknown_consent")}
        tally.days[*place, row["day"]].update(counted)
    return tally
