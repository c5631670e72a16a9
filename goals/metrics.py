"""What is asked of metrics that KPIs are read off; the storey above, which can read their formulas, answers it."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from goals.models import Goal, Kpi, Plan
from goals.naming import free_slug
from goals.revising import By
from workspaces.models import AuditEntry, Workspace
from workspaces.refusal import Refusal

_CARRIED: Final = ("slug", "name", "description", "formula", "format", "direction")  # a KPI's metric has no model
Written = Mapping[str, str]  # what a metric says, by these columns

Judge = Callable[
    [Any, Goal], str
]  # of a CalculatedMetric: why no KPI below the goal can be read off it, "" where one can
_judges: list[Judge] = []


class MetricUnfit(Refusal):
    """A KPI can't be read off the metric, or off none."""

    code = "metric_unfit"
    field = "metric"
    status = 400


def judged_by(judge: Judge) -> None:
    """Have a function judge metrics; the app that reads their formulas says so when it is ready."""
    _judges.append(judge)


def check(metric: Any, goal: Goal) -> None:  # a CalculatedMetric
    """Raise MetricUnfit, with the reason, where a KPI below the goal can't be read off the metric."""
    for judge in _judges:
        if reason := judge(metric, goal):
            raise MetricUnfit(reason)


def kpis_naming(goal: Goal) -> list[Kpi]:
    """Give the KPIs in the plan that are read off a formula which names the goal, below whichever goal they stand."""
    named = re.compile(rf":{re.escape(goal.slug)}(?![-\w])")
    kpis = Kpi.objects.live().filter(workspace_id=goal.workspace_id, metric__formula__contains=f":{goal.slug}")
    return [kpi for kpi in kpis.select_related("metric") if kpi.metric and named.search(kpi.metric.formula)]


def read_off(plan: Plan) -> list[Written]:
    """Give what the metrics say that the plan's KPIs are read off."""
    used = Kpi.objects.live().filter(goal__plan=plan).values("metric")
    return list(plan.workspace.calculated_metrics.filter(pk__in=used).values(*_CARRIED))


def carry(written: Iterable[Written], workspace: Workspace, *, by: By, now: datetime) -> dict[str, str]:
    """Write such metrics down in a workspace, but for those that it has; give their short names there by those here."""
    slugs = {}
    rows = workspace.calculated_metrics
    for each in written:
        same = {name: each[name] for name in ("slug", "formula", "format")}
        if not rows.filter(**same).exists():
            slugs[each["slug"]] = free_slug(rows, each["name"], wanted=each["slug"])
            made = rows.create(**{**each, "slug": slugs[each["slug"]]})
            after = {name: value for name, value in each.items() if value}
            AuditEntry.record(by, "created", made, workspace=workspace, now=now, after=after)
    return slugs
