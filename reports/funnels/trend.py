"""Is it going up or down? The overall rate over time, as a chart with its table."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports import figures
from reports.annotations import drawing
from reports.annotations.reading import Annotated
from reports.charts import Chart, Column, Point, Series, Style, trend
from reports.funnels.answer import Answer, SpanFigures
from reports.trends import chart_words


def chart_of(answer: Answer) -> Chart | None:
    """Draw the rate of each span; None where nobody entered."""
    if not answer.entered:
        return None
    name, said = _("Overall rate"), answer.annotations
    days = [each.since for each in answer.spans]
    style = Style(words=chart_words(), language=get_language() or "en", write=_percent)
    return Chart(
        title={"day": _("Overall rate by day"), "week": _("Overall rate by week"), "month": _("Overall rate by month")}[
            answer.asked.interval
        ],
        summary=_("Of those who took the first step, how many took the last: %(rate)s in all.")
        % {"rate": _percent(answer.rate.value if answer.rate else None)},
        spec=trend(
            [Series(name, tuple(_point(each) for each in answer.spans))],
            axis=".1%",
            style=style,
            shades=drawing.shades(said, days),
            notes=drawing.notes(said, days),
        ),
        columns=(
            Column(_("First step from"), is_number=False),
            Column(name),
            Column(_("Counted from")),
            *((drawing.column(),) if said else ()),
        ),
        rows=tuple(_row(each, said) for each in answer.spans),
        remarks=drawing.remarks(said),
    )


def _point(each: SpanFigures) -> Point:
    if each.rate is None:
        return Point(each.since, None, is_partial=each.is_partial)
    return Point(each.since, each.rate.value, each.rate.low, each.rate.high, is_partial=each.is_partial)


def _row(each: SpanFigures, said: Sequence[Annotated]) -> tuple[str, ...]:
    day = figures.day(each.since)
    written = _("%(day)s, so far") % {"day": day} if each.is_partial else day
    rate = _percent(each.rate.value if each.rate else None)
    cells = written, rate, figures.basis(each.completed, each.entered)
    return (*cells, drawing.cell(said, each.since, each.until)) if said else cells


def _percent(value: float | None) -> str:
    return figures.percent(value, of=_("persons")).text
