"""The ten figures, whole and paid and organic; and what of them paid media made alone, with help, and not at all."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.arrays import Ints
from analysis.assists import Split as Part
from analysis.windows import ENGAGEMENT
from reports import figures
from reports.insights.measuring import NOBODY, Rows, measured
from reports.insights.metrics import EVENTS, METRICS, Metric
from reports.insights.question import ALL, ORGANIC, PAID
from reports.insights.sources import Sources

SPLIT_METRICS = ("checkouts", "revenue", "aov", "carts", "visits")
PARTS = ("paid_unassisted", "paid_assisted", "organic")
UNTOLD = "(none)"


@dataclass(frozen=True, slots=True)
class Figure:
    """One of METRICS over the whole range: counts, persons or micros; None where it is not known, and why.

    all       with any touch in its window: paid and organic together
    paid      with a paid touch in its window; of paid ads and posts
    organic   without
    note      what has to be known beside it; "" for nothing
    """

    metric: str
    all: int | None
    paid: int | None = None
    organic: int | None = None
    why: str = ""
    note: str = ""

    def of(self, content: str) -> int | None:
        """Give the figure of a content."""
        return {ALL: self.all, PAID: self.paid, ORGANIC: self.organic}[content]


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the paid split, by SPLIT_METRICS; None where the metric is not known, or has no average.

    key   of PARTS; UNTOLD for conversions without a touch in the window; "total" for the three parts together
    """

    key: str
    values: tuple[int | None, ...]


def figures_of(sources: Sources, missing: dict[str, str]) -> tuple[Figure, ...]:
    """Give the ten figures; `missing` says by role why there is nothing to measure."""
    return tuple(_figure(sources, key, metric, missing) for key, metric in METRICS.items())


def split_of(sources: Sources) -> tuple[PartRow, ...]:
    """Give the three parts, what they add up to, and the conversions of no part."""
    columns = [_by_part(sources, METRICS[name]) for name in SPLIT_METRICS]
    keys = (*PARTS, UNTOLD, "total")
    return tuple(PartRow(key, tuple(column[n] for column in columns)) for n, key in enumerate(keys))


def _figure(sources: Sources, key: str, metric: Metric, missing: dict[str, str]) -> Figure:
    why = _why_unknown(sources, metric, missing)
    if why:
        return Figure(key, None, why=why)
    whole, paid, organic = (_one(metric, sources.rows(metric, content)) for content in (ALL, PAID, ORGANIC))
    return Figure(
        key, whole, paid, organic, why="" if whole is not None else _("no checkouts"), note=_note(sources, metric)
    )


def _one(metric: Metric, rows: Rows) -> int | None:
    return measured(metric.how, rows, np.zeros(len(rows.day), np.int64), 1)[0]


def _why_unknown(sources: Sources, metric: Metric, missing: dict[str, str]) -> str:
    if metric.kind is None:
        return "" if sources.has(metric) else missing.get(metric.of, _("no goal for this: choose one"))
    ads, name = sources.ads, EVENTS[metric.kind]
    if not ads.of_kind(metric.kind):
        return _("no %(event)s events on these days") % {"event": name}
    if metric.is_save and not ads.told.sum():
        return _("engagements do not say what they were: send %(event)s with a property action") % {"event": name}
    return ""


def _note(sources: Sources, metric: Metric) -> str:
    if not metric.is_save:
        return ""
    of_kind = sources.ads.kind == ENGAGEMENT
    silent = int((sources.ads.events - sources.ads.told)[of_kind].sum())
    words = ngettext("%(n)s engagement does not say what it was", "%(n)s engagements do not say what they were", silent)
    return words % {"n": figures.number(silent)} if silent else ""


def _by_part(sources: Sources, metric: Metric) -> list[int | None]:
    if not sources.has(metric):
        return [None] * (len(Part) + 1)
    goal = sources.goals[metric.of]
    rows = Rows(goal.day, np.ones(len(goal.day), np.int64), goal.value, NOBODY, goal.part)
    return [*measured(metric.how, rows, goal.part, len(Part)), *measured(metric.how, rows, _attributed(goal.part), 1)]


def _attributed(part: Ints) -> Ints:
    return np.where(part == Part.NONE, -1, 0)
