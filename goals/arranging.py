"""Where rows stand in the plan's outline: added below another, moved up and down, in and out; each move is audited.

in     a goal without an objective goes under the last one; a micro goal under the macro goal above it; a macro goal
       becomes a micro goal that supports the macro goal above it
out    the way back: a micro goal under a macro goal becomes a macro goal, others leave their objective
up     before the row above, and from the top of one objective or macro goal to the end of the one above it
down   the same the other way
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from goals import kinds
from goals.kinds import Row
from goals.models import Goal, Kpi, Level, Objective, Plan, Question, Target
from goals.outline import stands_under
from goals.revising import By
from goals.wording import usual_counting
from workspaces.models import AuditEntry
from workspaces.refusal import Refusal

Placed = TypeVar("Placed", Objective, Question, Goal, Kpi)


class Immovable(Refusal):
    """The row can't go there; the text says why."""

    code = "immovable"


def siblings(row: Row) -> list[Any]:  # rows of its kind
    """Give the rows that stand beside it in the outline, itself among them, from the top."""
    match row:
        case Objective():
            return list(row.plan.objectives.all())
        case Question():
            return list(row.objective.questions.all())
        case Kpi():
            return list(row.goal.kpis.filter(archived_at=None))
        case Goal():
            under = stands_under(row)
            return [each for each in _goals(row.plan, row.level) if _is_beside(each, row, under)]
    return [row]


def behind(row: Row) -> int | None:
    """Give the number of the row above it among its siblings, None for the first."""
    beside = [each.pk for each in siblings(row)]
    place = beside.index(row.pk) if row.pk in beside else 0
    return beside[place - 1] if place else None


@transaction.atomic
def put_behind(row: Row, other: int | None, *, by: By, now: datetime) -> None:
    """Let the row stand right below that sibling, or first; one that is gone by now leaves it at the end."""
    if isinstance(row, Target):
        return  # targets stand by their days
    beside = [each for each in siblings(row) if each.pk != row.pk]
    whole = [each for each in _same_list(row) if each.pk != row.pk]
    if other is not None:
        at = next((place + 1 for place, each in enumerate(whole) if each.pk == other), len(whole))
    else:
        at = next((place for place, each in enumerate(whole) if beside and each.pk == beside[0].pk), len(whole))
    if _number([*whole[:at], row, *whole[at:]]):
        AuditEntry.record(by, "moved", row, workspace=row.workspace, now=now)


def move_in(row: Row, *, by: By, now: datetime) -> list[Row]:
    """Put a goal one level further in; give the rows that changed. Raise Immovable where there is nothing above it."""
    if not isinstance(row, Goal):
        raise Immovable(_("Only goals move in and out; a KPI stays with its goal, a question with its objective."))
    if row.objective is None and (last := row.plan.objectives.last()):
        return _to_objective(row, last, by=by, now=now)
    if row.level == Level.MACRO:
        above = _before(row, siblings(row))
        if above is None:
            raise Immovable(_("There is no macro goal above it that it could support."))
        counting = {} if row.rules.exists() else {"counting": usual_counting(Level.MICRO)}
        return [kinds.write(row, {"level": Level.MICRO, "supports": (above,), **counting}, by=by, now=now)]
    if stands_under(row) is not None:
        raise Immovable(_("It stands under a macro goal already; that is as far in as goals go."))
    macros = [each for each in _goals(row.plan, Level.MACRO) if each.objective_id == row.objective_id]
    if not macros:
        raise Immovable(_("There is no macro goal above it that it could support."))
    return [kinds.write(row, {"supports": (*row.supports.all(), macros[-1])}, by=by, now=now)]


def move_out(row: Row, *, by: By, now: datetime) -> list[Row]:
    """Put a goal one level further out; give the rows that changed. Raise Immovable at the outermost."""
    if not isinstance(row, Goal):
        raise Immovable(_("Only goals move in and out; a KPI stays with its goal, a question with its objective."))
    macro = stands_under(row)
    if macro is not None:
        counting = {} if row.rules.exists() else {"counting": usual_counting(Level.MACRO)}
        values = {"level": Level.MACRO, "supports": (), "micro_kind": "", "objective": macro.objective}
        changed = kinds.write(row, values | counting, by=by, now=now)
        put_behind(changed, macro.pk, by=by, now=now)
        return [changed]
    if row.objective is None:
        raise Immovable(_("It stands at the outermost level already."))
    return _to_objective(row, None, by=by, now=now)


def move_up(row: Row, *, by: By, now: datetime) -> list[Row]:
    """Put the row above the one before it; give the rows that changed."""
    beside = siblings(row)
    place = [each.pk for each in beside].index(row.pk)
    if place:
        put_behind(row, beside[place - 2].pk if place > 1 else None, by=by, now=now)
        return [row]
    return _over_the_edge(row, -1, by=by, now=now)


def move_down(row: Row, *, by: By, now: datetime) -> list[Row]:
    """Put the row below the one after it; give the rows that changed."""
    beside = siblings(row)
    place = [each.pk for each in beside].index(row.pk)
    if place < len(beside) - 1:
        put_behind(row, beside[place + 1].pk, by=by, now=now)
        return [row]
    return _over_the_edge(row, 1, by=by, now=now)


Move = Callable[..., list[Row]]
MOVES: Final[dict[str, Move]] = {"in": move_in, "out": move_out, "up": move_up, "down": move_down}


def _over_the_edge(row: Row, step: int, *, by: By, now: datetime) -> list[Row]:
    """Move the first or last row of its siblings to what stands before or after that which they stand under."""
    edge = Immovable(_("It is the first already.") if step < 0 else _("It is the last already."))
    if isinstance(row, Question):
        raise edge  # its verb keeps it with its objective
    if not isinstance(row, Goal):
        raise edge
    macro = stands_under(row)
    if macro is not None:
        other = _next(macro, siblings(macro), step)
        if other is None:
            raise edge
        kept = [each for each in row.supports.all() if each not in {macro, other}]
        changed: list[Row] = [kinds.write(row, {"supports": (*kept, other)}, by=by, now=now)]
    else:
        groups: Sequence[Objective | None] = [*row.plan.objectives.all(), None]
        place = [each and each.pk for each in groups].index(row.objective_id) + step
        if not 0 <= place < len(groups):
            raise edge
        changed = _to_objective(row, groups[place], by=by, now=now)
    moved = changed[0]
    others = [each for each in siblings(moved) if each.pk != moved.pk]
    put_behind(moved, others[-1].pk if others and step < 0 else None, by=by, now=now)
    return changed


def _to_objective(goal: Goal, objective: Objective | None, *, by: By, now: datetime) -> list[Row]:
    """Move a goal, and with a macro goal the micro goals that stand under it."""
    along = [each for each in _goals(goal.plan, Level.MICRO) if stands_under(each) == goal]
    moved: list[Row] = [kinds.write(goal, {"objective": objective}, by=by, now=now)]
    moved += [kinds.write(each, {"objective": objective}, by=by, now=now) for each in along if each.objective_id]
    return moved


def _goals(plan: Plan, level: str) -> list[Goal]:
    macros = Prefetch("supports", Goal.objects.live().filter(level=Level.MACRO))
    return list(plan.goals.live().filter(level=level).select_related("objective").prefetch_related(macros))


def _is_beside(goal: Goal, row: Goal, under: Goal | None) -> bool:
    if stands_under(goal) != under:
        return False
    return under is not None or goal.objective_id == row.objective_id


def _same_list(row: Objective | Question | Goal | Kpi) -> Iterable[Any]:  # rows of its kind, in their order
    match row:
        case Objective():
            rows: QuerySet[Any] = row.plan.objectives.all()
        case Question():
            rows = row.objective.questions.all()
        case Goal():
            rows = row.plan.goals.filter(level=row.level)  # archived ones keep their places
        case Kpi():
            rows = row.goal.kpis.all()
    return rows.select_for_update()


def _number(rows: Sequence[Any]) -> bool:
    """Number the rows in their order; say whether any had another number."""
    moved = [(place, row) for place, row in enumerate(rows) if row.position != place]
    for place, row in moved:
        row.position = place
        row.save(update_fields=["position"])
    return bool(moved)


def _before(row: Goal, beside: Sequence[Goal]) -> Goal | None:
    return _next(row, beside, -1)


def _next(row: Goal, beside: Sequence[Goal], step: int) -> Goal | None:
    place = [each.pk for each in beside].index(row.pk) + step
    return beside[place] if 0 <= place < len(beside) else None
