"""Answers: what somebody has said so far on the way to the first plan, as one frozen value kept as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from goals.models import Level, Measure, Per, ValueRule
from goals.planning import quarter_of
from goals.starters import SCRATCH, STARTERS, Measured, Starter

RATE_OF_VISITORS: Final = "rate"
# What a target of the first plan can be set for: the choice, and what it is in a KPI.
MEASURES: Final[Mapping[str, tuple[str, str]]] = {
    Measure.COUNT.value: (Measure.COUNT.value, ""),
    RATE_OF_VISITORS: (Measure.RATE.value, Per.VISITORS.value),
    Measure.VALUE.value: (Measure.VALUE.value, ""),
    Measure.AVERAGE.value: (Measure.AVERAGE.value, ""),
}


class Period(models.TextChoices):
    """Which days the first plan is for."""

    THIS_QUARTER = "this_quarter", _("This quarter")
    NEXT_QUARTER = "next_quarter", _("Next quarter")
    THIS_YEAR = "this_year", _("This year")
    NEXT_YEAR = "next_year", _("Next year")

    def days(self, today: date) -> tuple[date, date]:
        """Give the first and the last day."""
        this = quarter_of(today)
        match self:
            case Period.THIS_QUARTER:
                return this
            case Period.NEXT_QUARTER:
                return quarter_of(this[1] + timedelta(days=1))
            case _:
                year = today.year + (self is Period.NEXT_YEAR)
                return date(year, 1, 1), date(year, 12, 31)


@dataclass(frozen=True, slots=True)
class Picked:
    """A goal that was chosen or written.

    key       of its card; of own words, made of the name
    noticed   a page's path, or an event's name; "" while it is not tracked
    supports  keys of macro goals; () means all of them
    """

    key: str
    name: str
    noticed: str = ""
    kind: str = ""
    supports: tuple[str, ...] = ()
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Aimed:
    """A KPI of a picked goal; `value` is a decimal text in people's unit, "" without a target.

    baseline, baseline_since, baseline_until   what it was before and on which days, as texts; "" where not known
    """

    key: str
    goal: str
    name: str
    measure: str = Measure.COUNT.value
    value: str = ""
    baseline: str = ""
    baseline_since: str = ""
    baseline_until: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """One field for each step; None while a step was not answered.

    about, domain, period, starter   of the first step
    """

    about: str = ""
    domain: str = ""
    period: str = ""
    starter: str = ""
    macros: tuple[Picked, ...] | None = None
    micros: tuple[Picked, ...] | None = None
    aims: tuple[Aimed, ...] | None = None

    def as_json(self) -> dict[str, Any]:  # a JSON value
        """Give the answers as the row keeps them."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:  # as `as_json` gives it, or {}
        """Read what the row keeps."""
        lists: dict[str, Any] = {
            "macros": _read(Picked, kept.get("macros")),
            "micros": _read(Picked, kept.get("micros")),
            "aims": _read(Aimed, kept.get("aims")),
        }
        plain = {name: kept.get(name, "") for name in ("about", "domain", "period", "starter")}
        return cls(**plain, **lists)

    @property
    def plan_of(self) -> Starter:
        """Give the starter that was chosen."""
        return STARTERS.get(self.starter, SCRATCH)

    @property
    def goals(self) -> dict[str, tuple[str, Picked]]:
        """Give the picked goals with their levels, by key, the macro goals first."""
        macros = {each.key: (Level.MACRO.value, each) for each in self.macros or ()}
        return macros | {each.key: (Level.MICRO.value, each) for each in self.micros or ()}

    def days(self, today: date) -> tuple[date, date]:
        """Give the first and the last day of the plan."""
        return Period(self.period or Period.THIS_QUARTER).days(today)

    def with_about(self, *, about: str, domain: str, period: str, starter: str) -> "Answers":
        """Answer the first step; another starter takes its predecessor's cards away, and leaves people's own words."""
        told = replace(self, about=about, domain=domain, period=period, starter=starter)
        if starter == self.starter or not self.starter:
            return told
        return replace(told, macros=_own(self.macros), micros=_own(self.micros), aims=None)

    def with_goals(self, step: str, picked: tuple[Picked, ...]) -> "Answers":
        """Answer one of the two questions; aims of goals that are gone go with them."""
        told = replace(self, macros=picked) if step == "macro" else replace(self, micros=picked)
        kept = None if self.aims is None else tuple(aim for aim in self.aims if aim.goal in told.goals)
        return replace(told, aims=kept)

    def kpis(self) -> tuple[Aimed, ...]:
        """Give the KPIs of the picked goals: those answered, the starter's, and a count for each goal that has none."""
        goals = self.goals
        said = {aim.key: aim for aim in self.aims or ()}
        usual = [_usual(each) for each in self.plan_of.kpis if each.goal in goals and self._can_measure(each)]
        covered = {aim.goal for aim in usual}
        usual += [Aimed(f"{key}-count", key, goal.name) for key, (_level, goal) in goals.items() if key not in covered]
        return tuple(said.get(aim.key, aim) for aim in usual)

    def has_value(self, goal: str) -> bool:
        """Say whether the goal's conversions bring a value along: what counts as a purchase, and no mere page."""
        card = self.plan_of.card(goal)
        return card is not None and card.value != ValueRule.NONE and not self.goals[goal][1].noticed.startswith("/")

    def _can_measure(self, each: Measured) -> bool:
        return each.measure in {Measure.COUNT, Measure.RATE} or self.has_value(each.goal)


def _usual(each: Measured) -> Aimed:
    return Aimed(each.key, each.goal, str(each.name), measure=each.measure)


def _own(picked: tuple[Picked, ...] | None) -> tuple[Picked, ...] | None:
    return tuple(each for each in picked or () if each.is_own) or None


def _read(kind: Any, rows: list[dict[str, Any]] | None) -> Any:  # a dataclass, and a tuple of it
    if rows is None:
        return None
    return tuple(
        kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
        for row in rows
    )
