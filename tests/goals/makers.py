"""Plans, goals and a stored lake for tests; every field has a sensible default."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

from goals import proposing
from goals.conditions import parse
from goals.defining import GoalDraft, create_goal
from goals.definition import Definition
from goals.lanes import Actor
from goals.models import Counting, Goal, Kpi, Lane, Level, Measure, Plan, Proposal, Target
from goals.planning import PlanDraft, create_plan
from goals.proposing import ProposalDraft
from goals.targeting import KpiDraft, TargetDraft, create_kpi, create_target
from tests.goals.lake import sessions_of
from tracking.lake.schema import EVENTS, SESSIONS, Table
from tracking.lake.table import open_or_make
from tracking.models import LakeState
from workspaces import scope
from workspaces.models import Membership, Workspace

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TEST = "test"  # who acts


def rules_for(name: str, *more: dict[str, Any]) -> Any:
    """Give one rule: an event of that name, under more conditions."""
    return parse([[{"field": "name", "operator": "is", "value": name}, *more]])


def make_plan(workspace: Workspace) -> Plan:
    draft = PlanDraft("Plan of the winter", date(2026, 10, 1), date(2026, 12, 31))
    with scope.in_workspace(workspace.pk):
        return create_plan(workspace, draft, by=TEST, now=NOW)


def make_goal(
    plan: Plan, name: str = "Order", *, level: Level = Level.MACRO, supports: Sequence[Goal] = (), **parts: Any
) -> Goal:
    rules = parts.pop("rules", None) or rules_for("purchase")
    draft = GoalDraft(name, level, Definition(rules, **parts), supports=tuple(supports))
    with scope.in_workspace(plan.workspace_id):
        return create_goal(plan, draft, by=TEST, now=NOW)


def make_kpi(goal: Goal, name: str = "Orders", *, measure: Measure = Measure.COUNT, **more: Any) -> Kpi:
    with scope.in_workspace(goal.workspace_id):
        return create_kpi(goal, KpiDraft(name, measure, **more), by=TEST, now=NOW)


def make_target(kpi: Kpi, value: Any = 100) -> Target:
    draft = TargetDraft(value, date(2026, 10, 1), date(2026, 12, 31))
    with scope.in_workspace(kpi.workspace_id):
        return create_target(kpi, draft, by=TEST, now=NOW)


def make_proposal(
    plan: Plan,
    name: str = "Asked for a fitting",
    *,
    by: Membership,
    event: str = "fitting_requested",
    lane: Lane = Lane.SUBMITTED,
    **parts: Any,
) -> Proposal:
    """Propose an event as a micro goal, handed in unless it is to stay a draft; `event` "": not tracked yet."""
    definition = Definition(rules_for(event), counting=Counting.SESSION) if event else None
    written = {
        "department": by.department,
        "rationale": "They come to the store.",
        "micro_kind": "secondary",
        "moment": "When it is sent.",
    }
    with scope.in_workspace(plan.workspace_id):
        macros = tuple(plan.goals.filter(level=Level.MACRO, archived_at=None))
        draft = ProposalDraft(name, definition, **{"supports": macros} | written | parts)
        made = proposing.draft(plan, draft, by=Actor.of(by), now=NOW)
        if lane != Lane.DRAFT:
            proposing.submit(made, by=Actor.of(by), now=NOW, backtest=None)
        return made


def fill_lake(workspace: Workspace, events: Sequence[dict[str, Any]]) -> None:
    """Write the events and their sessions into the workspace's lake, and publish them."""
    rows = [_event_row(event) for event in events]
    sessions = [_session_row(session) for session in sessions_of(rows)]
    versions = {}
    for name, schema, table in ((Table.EVENTS, EVENTS, rows), (Table.SESSIONS, SESSIONS, sessions)):
        stored = open_or_make(workspace.pk, name, schema)
        write_deltalake(stored, pa.Table.from_pylist(table, schema=schema), mode="append")
        versions[name] = stored.version()
    with scope.in_workspace(workspace.pk):
        LakeState.objects.update_or_create(
            workspace=workspace,
            defaults={
                "events_version": versions[Table.EVENTS],
                "sessions_version": versions[Table.SESSIONS],
                "revision": 1,
                "derived_through": NOW,
            },
        )


def _event_row(event: dict[str, Any]) -> dict[str, Any]:
    time = event["time"]
    plain = {"name": "page_view", "source_id": 1, "refund": False, "received_at": time, "protocol": "own"}
    return plain | {"day": time.astimezone(UTC).date()} | event


def _session_row(session: dict[str, Any]) -> dict[str, Any]:
    plain = {"events": 1, "pageviews": 1, "channel": "direct", "paid": False, "is_new": True}
    return plain | session


def sheet(*rows: str) -> str:
    """Write rows as a spreadsheet copies them; cells are parted by | here."""
    return "\r\n".join(row.replace("|", "\t") for row in rows)


def forty_rows() -> str:
    """Give a plan as people have it in spreadsheets: one row a KPI, the levels above it merged."""
    rows = ["Objective|Macro goal|Micro goal|KPI|Target|Event|Department"]
    for number in range(40):
        objective = f"Objective {number // 20}" if number % 20 == 0 else ""
        macro = f"Macro {number // 10}" if number % 10 == 0 else ""
        rows.append(f"{objective}|{macro}|Micro {number}|Count {number}|{number + 1} 000|event_{number}|Sales")
    return sheet(*rows)
