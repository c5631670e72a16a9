"""Numbers to Vega-Lite specs: one spec is drawn in the browser and in mails and files. Pure; no Django."""

from collections.abc import Sequence

from reports import chart_layers
from reports.chart_shapes import Bar, Chart, Column, Key, Note, Point, Series, Shade, Target
from reports.chart_theme import BROWSER, DARK, LIGHT, MOST_SERIES, Spec, Style, Theme, Words, frame

__all__ = [
    "BROWSER",
    "DARK",
    "LIGHT",
    "MOST_SERIES",
    "Bar",
    "Chart",
    "Column",
    "Key",
    "Note",
    "Point",
    "Series",
    "Shade",
    "Spec",
    "Style",
    "Target",
    "Theme",
    "Words",
    "comparison_bars",
    "keys",
    "trend",
]

keys = chart_layers.keys


def trend(
    series: Sequence[Series],
    *,
    axis: str,
    style: Style,
    target: Target | None = None,
    shades: Sequence[Shade] = (),
    notes: Sequence[Note] = (),
    height: int = 280,
) -> Spec:
    """Draw lines over days: labels at their ends, interval of the first, dotted end, target, shades, notes.

    series   1 to 5; the first is the figure asked for
    axis     a d3 format of the value axis: "~s" for counts, ".1%" for rates
    raises   ValueError for no series, more than five, or no day at all
    """
    if not 1 <= len(series) <= MOST_SERIES:
        raise ValueError(f"a trend has 1 to {MOST_SERIES} series, not {len(series)}; fold the rest into one")
    if not any(each.points for each in series):
        raise ValueError("a trend has at least one day; without any, the page says why it is empty")
    top = chart_layers.top(series, target)
    layers = [
        *(chart_layers.shade(shade, style) for shade in shades),
        *chart_layers.band(series[0], style),
        *(chart_layers.lines(series, style)),
        *chart_layers.target(target, style),
        *chart_layers.labels(series, target, top, style),
        *chart_layers.hover(series, style),
        *(chart_layers.note(note, style) for note in notes),
    ]
    encoding = {
        "x": {
            "field": "day",
            "type": "temporal",
            "scale": {"type": "utc"},
            "axis": chart_layers.day_axis(series, style),
        },
        "y": {
            "type": "quantitative",
            "scale": {"domain": [0, top]},
            "axis": _value_axis(axis),
        },
    }
    spec = frame(layers, encoding, style, height=height)
    # Set by what draws: on a phone there is no room beside the lines, so their names stand above the drawing.
    return {**spec, "params": [{"name": "narrow", "value": False}]}


def comparison_bars(bars: Sequence[Bar], *, axis: str, style: Style) -> Spec:
    """Compare the same rows under one model or several: grouped bars with intervals, in the order given.

    bars     rows and series keep the order in which they first come
    axis     a d3 format of the value axis
    raises   ValueError for no bars or more than five series
    """
    rows = list(dict.fromkeys(bar.row for bar in bars))
    names = list(dict.fromkeys(bar.series for bar in bars))
    if not 1 <= len(names) <= MOST_SERIES:
        raise ValueError(f"a comparison has 1 to {MOST_SERIES} series, not {len(names)}")
    has_intervals = any(bar.low is not None for bar in bars)
    place: Spec = {"yOffset": {"field": "series", "sort": names}} if len(names) > 1 else {}
    layers = [_bars(names, place, style, is_faint=has_intervals)]
    if has_intervals:
        layers.append(_whiskers(place, style))
    encoding = {
        "y": {
            "field": "row",
            "type": "nominal",
            "sort": rows,
            "axis": {"title": None, "grid": False, "domain": False, "ticks": False, "labelLimit": 150},
        },
        "x": {"type": "quantitative", "axis": _value_axis(axis)},
    }
    height = max(120, len(rows) * (12 + 12 * len(names)) + 30)
    values = [
        {
            "row": bar.row,
            "series": bar.series,
            "value": bar.value,
            "low": bar.low,
            "high": bar.high,
            "text": style.write(bar.value),
        }
        for bar in bars
    ]
    return {**frame(layers, encoding, style, height=height), "data": {"values": values}}


def _bars(names: list[str], place: Spec, style: Style, *, is_faint: bool) -> Spec:
    """Draw the bars; under an interval they are faint, so that it is seen."""
    is_alone = len(names) == 1
    tip = (
        [{"field": "row", "title": " "}, {"field": "text", "title": names[0]}]
        if is_alone
        else [{"field": "series", "title": " "}, {"field": "text", "title": "="}]
    )
    colour = {
        "field": "series",
        "scale": {"domain": names, "range": list(style.theme.series[: len(names)])},
        "legend": None if is_alone else {"orient": "top", "title": None, "symbolType": "square"},
    }
    return {
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.72}, "opacity": 0.5 if is_faint else 1},
        "encoding": {
            "x": {"field": "value", "type": "quantitative"},
            "color": colour,
            "tooltip": tip,
            **place,
        },
    }


def _whiskers(place: Spec, style: Style) -> Spec:
    return {
        "mark": {"type": "rule", "strokeWidth": 1.5, "color": style.theme.text},
        "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}, **place},
    }


def _value_axis(axis: str) -> Spec:
    """Give the axis of values; halves of a conversion are no ticks."""
    steps = {} if axis.endswith("%") else {"tickMinStep": 1}
    return {"format": axis, "tickCount": 4, "title": None, **steps}
