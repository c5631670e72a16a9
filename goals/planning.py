"""Plans and objectives: the verbs, each with its audit entry."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goals.drafts import Draft
from goals.models import Objective, Plan, PlanKind
from goals.naming import free_slug
from goals.revising import By, locked, plain, revise
from workspaces.models import AuditEntry, Membership, User, Workspace
from workspaces.refusal import Refusal


class PlanExists(Refusal):
    """The workspace has a plan at work."""

    code = "plan_exists"


class Archived(Refusal):
    """The plan is in the archive."""

    code = "archived"

    def __init__(self) -> None:
        super().__init__(_("This plan is in the archive; reopen it first."))


class ObjectiveInUse(Refusal):
    """Goals stand under the objective."""

    code = "objective_in_use"

    def __init__(self, users: list[str]) -> None:
        super().__init__(
            _("Goals stand under this objective: %(users)s. Move them first.") % {"users": ", ".join(users)}
        )
        self.users = users


@dataclass(frozen=True, slots=True)
class PlanDraft(Draft):
    """What a person writes of a plan; the last day is inside."""

    name: str
    starts_on: date
    ends_on: date
    kind: str = PlanKind.NEW
    about: str = ""
    last_reviewed_on: date | None = None
    next_review_on: date | None = None
    naming_rule: str = ""
    approval_rule: str = ""
    owner: User | None = None  # in the first plan of somebody: that person


@dataclass(frozen=True, slots=True)
class ObjectiveDraft(Draft):
    """What a person writes of an objective."""

    name: str
    why: str = ""
    department: str = ""
    owner: Membership | None = None
    horizon: str = ""


def quarter_of(day: date) -> tuple[date, date]:
    """Give the first and the last day of the calendar quarter."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    after = (first + timedelta(days=100)).replace(day=1)
    return first, after - timedelta(days=1)


def current_plan(workspace: Workspace) -> Plan | None:
    """Give the plan at work, None before the first and while all are archived."""
    return workspace.plans.filter(archived_at=None).first()


@transaction.atomic
def create_plan(workspace: Workspace, draft: PlanDraft, *, by: By, now: datetime) -> Plan:
    """Start the workspace's plan; raise PlanExists where there is one."""
    # The workspace's row is the lock: two people who both see no plan would make two.
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)
    if current_plan(workspace):
        raise PlanExists(_("This workspace has a plan already; open it."))
    plan = Plan.objects.create(
        workspace=workspace,
        slug=free_slug(workspace.plans, draft.name),
        **draft.columns() | {"owner": draft.owner or (by.user if isinstance(by, Membership) else None)},
    )
    AuditEntry.record(by, "created", plan, workspace=workspace, now=now, after=_given(draft))
    return plan


@transaction.atomic
def change_plan(plan: Plan, draft: PlanDraft, *, by: By, now: datetime, seen: int | None = None) -> Plan:
    """Write the plan anew; what stays the same leaves no trace. Raise Archived."""
    saved = locked(plan, seen=seen)
    if saved.archived_at is not None:
        raise Archived
    revise(saved, draft.columns(), by=by, now=now)
    return saved


@transaction.atomic
def create_objective(plan: Plan, draft: ObjectiveDraft, *, by: By, now: datetime, slug: str = "") -> Objective:
    """Put an objective at the end of the plan, under the short name where that is free."""
    last = plan.objectives.order_by("position").last()
    objective = Objective.objects.create(
        workspace_id=plan.workspace_id,
        plan=plan,
        slug=free_slug(plan.objectives, draft.name, wanted=slug),
        position=last.position + 1 if last else 0,
        **draft.columns(),
    )
    AuditEntry.record(by, "created", objective, workspace=plan.workspace, now=now, after=_given(draft))
    return objective


@transaction.atomic
def change_objective(
    objective: Objective, draft: ObjectiveDraft, *, by: By, now: datetime, seen: int | None = None
) -> Objective:
    """Write the objective anew."""
    saved = locked(objective, seen=seen)
    revise(saved, draft.columns(), by=by, now=now)
    return saved


@transaction.atomic
def delete_objective(objective: Objective, *, by: By, now: datetime) -> None:
    """Take the objective out of the plan; raise ObjectiveInUse while goals stand under it."""
    users = [goal.name for goal in objective.goals.filter(archived_at=None)]
    if users:
        raise ObjectiveInUse(users)
    AuditEntry.record(by, "deleted", objective, workspace=objective.workspace, now=now, before={"name": objective.name})
    objective.delete()


def _given(draft: Draft) -> dict[str, Any]:  # JSON values
    return {name: plain(value) for name, value in draft.columns().items() if value}
