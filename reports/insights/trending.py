"""Performance over time: a metric by day, week or month, split or with a second one beside it."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.arrays import Ints
from reports import figures
from reports.chart_theme import MOST_SERIES
from reports.controls import KIND_LABELS
from reports.dimensions import label_of
from reports.insights.measuring import Rows, measured
from reports.insights.metrics import METRICS, Metric
from reports.insights.question import NONE, Asked
from reports.insights.sources import Sources
from reports.periods import Span, bucket_end

OTHERS = "(others)"
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Some days [since, until) of the trend; `is_partial` where they are not over yet."""

    since: date
    until: date
    is_partial: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One metric, or one value of the split, by bucket; and of the whole range, which need not be the sum.

    metric   a key of METRICS
    key      of the value; "all" for a metric that is not split, OTHERS for those that have no line of their own
    """

    metric: str
    key: str
    label: str
    values: tuple[int | None, ...]
    whole: int | None


@dataclass(frozen=True, slots=True)
class Trend:
    """The lines over the buckets; none where the metric is not known."""

    buckets: tuple[Bucket, ...]
    lines: tuple[Line, ...]


def trend_of(sources: Sources, span: Span, *, today: date) -> Trend:
    """Measure the question's metrics in each bucket of the span."""
    asked = sources.asked
    buckets = _buckets(asked, span, today)
    names = [asked.metric, *([asked.second] if asked.second != NONE else [])]
    lines = [
        line
        for name in names
        if sources.has(METRICS[name]) and _is_told(sources, METRICS[name])
        for line in _lines(sources, name, buckets)
    ]
    return Trend(buckets, tuple(lines))


def _is_told(sources: Sources, metric: Metric) -> bool:
    """Say whether a metric of ad events is known: of none that came, no line at zero is drawn."""
    if metric.kind is None:
        return True
    return bool(sources.ads.told.sum() if metric.is_save else sources.ads.of_kind(metric.kind))


def _lines(sources: Sources, name: str, buckets: tuple[Bucket, ...]) -> list[Line]:
    asked, metric = sources.asked, METRICS[name]
    rows = sources.rows(metric, asked.content, asked.split)
    keys = sources.labels(metric, asked.split)
    shown, group = _folded(rows, len(keys))
    place = _places(rows.day, buckets)
    n, m = len(buckets), len(shown) + 1
    cells = measured(metric.how, rows, np.where((place >= 0) & (group >= 0), place * m + group, -1), n * m)
    wholes = measured(metric.how, rows, group, m)
    found = []
    for number, key in enumerate((*(keys[code] for code in shown), OTHERS)):
        if key == OTHERS and not (group == number).any():
            continue
        values = tuple(cells[bucket * m + number] for bucket in range(n))
        folded = len(np.unique(rows.group[group == number])) if key == OTHERS else 0
        found.append(Line(name, key, _label(asked.split, key, metric, folded), values, wholes[number]))
    return found


def _folded(rows: Rows, n_keys: int) -> tuple[list[int], Ints]:
    """Give the codes that have lines, the most first, and each row's line; the last line is for all others."""
    weight = np.bincount(np.maximum(rows.group, 0), weights=rows.count, minlength=n_keys)
    order = [int(code) for code in np.argsort(-weight, kind="stable") if weight[code]]
    shown = order if len(order) <= MOST_SERIES else order[: MOST_SERIES - 1]
    shown = shown or [0]  # a line at zero, where nothing happened
    line = np.full(n_keys, len(shown), np.int64)
    line[shown] = np.arange(len(shown))
    return shown, np.where(rows.group < 0, -1, line[np.maximum(rows.group, 0)])


def _buckets(asked: Asked, span: Span, today: date) -> tuple[Bucket, ...]:
    found, since = [], span.since
    while since < span.until:
        until = min(bucket_end(since, asked.interval), span.until)
        found.append(Bucket(since, until, until > today))
        since = until
    return tuple(found)


def _places(day: Ints, buckets: tuple[Bucket, ...]) -> Ints:
    """Give the bucket of each day; -1 for days of none."""
    starts = np.array([(bucket.since - EPOCH) // timedelta(days=1) for bucket in buckets])
    end = (buckets[-1].until - EPOCH).days
    found: Ints = np.where(day < end, np.searchsorted(starts, day, side="right") - 1, -1)
    return found


def _label(split: str, key: str, metric: Metric, folded: int) -> str:
    if key == OTHERS:
        return ngettext("%(n)s other", "%(n)s others", folded) % {"n": figures.number(folded)}
    if split == NONE:
        return str(metric.label)
    if split == "part":
        return _part_label(key, is_ads=metric.kind is not None)
    if split == "action":
        return str(KIND_LABELS[key])
    return label_of(split, key)


def _part_label(key: str, *, is_ads: bool) -> str:
    if is_ads:
        return _("Organic") if key == "organic" else _("Paid")
    return part_labels()[key]


def part_labels() -> dict[str, str]:
    """Give the parts of the paid split as this page says them."""
    return {
        "paid_unassisted": _("Paid, unassisted"),
        "paid_assisted": _("Paid, assisted"),
        "organic": _("Organic"),
    }
