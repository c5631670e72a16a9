"""Counts anew what is counted beside the lake: after events were taken out, and for a lake older than its tallies."""

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from tracking.agreed import plan_of
from tracking.lake import removal
from tracking.lake.query import query
from tracking.lake.removal import newest
from tracking.lake.table import NO_VERSION, Snapshot
from tracking.locks import Work, alone
from tracking.models import EventDay, EventType, LakeState, Seen, SeenKind
from tracking.tallies import LATE, Tally, kept_names, write
from tracking.uncounted import NOT_COUNTED
from workspaces import scope

_RECOUNT = (Path(__file__).parent / "sql" / "tallies.recount.sql").read_text(encoding="utf-8")
_SEEN = """
select {column} as text, count(*) as events, max(time) as last_at
from events
where {column} in (select unnest($texts::varchar[])) and name not in (select unnest($not_counted::varchar[]))
group by 1
"""


def recount(workspace_id: int, *, names: Collection[str] = (), paths: Collection[str] = (), now: datetime) -> bool:
    """Bring every count to what the lake holds; False where a drain is at work, whose events would be counted twice.

    What is not in the lake stays as it was counted: duplicates and refused events; so do breaches of the plan, which
    are judged by the plan of their day.

    names, paths  that events came with which are gone
    """
    with alone(Work.DRAIN, workspace_id) as free:
        if not free:
            return False
        stored = newest(workspace_id)
        if stored.events_version == NO_VERSION:
            return True
        tally = _tally(stored)
        with scope.in_workspace(workspace_id):
            state = LakeState.objects.select_for_update().get(workspace_id=workspace_id)
            removal.recount(state)
            state.save(update_fields=["events", "last_event_at"])
            kept = kept_names(workspace_id, tally.names(), plan_of(workspace_id))
            EventType.objects.filter(workspace_id=workspace_id).delete()
            EventDay.objects.filter(workspace_id=workspace_id).update(events=0, late=0, unknown_consent=0)
            write(workspace_id, tally.folded(kept), now=now)
            _see_again(stored, SeenKind.EVENT, "name", names)
            _see_again(stored, SeenKind.PAGE, "path", paths)
    return True


def recount_if_never(workspace_id: int, *, now: datetime) -> bool:
    """Count a lake that was filled before there were tallies; say whether it was."""
    with scope.in_workspace(workspace_id):
        is_filled = LakeState.objects.filter(workspace_id=workspace_id, events__gt=0).exists()
        is_counted = EventType.objects.filter(workspace_id=workspace_id).exists()
    return is_filled and not is_counted and recount(workspace_id, now=now)


def _tally(stored: Snapshot) -> Tally:
    params = {"late_us": LATE // timedelta(microseconds=1)}
    tally = Tally()
    for row in query(stored.workspace_id, _RECOUNT, params, snapshot=stored).to_pylist():
        place = (row["source_id"], row["name"])
        events, first, last = tally.spans.get(place, (0, row["first_at"], row["last_at"]))
        tally.spans[place] = (events + row["events"], min(first, row["first_at"]), max(last, row["last_at"]))
        counted = {name: row[name] for name in ("events", "late", "unknown_consent")}
        tally.days[*place, row["day"]].update(counted)
    return tally


def _see_again(stored: Snapshot, kind: SeenKind, column: str, texts: Collection[str]) -> None:
    """Count those of the texts anew that tracking.catalogue remembers."""
    if not texts:
        return
    sql = _SEEN.replace("{column}", column)
    given = {"texts": list(texts), "not_counted": list(NOT_COUNTED)}
    rows = query(stored.workspace_id, sql, given, snapshot=stored).to_pylist()
    counted = {row["text"]: row for row in rows}
    for seen in Seen.objects.filter(workspace_id=stored.workspace_id, kind=kind, text__in=texts):
        row = counted.get(seen.text)
        if row is None:
            seen.delete()
        else:
            seen.events, seen.last_at = row["events"], row["last_at"]
            seen.save(update_fields=["events", "last_at"])
