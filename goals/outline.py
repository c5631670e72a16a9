"""The plan as an outline: objective, its questions, macro goal, its KPIs, the micro goals that support it, theirs.

A KPI's line carries the target that ends first and is not over; its other targets have lines of their own below it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from goals import triggers
from goals.conditions import Misstated
from goals.definition import Definition
from goals.models import Goal, Kpi, Level, Objective, Plan, Question, Target
from goals.wording import rules_text

Kind = Literal["objective", "question", "macro", "micro", "kpi", "target"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the outline.

    depth     0 for objectives
    code      the page or event that counts, "" where rules say more than that; `words` say it in full
    also      macro goals that a micro goal supports beside the one that it stands under
    target    of a target's line, and of a KPI's the one that it is held against now
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
    question: Question | None = None
    target: Target | None = None

    @property
    def row(self) -> Objective | Question | Goal | Kpi | Target | None:
        """Give the row that the line shows; None for the line above goals without an objective."""
        rows = {"objective": self.objective, "question": self.question, "kpi": self.kpi, "target": self.target}
        return rows.get(self.kind, self.goal)


def outline(plan: Plan, *, today: date | None = None) -> list[Line]:
    """Give the lines of the plan, from the top; `today` says which targets are over, None that none is."""
    goals = list(_with_everything(plan))
    objectives: list[Objective | None] = [*_objectives(plan), None]
    lines: list[Line] = []
    under: dict[int, list[Goal]] = {}
    for goal in goals:
        macro = stands_under(goal) if goal.level == Level.MICRO else None
        if macro is not None:
            under.setdefault(macro.pk, []).append(goal)
    for objective in objectives:
        own = [goal for goal in goals if goal.objective_id == (objective.pk if objective else None)]
        below = list(_below(own, under, today))
        if objective:
            questions = tuple(objective.questions.all())
            lines.append(Line("objective", 0, objective.name, objective=objective, questions=questions))
            lines += (Line("question", 1, each.text, objective=objective, question=each) for each in questions)
        elif below:
            lines.append(Line("objective", 0, _("Without an objective")))
        lines += below
    return lines


def line_of(row: Objective | Question | Goal | Kpi | Target, *, today: date | None = None) -> Line:
    """Give the line of one row as `outline` does."""
    match row:
        case Objective():
            return Line("objective", 0, row.name, objective=row, questions=tuple(row.questions.all()))
        case Question():
            return Line("question", 1, row.text, objective=row.objective, question=row)
        case Goal():
            return _goal_line(row, _depth(row))
        case Kpi():
            return _kpi_line(row, _depth(row.goal) + 1, today)
    return Line("target", _depth(row.kpi.goal) + 2, "", goal=row.kpi.goal, kpi=row.kpi, target=row)


def stands_under(goal: Goal) -> Goal | None:
    """Give the macro goal that a micro goal is shown under: the first it supports that shares its objective."""
    near = [macro for macro in goal.supports.all() if goal.objective_id in {macro.objective_id, None}]
    return min(near, key=lambda macro: (macro.position, macro.pk), default=None)


def current_target(targets: Sequence[Target], today: date | None) -> Target | None:
    """Give the target that ends first and is not over, the last one where all are."""
    in_order = sorted(targets, key=lambda target: (target.ends_on, target.pk))
    open_ones = [target for target in in_order if today is None or target.ends_on >= today]
    return next(iter(open_ones), in_order[-1] if in_order else None)


def _objectives(plan: Plan) -> "Iterable[Objective]":
    return plan.objectives.select_related("owner__user").prefetch_related("questions")


def _with_everything(plan: Plan) -> "Iterable[Goal]":
    kpis = Kpi.objects.filter(archived_at=None).select_related("owner__user", "metric").prefetch_related("targets")
    macros = Goal.objects.live().filter(level=Level.MACRO)
    rows = plan.goals.live().select_related("owner__user", "watch")
    return rows.prefetch_related("rules", Prefetch("kpis", kpis), Prefetch("supports", macros))


def _below(own: list[Goal], under: dict[int, list[Goal]], today: date | None) -> Iterator[Line]:
    for macro in own:
        if macro.level == Level.MACRO:
            yield from _lines(macro, 1, today)
            for micro in under.get(macro.pk, ()):
                yield from _lines(micro, 2, today)
    for micro in own:
        if micro.level == Level.MICRO and stands_under(micro) is None:
            yield from _lines(micro, 1, today)


def _lines(goal: Goal, depth: int, today: date | None) -> Iterator[Line]:
    yield _goal_line(goal, depth)
    for kpi in goal.kpis.all():
        line = _kpi_line(kpi, depth + 1, today)
        yield line
        for target in sorted(kpi.targets.all(), key=lambda each: (each.ends_on, each.pk)):
            if target != line.target:
                yield Line("target", depth + 2, "", goal=goal, kpi=kpi, target=target)


def _goal_line(goal: Goal, depth: int) -> Line:
    code, words = _told(goal)
    under = stands_under(goal)
    also = tuple(macro for macro in goal.supports.all() if macro != under)
    kind: Kind = "macro" if goal.level == Level.MACRO else "micro"
    return Line(kind, depth, goal.name, goal=goal, code=code, words=words, also=also)


def _kpi_line(kpi: Kpi, depth: int, today: date | None) -> Line:
    target = current_target(list(kpi.targets.all()), today)
    return Line("kpi", depth, kpi.name, goal=kpi.goal, kpi=kpi, target=target)


def _depth(goal: Goal) -> int:
    return 1 if stands_under(goal) is None else 2


def _told(goal: Goal) -> tuple[str, str]:
    try:
        definition = Definition.of(goal)
    except Misstated:  # written by an older version of the language
        return "", _("These rules can't be read any more; write them anew.")
    if not definition.rules:
        return "", ""
    told = triggers.told(definition)
    return next((text for name, text in told.items() if name != "trigger"), ""), rules_text(definition.rules)
