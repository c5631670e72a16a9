"""Credits a metric's goals to rows by its own model and windows, as the goal's page credits them to its sources."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from analysis.windows import KIND_NAMES
from goals.models import Goal
from reports import asking, controls
from reports.asked import defaults_of
from reports.breakdown import break_down
from reports.calculated.formula import Node, figures_in
from reports.calculated.saved import Formulas
from reports.dimensions import DIMENSIONS
from reports.explore.metrics import Credits
from reports.explore.metrics import Metric as Column
from reports.explore.question import Asked, Known
from reports.models import CalculatedMetric
from reports.publishing import Published
from reports.question import OFF, Question
from workspaces.models import Workspace

CREDITED = frozenset({"conversions", "value", "value_net"})  # the words that a model shares out
CREDITING = tuple(key for key, model in asking.OFFERED_MODELS.items() if model.additive)  # rows add up to the total


@dataclass(frozen=True, slots=True)
class Crediting:
    """What credits are computed of.

    published   the state that the answer is of, which has the metrics' goals
    """

    workspace: Workspace
    asked: Asked
    known: Known
    published: Published
    now: datetime


def credited_goals(node: Node) -> tuple[str, ...]:
    """Give the short names of the goals whose figures a model would share out."""
    return tuple(dict.fromkeys(each.goal for each in figures_in(node) if each.name in CREDITED))


def is_credited(asked: Asked) -> bool:
    """Say whether rows are of what attribution knows, and all sessions count: one level of channels, sources, …"""
    return len(asked.by) == 1 and asked.by[0].key in DIMENSIONS and not asked.conditions


def with_credits(columns: Sequence[Column], formulas: Formulas, crediting: Crediting) -> tuple[Column, ...]:
    """Give the columns, those of metrics with a model of their own with what it credits to the question's rows."""
    if not is_credited(crediting.asked):
        return tuple(columns)
    own = {metric.key: (metric, node) for metric, node in formulas.found.values() if metric.model}
    return tuple(
        replace(each, credits=_credits_of(*own[each.key], crediting)) if each.key in own else each for each in columns
    )


def _credits_of(metric: CalculatedMetric, node: Node, crediting: Crediting) -> Credits:
    """Give what the model credits to each value of the question's dimension, "(none)" among them."""
    found: dict[str, dict[str, float]] = {}
    for slug in credited_goals(node):
        goal = crediting.known.goals[slug]
        question = _question(metric, goal, crediting)
        currency = crediting.published.fills[goal.pk].currency
        for row in break_down(question, crediting.published, goal.pk).rows:
            earned = {
                f"conversions:{slug}": row.conversions,
                f"value:{slug}:{currency}": row.value,
                f"refund:{slug}:{currency}": row.value_net - row.value,
            }
            found.setdefault(row.key, {}).update(earned)
    return found


def _question(metric: CalculatedMetric, goal: Goal, crediting: Crediting) -> Question:
    """Give the question of the goal's page that has the same credits; windows that are not said are the goal's."""
    params = {
        **crediting.asked.days,
        "by": crediting.asked.by[0].key,
        "model": metric.model,
        **{kind: str(days) if days else OFF for kind, days in own_windows(metric).items()},
    }
    return asking.read(params, defaults_of(crediting.workspace, goal, now=crediting.now))


def own_windows(metric: CalculatedMetric) -> dict[str, int]:
    """Give the days of the touch types whose window the metric says itself; 0 is off."""
    days = zip(KIND_NAMES, (metric.view_days, metric.engagement_days, metric.click_days), strict=True)
    return {kind: n for kind, n in days if n is not None}


def credit_words(metric: CalculatedMetric) -> str:
    """Say whose credit the rows have; "" for a metric without a model."""
    if not metric.model:
        return ""
    own = own_windows(metric)
    told = {
        "model": controls.label_of_model(metric.model, keep_direct=False),
        "windows": controls.windows_words(own) if own else _("the goal's own windows"),
    }
    credited = _("Rows by where people came from have conversions and values by credit: %(model)s, %(windows)s.")
    others = _("Rows of several levels or of chosen sessions, all others, and the total have them where they happened.")
    return f"{credited % told} {others}"
