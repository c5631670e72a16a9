"""Whether a KPI can be read off a metric, and why not: `goals.metrics` asks before one is saved."""

from django.utils.translation import gettext as _

from goals.models import Goal
from reports.calculated.formula import goals_in
from reports.calculated.linear import NotDaily, ratio_of
from reports.calculated.parsing import BadFormula, read
from reports.models import CalculatedMetric


def unfit(metric: CalculatedMetric, goal: Goal) -> str:
    """Say why no KPI below the goal can be read off the metric; "" where one can."""
    told = _('"%(metric)s" can be no KPI here. %(reason)s')
    reason = _unfit(metric, goal)
    return told % {"metric": metric.name, "reason": reason} if reason else ""


def _unfit(metric: CalculatedMetric, goal: Goal) -> str:
    if metric.model:
        return _("It credits conversions by an attribution model of its own, which moves them from day to day.")
    goals = {each.slug: each for each in metric.workspace.goals.all()}
    try:
        node = read(metric.formula, goals)
        ratio_of(node)
    except (BadFormula, NotDaily) as refusal:
        return str(refusal)
    named = goals_in(node)
    if named and goal.slug not in named:
        told = {"goal": goal.name, "named": ", ".join(goals[slug].name for slug in named)}
        return _('Its formula does not name the goal "%(goal)s": make the KPI below one of %(named)s.') % told
    if gone := [goals[slug].name for slug in named if goals[slug].archived_at]:
        return _("Its formula names what was archived: %(names)s.") % {"names": ", ".join(gone)}
    return ""
