"""Goals: create, change, archive; a changed definition makes a new version and has its figures filled anew."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goals import metrics
from goals.conditions import Rule, to_json
from goals.definition import COLUMNS, Definition
from goals.models import Goal, GoalVersion, Level, MappingRule, Objective, Plan, Support, ValueRule
from goals.naming import free_slug
from goals.refilling import hint_refill, hint_watch
from goals.revising import By, locked, plain, revise
from workspaces.models import AuditEntry, Membership
from workspaces.refusal import Refusal


class SupportsNotMacro(Refusal):
    """A goal was to support something that is no macro goal of its plan."""

    code = "supports_not_macro"
    field = "supports"
    status = 400


class ValueIncomplete(Refusal):
    """A fixed value lacks its amount or currency."""

    code = "value_incomplete"
    field = "value_micros"
    status = 400


class GoalInUse(Refusal):
    """Something stands on the goal."""

    code = "goal_in_use"

    def __init__(self, users: Sequence[str]) -> None:
        super().__init__(_("In use by %(users)s. Archive or move these first.") % {"users": "; ".join(users)})
        self.users = list(users)


@dataclass(frozen=True, slots=True)
class GoalDraft:
    """What a person writes of a goal; `micro_kind` and `supports` are for micro goals."""

    name: str
    level: Level
    definition: Definition
    objective: Objective | None = None
    micro_kind: str = ""
    supports: tuple[Goal, ...] = field(default=())
    rationale: str = ""
    department: str = ""
    owner: Membership | None = None
    stage: str = ""
    moment: str = ""

    def facts(self) -> dict[str, Any]:  # values of the goal's columns
        """Give the columns that are no part of the definition."""
        names = ("name", "level", "objective", "micro_kind", "rationale", "department", "owner", "stage", "moment")
        return {name: getattr(self, name) for name in names}


def draft_of(goal: Goal) -> GoalDraft:
    """Give what is saved of the goal, to be changed in part."""
    return GoalDraft(
        name=goal.name,
        level=Level(goal.level),
        definition=Definition.of(goal),
        objective=goal.objective,
        micro_kind=goal.micro_kind,
        supports=tuple(goal.supports.all()),
        rationale=goal.rationale,
        department=goal.department,
        owner=goal.owner,
        stage=goal.stage,
        moment=goal.moment,
    )


@transaction.atomic
def create_goal(plan: Plan, draft: GoalDraft, *, by: By, now: datetime, slug: str = "") -> Goal:
    """Put a goal at the end of its level, with version 1 of its definition."""
    _check(draft, plan, None)
    last = plan.goals.filter(level=draft.level).order_by("position").last()
    goal = Goal.objects.create(
        workspace=plan.workspace,
        plan=plan,
        slug=free_slug(plan.workspace.goals, draft.name, wanted=slug),
        position=last.position + 1 if last else 0,
        changed_at=now,
        **draft.facts(),
        **_columns(draft.definition),
    )
    _write_rules(goal, draft.definition.rules)
    _write_supports(goal, draft.supports)
    _keep_version(goal, draft.definition, list(draft.definition.as_json()), by=by, now=now)
    after = {name: plain(value) for name, value in draft.facts().items() if value} | _worded(draft.definition)
    AuditEntry.record(by, "created", goal, workspace=plan.workspace, now=now, after=after | _supported(draft.supports))
    hint_refill(goal)
    return goal


@transaction.atomic
def change_goal(goal: Goal, draft: GoalDraft, *, by: By, now: datetime, seen: int | None = None) -> Goal:
    """Write the goal anew; only a changed definition counts its version up and has its figures filled again.

    seen   the revision that the writer knows, None where the form has compared it
    """
    saved = locked(goal, seen=seen)
    _check(draft, saved.plan, saved)
    before = Definition.of(saved)
    if draft.objective != saved.objective:  # KPIs go along with their goal, but for those that were put elsewhere
        saved.kpis.filter(objective=saved.objective).update(objective=draft.objective)
    changes = before.differing(draft.definition)
    supports_before = tuple(saved.supports.order_by("pk"))
    supports_changed = {macro.pk for macro in supports_before} != {macro.pk for macro in draft.supports}
    if changes:
        saved.version += 1
        saved.changed_at = now
    also = ["version", "changed_at"] if changes else ["revision"] if supports_changed else None
    revise(saved, draft.facts() | _columns(draft.definition), by=by, now=now, also=also)
    if changes:
        _redefine(saved, before, draft.definition, changes, by=by, now=now)
    if supports_changed:
        _write_supports(saved, draft.supports)
        was, are = _supported(supports_before), _supported(draft.supports)
        AuditEntry.record(by, "changed", saved, workspace=saved.workspace, now=now, before=was, after=are)
    return saved


@transaction.atomic
def archive_goal(goal: Goal, *, by: By, now: datetime) -> None:
    """Take the goal out of the plan, its history kept; raise GoalInUse while something stands on it."""
    saved = locked(goal)
    if saved.archived_at is not None:
        return
    users = users_of(saved)
    if users:
        raise GoalInUse(users)
    saved.archived_at = now
    saved.revision += 1
    saved.save(update_fields=["archived_at", "revision"])
    AuditEntry.record(by, "archived", saved, workspace=saved.workspace, now=now)
    hint_watch(saved.workspace_id)


def users_of(goal: Goal) -> list[str]:
    """Name what stands on the goal: its KPIs, those of formulas that name it, micro goals that support a macro goal."""
    named = {kpi.pk: kpi for kpi in (*goal.kpis.filter(archived_at=None), *metrics.kpis_naming(goal))}
    kpis = [_("KPI %(name)s") % {"name": kpi.name} for kpi in named.values()]
    micros = goal.supported_by.filter(archived_at=None)
    return kpis + [_("micro goal %(name)s") % {"name": micro.name} for micro in micros]


def _check(draft: GoalDraft, plan: Plan, goal: Goal | None) -> None:
    if draft.level == Level.MACRO and draft.supports:
        raise SupportsNotMacro(_("A macro goal supports no other goal; only micro goals do."))
    for macro in draft.supports:
        if macro.level != Level.MACRO or macro.plan_id != plan.pk or macro.archived_at or macro == goal:
            raise SupportsNotMacro(_('"%(name)s" is no macro goal of this plan.') % {"name": macro.name})
    definition = draft.definition
    if definition.value_rule is ValueRule.FIXED and (definition.value_micros is None or not definition.currency):
        raise ValueIncomplete(_("A fixed value needs its amount and currency."))
    supported = goal is not None and draft.level == Level.MICRO and goal.supported_by.filter(archived_at=None)
    if supported:
        raise GoalInUse([_("micro goal %(name)s") % {"name": micro.name} for micro in supported])


def _columns(definition: Definition) -> dict[str, Any]:  # values of the goal's columns
    return {name: getattr(definition, name) for name in COLUMNS}


def _redefine(goal: Goal, before: Definition, after: Definition, changes: list[str], *, by: By, now: datetime) -> None:
    if "rules" in changes:
        goal.rules.all().delete()
        _write_rules(goal, after.rules)
        was, are = {"rules": to_json(before.rules)}, {"rules": to_json(after.rules)}
        AuditEntry.record(by, "changed", goal, workspace=goal.workspace, now=now, before=was, after=are)
    _keep_version(goal, after, changes, by=by, now=now)
    hint_refill(goal)


def _write_rules(goal: Goal, rules: Sequence[Rule]) -> None:
    MappingRule.objects.bulk_create(
        MappingRule(workspace_id=goal.workspace_id, goal=goal, position=number, conditions=conditions)
        for number, conditions in enumerate(to_json(rules))
    )


def _write_supports(goal: Goal, macros: Sequence[Goal]) -> None:
    Support.objects.filter(micro=goal).exclude(macro__in=macros).delete()
    rows = [Support(workspace_id=goal.workspace_id, micro=goal, macro=macro) for macro in macros]
    Support.objects.bulk_create(rows, ignore_conflicts=True)


def _keep_version(goal: Goal, definition: Definition, changes: list[str], *, by: By, now: datetime) -> None:
    GoalVersion.objects.create(
        workspace=goal.workspace,
        goal=goal,
        number=goal.version,
        definition=definition.as_json(),
        made_by=str(by.user if isinstance(by, Membership) else by),
        made_at=now,
        changes=changes,
    )


def _worded(definition: Definition) -> dict[str, Any]:  # a JSON value
    defaults = Definition(())
    return {name: value for name, value in definition.as_json().items() if value != defaults.as_json()[name]}


def _supported(macros: Sequence[Goal]) -> dict[str, list[str]]:
    return {"supports": [macro.name for macro in macros]} if macros else {}
