"""The first plan as a document, made of the answers and of the starter that was chosen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from goals import triggers
from goals.answers import MEASURES, Aimed, Answers, Period, Picked
from goals.conditions import Rule, parse
from goals.definition import Definition
from goals.document import Document
from goals.figures import PERCENT
from goals.models import Counting, Level, Measure, MicroKind, ValueRule
from goals.naming import numbered, slug_of
from goals.rows import GoalRow, KpiRow, ObjectiveRow, ParameterRow, PlanRow, QuestionRow, SpecRow, TargetRow
from goals.starters import Card, Starter
from goals.triggers import Trigger
from goals.wording import usual_counting


@dataclass(frozen=True, slots=True)
class _Made:
    """What the parts of the document are made of; slugs by the goals' keys."""

    answers: Answers
    slugs: dict[str, str]
    today: date

    @property
    def starter(self) -> Starter:
        return self.answers.plan_of

    @property
    def objectives(self) -> set[str]:
        """Name the starter's objectives under which a picked goal stands."""
        return {card.objective for _key, card in self.cards()}

    def cards(self) -> Iterator[tuple[str, Card]]:
        """Give the cards that were picked."""
        for key in self.answers.goals:
            card = self.starter.card(key)
            if card is not None:
                yield key, card


def compose(answers: Answers, *, today: date, owner: str = "") -> Document:
    """Give the plan that the answers come to.

    today   the workspace's day, which says what "this quarter" is
    owner   e-mail address of whoever makes it
    """
    made = _Made(answers, _slugs(answers), today)
    usual = {each.key for each in made.starter.kpis}
    # A goal that no starter measures gets a KPI with its first target.
    kpis = [aim for aim in answers.kpis() if aim.value or aim.key in usual]
    return Document(
        plan=_plan(answers, today, owner),
        objectives=tuple(
            ObjectiveRow(aim.key, str(aim.name), why=str(aim.why))
            for aim in made.starter.aims
            if aim.key in made.objectives
        ),
        questions=tuple(_questions(made)),
        goals=tuple(_goal(made, level, goal) for level, goal in answers.goals.values()),
        kpis=tuple(_kpi(made, aim) for aim in kpis),
        targets=tuple(_target(made, aim) for aim in kpis if aim.value),
        specs=tuple(_spec(made, key, card) for key, card in made.cards()),
        parameters=tuple(row for key, card in made.cards() for row in _parameters(made, key, card)),
    )


def definition_of(answers: Answers, goal: str) -> Definition:
    """Give the definition of a picked goal; raise conditions.Misstated for a page or event that can't be one."""
    level, picked = answers.goals[goal]
    value = ValueRule.EVENT if answers.has_value(goal) else ValueRule.NONE
    return Definition(rules_of(picked.noticed), counting=Counting(usual_counting(level)), value_rule=value)


def rules_of(noticed: str) -> tuple[Rule, ...]:
    """Give the rules of a page's path or an event's name; () for "", which is not tracked yet.

    raises   conditions.Misstated
    """
    if not noticed:
        return ()
    return parse(triggers.written(Trigger.PAGE if noticed.startswith("/") else Trigger.EVENT, noticed))


def name_of(period: Period, first: date) -> str:
    """Give the name that a plan of these days has until somebody calls it otherwise."""
    if period in {Period.THIS_YEAR, Period.NEXT_YEAR}:
        return _("Plan %(year)s") % {"year": first.year}
    return _("Plan %(year)s, quarter %(quarter)s") % {"year": first.year, "quarter": first.month // 3 + 1}


def _slugs(answers: Answers) -> dict[str, str]:
    slugs: dict[str, str] = {}
    for key, (_level, goal) in answers.goals.items():
        slugs[key] = numbered(slug_of(goal.name), set(slugs.values()))
    return slugs


def _plan(answers: Answers, today: date, owner: str) -> PlanRow:
    first, last = answers.days(today)
    about = (
        f"{answers.about} ({answers.domain})" if answers.about and answers.domain else answers.about or answers.domain
    )
    name = name_of(Period(answers.period or Period.THIS_QUARTER), first)
    return PlanRow(name, first.isoformat(), last.isoformat(), about=about, owner=owner)


def _questions(made: _Made) -> Iterator[QuestionRow]:
    for aim in made.starter.aims:
        if aim.key in made.objectives:
            for asked in aim.questions:
                text = str(asked.text)
                yield QuestionRow(aim.key, slug_of(text), text, str(asked.asker), str(asked.decision))


def _goal(made: _Made, level: str, goal: Picked) -> GoalRow:
    card = made.starter.card(goal.key)
    is_micro = level == Level.MICRO
    macros = [each.key for each in made.answers.macros or ()]
    supported = [key for key in goal.supports if key in macros] or macros
    return GoalRow(
        made.slugs[goal.key],
        goal.name,
        level,
        objective=card.objective if card else "",
        micro_kind=(goal.kind or MicroKind.SECONDARY.value) if is_micro else "",
        supports=tuple(made.slugs[key] for key in supported) if is_micro else (),
        stage=card.stage if card else "",
        rationale=str(card.why) if card else "",
        moment=str(card.moment) if card else "",
        definition=definition_of(made.answers, goal.key),
    )


def _kpi(made: _Made, aim: Aimed) -> KpiRow:
    usual = next((each for each in made.starter.kpis if each.key == aim.key), None)
    measure, per = MEASURES[aim.measure]
    goal = made.slugs[aim.goal]
    if usual is None:
        return KpiRow(_kpi_slug(made, aim), goal, aim.name, measure, per)
    parts = {"direction": usual.direction, "weight": usual.weight, "timing": usual.timing}
    return KpiRow(_kpi_slug(made, aim), goal, aim.name, measure, per, **parts)


def _kpi_slug(made: _Made, aim: Aimed) -> str:
    is_usual = any(each.key == aim.key for each in made.starter.kpis)
    return aim.key if is_usual else made.slugs[aim.goal]


def _target(made: _Made, aim: Aimed) -> TargetRow:
    first, last = made.answers.days(made.today)
    sign = PERCENT if MEASURES[aim.measure][0] == Measure.RATE else ""
    return TargetRow(
        _kpi_slug(made, aim),
        f"until-{last}",
        f"{aim.value}{sign}",
        first.isoformat(),
        last.isoformat(),
        baseline=f"{aim.baseline}{sign}" if aim.baseline else "",
        baseline_since=aim.baseline_since,
        baseline_until=aim.baseline_until,
    )


def _spec(made: _Made, key: str, card: Card) -> SpecRow:
    return SpecRow(made.slugs[key], event_name=card.event, about=str(card.moment))


def _parameters(made: _Made, key: str, card: Card) -> Iterator[ParameterRow]:
    for each in card.properties:
        yield ParameterRow(
            made.slugs[key], each.name, type=each.type, is_required=each.is_required, about=str(each.about)
        )
