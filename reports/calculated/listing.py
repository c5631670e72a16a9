"""The workspace's own metrics as list, file and API have them: each with its formula in words, or its fault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports import publishing
from reports.calculated.columns import columns_of
from reports.calculated.crediting import credit_words
from reports.calculated.formula import goals_in
from reports.calculated.saved import formulas_of
from reports.calculated.terms import TERMS
from reports.calculated.words import in_words
from reports.explore.answer import counted_of
from reports.explore.metrics import Counted, Metric
from reports.explore.question import Known
from reports.exports import Cell
from reports.models import CalculatedMetric
from workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Listed:
    """One metric.

    words    its formula with the names of figures and goals; "" where that can't be read
    fault    why it can't be computed; "" where it can
    credit   whose credit its rows show; "" where conversions stay where they happened
    column   as explorations show it; None where there is a fault
    """

    metric: CalculatedMetric
    words: str
    fault: str
    credit: str
    column: Metric | None


def counted_goals(workspace: Workspace, known: Known) -> dict[str, Counted]:
    """Give all goals as columns take them, by their short names."""
    ids = [goal.pk for goal in known.goals.values()]
    published = publishing.read(workspace.pk, ids, since=known.today, until=known.today)  # no day's figures are needed
    return {slug: counted_of(goal, published, workspace) for slug, goal in known.goals.items()}


def listed(workspace: Workspace, known: Known) -> list[Listed]:
    """Give all metrics by their names."""
    goals = counted_goals(workspace, known)
    return [_listed(each, known, goals) for each in known.calculated.values()]


def _listed(metric: CalculatedMetric, known: Known, goals: Mapping[str, Counted]) -> Listed:
    formulas = formulas_of([metric.slug], known.calculated, known.goals)
    made = columns_of(formulas, goals)
    words = ""
    if metric.slug in formulas.found:
        _metric, node = formulas.found[metric.slug]
        words = in_words(node, {slug: goals[slug].name for slug in goals_in(node)})
    fault = " ".join((*formulas.missing, *made.refused))
    return Listed(metric, words, fault, credit_words(metric), made.columns.get(metric.key))


def rows(metrics: Sequence[Listed]) -> list[list[Cell]]:
    """Give the list as rows of a file: a head, a row for each."""
    head: list[Cell] = [
        _("Name"), _("Short name"), _("Description"), _("Formula"), _("In words"), _("Format"), _("Direction"),
        _("Credit"),
    ]  # fmt: skip
    found: list[list[Cell]] = [
        [each.metric.name, each.metric.slug, each.metric.description, each.metric.formula, each.words or each.fault,
         str(each.metric.get_format_display()), str(each.metric.get_direction_display()), each.credit]
        for each in metrics
    ]  # fmt: skip
    return [head, *found]


def offered_words() -> list[tuple[str, str]]:
    """Give the words that a formula can name, with what they are; GOAL stands for a goal's short name."""
    return [(f"{name}:GOAL" if term.of_goal else name, str(term.label)) for name, term in TERMS.items()]


def offered_goals(known: Known) -> list[tuple[str, str]]:
    """Give the short names that can stand for GOAL, with the goals' names."""
    return [(slug, goal.name) for slug, goal in known.goals.items() if goal.archived_at is None]
