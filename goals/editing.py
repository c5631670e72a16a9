"""Acts on the plan's page: a cell written, rows added, moved and taken out; each is one step to undo.

Two people in one row: a cell is written alone, so that different cells of a row never stand in each other's way. The
same cell is refused with both texts (Clash) where it says something else than its writer saw.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final, cast

from django.db import transaction
from django.utils.translation import gettext as _

from goals import arranging, defining, grid, kinds, listing, planning, targeting
from goals.definition import Definition
from goals.kinds import Row
from goals.listing import QuestionDraft
from goals.models import Goal, Kpi, Level, Measure, Objective, Plan, PlanEdit, Question, Target
from goals.outline import stands_under
from goals.planning import ObjectiveDraft
from goals.revising import locked
from goals.tables import Column
from goals.targeting import KpiDraft, TargetDraft
from goals.undoing import Step, gone, made, remember, watched
from goals.wording import usual_counting
from workspaces.models import AuditEntry, Membership
from workspaces.refusal import Refusal
from workspaces.zones import day_of


class Clash(Refusal):
    """Somebody else wrote the same cell since it was seen."""

    code = "cell_conflict"

    def __init__(self, theirs: str, who: str) -> None:
        super().__init__(_("%(who)s wrote this cell meanwhile, so yours was not saved.") % {"who": who})
        self.theirs, self.who = theirs, who


class NotThere(Refusal):
    """A row of this kind can't stand where it was asked for."""

    code = "not_there"
    status = 400


@transaction.atomic
def write_cell(
    plan: Plan, row: Row, key: str, text: str, *, seen: str | None, member: Membership, now: datetime
) -> PlanEdit | None:
    """Write one cell; give the act, None where it says that already.

    seen     the cell's text as its writer saw it; None: write over whatever stands there
    raises   tables.Misread for a text that says no value, Clash for somebody else's, and what the row's verb refuses
    """
    today = day_of(now, plan.workspace.zone)
    saved = locked(row)
    if not grid.is_open(saved, key):
        raise NotThere(_("This cell can't be written here; open the row's form."))
    held = grid.holder(saved, key, today=today)
    if held is not None and held != saved:
        held = locked(held)
    _refuse_clash(saved, key, text, seen, today)
    if text.strip() == grid.text_of(saved, key, today=today):
        return None
    steps: list[Step] = []
    label = _label(saved, key)
    if held is None:
        steps += _target_begun(plan, saved, text, member=member, now=now)
    elif isinstance(held, Target) and not text.strip() and key == "target":
        steps.append(gone(held))
        kinds.take_out(held, by=member, now=now)
    else:
        value = grid.read(saved, key, text)
        name = grid.FIELDS[key].of[kinds.kind_of(saved).key]
        with watched([held], steps):
            kinds.write(held, {name: value}, by=member, now=now)
    return remember(plan, member, label, steps, now=now)


@transaction.atomic
def add(
    plan: Plan, kind: str, name: str, *, at: Row | None, member: Membership, now: datetime
) -> tuple[Row, PlanEdit | None]:
    """Put a new row into the outline: below the row `at` if it can stand in it, else behind it; at the end for None.

    kind   objective, question, macro, micro or kpi
    raises   tables.Misread for a name that is empty or too long, NotThere where such a row has no place
    """
    row = _ADDS[kind](plan, _named(kind, name), at, member, now)
    label = _("added %(name)s") % {"name": row}
    return row, remember(plan, member, label, [made(row)], now=now)


@transaction.atomic
def move(plan: Plan, row: Row, way: str, *, member: Membership, now: datetime) -> PlanEdit | None:
    """Move the row up, down, in or out."""
    steps: list[Step] = []
    along = _around(row)
    with watched(along, steps):
        arranging.MOVES[way](row, by=member, now=now)
    return remember(plan, member, _("moved %(name)s") % {"name": row}, steps, now=now)


@transaction.atomic
def take_out(plan: Plan, row: Row, *, member: Membership, now: datetime) -> PlanEdit | None:
    """Archive a goal with its KPIs, or a KPI; remove another row. What still stands on it is named by the refusal."""
    below: list[Row] = [*row.kpis.filter(archived_at=None)] if isinstance(row, Goal) else []
    below = [*row.questions.all()] if isinstance(row, Objective) else below
    steps = []
    for each in [*below, row]:
        steps.append(gone(each))
        kinds.take_out(each, by=member, now=now)
    label = _("archived %(name)s") if isinstance(row, Goal | Kpi) else _("removed %(name)s")
    return remember(plan, member, label % {"name": name_of(row)}, steps, now=now)


def name_of(row: Row) -> str:
    """Name the row for people."""
    if isinstance(row, Target):
        return _("the target of %(kpi)s") % {"kpi": row.kpi.name}
    return str(row)


def _refuse_clash(row: Row, key: str, text: str, seen: str | None, today: date) -> None:
    theirs = grid.text_of(row, key, today=today)
    if seen is not None and theirs not in {seen.strip(), text.strip()}:
        raise Clash(theirs, _who_wrote(grid.holder(row, key, today=today) or row))


def _who_wrote(row: Row) -> str:
    entries = AuditEntry.objects.filter(workspace=row.workspace, subject_type=kinds.kind_of(row).key)
    newest = entries.filter(subject_id=str(row.pk)).first()
    return newest.actor_name if newest else _("Somebody else")


def _label(row: Row, key: str) -> str:
    if key == "name":
        return _("renamed %(name)s") % {"name": name_of(row)}
    return _("%(column)s of %(name)s") % {"column": grid.FIELDS[key].label, "name": name_of(row)}


def _target_begun(plan: Plan, row: Row, text: str, *, member: Membership, now: datetime) -> list[Step]:
    """Set a target of the plan's own days; on a goal that has no KPI make one for what the number says."""
    value = grid.read(row, "target", text)
    steps = []
    if isinstance(row, Goal):
        measure = grid.measure_of(text)
        per = "visitors" if measure == Measure.RATE else ""
        draft = KpiDraft(row.name, measure, per=per, department=row.department, owner=row.owner)
        row = targeting.create_kpi(row, draft, by=member, now=now)
        steps.append(made(row))
    target = TargetDraft(value, plan.starts_on, plan.ends_on)
    steps.append(made(targeting.create_target(cast(Kpi, row), target, by=member, now=now)))
    return steps


def _named(kind: str, name: str) -> str:
    of = grid.column({"macro": "goal", "micro": "goal"}.get(kind, kind), "name")
    return str(cast(Column, of).read(name))


def _around(row: Row) -> list[Row]:
    """Give the rows that a move of this one may change: with a macro goal the micro goals under it."""
    if isinstance(row, Goal) and row.level == Level.MACRO:
        return [row, *(each for each in row.supported_by.filter(archived_at=None) if stands_under(each) == row)]
    return [row]


def goal_at(at: Row | None) -> Goal | None:
    """Give the goal that a row is or belongs to."""
    match at:
        case Goal():
            return at
        case Kpi():
            return at.goal
        case Target():
            return at.kpi.goal
    return None


def macro_at(at: Row | None) -> Goal | None:
    """Give the macro goal that a row is, or stands under."""
    goal = goal_at(at)
    return goal if goal is None or goal.level == Level.MACRO else stands_under(goal)


def objective_at(at: Row | None) -> Objective | None:
    """Give the objective that a row is, or stands under."""
    match at:
        case Objective():
            return at
        case Question():
            return at.objective
    goal = goal_at(at)
    return goal.objective if goal else None


def _add_objective(plan: Plan, name: str, at: Row | None, member: Membership, now: datetime) -> Row:
    row = planning.create_objective(plan, ObjectiveDraft(name), by=member, now=now)
    above = objective_at(at)
    if above is not None:
        arranging.put_behind(row, above.pk, by=member, now=now)
    return row


def _add_question(plan: Plan, name: str, at: Row | None, member: Membership, now: datetime) -> Row:
    objective = objective_at(at) or plan.objectives.last()
    if objective is None:
        raise NotThere(_("A question stands under an objective; add one first."))
    row = cast(Question, listing.add(objective, QuestionDraft(name), by=member, now=now))
    if isinstance(at, Question):
        arranging.put_behind(row, at.pk, by=member, now=now)
    return row


def _add_macro(plan: Plan, name: str, at: Row | None, member: Membership, now: datetime) -> Row:
    beside = macro_at(at)
    row = _create_goal(plan, name, Level.MACRO, member, now, objective=objective_at(at))
    if at is not None and (beside is not None or isinstance(at, Objective | Question)):
        arranging.put_behind(row, beside.pk if beside else None, by=member, now=now)
    return row


def _add_micro(plan: Plan, name: str, at: Row | None, member: Membership, now: datetime) -> Row:
    beside = goal_at(at)
    macro = macro_at(at)
    more = {"supports": (macro,) if macro else (), "objective": objective_at(at)}
    row = _create_goal(plan, name, Level.MICRO, member, now, **more)
    if beside is not None:
        arranging.put_behind(row, None if beside == macro else beside.pk, by=member, now=now)
    return row


def _create_goal(plan: Plan, name: str, level: Level, member: Membership, now: datetime, **more: Any) -> Goal:
    definition = Definition((), counting=usual_counting(level))
    draft = defining.GoalDraft(name, level, definition, **more)
    return defining.create_goal(plan, draft, by=member, now=now)


def _add_kpi(plan: Plan, name: str, at: Row | None, member: Membership, now: datetime) -> Row:
    goal = goal_at(at)
    if goal is None or goal.plan_id != plan.pk:
        raise NotThere(_("A KPI measures a goal; add it on a goal's row."))
    row = targeting.create_kpi(goal, KpiDraft(name, Measure.COUNT, department=goal.department), by=member, now=now)
    if isinstance(at, Kpi | Target):
        arranging.put_behind(row, at.pk if isinstance(at, Kpi) else at.kpi_id, by=member, now=now)
    return row


_ADDS: Final = {
    "objective": _add_objective, "question": _add_question, "macro": _add_macro, "micro": _add_micro, "kpi": _add_kpi,
}  # fmt: skip
ADDED: Final[Iterable[str]] = tuple(_ADDS)
