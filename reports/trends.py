"""The trend of an answer as a chart with its table: one figure over the range, its comparison, and the target."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from reports import figures
from reports.annotations import drawing
from reports.answer import Answer, Bucket
from reports.charts import Chart, Column, Point, Series, Shade, Style, Target, Words, trend
from reports.daily import Figures
from reports.metrics import METRICS, PER
from reports.periods import bucket_start
from reports.question import Question

MICROS = 1_000_000
AXES = {"count": "~s", "share": ".1%", "money": "~s"}


@dataclass(frozen=True, slots=True)
class Goalpost:
    """The target in the chart's unit, for one bucket of it."""

    value: float
    label: str


def chart_of(answer: Answer, *, goalpost: Goalpost | None = None) -> Chart:
    """Draw the question's metric over the answer's buckets."""
    question = answer.question
    name = metric_label(question)
    read = _reader(question)
    write = writer(question.metric, answer.currency)
    series = [Series(_("This period"), _points(answer.buckets, question, read))]
    if answer.buckets_before:
        series.append(Series(_("Before"), _before(answer, read), is_compared=True))
    style = Style(words=chart_words(), language=get_language() or "en", write=_tip(question, write))
    target = Target(goalpost.value, goalpost.label) if goalpost else None
    days, said = [bucket.since for bucket in answer.buckets], answer.annotations
    return Chart(
        title=_by_interval(question) % {"metric": name},
        summary=_summary(answer, name, read, write),
        spec=trend(
            series,
            axis=AXES[METRICS[question.metric].unit],
            style=style,
            target=target,
            shades=[*drawing.shades(said, days), *_shades(answer)],
            notes=drawing.notes(said, days),
        ),
        columns=_columns(answer),
        rows=tuple(_rows(answer, read, write)),
        remarks=drawing.remarks(said),
    )


def metric_label(question: Question, metric: str = "") -> str:
    """Give the metric's name, the question's own by default; a rate's names its denominator."""
    name = metric or question.metric
    return str(PER[question.per].rate if name == "rate" else METRICS[name].label)


def value_of(row: Figures, metric: str, per: str) -> float | None:
    """Give one metric of the figures: a count, a fraction, or micros; None where it is not defined."""
    match metric:
        case "rate":
            rate = row.rate(per)
            return None if rate is None else rate.value
        case "average":
            return row.average
        case "value_net":
            return row.value_net
        case "value":
            return row.value
        case "converters":
            return row.converters
        case _:
            return row.conversions


def writer(metric: str, currency: str) -> Callable[[float | None], str]:
    """Give how a metric's values are written, in full: the table beside a chart is for those who want it exact."""
    match METRICS[metric].unit:
        case "share":
            return lambda value: figures.percent(value, of=_("visits")).text
        case "money":
            return lambda value: figures.money(None if value is None else round(value), currency).exact
        case _:
            return lambda value: figures.count(value).exact


def _reader(question: Question) -> Callable[[Figures], float | None]:
    return lambda row: value_of(row, question.metric, question.per)


def _tip(question: Question, write: Callable[[float | None], str]) -> Callable[[float], str]:
    """Write what stands in the chart's tip; money is drawn in whole units."""
    scale = MICROS if METRICS[question.metric].unit == "money" else 1
    return lambda value: write(value * scale)


def _drawn(value: float | None, question: Question) -> float | None:
    return value / MICROS if value is not None and METRICS[question.metric].unit == "money" else value


def _points(
    buckets: Sequence[Bucket], question: Question, read: Callable[[Figures], float | None]
) -> tuple[Point, ...]:
    found = []
    for bucket in buckets:
        rate = bucket.figures.rate(question.per) if question.metric == "rate" else None
        low, high = (rate.low, rate.high) if rate else (None, None)
        value = None if _is_cut(bucket, question) else _drawn(read(bucket.figures), question)
        found.append(Point(bucket.since, value, low, high, is_partial=bucket.is_partial))
    return tuple(found)


def _is_cut(bucket: Bucket, question: Question) -> bool:
    """Say whether the range begins inside the bucket: its sum would look like a rise."""
    is_sum = METRICS[question.metric].additive or question.metric == "converters"
    return is_sum and bucket.since == question.since and bucket_start(bucket.since, question.interval) != bucket.since


def _before(answer: Answer, read: Callable[[Figures], float | None]) -> tuple[Point, ...]:
    """Lay the earlier buckets over the days of these, one by one."""
    pairs = zip(answer.buckets, answer.buckets_before, strict=False)
    question = answer.question

    def drawn(now: Bucket, then: Bucket) -> float | None:
        return None if _is_cut(now, question) else _drawn(read(then.figures), question)

    return tuple(Point(now.since, drawn(now, then)) for now, then in pairs)


def _shades(answer: Answer) -> list[Shade]:
    """Mark the days of outages, as far as the chart reaches; of a bar of days its first is where a line has it."""
    first, last = answer.question.since, answer.question.until
    return [
        Shade(max(gap.since, first), min(gap.until, last), _("tracking broken"), is_fault=True)
        for gap in answer.outages
    ]


def _columns(answer: Answer) -> tuple[Column, ...]:
    question = answer.question
    first = {"day": _("Day"), "week": _("Week from"), "month": _("Month from")}[question.interval]
    names = [Column(first, is_number=False), Column(metric_label(question))]
    if question.metric == "rate":
        names.append(Column(_("Counted from")))
    names += [Column(_("Before"))] if answer.buckets_before else []
    names += [Column(_("Tracking"), is_number=False)] if answer.outages else []
    names += [drawing.column()] if answer.annotations else []
    return tuple(names)


def _rows(
    answer: Answer, read: Callable[[Figures], float | None], write: Callable[[float | None], str]
) -> list[tuple[str, ...]]:
    question = answer.question
    rows = []
    for place, bucket in enumerate(answer.buckets):
        cells = [_day(bucket, question), write(read(bucket.figures))]
        if question.metric == "rate":
            part, whole = bucket.figures.part(question.per), bucket.figures.whole(question.per)
            cells.append(figures.basis(part, whole))
        if answer.buckets_before:
            then = answer.buckets_before[place : place + 1]
            cells.append(write(read(then[0].figures)) if then else "")
        if answer.outages:
            cells.append(_lost(answer.days_without(bucket), bucket))
        if answer.annotations:
            cells.append(drawing.cell(answer.annotations, bucket.since, bucket.until))
        rows.append(tuple(cells))
    return rows


def _lost(days: int, bucket: Bucket) -> str:
    if not days:
        return ""
    if days == (bucket.until - bucket.since).days:
        return _("broken")
    return ngettext("broken on %(n)s day", "broken on %(n)s days", days) % {"n": days}


def _day(bucket: Bucket, question: Question) -> str:
    written = figures.day(bucket.since)
    if bucket.is_partial:
        return _("%(day)s, so far") % {"day": written}
    if question.interval != "day" and bucket_start(bucket.since, question.interval) != bucket.since:
        days = (bucket.until - bucket.since).days
        return ngettext("%(day)s, %(n)s day", "%(day)s, %(n)s days", days) % {"day": written, "n": days}
    return written


def _by_interval(question: Question) -> str:
    return {
        "day": _("%(metric)s by day"),
        "week": _("%(metric)s by week"),
        "month": _("%(metric)s by month"),
    }[question.interval]


def chart_words() -> Words:
    """Give the words that stand in every trend."""
    return Words(day=_("Day"), so_far=_("so far"), interval=_("95 % interval"), to=_("to"))


def _summary(
    answer: Answer, name: str, read: Callable[[Figures], float | None], write: Callable[[float | None], str]
) -> str:
    text = _("%(metric)s: %(value)s from %(days)s.") % {
        "metric": name,
        "value": write(read(answer.totals)),
        "days": figures.days(answer.question.since, answer.question.until),
    }
    text = " ".join([text, *(gap.words for gap in answer.outages)])
    known = [(read(each.figures), each) for each in answer.buckets if not each.is_partial]
    best = max(((value, each) for value, each in known if value), key=lambda pair: pair[0], default=None)
    if best is None:
        return text
    value, bucket = best
    return (
        text + " " + _("Highest: %(value)s from %(day)s.") % {"value": write(value), "day": figures.day(bucket.since)}
    )
