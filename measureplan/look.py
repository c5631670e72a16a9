"""The style page at /look/, with DEBUG only: every component with made-up content, long names and no data."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Final

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from reports import charts, figures
from reports.statuses import STATUSES

FIRST: Final = date(2026, 10, 1)
# A weekday shape and a slow rise: enough to look like a shop.
WEEK: Final = (46, 44, 47, 45, 41, 30, 33)
CHANNELS: Final = ("Organic search", "Paid search", "Email", "Direct", "Everything else")
MODELS: Final = ("Last non-direct", "Linear", "Time decay")


class LookForm(forms.Form):
    name = forms.CharField(help_text="What people see. Up to 120 letters.")
    kind = forms.ChoiceField(
        choices=[("macro", "Macro: what we make money on"), ("micro", "Micro: what people do before")],
        widget=forms.RadioSelect,
    )
    value = forms.DecimalField(required=False, label="Fixed value")
    counting = forms.ChoiceField(choices=[("every", "Every one"), ("session", "Once per session")])
    supports = forms.MultipleChoiceField(
        choices=[("purchase", "Purchase"), ("member", "Membership")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    starts_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    why = forms.CharField(widget=forms.Textarea, required=False, label="Why it matters")
    is_shared = forms.BooleanField(
        required=False, label="Show on the shared report", help_text="Anyone with the link sees it."
    )
    file = forms.FileField(required=False)


def look(request: HttpRequest) -> HttpResponse:
    """Show every component in its states."""
    context = {
        "charts": {"rate": _rates(), "trend": _counts(), "five": _channels(), "bars": _models(), "bars1": _lifts()},
        "form": LookForm(),
        "bound": _bound(),
        "page": Paginator(range(245), 20).page(3),
        "controls": _controls(),
        "now": datetime(2026, 11, 21, 13, 32, tzinfo=UTC),
        "today": date(2026, 11, 21),
        "rates": {"good": _rate(412, 15_118), "small": _rate(3, 17), "tiny": _rate(2, 51_200)},
        "weeks": [3, 4, None, 6, 5, 8, 9],
        "flat": [5, 5, 5],
        "one": [5],
        "length": timedelta(days=2, hours=4, minutes=3),
        "menu": _options("First", "Second"),
        "views": _options("Outline", "Tree"),
        "tabs": _options("Sources", "Content", "Devices", "Segments", "Paths", "Evidence", "Definition and history"),
        "up": _options("Goals", "Purchase"),
        "statuses": list(STATUSES),
    }
    return render(request, "look.html", context)


def _options(*labels: str) -> list[dict[str, object]]:
    return [{"label": label, "url": "?", "is_current": label == labels[0], "key": ""} for label in labels]


def _controls() -> dict[str, object]:
    models = {"label": "Last non-direct", "icon": "attribution", "prefix": "Model", "options": _options(*MODELS)}
    return {
        "filters": [{"label": "Device is mobile", "remove_url": "?"}],
        "filter_url": "?",
        "choices": [models],
        "period": {"label": "Plan period: Q4 2026", "options": _options("Plan period: Q4 2026", "Last 28 days")},
        "compare": {"label": "vs previous", "options": _options("Previous period", "No comparison")},
        "more": _options("Download CSV"),
    }


def _bound() -> LookForm:
    form = LookForm({"value": "abc", "counting": "every", "starts_on": "31 February"})
    form.add_error(None, "A target ends after it starts.")
    return form


def _rate(part: int, whole: int) -> SimpleNamespace:
    share = part / whole
    half = 1.96 * (share * (1 - share) / whole) ** 0.5  # a plain normal interval: nobody decides on this page
    return SimpleNamespace(value=share, low=max(0, share - half), high=share + half)


def _sold(day: date) -> int | None:
    """Give the made-up count of a day; tracking was out for a day in November."""
    if day == date(2026, 11, 10):
        return None
    return WEEK[day.weekday()] + (day - FIRST).days // 3 + (day.day * 7) % 11


def _style(*, rates: bool = False) -> charts.Style:
    def write(value: float) -> str:
        return figures.percent(value).text if rates else figures.count(value).exact

    return charts.Style(language=(get_language() or "en")[:2], write=write)


def _rates() -> charts.Chart:
    points = []
    for place in range(52):
        day, sold = FIRST + timedelta(days=place), _sold(FIRST + timedelta(days=place))
        rate = None if sold is None else _rate(sold, 1500)
        point = charts.Point(day, rate.value, rate.low, rate.high, place == 51) if rate else charts.Point(day, None)
        points.append(point)
    lines = [charts.Series("Purchase rate", tuple(points)), _earlier(1500)]
    return _trend("Purchase rate by day", lines, charts.Target(0.036, "target 3.6 %"), rates=True)


def _counts() -> charts.Chart:
    days = [FIRST + timedelta(days=place) for place in range(52)]
    points = tuple(charts.Point(day, _sold(day), is_partial=day == days[-1]) for day in days)
    return _trend("Purchases by day", [charts.Series("Purchases", points), _earlier(1)], charts.Target(60, "target 60"))


def _earlier(visits: int) -> charts.Series:
    days = [FIRST + timedelta(days=place) for place in range(52)]
    points = tuple(charts.Point(day, (WEEK[day.weekday()] + day.day % 5) / visits) for day in days)
    return charts.Series("previous period", points, is_compared=True)


def _trend(title: str, lines: list[charts.Series], target: charts.Target, *, rates: bool = False) -> charts.Chart:
    spec = charts.trend(
        lines,
        axis=".2~%" if rates else "~s",
        style=_style(rates=rates),
        target=target,
        shades=[charts.Shade(date(2026, 11, 9), date(2026, 11, 12), "tracking outage", is_fault=True)],
        notes=[charts.Note(date(2026, 10, 14), "New checkout")],
    )
    write = _style(rates=rates).write
    rows = tuple(
        (figures.day(point.day), "–" if point.value is None else write(point.value)) for point in lines[0].points
    )
    columns = (charts.Column("Day", is_number=False), charts.Column(lines[0].name))
    return charts.Chart(
        title, "It rises slowly; tracking was out on 10 Nov.", spec, columns, rows, charts.keys(lines, target)
    )


def _channels() -> charts.Chart:
    weeks = [FIRST + timedelta(weeks=place) for place in range(12)]
    lines = [
        charts.Series(name, tuple(charts.Point(week, 60 - 11 * place + (week.day * (place + 3)) % 9) for week in weeks))
        for place, name in enumerate(CHANNELS)
    ]
    spec = charts.trend(lines, axis="~s", style=_style())
    return charts.Chart("Conversions by channel, weekly", "Organic search leads.", spec, keys=charts.keys(lines, None))


def _models() -> charts.Chart:
    bars = [
        charts.Bar(channel, model, 120 // (place + 1) + 7 * turn)
        for place, channel in enumerate(CHANNELS)
        for turn, model in enumerate(MODELS)
    ]
    columns = (
        charts.Column("Channel", is_number=False),
        charts.Column("Model", is_number=False),
        charts.Column("Credit"),
    )
    rows = tuple((bar.row, bar.series, figures.count(bar.value).exact) for bar in bars)
    spec = charts.comparison_bars(bars, axis="~s", style=_style())
    return charts.Chart(
        "Conversions by channel and model", "Organic search leads under every model.", spec, columns, rows
    )


def _lifts() -> charts.Chart:
    lifts = (("Size guide", 1.6), ("Store finder", 1.1), ("Newsletter", 2.2))
    bars = [charts.Bar(name, "Lift", lift, lift - 0.3, lift + 0.4) for name, lift in lifts]
    spec = charts.comparison_bars(bars, axis="~g", style=_style())
    return charts.Chart("Lift by micro goal", "Newsletter leads.", spec)
