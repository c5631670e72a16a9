"""The trend of conversion insights as a chart with its table."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports import charts, figures
from reports.annotations import drawing
from reports.chart_pairs import pair
from reports.chart_shapes import Chart, Column, Point, Series
from reports.chart_theme import Spec, Style
from reports.insights.answer import Answer, Found
from reports.insights.metrics import METRICS
from reports.insights.question import NONE, Asked
from reports.insights.trending import Bucket, Line
from reports.periods import bucket_start
from reports.trends import chart_words

MICROS: Final = 1_000_000
AXIS: Final = "~s"


def chart_of(answer: Answer, found: Found) -> Chart | None:
    """Draw the lines; None where the metric is not known."""
    lines, buckets, asked = found.trend.lines, found.trend.buckets, answer.asked
    if not lines or not buckets:
        return None
    series = [_series(line, buckets, asked, answer.currency) for line in lines]
    first = {"day": _("Day"), "week": _("Week from"), "month": _("Month from")}[asked.interval]
    return Chart(
        title=title(asked),
        summary=_summary(lines, answer, found),
        spec=_spec(series, answer, [bucket.since for bucket in buckets]),
        columns=(
            Column(first, is_number=False),
            *(Column(line.label) for line in lines),
            *((drawing.column(),) if answer.annotations else ()),
        ),
        rows=tuple(_row(place, bucket, lines, answer) for place, bucket in enumerate(buckets)),
        keys=charts.keys(series, None),
        remarks=drawing.remarks(answer.annotations),
    )


def title(asked: Asked) -> str:
    """Name what is drawn."""
    name = str(METRICS[asked.metric].label)
    if asked.second != NONE:
        name = _("%(first)s and %(second)s") % {"first": name, "second": METRICS[asked.second].label}
    by = {"day": _("%(metric)s by day"), "week": _("%(metric)s by week"), "month": _("%(metric)s by month")}
    return by[asked.interval] % {"metric": name}


def writer(metric: str, currency: str) -> Callable[[int | None], str]:
    """Give how a metric's values are written, in full."""
    if METRICS[metric].unit == "money":
        return lambda value: figures.money(value, currency).exact
    return lambda value: figures.count(value).exact


def _spec(series: Sequence[Series], answer: Answer, days: Sequence[date]) -> Spec:
    style = Style(words=chart_words(), language=get_language() or "en", write=series[0].write or "{:g}".format)
    shades, notes = drawing.shades(answer.annotations, days), drawing.notes(answer.annotations, days)
    if answer.asked.second != NONE and len(series) == 2:
        return pair(series[0], series[1], formats=(AXIS, AXIS), style=style, shades=shades, notes=notes)
    return charts.trend(series, axis=AXIS, style=style, shades=shades, notes=notes)


def _series(line: Line, buckets: Sequence[Bucket], asked: Asked, currency: str) -> Series:
    scale = MICROS if METRICS[line.metric].unit == "money" else 1
    write = writer(line.metric, currency)
    points = tuple(
        Point(
            bucket.since,
            None if value is None or _is_cut(bucket, buckets, line, asked) else value / scale,
            is_partial=bucket.is_partial,
        )
        for bucket, value in zip(buckets, line.values, strict=True)
    )
    return Series(line.label, points, write=lambda value: write(round(value * scale)))


def _is_cut(bucket: Bucket, buckets: Sequence[Bucket], line: Line, asked: Asked) -> bool:
    """Say whether the range begins inside the bucket: what is less for it would look like a rise."""
    is_average = METRICS[line.metric].how == "average"
    begins = bucket is buckets[0] and len(buckets) > 1
    return begins and not is_average and bucket_start(bucket.since, asked.interval) != bucket.since


def _row(place: int, bucket: Bucket, lines: Sequence[Line], answer: Answer) -> tuple[str, ...]:
    day = figures.day(bucket.since)
    written = _("%(day)s, so far") % {"day": day} if bucket.is_partial else day
    said = (drawing.cell(answer.annotations, bucket.since, bucket.until),) if answer.annotations else ()
    return (written, *(writer(line.metric, answer.currency)(line.values[place]) for line in lines), *said)


def _summary(lines: Sequence[Line], answer: Answer, found: Found) -> str:
    wholes = (f"{line.label} {writer(line.metric, answer.currency)(line.whole)}" for line in lines)
    days = figures.days(found.days.since, found.days.until)
    return _("%(days)s: %(figures)s.") % {"days": days, "figures": "; ".join(wholes)}
