"""Filters and tags for every number and status in a template: `{{ rate|percent }}`, `{% status name %}`.

The writing itself is in reports/figures.py, the geometry in reports/marks.py.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from goals.wording import changes_text
from reports import figures, marks
from reports.statuses import STATUSES, UNKNOWN

register = template.Library()


class RateLike(Protocol):
    """A rate with its Wilson interval, as analysis.rates gives it."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


@register.filter
def count(value: float | None) -> SafeString:
    """Write a count, shortened from 10,000 on with the exact one on hover: `{{ visits|count }}`."""
    return _with_exact(figures.count(value))


@register.filter
def decimal(value: float) -> SafeString:
    """Write a number with two decimals: `{{ value|decimal }}`."""
    return format_html('<span class="nowrap">{}</span>', figures.number(value, 2))


@register.filter
def exact(value: float | None) -> str:
    """Write a count in full: `{{ visits|exact }}`."""
    return figures.count(value).exact


@register.filter
def difference(value: float | None) -> str:
    """Write a difference of counts with its sign."""
    if value is None:
        return ""
    text = figures.number(value, 0 if value == int(value) else 1)
    return f"+{text}" if value > 0 and text != figures.number(0, 1) else text


@register.filter
def percent(share: "float | RateLike | None", of: str = "") -> SafeString:
    """Write a rate or share: `{{ rate|percent:"sessions" }}` is "4.2 %", or "no sessions yet" for None."""
    figure = figures.percent(_value(share), of=of)
    if share is None:
        return format_html('<span class="none">{}</span>', figure.text)
    return _with_exact(figure)


@register.filter
def points(difference: float) -> str:
    """Write the difference of two rates with its sign: `{{ found.value|points }}`."""
    text = figures.points(difference)
    return f"+{text}" if difference > 0 else text


@register.filter
def interval(rate: "RateLike | None") -> str:
    """Write the 95 % interval of a rate: `{{ rate|interval }}`; nothing for None."""
    return "" if rate is None else figures.interval(rate.low, rate.high)


@register.filter
def money(micros: int | None, currency: str) -> SafeString:
    """Write an amount: `{{ value_micros|money:workspace.currency }}`."""
    return _with_exact(figures.money(micros, currency))


@register.filter
def price(micros: int | None, currency: str) -> SafeString:
    """Write an amount with its hundredths: `{{ micros|price:"NOK" }}`."""
    return _with_exact(figures.money(micros, currency, cents=True))


@register.filter
def duration(length: timedelta | None) -> str:
    """Write a length of time: `{{ median_lag|duration }}`."""
    return figures.duration(length)


@register.filter
def day(value: date | None) -> SafeString:
    """Write a calendar day: `{{ target.ends_on|day }}`."""
    return (
        SafeString("")
        if value is None
        else format_html('<time datetime="{}">{}</time>', value.isoformat(), figures.day(value))
    )


@register.filter
def day_in(value: datetime | None, zone: tzinfo) -> SafeString:
    """Write the day of a moment on the workspace's calendar: `{{ token.created_at|day_in:workspace.zone }}`."""
    return day(None if value is None else value.astimezone(zone).date())


@register.filter
def moment(value: datetime | None, zone: tzinfo | str) -> SafeString:
    """Write a moment on the workspace's clock: `{{ computed_through|moment:workspace.zone }}`."""
    if value is None:
        return SafeString("")
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), figures.moment(value, place))


@register.filter
def changed(names: Sequence[str]) -> str:
    """Name the changed fields of a goal's definition: `{{ version.changes|changed }}`."""
    return changes_text(names)


@register.filter
def under(cells: Sequence[object], columns: Sequence[object]) -> list[tuple[object, object]]:
    """Pair a row's cells with the columns they stand under: `{% for cell, column in row|under:columns %}`."""
    return list(zip(cells, columns, strict=True))


@register.inclusion_tag("components/change.html")
def change(now: float | None, before: float | None, before_text: str = "") -> dict[str, object]:
    """Show the change against an earlier figure: `{% change row.count row.count_before %}`."""
    return {"change": figures.change(now, before, before_text=before_text)}


@register.inclusion_tag("components/rate.html")
def rate(share: "float | RateLike | None", part: float = 0, whole: int = 0, of: str = "") -> dict[str, object]:
    """Show a rate with what it was counted from: `{% rate rate conversions visits "visits" %}`."""
    return {
        "rate": share,
        "interval": "" if share is None or isinstance(share, int | float) else interval(share),
        "basis": figures.basis(part, whole),
        "of": of,
        "is_little": 0 < whole < figures.LITTLE_DATA,
    }


@register.inclusion_tag("components/status.html")
def status(name: str, word: str = "", look: str = "") -> dict[str, object]:
    """Show a status by its name in STATUSES; `word` replaces its word, `look` "bare" takes its fill away."""
    found = STATUSES.get(name, UNKNOWN)
    return {"status": found, "word": word or found.word, "look": look}


@register.inclusion_tag("components/bullet.html")
def bullet(  # noqa: PLR0917  templates give these by name: `{% bullet actual=1 target=2 %}`
    actual: float | None = None,
    target: float | None = None,
    expected: float | None = None,
    low: float | None = None,
    high: float | None = None,
    status: str = "",
) -> dict[str, object]:
    """Draw actual, expected to date, target and forecast; all in the KPI's own unit."""
    drawing = marks.bullet(actual=actual, target=target, expected=expected, low=low, high=high)
    parts = {"actual": actual, "expected": expected, "low": low, "high": high}
    shares = {name: None if value is None or not target else value / target for name, value in parts.items()}
    return {"bullet": drawing, "tone": STATUSES.get(status, UNKNOWN).tone, **shares}


@register.inclusion_tag("components/share_bar.html")
def share_bar(share: float) -> dict[str, object]:
    """Draw a share of the whole with its per cent: `{% share_bar row.share %}`."""
    return {"share": share, "width": f"{min(max(share, 0), 1) * 100:.1f}%"}


@register.inclusion_tag("components/spark.html")
def spark(values: Sequence[float | None], label: str = "") -> dict[str, object]:
    """Draw a sparkline: `{% spark row.weeks label=row.name %}`."""
    known = [value for value in values if value is not None]
    ends = {"first": figures.count(known[0]).text, "last": figures.count(known[-1]).text} if known else {}
    return {"spark": marks.spark(values), "label": label, **ends}


def _value(share: "float | RateLike | None") -> float | None:
    return share if share is None or isinstance(share, int | float) else share.value


def _with_exact(figure: figures.Figure) -> SafeString:
    if figure.is_shortened:
        return format_html('<span class="nowrap" title="{}">{}</span>', figure.exact, figure.text)
    return format_html('<span class="nowrap">{}</span>', figure.text)
