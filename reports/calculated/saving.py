"""What a person saves of a metric of their own; what saved explorations show and KPIs are read off stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from goals import metrics
from goals.models import Kpi
from goals.revising import By, locked
from reports import saving
from reports.calculated.formula import goals_in
from reports.calculated.parsing import BadFormula, read
from reports.calculated.units import Unit, unit_of
from reports.explore.metrics import Counted
from reports.models import CalculatedMetric
from reports.saving import Draft
from workspaces.models import AuditEntry
from workspaces.refusal import Refusal


@dataclass(frozen=True, slots=True)
class MetricDraft(Draft):
    """Its name, what it is for, its formula as text, how it is written, what is better, and whose credit it shows."""

    name: str
    description: str
    formula: str
    format: str
    direction: str
    model: str
    view_days: int | None
    engagement_days: int | None
    click_days: int | None


class InUse(Refusal):
    """Saved explorations show the metric, or KPIs are read off it."""


@transaction.atomic
def change(
    metric: CalculatedMetric, draft: MetricDraft, *, goals: Mapping[str, Counted], by: By, now: datetime
) -> CalculatedMetric:
    """Write the metric anew; another formula is another definition of the KPIs that are read off it, and told of each.

    goals    all of the workspace, by their short names
    raises   InUse where their targets would be in another unit, MetricUnfit where they could not be read off it
    """
    was = locked(metric)
    before = MetricDraft.of(was)
    kpis = list(was.kpis.select_related("goal", "workspace"))
    if kpis and not _is_of_one_unit(before, draft, goals):
        told = _(
            "KPIs are read off it: %(names)s. Their targets are in its unit: write another metric for another one."
        )
        raise InUse(told % {"names": _names(kpis)})
    saved = saving.change(metric, draft, by=by, now=now)
    for kpi in kpis:
        _redefine(kpi, saved, before, draft, by=by, now=now)
    return saved


@transaction.atomic
def remove(metric: CalculatedMetric, *, by: By, now: datetime) -> None:
    """Take the metric away; raise InUse with the names of the explorations that show it and the KPIs of it."""
    metric = locked(metric)
    if kpis := list(metric.kpis.all()):
        told = _("KPIs are read off it: %(names)s. It stays as long as they or their history do.")
        raise InUse(told % {"names": _names(kpis)})
    if shown_in := explorations_with(metric):
        told = _('Saved explorations show it: %(names)s. Take the column "%(key)s" out of them first.')
        raise InUse(told % {"names": ", ".join(shown_in), "key": metric.key})
    saving.remove(metric, MetricDraft.of(metric), by=by, now=now)


def explorations_with(metric: CalculatedMetric) -> list[str]:
    """Name the saved explorations that have it as a column."""
    kept = metric.workspace.explorations.filter(params__metrics__icontains=metric.key)
    # The database finds "metric:margin" in "metric:margin-2", too.
    return [each.name for each in kept if metric.key in each.params["metrics"].split(",")]


def _is_of_one_unit(before: MetricDraft, after: MetricDraft, goals: Mapping[str, Counted]) -> bool:
    """Say whether targets of the one are in the unit of the other; what can't be read any more may become anything."""
    was, will_be = _unit(before, goals), _unit(after, goals)
    return before.format == after.format and was in {None, will_be}


def _unit(draft: MetricDraft, goals: Mapping[str, Counted]) -> Unit | None:
    try:
        node = read(draft.formula, goals)
        unit = unit_of(node, {slug: goals[slug].currency for slug in goals_in(node)})
    except BadFormula:
        return None
    return unit if unit.money else replace(unit, currency="")  # money by money has no unit left


def _redefine(
    kpi: Kpi, metric: CalculatedMetric, before: MetricDraft, draft: MetricDraft, *, by: By, now: datetime
) -> None:
    """Hold the KPI against what its metric says now, and keep in its history that this is something else."""
    if kpi.archived_at is None:
        metrics.check(metric, kpi.goal)
    if before.formula == draft.formula:
        return
    kpi.revision += 1
    kpi.save(update_fields=["revision"])
    was, now_is = {"formula": before.formula}, {"formula": draft.formula}
    AuditEntry.record(by, "changed", kpi, workspace=kpi.workspace, now=now, before=was, after=now_is)


def _names(kpis: Iterable[Kpi]) -> str:
    archived = _("%(name)s (archived)")
    return ", ".join(archived % {"name": kpi.name} if kpi.archived_at else kpi.name for kpi in kpis)
