"""KPIs of metrics, made past the forms."""

from datetime import date
from typing import Any

from goals.models import Goal, Kpi, Target
from reports.models import CalculatedMetric
from tests.reports.views.test_pages import make_kpi
from workspaces import scope


def metric_kpi(goal: Goal, metric: CalculatedMetric, *, target: float | None = None, **fields: Any) -> Kpi:
    """Make a KPI below the goal that is read off the metric, with a target from the fourth to the end of November."""
    kpi = make_kpi(goal, metric.name, target=None, measure="metric", metric=metric, **fields)
    if target is not None:
        with scope.in_workspace(goal.workspace_id):
            Target.objects.create(
                workspace=goal.workspace, kpi=kpi, slug="november", value=target,
                starts_on=date(2026, 11, 4), ends_on=date(2026, 11, 30),
            )  # fmt: skip
    return kpi
