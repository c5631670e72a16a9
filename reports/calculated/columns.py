"""Makes columns of explorations of the workspace's own metrics: computed, written and explained by their formulas."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from analysis.rates import rate
from goals.models import Format
from reports.calculated.computing import adds_of, number_of, value_of
from reports.calculated.crediting import credit_words
from reports.calculated.formula import Figure, Node, figures_in, goals_in, share_of
from reports.calculated.parsing import BadFormula
from reports.calculated.saved import Formulas
from reports.calculated.terms import Kind
from reports.calculated.units import check_format, unit_of
from reports.calculated.words import ended, in_words, interval_words
from reports.explore.metrics import Counted, Metric, Sums, Unit, Value
from reports.explore.metrics import Figure as Column
from reports.models import CalculatedMetric

_MICROS = 1_000_000
_UNITS: Mapping[str, Unit] = {
    Format.NUMBER: "number",
    Format.COUNT: "count",
    Format.PERCENT: "percent",
    Format.MONEY: "money",
    Format.DURATION: "duration",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns by their keys; and for people a sentence for each that can't be computed any more."""

    columns: Mapping[str, Metric]
    refused: tuple[str, ...]


def columns_of(formulas: Formulas, goals: Mapping[str, Counted]) -> Columns:
    """Make the columns.

    goals   those that the formulas name, by short names
    """
    columns, refused = {}, []
    for metric, node in formulas.found.values():
        try:
            columns[metric.key] = column_of(metric, node, goals)
        except BadFormula as refusal:
            refused.append(f"{metric.name}: {refusal}")
    return Columns(columns, tuple(refused))


def column_of(metric: CalculatedMetric, node: Node, goals: Mapping[str, Counted]) -> Metric:
    """Make one column; raise BadFormula where its units do not fit, or can't be written as its format says."""
    currencies = {slug: goals[slug].currency for slug in goals_in(node)}
    unit = unit_of(node, currencies)
    check_format(unit, metric.format)
    share = share_of(node) if metric.format == Format.PERCENT else None
    figure = Column(
        label=metric.name,
        unit="share" if share else _UNITS[metric.format],
        formula=told(metric, node, goals, direction=str(metric.get_direction_display())),
        sums=(),  # the column says itself what it needs
        of=_share(*share) if share else _computed(node, currencies, unit.currency if unit.money else ""),
        adds=adds_of(node),
        whole=share[1].term.label if share else "",
    )
    needs = tuple(dict.fromkeys(name for each in figures_in(node) for name in each.needs))
    return Metric(metric.key, figure, needs=needs, currencies=(unit.currency,) if unit.money else ())


def _share(part: Figure, whole: Figure) -> Callable[[Sums, Counted | None], Value]:
    """Compute a share as rates are: none where the two counts are of different things."""

    def value(sums: Sums, _goal: Counted | None) -> Value:
        n, of = (int(sums.get(each.needs[0], 0)) for each in (part, whole))
        found = rate(n, of) if n <= of else None
        return Value(found.value if found else None, found, n, of)

    return value


def _computed(node: Node, currencies: Mapping[str, str], currency: str) -> Callable[[Sums, Counted | None], Value]:
    def value(sums: Sums, _goal: Counted | None) -> Value:
        found = value_of(node, sums, currencies)
        if not currency or found is None:
            return Value(number_of(found))
        micros = round(found * _MICROS)
        return Value(number_of(found * _MICROS), amounts=((currency, micros),))

    return value


def told(metric: CalculatedMetric, node: Node, goals: Mapping[str, Counted], *, direction: str) -> str:
    """Say how it is computed, and what is better: the metric's own direction, or that of a KPI that is read off it."""
    names = {slug: goals[slug].name for slug in goals_in(node)}
    parts = [
        ended(in_words(node, names)),
        ended(metric.description),
        ended(direction),
        interval_words(node, is_share=metric.format == Format.PERCENT),
        *_left_out(node, goals),
        credit_words(metric),
    ]
    return " ".join(each for each in parts if each)


def _left_out(node: Node, goals: Mapping[str, Counted]) -> list[str]:
    """Say of goals that are paid in several currencies which of them counts."""
    paid = dict.fromkeys(each.goal for each in figures_in(node) if each.term.kind is Kind.MONEY)
    several = [goals[slug] for slug in paid if len(goals[slug].currencies) > 1]
    return [
        _("Values of %(goal)s in %(currency)s count; those in %(others)s are left out.")
        % {"goal": each.name, "currency": each.currency, "others": ", ".join(each.currencies[1:])}
        for each in several
    ]
