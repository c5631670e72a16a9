"""The demo shop's goals, fifty KPIs on them, and its events written straight into the lake, past every door."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from measureplan.demo import shop_in_chunks
from measureplan.demo.generate import EVENTS_AT_SCALE_1
from measureplan.demo.plan import GOALS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS_AT_SCALE_1 = 180
MORE_KPIS = 50


def store(
    workspace_id: int,
    events: int,
    *,
    until: date,
    now: datetime,
    days: int = DAYS_AT_SCALE_1,
    kept: Callable[[pa.Table], pa.Table] = lambda rows: rows,
) -> int:
    """Write the events of the days before `until`, chunk by chunk, and note them as a drain would.

    events    about so many
    now       the time of the last event
    kept      chooses what is stored of a chunk
    returns   how many were stored
    """
    from tracking.lake.schema import EVENTS, Table  # noqa: PLC0415  # Django is set up by now
    from tracking.lake.table import append_once, open_or_make  # noqa: PLC0415
    from tracking.models import LakeState, Source  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    with scope.in_workspace(workspace_id):
        source = Source.objects.get().pk
    scale = events / EVENTS_AT_SCALE_1 * DAYS_AT_SCALE_1 / days
    count, first, batch = 0, until, 0
    for batch, part in enumerate(shop_in_chunks(until=until, now=now, days=days, scale=scale), start=1):
        ids = pa.array([source] * part.events.num_rows, pa.int64())
        place = part.events.schema.get_field_index("source_id")
        rows = kept(part.events.set_column(place, "source_id", ids).select(EVENTS.names).cast(EVENTS)).sort_by("day")
        append_once(open_or_make(workspace_id, Table.EVENTS, EVENTS), rows, batch=batch)
        count, first = count + rows.num_rows, min(first, pc.min(rows["day"]).as_py())
    known = {
        "events": count, "first_day": first, "last_event_at": now, "stored_through": now, "dirty_since": EPOCH,
        "batch": batch,
    }  # fmt: skip
    with scope.in_workspace(workspace_id):
        LakeState.objects.update_or_create(workspace_id=workspace_id, defaults=known)
    return count


def put_together(workspace_id: int) -> None:
    """Put the small files of each day together, as is done every night."""
    from tracking.lake import upkeep  # noqa: PLC0415

    assert upkeep.keep_up(workspace_id)


def make_plan(workspace: Any, *, now: datetime) -> None:
    """Make the demo's goals, and fifty KPIs on them."""
    from goals.models import Goal, Kpi, MappingRule, Plan, Target  # noqa: PLC0415
    from workspaces import scope  # noqa: PLC0415

    begins, ends = now.date() - timedelta(days=50), now.date() + timedelta(days=40)
    with scope.in_workspace(workspace.pk):
        plan = Plan.objects.create(workspace=workspace, name="Plan", slug="plan", starts_on=begins, ends_on=ends)
        goals = []
        for each in GOALS:
            known = {"level": each.level, "counting": each.counting, "value_rule": each.value, "changed_at": now}
            slug = each.key.replace("_", "-")
            goal = Goal.objects.create(workspace=workspace, plan=plan, name=each.name, slug=slug, **known)
            for rule in each.rules:
                conditions = [condition_of(test.field, test.operator, str(test.value)) for test in rule]
                MappingRule.objects.create(workspace=workspace, goal=goal, conditions=conditions)
            goals.append(goal)
        for n in range(MORE_KPIS):
            measure = ("count", "rate")[n % 2]
            kpi = Kpi.objects.create(
                workspace=workspace, goal=goals[n % len(goals)], name=f"KPI {n}", slug=f"kpi-{n}", measure=measure,
                per="visitors" if measure == "rate" else "",
            )  # fmt: skip
            value = 2_000 if measure == "count" else 0.05
            Target.objects.create(workspace=workspace, kpi=kpi, value=value, starts_on=begins, ends_on=ends)


def condition_of(field: str, operator: str, value: str) -> dict[str, str]:
    """Give a demo condition as a mapping rule has it."""
    if field.startswith("properties."):
        return {"field": "property", "key": field.removeprefix("properties."), "operator": operator, "value": value}
    return {"field": field, "operator": operator, "value": value}
