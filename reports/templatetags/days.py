"""A chart of counts by day, for pages of lower storeys that have the numbers and know nothing of drawing."""

from collections.abc import Sequence
from datetime import date, timedelta

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports import figures
from reports.charts import Chart, Column, Point, Series, Style, Words, trend

register = template.Library()


@register.inclusion_tag("components/chart.html")
def daily_chart(since: date, counts: Sequence[int], title: str, id: str = "daily") -> dict[str, object]:  # noqa: A002  # as the component names it
    """Draw counts of consecutive days with their table: `{% daily_chart tested.since tested.daily title %}`."""
    days = [since + timedelta(days=n) for n in range(len(counts))]
    points = tuple(Point(day, count) for day, count in zip(days, counts, strict=True))
    words = Words(day=_("Day"), so_far=_("so far"), interval=_("95 % interval"), to=_("to"))
    style = Style(words=words, language=get_language() or "en", write=lambda value: figures.count(value).exact)
    best = max(range(len(counts)), key=lambda n: counts[n])
    summary = _("%(total)s in all; most on %(day)s: %(most)s.") % {
        "total": figures.count(sum(counts)).exact,
        "day": figures.day(days[best]),
        "most": figures.count(counts[best]).exact,
    }
    chart = Chart(
        title=title,
        summary=summary,
        spec=trend([Series(title, points)], axis="~s", style=style, height=200),
        columns=(Column(_("Day"), is_number=False), Column(title)),
        rows=tuple((figures.day(day), figures.count(count).exact) for day, count in zip(days, counts, strict=True)),
    )
    return {"chart": chart, "id": id, "short": True}
