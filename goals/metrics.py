"""What is asked of metrics that KPIs are read off; the storey above, which can read their formulas, answers it."""

import re
from collections.abc import Callable
from typing import Any

from goals.models import Goal, Kpi
from workspaces.refusal import Refusal

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
