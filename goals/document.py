"""Document: a whole plan as one frozen value, which versions, differences, spreadsheets and copies are made of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from django.db import models
from django.db.models import Prefetch

from goals.conditions import Misstated
from goals.definition import COLUMNS, Definition
from goals.figures import figure_of, share_of
from goals.models import Counting, Goal, Kpi, Level, Parameter, Plan, Question, Target, TrackingSpec, ValueRule
from goals.rows import (
    GoalRow,
    KpiRow,
    ObjectiveRow,
    ParameterRow,
    PlanRow,
    QuestionRow,
    ReportingRow,
    Row,
    SegmentRow,
    SpecRow,
    TargetRow,
)
from workspaces.models import Membership, User

FORMAT: Final = 1  # of the JSON; a version keeps the one that it was written in
Made = TypeVar("Made", bound=Row)


class UnknownFormat(ValueError):
    """The JSON was written in a format that this release does not read."""

    def __init__(self, found: object) -> None:
        super().__init__(f"A plan in format {found!r} can't be read here; this release reads format {FORMAT}.")


@dataclass(frozen=True, slots=True)
class Document:
    """A plan; two are equal if and only if they say the same. The rows are in order however they were given."""

    plan: PlanRow
    objectives: tuple[ObjectiveRow, ...] = ()
    questions: tuple[QuestionRow, ...] = ()
    goals: tuple[GoalRow, ...] = ()
    kpis: tuple[KpiRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    segments: tuple[SegmentRow, ...] = ()
    specs: tuple[SpecRow, ...] = ()
    parameters: tuple[ParameterRow, ...] = ()
    reportings: tuple[ReportingRow, ...] = ()

    def __post_init__(self) -> None:
        """Put rows below others in those others' order; the order among siblings is the writer's."""
        order = _places(self.objectives)
        self._sort("questions", lambda row: order(row.objective))
        self._sort("goals", lambda row: (row.level != Level.MACRO, order(row.objective)))
        supporting = [replace(row, supports=tuple(sorted(set(row.supports)))) for row in self.goals]
        object.__setattr__(self, "goals", tuple(supporting))
        goals = _places(self.goals)
        self._sort("kpis", lambda row: goals(row.goal))
        self._sort("specs", lambda row: goals(row.goal))
        self._sort("parameters", lambda row: goals(row.goal))
        kpis = _places(self.kpis)
        self._sort("targets", lambda row: (kpis(row.kpi), row.starts_on, row.ends_on, row.slug))

    def as_json(self) -> dict[str, Any]:  # a JSON value
        """Give the document as versions and exports keep it."""
        lists = {name: [row.as_json() for row in getattr(self, name)] for name in LISTS}
        return {"format": FORMAT, "plan": self.plan.as_json()} | lists

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Document":  # as `as_json` gives it
        """Read what `as_json` gave; raise UnknownFormat for another format."""
        if kept.get("format") != FORMAT:
            raise UnknownFormat(kept.get("format"))
        lists = {name: tuple(map(row.from_json, kept.get(name, ()))) for name, row in LISTS.items()}
        return cls(PlanRow.from_json(kept["plan"]), **lists)  # type: ignore[arg-type]  # each list has its own class

    def _sort(self, name: str, key: Callable[[Any], Any]) -> None:  # rows of the list, and what compares
        object.__setattr__(self, name, tuple(sorted(getattr(self, name), key=key)))


# The lists of a document in the order in which they build on each other, with the class of their rows.
LISTS: Final[dict[str, type[Row]]] = {
    "objectives": ObjectiveRow, "questions": QuestionRow, "segments": SegmentRow, "goals": GoalRow, "kpis": KpiRow,
    "targets": TargetRow, "specs": SpecRow, "parameters": ParameterRow, "reportings": ReportingRow,
}  # fmt: skip

Named = TypeVar("Named", ObjectiveRow, GoalRow, KpiRow)


def _places(rows: Iterable[Named]) -> Callable[[str], int]:
    places = {row.slug: place for place, row in enumerate(rows)}
    return lambda slug: places.get(slug, len(places))  # rows below nothing come last


def document_of(plan: Plan) -> Document:
    """Give what the plan says now, without what was archived; a constant number of queries."""
    goals = list(_goals(plan))
    kpis = list(_kpis(plan))
    specs = list(_specs(plan))
    return Document(
        plan=_row(PlanRow, plan),
        objectives=tuple(_row(ObjectiveRow, each) for each in plan.objectives.select_related("owner__user")),
        questions=tuple(_row(QuestionRow, each) for each in _questions(plan)),
        goals=tuple(map(_goal, goals)),
        kpis=tuple(_row(KpiRow, each) for each in kpis),
        targets=tuple(_target(each, kpi) for kpi in kpis for each in kpi.targets.all()),
        segments=tuple(_row(SegmentRow, each) for each in plan.segments.all()),
        specs=tuple(_row(SpecRow, each) for each in specs),
        parameters=tuple(_parameter(each, spec) for spec in specs for each in spec.parameters.all()),
        reportings=tuple(_row(ReportingRow, each) for each in plan.reportings.all()),
    )


def _goals(plan: Plan) -> "models.QuerySet[Goal]":
    macros = Goal.objects.live().filter(level=Level.MACRO)
    rows = plan.goals.live().select_related("objective", "owner__user")
    return rows.prefetch_related("rules", Prefetch("supports", macros))


def _kpis(plan: Plan) -> "models.QuerySet[Kpi]":
    targets = Prefetch("targets", Target.objects.select_related("segment"))
    rows = Kpi.objects.live().filter(goal__plan=plan).select_related("goal", "owner__user", "metric")
    return rows.prefetch_related(targets)


def _questions(plan: Plan) -> "models.QuerySet[Question]":
    return Question.objects.filter(objective__plan=plan).select_related("objective")


def _specs(plan: Plan) -> "models.QuerySet[TrackingSpec]":
    rows = TrackingSpec.objects.filter(goal__plan=plan, goal__archived_at=None)
    return rows.select_related("goal", "owner__user").prefetch_related("parameters")


def _goal(goal: Goal) -> GoalRow:
    supports = tuple(macro.slug for macro in goal.supports.all())
    return _row(GoalRow, goal, definition=_definition(goal), supports=supports)


def _definition(goal: Goal) -> Definition:
    try:
        return Definition.of(goal)
    except Misstated:  # written by an older version of the language: nobody can say any more what counts
        kept = {name: getattr(goal, name) for name in COLUMNS}
        choices = {"counting": Counting(goal.counting), "value_rule": ValueRule(goal.value_rule)}
        return replace(Definition(()), **kept | choices)


def _target(target: Target, kpi: Kpi) -> TargetRow:
    amounts = {name: figure_of(getattr(target, name), kpi.format) for name in ("value", "value_high", "baseline")}
    shares = {name: share_of(getattr(target, name)) for name in ("green_share", "amber_share")}
    return _row(TargetRow, target, kpi=kpi.slug, **amounts, **shares)


def _parameter(parameter: Parameter, spec: TrackingSpec) -> ParameterRow:
    return _row(ParameterRow, parameter, goal=spec.goal.slug)


def _row(kind: type[Made], saved: models.Model, **given: Any) -> Made:  # values that no column holds as they are
    others = [each.name for each in fields(kind) if each.name not in given]  # type: ignore[arg-type]  # dataclasses
    return kind(**given, **{name: _as_plain(getattr(saved, name)) for name in others})


def _as_plain(value: Any) -> Any:  # any value of a column
    for kind, plain in _PLAIN.items():
        if isinstance(value, kind):
            return plain(value)
    return value


_PLAIN: dict[type, Callable[[Any], Any]] = {
    type(None): lambda _none: "",
    date: date.isoformat,
    Decimal: str,
    list: tuple,
    User: lambda user: user.email,
    Membership: lambda member: member.user.email,
    models.Model: lambda row: row.slug,  # an objective, a goal, a segment
}
