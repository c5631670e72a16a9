"""The plan as an outline: objective, macro goal, its KPIs, the micro goals that support it, theirs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from goals import triggers
from goals.conditions import Misstated
from goals.definition import Definition
from goals.models import Goal, Kpi, Level, Objective, Plan, Question
from goals.wording import rules_text

Kind = Literal["objective", "macro", "micro", "kpi"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the outline.

    depth     0 for objectives
    code      the page or event that counts, "" where rules say more than that; `words` say it in full
    also      macro goals that a micro goal supports beside the one that it stands under
    """

    kind: Kind
    depth: int
    name: str
    objective: Objective | None = None
    goal: Goal | None = None
    kpi: Kpi | None = None
    code: str = ""
    words: str = ""
    also: tuple[Goal, ...] = ()
    questions: tuple[Question, ...] = ()


def outline(plan: Plan) -> list[Line]:
    """Give the lines of the plan, from the top."""
    goals = list(_with_everything(plan))
    objectives: list[Objective | None] = [*plan.objectives.prefetch_related("questions"), None]
    lines: list[Line] = []
    for objective in objectives:
        below = list(
            _below([goal for goal in goals if goal.objective_id == (objective.pk if objective else None)], goals)
        )
        if objective:
            questions = tuple(objective.questions.all())
            lines.append(Line("objective", 0, objective.name, objective=objective, questions=questions))
        elif below:
            lines.append(Line("objective", 0, _("Without an objective")))
        lines += below
    return lines


def _with_everything(plan: Plan) -> "Iterable[Goal]":
    kpis = Kpi.objects.filter(archived_at=None).prefetch_related("targets")
    macros = Goal.objects.live().filter(level=Level.MACRO)
    return plan.goals.live().prefetch_related("rules", Prefetch("kpis", kpis), Prefetch("supports", macros))


def _below(own: list[Goal], goals: list[Goal]) -> Iterator[Line]:
    for macro in own:
        if macro.level == Level.MACRO:
            yield from _lines(macro, depth=1)
            for micro in goals:
                if _stands_under(micro) == macro:
                    yield from _lines(micro, depth=2)
    for micro in own:
        if micro.level == Level.MICRO and _stands_under(micro) is None:
            yield from _lines(micro, depth=1)


def _stands_under(goal: Goal) -> Goal | None:
    """Give the macro goal that a micro goal is shown under: the first it supports that shares its objective."""
    near = [macro for macro in goal.supports.all() if goal.objective_id in {macro.objective_id, None}]
    return min(near, key=lambda macro: (macro.position, macro.pk), default=None)


def _lines(goal: Goal, *, depth: int) -> Iterator[Line]:
    code, words = _told(goal)
    also = tuple(macro for macro in goal.supports.all() if macro != _stands_under(goal))
    kind: Kind = "macro" if goal.level == Level.MACRO else "micro"
    yield Line(kind, depth, goal.name, goal=goal, code=code, words=words, also=also)
    for kpi in goal.kpis.all():
        yield Line("kpi", depth + 1, kpi.name, goal=goal, kpi=kpi)


def _told(goal: Goal) -> tuple[str, str]:
    try:
        definition = Definition.of(goal)
    except Misstated:  # written by an older version of the language
        return "", _("These rules can't be read any more; write them anew.")
    told = triggers.told(definition)
    return next((text for name, text in told.items() if name != "trigger"), ""), rules_text(definition.rules)
