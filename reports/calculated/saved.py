"""The workspace's own metrics that a question names, read; and what is wrong with those that cannot be."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.calculated.formula import Node, goals_in
from reports.calculated.parsing import BadFormula, read
from reports.models import CalculatedMetric


@dataclass(frozen=True, slots=True)
class Formulas:
    """What saved metrics say.

    found     each metric with its formula, by short names
    missing   for people: a sentence for each that is gone, or names what is gone
    """

    found: Mapping[str, tuple[CalculatedMetric, Node]]
    missing: tuple[str, ...]

    @property
    def goals(self) -> tuple[str, ...]:
        """Give the short names of all goals that they name, each once."""
        return tuple(dict.fromkeys(goal for _metric, node in self.found.values() for goal in goals_in(node)))


def formulas_of(slugs: Iterable[str], metrics: Mapping[str, CalculatedMetric], goals: Collection[str]) -> Formulas:
    """Read the metrics of these short names.

    metrics   those of the workspace, by their short names
    goals     short names of the workspace's goals
    """
    found, missing = {}, []
    for slug in slugs:
        if slug not in metrics:
            missing.append(_('There is no metric "%(slug)s".') % {"slug": slug})
            continue
        try:
            found[slug] = metrics[slug], read(metrics[slug].formula, goals)
        except BadFormula as refusal:
            missing.append(f"{metrics[slug].name}: {refusal}")
    return Formulas(found, tuple(missing))
