"""Finds the meter of each KPI; formulas are read once, their goals with one question."""

from collections.abc import Iterable, Mapping

from goals.models import Goal, Kpi
from reports.calculated.formula import goals_in
from reports.calculated.linear import NotDaily, ratio_of
from reports.calculated.parsing import BadFormula, read
from reports.meters.meter import Meter
from reports.meters.of_goal import OfGoal
from reports.meters.of_metric import Broken, OfMetric
from reports.models import CalculatedMetric
from workspaces.models import Workspace


def meters_of(workspace: Workspace, kpis: Iterable[Kpi]) -> dict[int, Meter]:
    """Give the meters of the workspace's KPIs by their ids."""
    asked = list(kpis)
    goals: Mapping[str, Goal] = {}
    if any(kpi.metric_id for kpi in asked):
        goals = {goal.slug: goal for goal in workspace.goals.select_related("workspace")}
    return {kpi.pk: _of_metric(workspace, kpi, kpi.metric, goals) if kpi.metric else OfGoal(kpi) for kpi in asked}


def _of_metric(workspace: Workspace, kpi: Kpi, metric: CalculatedMetric, goals: Mapping[str, Goal]) -> Meter:
    try:
        node = read(metric.formula, goals)
        return OfMetric(kpi, metric, workspace, node, ratio_of(node), {slug: goals[slug] for slug in goals_in(node)})
    except (BadFormula, NotDaily) as refusal:
        return Broken(str(refusal))
