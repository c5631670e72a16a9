"""Writes one row of a document into a plan, through the verb of its kind."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Protocol, TypeVar

from django.utils.translation import gettext as _

from goals import defining, listing, planning, specifying, targeting
from goals.drafts import Draft
from goals.figures import PERCENT, kept_of
from goals.models import Format, Goal, Kpi, Level, Objective, Parameter, Plan, Segment, TrackingSpec
from goals.revising import By, locked, revise
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
from workspaces.models import Membership
from workspaces.refusal import Refusal

DAYS: Final = frozenset(
    {"starts_on", "ends_on", "last_reviewed_on", "next_review_on", "baseline_since", "baseline_until", "checked_on"}
)
Saved = TypeVar("Saved")
SHARES: Final = frozenset({"green_share", "amber_share"})


class Dangling(Refusal):
    """A row names another one that neither the document nor the plan has."""

    code = "dangling_reference"
    status = 400

    def __init__(self, kind: str, name: str) -> None:
        text = _('%(kind)s "%(name)s" is named and not there; add it, or leave the reference out.')
        super().__init__(text % {"kind": kind, "name": name})


class Writer:
    """What the writers share: the plan, whose act it is, and the rows that others refer to, read once."""

    def __init__(self, plan: Plan, *, by: By, now: datetime) -> None:
        self.plan, self.by, self.now = plan, by, now
        members = plan.workspace.memberships.select_related("user")
        self.members: dict[str, Membership] = {member.user.email.lower(): member for member in members}
        self.objectives: dict[str, Objective] = {row.slug: row for row in plan.objectives.all()}
        self.goals: dict[str, Goal] = {row.slug: row for row in plan.goals.all()}
        self.kpis: dict[str, Kpi] = {row.slug: row for row in Kpi.objects.filter(goal__plan=plan)}
        self.segments: dict[str, Segment] = {row.slug: row for row in plan.segments.all()}
        self.metrics: dict[str, Any] = {row.slug: row for row in plan.workspace.calculated_metrics.all()}

    @property
    def act(self) -> dict[str, Any]:  # keywords of every verb
        """Say who acts when."""
        return {"by": self.by, "now": self.now}

    def draft(self, kind: type[Draft], row: Row, **given: Any) -> Any:  # a draft of that kind
        """Make the draft of a row; `given` are the values that the row keeps in another form."""
        names = [each.name for each in fields(kind)]  # type: ignore[arg-type]  # drafts are dataclasses
        values = {name: self._saved(name, getattr(row, name)) for name in names if name not in given}
        return kind(**values, **given)

    def objective(self, slug: str) -> Objective:
        """Give the objective; raise Dangling where there is none."""
        return _found(self.objectives, slug, _("Objective"))

    def goal(self, slug: str) -> Goal:
        """Give the goal; raise Dangling where there is none."""
        return _found(self.goals, slug, _("Goal"))

    def kpi(self, slug: str) -> Kpi:
        """Give the KPI; raise Dangling where there is none."""
        return _found(self.kpis, slug, _("KPI"))

    def segment(self, slug: str) -> Segment:
        """Give the segment; raise Dangling where there is none."""
        return _found(self.segments, slug, _("Segment"))

    def metric(self, slug: str) -> Any:  # a CalculatedMetric of the storey above
        """Give the workspace's metric; raise Dangling where there is none."""
        return _found(self.metrics, slug, _("Metric"))

    def spec(self, goal: str) -> TrackingSpec:
        """Give the goal's specification; raise Dangling where there is none."""
        found = TrackingSpec.objects.filter(goal=self.goal(goal)).first()
        if found is None:
            raise Dangling(_("Tracking"), goal)
        return found

    def _saved(self, name: str, value: Any) -> Any:  # a document's value, and as the columns hold it
        if name == "owner":
            return self.members.get(value.lower())
        if name in DAYS:
            return date.fromisoformat(value) if value else None
        if name in SHARES:
            return Decimal(value).quantize(Decimal("0.0001")) if value else None
        return value


def _found(rows: Mapping[str, Saved], slug: str, kind: str) -> Saved:
    if slug not in rows:
        raise Dangling(kind, slug)
    return rows[slug]


def _plan(writer: Writer, row: PlanRow, *, is_new: bool) -> None:  # noqa: ARG001  # one shape for all
    owner = writer.members.get(row.owner.lower())
    values = writer.draft(planning.PlanDraft, row).columns() | {"owner": owner.user if owner else None}
    revise(locked(writer.plan), values, **writer.act)


def _objective(writer: Writer, row: ObjectiveRow, *, is_new: bool) -> None:
    draft = writer.draft(planning.ObjectiveDraft, row)
    if is_new:
        writer.objectives[row.slug] = planning.create_objective(writer.plan, draft, slug=row.slug, **writer.act)
    else:
        planning.change_objective(writer.objective(row.slug), draft, **writer.act)


def _question(writer: Writer, row: QuestionRow, *, is_new: bool) -> None:
    objective = writer.objective(row.objective)
    draft = writer.draft(listing.QuestionDraft, row)
    if is_new:
        listing.add(objective, draft, slug=row.slug, **writer.act)
    else:
        listing.change(objective.questions.get(slug=row.slug), draft, **writer.act)


def _segment(writer: Writer, row: SegmentRow, *, is_new: bool) -> None:
    draft = writer.draft(listing.SegmentDraft, row)
    if is_new:
        listing.add(writer.plan, draft, slug=row.slug, **writer.act)
        writer.segments[row.slug] = writer.plan.segments.get(slug=row.slug)
    else:
        listing.change(writer.segment(row.slug), draft, **writer.act)


def _reporting(writer: Writer, row: ReportingRow, *, is_new: bool) -> None:
    draft = writer.draft(listing.ReportingDraft, row)
    if is_new:
        listing.add(writer.plan, draft, slug=row.slug, **writer.act)
    else:
        listing.change(writer.plan.reportings.get(slug=row.slug), draft, **writer.act)


def _goal(writer: Writer, row: GoalRow, *, is_new: bool) -> None:
    names = ("name", "micro_kind", "stage", "rationale", "moment", "department")
    draft = defining.GoalDraft(
        level=Level(row.level),
        definition=row.definition,
        objective=writer.objective(row.objective) if row.objective else None,
        supports=tuple(writer.goal(slug) for slug in row.supports),
        owner=writer.members.get(row.owner.lower()),
        **{name: getattr(row, name) for name in names},
    )
    if is_new:
        writer.goals[row.slug] = defining.create_goal(writer.plan, draft, slug=row.slug, **writer.act)
    else:
        writer.goals[row.slug] = defining.change_goal(writer.goal(row.slug), draft, **writer.act)


def _kpi(writer: Writer, row: KpiRow, *, is_new: bool) -> None:
    goal = writer.goal(row.goal)
    draft = writer.draft(targeting.KpiDraft, row, metric=writer.metric(row.metric) if row.metric else None)
    if is_new:
        writer.kpis[row.slug] = targeting.create_kpi(goal, draft, slug=row.slug, **writer.act)
        return
    saved = writer.kpi(row.slug)
    if saved.goal_id != goal.pk:
        revise(locked(saved), {"goal": goal, "objective": goal.objective}, **writer.act)
    writer.kpis[row.slug] = targeting.change_kpi(saved, draft, **writer.act)


def _target(writer: Writer, row: TargetRow, *, is_new: bool) -> None:
    kpi = writer.kpi(row.kpi)
    if kpi.metric and kpi.format != Format.PERCENT and row.value.endswith(PERCENT):  # of other measures it is taken off
        raise targeting.TargetUnfit(_("This KPI is no rate; write a number without %."), field="value")
    figures = {name: kept_of(getattr(row, name), kpi.format) for name in ("value", "value_high", "baseline")}
    segment = writer.segment(row.segment) if row.segment else None
    draft = writer.draft(targeting.TargetDraft, row, segment=segment, **figures)
    if is_new:
        targeting.create_target(kpi, draft, slug=row.slug, **writer.act)
    else:
        targeting.change_target(kpi.targets.get(slug=row.slug), draft, **writer.act)


def _spec(writer: Writer, row: SpecRow, *, is_new: bool) -> None:
    draft = writer.draft(specifying.SpecDraft, row)
    if is_new:
        specifying.specify(writer.goal(row.goal), draft, **writer.act)
    else:
        specifying.change_spec(writer.spec(row.goal), draft, **writer.act)


def _parameter(writer: Writer, row: ParameterRow, *, is_new: bool) -> None:
    spec = writer.spec(row.goal)
    draft = writer.draft(specifying.ParameterDraft, row)
    if is_new:
        specifying.add_parameter(spec, draft, **writer.act)
    else:
        specifying.change_parameter(spec.parameters.get(name=row.name), draft, **writer.act)


class Write(Protocol):
    """Makes or changes the row of one kind."""

    def __call__(self, writer: Writer, row: Any, *, is_new: bool) -> None: ...  # a row of that kind


class Remove(Protocol):
    """Takes a row of one kind out."""

    def __call__(self, writer: Writer, row: Any) -> None: ...  # a row of that kind


WRITE: Final[dict[str, Write]] = {
    "plan": _plan, "objectives": _objective, "questions": _question, "segments": _segment, "goals": _goal,
    "kpis": _kpi, "targets": _target, "specs": _spec, "parameters": _parameter, "reportings": _reporting,
}  # fmt: skip


def _remove_question(writer: Writer, row: QuestionRow) -> None:
    listing.remove(writer.objective(row.objective).questions.get(slug=row.slug), **writer.act)


def _remove_target(writer: Writer, row: TargetRow) -> None:
    targeting.delete_target(writer.kpi(row.kpi).targets.get(slug=row.slug), **writer.act)


def _remove_parameter(writer: Writer, row: ParameterRow) -> None:
    found: Parameter = writer.spec(row.goal).parameters.get(name=row.name)
    specifying.delete_parameter(found, **writer.act)


REMOVE: Final[dict[str, Remove]] = {
    "objectives": lambda writer, row: planning.delete_objective(writer.objective(row.slug), **writer.act),
    "questions": _remove_question,
    "segments": lambda writer, row: listing.remove(writer.segment(row.slug), **writer.act),
    "goals": lambda writer, row: defining.archive_goal(writer.goal(row.slug), **writer.act),
    "kpis": lambda writer, row: targeting.archive_kpi(writer.kpi(row.slug), **writer.act),
    "targets": _remove_target,
    "specs": lambda writer, row: specifying.delete_spec(writer.spec(row.goal), **writer.act),
    "parameters": _remove_parameter,
    "reportings": lambda writer, row: listing.remove(writer.plan.reportings.get(slug=row.slug), **writer.act),
}
