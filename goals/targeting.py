"""KPIs and targets: what is measured on a goal, and how much of it by when."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from goals import metrics
from goals.drafts import Draft
from goals.models import FORMATS, Direction, Format, Goal, Kpi, Measure, Per, Segment, Target, ValueRule, Weight
from goals.naming import free_slug
from goals.revising import By, locked, plain, revise
from workspaces.models import AuditEntry, Membership
from workspaces.refusal import Refusal

MICROS = 1_000_000


class MeasureUnfit(Refusal):
    """The KPI reads off its goal what the goal does not have."""

    code = "measure_unfit"
    field = "measure"
    status = 400


class DenominatorUnfit(Refusal):
    """A rate without its denominator, or a denominator without a rate."""

    code = "denominator_unfit"
    field = "per"
    status = 400


class TargetUnfit(Refusal):
    """The target's number or dates contradict each other or the KPI."""

    code = "target_unfit"
    status = 400

    def __init__(self, text: str, *, field: str) -> None:
        super().__init__(text)
        self.field = field


class KpiInUse(Refusal):
    """Targets stand on the KPI."""

    code = "kpi_in_use"

    def __init__(self, users: list[str]) -> None:
        super().__init__(_("In use by %(users)s. Remove these first.") % {"users": "; ".join(users)})
        self.users = users


@dataclass(frozen=True, slots=True)
class KpiDraft(Draft):
    """What a person writes of a KPI.

    per         the denominator of a rate, "" for the rest
    metric      what a KPI of a metric is read off, None for the rest
    direction   "": the metric's own, where there is one; else up
    """

    name: str
    measure: str
    per: str = ""
    metric: Any = None  # a CalculatedMetric of the storey above
    direction: str = ""
    department: str = ""
    owner: Membership | None = None
    weight: str = Weight.SECONDARY
    timing: str = ""
    data_source: str = ""


@dataclass(frozen=True, slots=True)
class TargetDraft(Draft):
    """What a person writes of a target, in the KPI's own unit.

    value, value_high, baseline   a count, micros of the workspace's currency, or for rates a fraction
    starts_on, ends_on            local days, the last one inside; those of the baseline too
    green_share, amber_share      of what is expected to date; None: the usual bounds
    segment                       whose figures are meant; None: everybody's
    """

    value: Decimal
    starts_on: date
    ends_on: date
    value_high: Decimal | None = None
    baseline: Decimal | None = None
    baseline_since: date | None = None
    baseline_until: date | None = None
    green_share: Decimal | None = None
    amber_share: Decimal | None = None
    segment: Segment | None = None


@transaction.atomic
def create_kpi(goal: Goal, draft: KpiDraft, *, by: By, now: datetime, slug: str = "") -> Kpi:
    """Measure something on the goal."""
    _check_kpi(goal, draft)
    draft = _directed(draft)
    kpi = Kpi.objects.create(
        workspace=goal.workspace,
        goal=goal,
        objective=goal.objective,
        slug=free_slug(goal.workspace.kpis, draft.name, wanted=slug),
        position=goal.workspace.kpis.count(),
        **draft.columns(),
    )
    after = {name: plain(value) for name, value in draft.columns().items() if value} | {"goal": goal.name}
    AuditEntry.record(by, "created", kpi, workspace=goal.workspace, now=now, after=after)
    return kpi


@transaction.atomic
def change_kpi(kpi: Kpi, draft: KpiDraft, *, by: By, now: datetime, seen: int | None = None) -> Kpi:
    """Write the KPI anew; its measure stays while targets in the old unit stand on it."""
    saved = locked(kpi, seen=seen)
    _check_kpi(saved.goal, draft)
    draft = _directed(draft)
    is_other = draft.measure != saved.measure or _format(draft) is not saved.format
    if is_other and saved.targets.exists():
        raise MeasureUnfit(_("Targets in the old unit stand on this KPI; make a new KPI for the other measure."))
    revise(saved, draft.columns(), by=by, now=now)
    return saved


@transaction.atomic
def archive_kpi(kpi: Kpi, *, by: By, now: datetime) -> None:
    """Take the KPI off the board, its targets kept."""
    saved = locked(kpi)
    if saved.archived_at is None:
        saved.archived_at = now
        saved.revision += 1
        saved.save(update_fields=["archived_at", "revision"])
        AuditEntry.record(by, "archived", saved, workspace=saved.workspace, now=now)


@transaction.atomic
def create_target(kpi: Kpi, draft: TargetDraft, *, by: By, now: datetime, slug: str = "") -> Target:
    """Set a dated number for the KPI; several may overlap."""
    _check_target(kpi, draft)
    slug = free_slug(kpi.targets, f"until-{draft.ends_on}", wanted=slug)
    target = Target.objects.create(workspace=kpi.workspace, kpi=kpi, slug=slug, **draft.columns())
    after = {name: plain(value) for name, value in draft.columns().items() if value is not None}
    AuditEntry.record(by, "created", target, workspace=kpi.workspace, now=now, after=after)
    return target


@transaction.atomic
def change_target(target: Target, draft: TargetDraft, *, by: By, now: datetime, seen: int | None = None) -> Target:
    """Write the target anew."""
    saved = locked(target, seen=seen)
    _check_target(saved.kpi, draft)
    revise(saved, draft.columns(), by=by, now=now)
    return saved


@transaction.atomic
def delete_target(target: Target, *, by: By, now: datetime) -> None:
    """Remove the target; the audit trail keeps what it was."""
    before = {name: plain(getattr(target, name)) for name in ("value", "value_high", "starts_on", "ends_on")}
    AuditEntry.record(by, "deleted", target, workspace=target.workspace, now=now, before=before)
    target.delete()


def _format(draft: KpiDraft) -> Format:
    return FORMATS[draft.measure] if draft.metric is None else Format(draft.metric.format)


def _directed(draft: KpiDraft) -> KpiDraft:
    return replace(draft, direction=draft.direction or (draft.metric.direction if draft.metric else Direction.UP))


def _check_kpi(goal: Goal, draft: KpiDraft) -> None:
    _check_metric(goal, draft)
    if draft.measure in {Measure.VALUE, Measure.AVERAGE} and goal.value_rule == ValueRule.NONE:
        raise MeasureUnfit(_("This goal has no value; give it one first, or measure conversions or their rate."))
    if draft.measure == Measure.RATE and draft.per not in Per.values:
        raise DenominatorUnfit(_("A rate names its denominator: of visitors or of sessions."))
    if draft.measure != Measure.RATE and draft.per:
        raise DenominatorUnfit(_("Only a rate has a denominator; leave it empty."))


def _check_metric(goal: Goal, draft: KpiDraft) -> None:
    if draft.measure == Measure.METRIC and draft.metric is None:
        raise metrics.MetricUnfit(_("Choose the metric of your own that the KPI is read off."))
    if draft.measure != Measure.METRIC and draft.metric is not None:
        told = _('Only the measure "%(measure)s" is read off one; leave the metric empty.')
        raise metrics.MetricUnfit(told % {"measure": Measure.METRIC.label})
    if draft.metric is not None:
        metrics.check(draft.metric, goal)


def _check_thresholds(draft: TargetDraft) -> None:
    for field in ("green_share", "amber_share"):
        share = getattr(draft, field)
        if share is not None and not 0 < share <= 1:
            raise TargetUnfit(_("A threshold lies above 0 % and at or below 100 % of what is expected."), field=field)
    if draft.green_share is not None and draft.amber_share is not None and draft.green_share < draft.amber_share:
        raise TargetUnfit(_("Green starts at or above amber."), field="green_share")


def _check_target(kpi: Kpi, draft: TargetDraft) -> None:
    _check_thresholds(draft)
    if draft.ends_on < draft.starts_on:
        raise TargetUnfit(_("A target ends after it starts."), field="ends_on")
    if draft.value < 0:
        raise TargetUnfit(_("A target is zero or more."), field="value")
    if kpi.measure == Measure.RATE and kpi.per == Per.VISITORS and draft.value > 1:
        raise TargetUnfit(_("No more than 100 % of visitors can convert."), field="value")
    if kpi.direction == Direction.BAND and draft.value_high is None:
        raise TargetUnfit(_("A band needs its upper end."), field="value_high")
    if kpi.direction != Direction.BAND and draft.value_high is not None:
        raise TargetUnfit(_("Only a band has an upper end; leave it empty."), field="value_high")
    if draft.segment is not None and draft.segment.plan_id != kpi.goal.plan_id:
        raise TargetUnfit(_('"%(name)s" is no segment of this plan.') % {"name": draft.segment.name}, field="segment")
    if draft.value_high is not None and draft.value_high < draft.value:
        raise TargetUnfit(_("The upper end of a band is above its lower end."), field="value_high")
