"""The plan's goals as one table, as people keep them in spreadsheets: objective, goals, KPI and target in a line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from goals.cells import Words
from goals.columns import TABLES
from goals.document import Document
from goals.models import Level
from goals.rows import GoalRow, KpiRow, TargetRow

NONE: Final = "–"  # stands where nothing is meant; an empty cell means the same as above


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what it is about, from the objective down to the target."""

    objective: str
    macro: str
    micro: str
    goal: GoalRow
    kpi: KpiRow | None = None
    target: TargetRow | None = None
    segment: str = ""


def _of_goal(key: str) -> Callable[[Entry], str]:
    column = TABLES["goals"].column(key)
    return lambda entry: column.text(column.of(entry.goal))


def _of_kpi(key: str) -> Callable[[Entry], str]:
    column = TABLES["kpis"].column(key)
    return lambda entry: column.text(column.of(entry.kpi)) if entry.kpi else ""


def _of_target(key: str) -> Callable[[Entry], str]:
    column = TABLES["targets"].column(key)
    return lambda entry: column.text(column.of(entry.target)) if entry.target else ""


# By the names that `goals.sheets.words` knows these columns by: their heading, and what a line says there.
COLUMNS: Final[dict[str, tuple[Words, Callable[[Entry], str]]]] = {
    "objective": (_("Objective"), lambda entry: entry.objective),
    "macro": (_("Macro goal"), lambda entry: entry.macro),
    "micro": (_("Micro goal"), lambda entry: entry.micro),
    "kpi": (_("KPI"), _of_kpi("name")),
    "measure": (_("Measure"), _of_kpi("measure")),
    "per": (_("Denominator"), _of_kpi("per")),
    "metric": (_("Metric of your own"), _of_kpi("metric")),
    "target": (_("Target"), _of_target("value")),
    "starts_on": (_("From"), _of_target("starts_on")),
    "ends_on": (_("Until"), _of_target("ends_on")),
    "segment": (_("Segment"), lambda entry: entry.segment),
    "baseline": (_("Baseline"), _of_target("baseline")),
    "rules": (_("What counts"), _of_goal("rules")),
    "stage": (_("Stage"), _of_goal("stage")),
    "why": (_("Why"), _of_goal("rationale")),
    "department": (_("Department"), _of_goal("department")),
    "owner": (_("Owner"), _of_goal("owner")),
}


def outline_lines(document: Document) -> Iterable[list[str]]:
    """Give the texts, headings first."""
    yield [str(label) for label, _text in COLUMNS.values()]
    for entry in entries(document):
        yield [text(entry) for _label, text in COLUMNS.values()]


def entries(document: Document) -> Iterable[Entry]:
    """Give the goals in the order in which people read a plan: each macro goal, then the micro goals below it."""
    told: set[str] = set()
    macros = [goal for goal in document.goals if goal.level == Level.MACRO]
    micros = [goal for goal in document.goals if goal.level == Level.MICRO]
    for macro in macros:
        yield from _lines(document, macro, macro)
        for micro in micros:
            if macro.slug in micro.supports and micro.slug not in told:
                told.add(micro.slug)
                yield from _lines(document, micro, macro)
    for micro in micros:
        if micro.slug not in told:
            yield from _lines(document, micro, None)


def _lines(document: Document, goal: GoalRow, macro: GoalRow | None) -> Iterable[Entry]:
    objectives = {row.slug: row.name for row in document.objectives}
    segments = {row.slug: row.name for row in document.segments}
    parts: dict[str, Any] = {  # the entry's own
        "objective": objectives.get(goal.objective, NONE),
        "macro": macro.name if macro else NONE,
        "micro": goal.name if goal.level == Level.MICRO else NONE,
        "goal": goal,
    }
    kpis = [kpi for kpi in document.kpis if kpi.goal == goal.slug]
    if not kpis:
        yield Entry(**parts)
    for kpi in kpis:
        targets = [target for target in document.targets if target.kpi == kpi.slug]
        if not targets:
            yield Entry(**parts, kpi=kpi)
        for target in targets:
            yield Entry(**parts, kpi=kpi, target=target, segment=segments.get(target.segment, ""))
