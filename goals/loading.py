"""A whole plan from plain data: what the demo, scripts and later the starters write down.

The data is a mapping, of JSON or of `dataclasses.asdict`; `key` names a part for the other parts:

    name, starts_on, ends_on   of the plan; without them this quarter's
    objectives   key, name, why, department; question
    goals        key, name, level; rules (lists of conditions: field, operator, value; `properties.plan` is the property
                 plan); objective, kind, supports (keys of macro goals), why, department, counting, value (none, event,
                 or an amount with its currency: "250 NOK")
    kpis         key, name, goal, measure (count, value, rate, average or ratio); denominator, direction
                 each of these three may have an owner: a member's e-mail address; other addresses own nothing
    targets      kpi, value (a count, an amount, for rates a fraction), since, until (the day after the last); baseline

Other members are left alone: the same data may serve other readers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goals.conditions import parse
from goals.defining import GoalDraft, create_goal
from goals.definition import Definition
from goals.listing import QuestionDraft, add
from goals.models import Counting, Direction, Goal, Kpi, Level, Measure, Objective, Plan, Target, ValueRule
from goals.planning import ObjectiveDraft, PlanDraft, create_objective, create_plan, quarter_of
from goals.revising import By
from goals.targeting import MICROS, KpiDraft, TargetDraft, create_kpi, create_target
from goals.wording import usual_counting
from workspaces.models import Membership, Workspace
from workspaces.zones import day_of

Data = Mapping[str, Any]  # plain data as the module's docstring says
OPERATORS = {"at_least": "gte", "at_most": "lte", "above": "gt", "below": "lt"}  # longer names of the same
MEASURES = {"ratio": Measure.AVERAGE}  # value over count
PROPERTY = "properties."


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made; rows by the keys of the data."""

    plan: Plan
    objectives: dict[str, Objective]
    goals: dict[str, Goal]
    kpis: dict[str, Kpi]
    targets: list[Target]


@transaction.atomic
def load_plan(workspace: Workspace, data: Data, *, by: By, now: datetime) -> Loaded:
    """Make the plan with all of its parts, or nothing; call it inside the workspace.

    raises   planning.PlanExists where the workspace has a plan, conditions.Misstated for a rule that can't be read,
             a Refusal for what a form would refuse, KeyError for a key that names nothing
    """
    plan = create_plan(workspace, _plan(workspace, data, now), by=by, now=now)
    owner = _Owners(workspace)
    objectives = {
        each["key"]: _objective(plan, each, owner(each), by=by, now=now) for each in data.get("objectives", ())
    }
    goals: dict[str, Goal] = {}
    for each in _macros_first(data.get("goals", ())):
        draft = replace(_goal(each, objectives, goals), owner=owner(each))
        goals[each["key"]] = create_goal(plan, draft, by=by, now=now)
    kpis = {
        each["key"]: create_kpi(goals[each["goal"]], replace(_kpi(each), owner=owner(each)), by=by, now=now)
        for each in data.get("kpis", ())
    }
    targets = [
        create_target(kpis[each["kpi"]], _target(each, kpis[each["kpi"]]), by=by, now=now)
        for each in data.get("targets", ())
    ]
    return Loaded(plan, objectives, goals, kpis, targets)


class _Owners:
    """The workspace's members by their addresses, read once."""

    def __init__(self, workspace: Workspace) -> None:
        members = workspace.memberships.select_related("user", "workspace")
        self._members = {member.user.email: member for member in members}

    def __call__(self, data: Data) -> Membership | None:
        """Give the owner that the data names, where it is a member."""
        return self._members.get(data.get("owner", ""))


def _plan(workspace: Workspace, data: Data, now: datetime) -> PlanDraft:
    first, last = quarter_of(day_of(now, workspace.zone))
    name = data.get("name") or _("Plan %(year)s, quarter %(quarter)s") % {
        "year": first.year, "quarter": first.month // 3 + 1,
    }  # fmt: skip
    return PlanDraft(name, _day(data.get("starts_on", first)), _day(data.get("ends_on", last)))


def _objective(plan: Plan, data: Data, owner: Membership | None, *, by: By, now: datetime) -> Objective:
    draft = ObjectiveDraft(data["name"], why=data.get("why", ""), department=data.get("department", ""), owner=owner)
    made = create_objective(plan, draft, by=by, now=now)
    if data.get("question"):
        add(made, QuestionDraft(data["question"]), by=by, now=now)
    return made


def _macros_first(goals: Iterable[Data]) -> list[Data]:
    return sorted(goals, key=lambda each: each["level"] != Level.MACRO)  # micro goals support goals that exist


def _goal(data: Data, objectives: Mapping[str, Objective], goals: Mapping[str, Goal]) -> GoalDraft:
    level = Level(data["level"])
    value_rule, micros, currency = _value(data.get("value") or "none")
    definition = Definition(
        rules=parse([[_condition(each) for each in rule] for rule in data["rules"]]),
        counting=Counting(data.get("counting") or usual_counting(level)),
        value_rule=value_rule,
        value_micros=micros,
        currency=currency,
    )
    return GoalDraft(
        name=data["name"],
        level=level,
        definition=definition,
        objective=objectives[data["objective"]] if data.get("objective") else None,
        micro_kind=data.get("kind") or "",
        supports=tuple(goals[key] for key in data.get("supports", ())),
        rationale=data.get("why", ""),
        department=data.get("department", ""),
    )


def _condition(data: Data) -> dict[str, Any]:  # as `goals.conditions` reads it
    written = {name: each for name, each in data.items() if each is not None}
    if str(data["field"]).startswith(PROPERTY):
        written |= {"field": "property", "key": str(data["field"]).removeprefix(PROPERTY)}
    return written | {"operator": OPERATORS.get(data["operator"], data["operator"])}


def _value(written: str) -> tuple[ValueRule, int | None, str]:
    if written in {ValueRule.NONE, ValueRule.EVENT}:
        return ValueRule(written), None, ""
    amount, currency = written.split()
    return ValueRule.FIXED, int(Decimal(amount) * MICROS), currency


def _kpi(data: Data) -> KpiDraft:
    return KpiDraft(
        name=data["name"],
        measure=MEASURES.get(data["measure"]) or Measure(data["measure"]),
        per=data.get("denominator") or "",
        direction=Direction(data.get("direction") or Direction.UP),
        department=data.get("department", ""),
    )


def _target(data: Data, kpi: Kpi) -> TargetDraft:
    return TargetDraft(
        value=_number(data["value"], kpi),
        starts_on=_day(data["since"]),
        ends_on=_day(data["until"]) - timedelta(days=1),
        baseline=None if data.get("baseline") is None else _number(data["baseline"], kpi),
    )


def _number(written: Any, kpi: Kpi) -> Decimal:  # a number of JSON or Python
    number = Decimal(str(written))
    kept = number * MICROS if kpi.measure in {Measure.VALUE, Measure.AVERAGE} else number
    return kept.quantize(Decimal("0.000001"))


def _day(written: date | str) -> date:
    return written if isinstance(written, date) else date.fromisoformat(written)
