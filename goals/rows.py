"""Rows of a Document: one frozen class for each kind of row of a plan, its values plain.

Rows are addressed by their short names: a goal supports macro goals by theirs, an owner is an e-mail address. Days are
ISO texts, money is in millionths, shares are decimal texts. What a target asks for is a decimal text in the unit that
people write: "412" conversions, "1200.5" of the currency, "3.4%" for a rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from goals.definition import Definition
from goals.models import (
    Cadence,
    Channel,
    Direction,
    Method,
    ParameterType,
    PlanKind,
    Platform,
    Purpose,
    SpecState,
    Weight,
)


class Row:
    """The base of a document's rows."""

    __slots__ = ()

    def as_json(self) -> dict[str, Any]:  # a JSON value
        """Give the row's values by their names."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}  # type: ignore[arg-type]  # a mixin

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:  # as `as_json` gives it
        """Read what `as_json` gave; a value that is missing is as if nobody had written it."""
        names = {each.name for each in fields(cls)}  # type: ignore[arg-type]  # a mixin
        return cls(**{name: _frozen(name, value) for name, value in kept.items() if name in names})


@dataclass(frozen=True, slots=True)
class PlanRow(Row):
    """The plan's head."""

    name: str
    starts_on: str
    ends_on: str
    kind: str = PlanKind.NEW.value
    about: str = ""
    owner: str = ""
    last_reviewed_on: str = ""
    next_review_on: str = ""
    naming_rule: str = ""
    approval_rule: str = ""


@dataclass(frozen=True, slots=True)
class ObjectiveRow(Row):
    slug: str
    name: str
    why: str = ""
    department: str = ""
    owner: str = ""
    horizon: str = ""


@dataclass(frozen=True, slots=True)
class QuestionRow(Row):
    objective: str
    slug: str
    text: str
    asker: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class GoalRow(Row):
    """A goal; its version says which definition results name, and is no part of what the plan says."""

    slug: str
    name: str
    level: str
    objective: str = ""
    micro_kind: str = ""
    supports: tuple[str, ...] = ()
    stage: str = ""
    rationale: str = ""
    moment: str = ""
    department: str = ""
    owner: str = ""
    definition: Definition = Definition(())  # noqa: RUF009  # frozen
    version: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class KpiRow(Row):
    slug: str
    goal: str
    name: str
    measure: str
    per: str = ""
    direction: str = Direction.UP.value
    weight: str = Weight.SECONDARY.value
    timing: str = ""
    department: str = ""
    owner: str = ""
    data_source: str = ""
    metric: str = ""


@dataclass(frozen=True, slots=True)
class TargetRow(Row):
    """A dated number; the shares are fractions of what is expected to date."""

    kpi: str
    slug: str
    value: str
    starts_on: str
    ends_on: str
    value_high: str = ""
    baseline: str = ""
    baseline_since: str = ""
    baseline_until: str = ""
    green_share: str = ""
    amber_share: str = ""
    segment: str = ""


@dataclass(frozen=True, slots=True)
class SegmentRow(Row):
    slug: str
    name: str
    about: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True)
class SpecRow(Row):
    goal: str
    event_name: str = ""
    about: str = ""
    platform: str = Platform.WEB.value
    method: str = Method.TAG.value
    place: str = ""
    purpose: str = Purpose.ANALYTICS.value
    owner: str = ""
    state: str = SpecState.PROPOSED.value
    ticket: str = ""
    evidence: str = ""
    checked_on: str = ""


@dataclass(frozen=True, slots=True)
class ParameterRow(Row):
    goal: str
    name: str
    type: str = ParameterType.TEXT.value
    is_required: bool = False
    allowed: tuple[str, ...] = ()
    is_personal: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class ReportingRow(Row):
    slug: str
    audience: str
    report: str = ""
    cadence: str = Cadence.MONTHLY.value
    channel: str = Channel.PAGE.value
    recipients: str = ""


def _plain(value: Any) -> Any:  # a value of a row, and as JSON
    if isinstance(value, Definition):
        return value.as_json()
    return list(value) if isinstance(value, tuple) else value


def _frozen(name: str, value: Any) -> Any:  # JSON, and a value of a row
    if name == "definition":
        return Definition.from_json(value)
    return tuple(value) if isinstance(value, list) else value
