"""How long events are kept: what a workspace has set, and the days that go each night. Totals by day stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.urls import reverse

from tracking.lake import removal
from tracking.lake.schema import PARTITION, Table
from tracking.lake.table import NO_VERSION, open_or_make, open_table, replace_listed
from tracking.locks import alone_with_lake
from tracking.models import LakeState, Retention
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.zones import day_of

# A local day begins up to 14 hours before the UTC day of its date: that day's first events stand in the day before.
BEFORE = timedelta(days=1)
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a workspace's events reach back, in its local days.

    horizon     what is older goes, as it is set now; None: nothing does
    kept_since  figures can be computed from here on, since what is older went; None: nothing has gone
    first_day   of the oldest event
    """

    horizon: date | None
    kept_since: date | None
    first_day: date | None

    @property
    def due(self) -> bool:
        """Say whether something is older than it may be."""
        return self.horizon is not None and self.first_day is not None and self.first_day < self.horizon


def of(workspace: Workspace) -> Retention:
    """Give what the workspace has set; a fresh row where it never did."""
    return workspace.retentions.first() or Retention(workspace=workspace)


@transaction.atomic
def change(
    row: Retention, *, before: Mapping[str, Any], after: Mapping[str, Any], by: Membership | str, now: datetime
) -> str:
    """Save what was set, which the instance holds already, and give its page; it holds from the next night on."""
    if after:
        row.revision += 1
        row.save()
        AuditEntry.record(by, "changed", row, workspace=row.workspace, now=now, before=dict(before), after=dict(after))
    return reverse("tracking:retention", args=[row.workspace.slug])


def standing(workspace: Workspace, *, now: datetime) -> Standing:
    """Say how far the workspace's events reach back; call it inside the workspace."""
    state = LakeState.objects.filter(workspace=workspace).first()
    months = of(workspace).events_months
    return Standing(
        horizon=None if months is None else months_before(day_of(now, workspace.zone), months),
        kept_since=state.kept_since if state else None,
        first_day=state.first_day if state else None,
    )


def months_before(day: date, months: int) -> date:
    """Give the same day so many months before, or the last of that month where it is shorter."""
    years, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 - months, MONTHS_A_YEAR)
    for last in (day.day, 30, 29, 28):
        try:
            return date(years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def run(workspace_id: int, *, now: datetime) -> bool:
    """Remove the workspace's days that are older than it wants; False where others kept it from that.

    Figures of what is left do not change by it: sessions and touches lose the same days, and nothing is derived anew.
    Reports drop the paths of these days themselves (reports.upkeep).
    """
    with scope.in_workspace(workspace_id):
        known = standing(Workspace.objects.get(pk=workspace_id), now=now)
    if not known.due or known.horizon is None:
        return True
    with alone_with_lake(workspace_id) as free:
        if not free:
            return False
        _cut(workspace_id, known.horizon)
    return True


def _cut(workspace_id: int, horizon: date) -> None:
    with scope.in_workspace(workspace_id):
        state = LakeState.objects.get(workspace_id=workspace_id)
    stored = open_table(workspace_id, Table.EVENTS)
    # Events that nothing was derived from yet must not be shown before the rest of their state.
    is_derived = stored is not None and stored.version() == state.events_version
    events = drop_days(workspace_id, Table.EVENTS, before=horizon - BEFORE)
    with scope.in_workspace(workspace_id):
        state = LakeState.objects.select_for_update().get(workspace_id=workspace_id)
        removal.recount(state)
        state.events_version = events if is_derived else state.events_version
        state.sessions_version = drop_days(
            workspace_id, Table.SESSIONS, before=horizon, published=state.sessions_version
        )
        state.touches_version = drop_days(workspace_id, Table.TOUCHES, before=horizon, published=state.touches_version)
        state.first_day = state.kept_since = horizon
        state.save()


def drop_days(workspace_id: int, name: str, *, before: date, published: int | None = None) -> int:
    """Take the days before one out of a table of the lake; give the version that readers take from now on.

    published  the version that readers take, NO_VERSION for none; what was written after it is undone first
    """
    table = None if published == NO_VERSION else open_table(workspace_id, name, version=published)
    if table is None:
        return NO_VERSION
    days = {date.fromisoformat(part[PARTITION]) for part in table.partitions()}
    old = sorted(day for day in days if day < before)
    if not old:
        return int(table.version())
    newest = open_or_make(workspace_id, name, pa.schema(table.schema().to_arrow()))
    if newest.version() != table.version():
        newest.restore(table.version())
        newest.update_incremental()
    return replace_listed(newest, [], old)
