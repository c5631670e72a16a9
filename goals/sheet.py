"""The plan as people read it from top to bottom: what a version's page, its print and its PDF show alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from goals.cells import Day, Words
from goals.columns import (
    GOALS,
    KPIS,
    OBJECTIVES,
    PARAMETERS,
    PLAN,
    QUESTIONS,
    REPORTINGS,
    SEGMENTS,
    SPECS,
    TARGETS,
    told,
)
from goals.document import Document
from goals.figures import shown, shown_measured
from goals.models import FORMATS, Format, Level
from goals.references import Person
from goals.rows import GoalRow, KpiRow, Row, TargetRow
from goals.tables import Column, Table
from goals.wording import rules_text
from workspaces.languages import short_day
from workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Fact:
    """One value with its label."""

    label: Words
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One row: what it is, its name, what is said of it, what stands below it."""

    kind: Words
    name: str
    facts: tuple[Fact, ...] = ()
    items: "tuple[Item, ...]" = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the plan with a heading of its own."""

    kind: Words
    name: str
    facts: tuple[Fact, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole plan."""

    name: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]


def sheet_of(document: Document, *, workspace: Workspace) -> Sheet:
    """Write the document down; targets are in the workspace's currency, and its members stand there by name."""
    people = workspace.memberships.select_related("user")
    formats = dict(workspace.calculated_metrics.values_list("slug", "format"))
    return _Writing(document, workspace.currency, {each.user.email: str(each.user) for each in people}, formats).sheet()


class _Writing:
    """Walks down one document."""

    def __init__(
        self, document: Document, currency: str, people: Mapping[str, str], formats: Mapping[str, str]
    ) -> None:
        self.document, self.currency, self.people, self.formats = document, currency, people, formats

    def sheet(self) -> Sheet:
        """Give the whole."""
        plan = self.document.plan
        sections = [*self._objectives(), *self._lists()]
        return Sheet(plan.name, self._facts(PLAN, plan, but=("name",)), tuple(sections))

    def _objectives(self) -> Iterable[Section]:
        slugs = {row.slug for row in self.document.objectives}
        for row in self.document.objectives:
            asked = [each for each in self.document.questions if each.objective == row.slug]
            but = ("text", "objective")
            questions = [Item(QUESTIONS.label, each.text, self._facts(QUESTIONS, each, but=but)) for each in asked]
            facts = self._facts(OBJECTIVES, row, but=("name",))
            yield Section(OBJECTIVES.label, row.name, facts, (*questions, *self._goals_of(row.slug)))
        homeless = [row for row in self.document.goals if row.objective not in slugs]
        if homeless:
            yield Section("", _("Without an objective"), (), tuple(self._goals_of(homeless[0].objective)))

    def _goals_of(self, objective: str) -> Iterable[Item]:
        own = [row for row in self.document.goals if row.objective == objective]
        macros = [row for row in own if row.level == Level.MACRO]
        under = {row.slug: self._macro_of(row, macros) for row in own if row.level == Level.MICRO}
        for macro in macros:
            below = [self._goal(row) for row in own if under.get(row.slug) == macro.slug]
            yield self._goal(macro, below)
        yield from (self._goal(row) for row in own if under.get(row.slug) == "")

    @staticmethod
    def _macro_of(micro: GoalRow, macros: Iterable[GoalRow]) -> str:
        return next((macro.slug for macro in macros if macro.slug in micro.supports), "")

    def _goal(self, row: GoalRow, below: Iterable[Item] = ()) -> Item:
        facts = (
            Fact(GOALS.column("rules").label, rules_text(row.definition.rules)),
            Fact(GOALS.column("counting").label, GOALS.column("counting").text(row.definition.counting)),
            *self._facts(GOALS, row, but=("name", "level", "rules", "counting", "objective")),
        )
        kpis = [self._kpi(each) for each in self.document.kpis if each.goal == row.slug]
        return Item(GOALS.column("level").text(row.level), row.name, facts, (*kpis, *below))

    def _kpi(self, row: KpiRow) -> Item:
        measure = Fact(KPIS.column("measure").label, KPIS.column("measure").text(row.measure))
        facts = (measure, *self._facts(KPIS, row, but=("name", "goal", "measure")))
        targets = [self._target(each, row) for each in self.document.targets if each.kpi == row.slug]
        return Item(KPIS.label, row.name, facts, tuple(targets))

    def _target(self, row: TargetRow, kpi: KpiRow) -> Item:
        unit = f"\N{NO-BREAK SPACE}{self.currency}" if self._format(kpi) == Format.MONEY else ""
        value = shown(row.value) + unit
        if row.value_high:
            high = shown(row.value_high) + unit
            value = _("%(low)s to %(high)s") % {"low": value, "high": high}
        parts = {"value": value, "first": _day(row.starts_on), "last": _day(row.ends_on)}
        name = _("%(value)s from %(first)s to %(last)s") % parts
        but = ("kpi", "value", "value_high", "starts_on", "ends_on", "baseline")
        facts = self._facts(TARGETS, row, but=but)
        if row.baseline:
            facts = (Fact(TARGETS.column("baseline").label, shown_measured(row.baseline) + unit), *facts)
        return Item(TARGETS.label, name, facts)

    def _format(self, kpi: KpiRow) -> str:
        return self.formats.get(kpi.metric, "") if kpi.metric else FORMATS[kpi.measure]

    def _lists(self) -> Iterable[Section]:
        segments = [Item("", row.name, self._facts(SEGMENTS, row, but=("name",))) for row in self.document.segments]
        specs = [self._spec(row) for row in self.document.specs]
        reports = [
            Item("", row.audience, self._facts(REPORTINGS, row, but=("audience",), also=("cadence", "channel")))
            for row in self.document.reportings
        ]
        for table, items in ((SEGMENTS, segments), (SPECS, specs), (REPORTINGS, reports)):
            if items:
                yield Section("", str(table.many), (), tuple(items))

    def _spec(self, row: Any) -> Item:  # a SpecRow
        name = told(SPECS.column("goal"), row.goal, self.document)
        own = [each for each in self.document.parameters if each.goal == row.goal]
        parameters = [
            Item(PARAMETERS.label, each.name, self._facts(PARAMETERS, each, but=("name", "goal"), also=("type",)))
            for each in own
        ]
        facts = self._facts(SPECS, row, but=("goal",), also=("platform", "method", "purpose", "state"))
        return Item("", name, facts, tuple(parameters))

    def _facts(self, table: Table, row: Row, *, but: Iterable[str], also: Iterable[str] = ()) -> tuple[Fact, ...]:
        """Give what is said of the row beyond the usual; `also` is given even where it is as usual."""
        left_out = {*but, "slug"}
        columns = [column for column in table.columns if column.key not in left_out]
        telling = [column for column in columns if column.key in also or not _is_usual(column, row)]
        return tuple(Fact(column.label, self._text(column, row)) for column in telling)

    def _text(self, column: Column, row: Row) -> str:
        value = column.of(row)
        if isinstance(column.cell, Day):
            return _day(value)
        if isinstance(column.cell, Person):
            return self.people.get(value, value)  # who left is known by the address alone
        return told(column, value, self.document)


def _is_usual(column: Column, row: Row) -> bool:
    value = column.of(row)
    return value in (None, "", (), False) or value == column.empty


def _day(value: str) -> str:
    return short_day(date.fromisoformat(value))
