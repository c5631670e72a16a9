"""Numbers to Vega-Lite specs: the same spec is drawn in the browser and in mails and files. Pure; no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from reports.chart_theme import ENGLISH, LOCALES, MOST_SERIES, Spec, Style, frame

LABEL_GAP: Final = 0.075  # of the chart's height: the least distance between two direct labels
NARROW: Final = (
    420  # pixels of plot below which direct labels stand above the line's end instead of beside it
)


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket of a line; `value` None is a gap, never a zero."""

    day: date
    value: float | None
    low: float | None = None  # ends of the 95 % interval
    high: float | None = None
    is_partial: bool = False  # the current bucket, not over yet: dotted


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    points: tuple[Point, ...]
    is_compared: bool = False  # an earlier period, laid over this one's days: lighter


@dataclass(frozen=True, slots=True)
class Target:
    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Shade:
    """A half-open range of days behind the lines: an outage, an initiative."""

    since: date
    until: date
    label: str
    is_fault: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    day: date
    label: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One mark of a comparison: a channel's value under a model."""

    row: str
    series: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Chart:
    """A spec with what stands beside it: its name, its content in a sentence, and its table."""

    title: str
    summary: str
    spec: Spec
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


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
    """Draw lines over days: direct labels, interval band of the first, dotted end, target line, shades, notes.

    series   1 to 5; the first is the figure asked for
    axis     a d3 format of the value axis: "~s" for counts, ".1%" for rates
    raises   ValueError for no series or more than five
    """
    if not 1 <= len(series) <= MOST_SERIES:
        raise ValueError(f"a trend has 1 to {MOST_SERIES} series, not {len(series)}; fold the rest into one")
    top = _top(series, target)
    layers = [
        *(_shade(shade, style) for shade in shades),
        *_band(series[0], style),
        *(_lines(series, style)),
        *_target(target, style),
        *(_note(note, style) for note in notes),
        *_hover(series, style),
        _labels(series, top, style),
    ]
    encoding = {
        "x": {"field": "day", "type": "temporal", "scale": {"type": "utc"}, "axis": _day_axis(series, style)},
        "y": {
            "type": "quantitative",
            "scale": {"domain": [0, top]},
            "axis": {"format": axis, "tickCount": 4, "title": None},
        },
    }
    gutter = 12 if len(series) == 1 else 8 + 7 * min(16, max(len(each.name) for each in series))
    return frame(layers, encoding, style, height=height, gutter=gutter)


def comparison_bars(bars: Sequence[Bar], *, axis: str, style: Style) -> Spec:
    """Compare the same rows under several models, or one: grouped bars with their intervals, in the order given.

    bars     rows and series keep the order in which they first come
    axis     a d3 format of the value axis
    raises   ValueError for no bars or more than five series
    """
    rows = list(dict.fromkeys(bar.row for bar in bars))
    names = list(dict.fromkeys(bar.series for bar in bars))
    if not 1 <= len(names) <= MOST_SERIES:
        raise ValueError(f"a comparison has 1 to {MOST_SERIES} series, not {len(names)}")
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
    tip = (
        [{"field": "row", "title": " "}, {"field": "text", "title": names[0]}]
        if len(names) == 1
        else [
            {"field": "series", "title": " "},
            {"field": "text", "title": "="},
        ]
    )
    place: Spec = {"yOffset": {"field": "series", "sort": names}} if len(names) > 1 else {}
    colour = {
        "field": "series",
        "scale": {"domain": names, "range": list(style.theme.series[: len(names)])},
        "legend": {"orient": "top", "title": None, "symbolType": "square"} if len(names) > 1 else None,
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.72}},
            "encoding": {
                "x": {"field": "value", "type": "quantitative"},
                "color": colour,
                "tooltip": tip,
                **place,
            },
        }
    ]
    if any(bar.low is not None for bar in bars):
        layers.append(
            {
                "mark": {"type": "rule", "strokeWidth": 1.5, "color": style.theme.text, "opacity": 0.6},
                "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}, **place},
            }
        )
    encoding = {
        "y": {
            "field": "row",
            "type": "nominal",
            "sort": rows,
            "axis": {"title": None, "grid": False, "domain": False, "ticks": False, "labelLimit": 150},
        },
        "x": {"type": "quantitative", "axis": {"format": axis, "tickCount": 4, "title": None}},
    }
    height = max(120, len(rows) * (12 + 12 * len(names)) + 30)
    return {**frame(layers, encoding, style, height=height, gutter=12), "data": {"values": values}}


def _lines(series: Sequence[Series], style: Style) -> list[Spec]:
    """Draw each line whole, and the way into the unfinished bucket dotted."""
    layers = []
    # The first series is drawn last, over the others.
    for place, each in reversed(list(enumerate(series))):
        colour = style.theme.compared if each.is_compared else style.theme.series[place]
        width = 1.5 if each.is_compared else 2.25
        ended = [point for point in each.points if not point.is_partial]
        layers.append(_line(ended, colour, width, each.name))
        if len(ended) < len(each.points):
            layers.append(_line(each.points[max(0, len(ended) - 1) :], colour, width, each.name, dash=[2, 3]))
    return layers


def _line(points: Sequence[Point], colour: str, width: float, name: str, *, dash: Sequence[int] = ()) -> Spec:
    mark = {
        "type": "line",
        "stroke": colour,
        "strokeWidth": width,
        "strokeJoin": "round",
        "strokeCap": "round",
    }
    return {
        "description": name,
        "data": {"values": [{"day": point.day.isoformat(), "value": point.value} for point in points]},
        "mark": {**mark, "strokeDash": list(dash), "clip": True} if dash else {**mark, "clip": True},
        "encoding": {"y": {"field": "value"}},
    }


def _band(first: Series, style: Style) -> list[Spec]:
    values = [
        {"day": point.day.isoformat(), "low": point.low, "high": point.high}
        for point in first.points
        if point.low is not None and not point.is_partial
    ]
    if not values:
        return []
    mark = {"type": "area", "color": style.theme.series[0], "opacity": 0.13, "clip": True}
    return [
        {
            "data": {"values": values},
            "mark": mark,
            "encoding": {"y": {"field": "low"}, "y2": {"field": "high"}},
        }
    ]


def _target(target: Target | None, style: Style) -> list[Spec]:
    if target is None:
        return []
    data = {"values": [{"value": target.value, "label": target.label}]}
    only_y = {"x": None, "y": {"field": "value"}}
    rule = {
        "type": "rule",
        "color": style.theme.text,
        "strokeDash": [6, 4],
        "strokeWidth": 1.25,
        "opacity": 0.75,
    }
    text = {
        "type": "text",
        "align": "left",
        "baseline": "bottom",
        "x": 4,
        "dy": -4,
        "color": style.theme.text,
        "fontWeight": 600,
    }
    words = {**only_y, "text": {"field": "label"}}
    return [
        {"data": data, "mark": rule, "encoding": only_y},
        # A halo in the surface's colour keeps the label readable over a line.
        {"data": data, "mark": {**text, "stroke": style.theme.surface, "strokeWidth": 4}, "encoding": words},
        {"data": data, "mark": text, "encoding": words},
    ]


def _shade(shade: Shade, style: Style) -> Spec:
    colour = style.theme.bad if shade.is_fault else style.theme.compared
    data = {
        "values": [{"day": shade.since.isoformat(), "until": shade.until.isoformat(), "label": shade.label}]
    }
    x2 = {"field": "until", "type": "temporal"}
    return {
        "data": data,
        "layer": [
            {"mark": {"type": "rect", "color": colour, "opacity": 0.12}, "encoding": {"x2": x2}},
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "top",
                    "dx": 3,
                    "dy": 3,
                    "y": 0,
                    "color": colour,
                    "fontSize": 11,
                },
                "encoding": {"text": {"field": "label"}},
            },
        ],
    }


def _note(note: Note, style: Style) -> Spec:
    """Set a flag on the axis, so that it never covers a line; its words come on hover and in the table."""
    return {
        "data": {
            "values": [
                {"day": note.day.isoformat(), "label": note.label, "written": _written(note.day, style)}
            ]
        },
        "mark": {
            "type": "point",
            "shape": "triangle-up",
            "size": 70,
            "filled": True,
            "opacity": 1,
            "color": style.theme.text,
            "y": "height",
        },
        "encoding": {
            "tooltip": [{"field": "label", "title": "⚑"}, {"field": "written", "title": style.words.day}]
        },
    }


def _hover(series: Sequence[Series], style: Style) -> list[Spec]:
    """Show every line's value for the day under the pointer: one rule, one tip."""
    names = [each.name for each in series]
    rows: dict[str, dict[str, str | float | None]] = {}
    for place, each in enumerate(series):
        for point in each.points:
            row = rows.setdefault(
                point.day.isoformat(), {"day": point.day.isoformat(), "written": _written(point.day, style)}
            )
            row[f"s{place}"] = _tip(point, style)
    tip = [{"field": "written", "title": style.words.day}]
    tip += [{"field": f"s{place}", "title": name} for place, name in enumerate(names)]
    return [
        {
            "data": {"values": list(rows.values())},
            "params": [
                {
                    "name": "near",
                    "select": {
                        "type": "point",
                        "fields": ["day"],
                        "nearest": True,
                        "on": "pointermove",
                        "clear": "pointerout",
                    },
                }
            ],
            "mark": {"type": "rule", "color": style.theme.faint},
            "encoding": {
                "opacity": {"condition": {"param": "near", "empty": False, "value": 0.6}, "value": 0},
                "tooltip": tip,
            },
        }
    ]


def _labels(series: Sequence[Series], top: float, style: Style) -> Spec:
    """Name each line at its end, moved apart where two ends meet; a single line is named by the chart's title."""
    ends = [] if len(series) == 1 else _apart(series, top)
    values = [
        {"day": day.isoformat(), "at": at, "name": series[place].name, "place": place}
        for place, day, at in ends
    ]
    names = [
        style.theme.compared if each.is_compared else style.theme.series[place]
        for place, each in enumerate(series)
    ]
    colour = {
        "field": "place",
        "type": "nominal",
        "scale": {"domain": list(range(len(series))), "range": names},
        "legend": None,
    }
    mark = {
        "type": "text",
        "baseline": {"expr": f"width < {NARROW} ? 'bottom' : 'middle'"},
        "align": {"expr": f"width < {NARROW} ? 'right' : 'left'"},
        "dx": {"expr": f"width < {NARROW} ? 0 : 8"},
        "dy": {"expr": f"width < {NARROW} ? -6 : 0"},
        "fontWeight": 600,
        "limit": 130,
    }
    return {
        "data": {"values": values},
        "mark": mark,
        "encoding": {"y": {"field": "at"}, "text": {"field": "name"}, "color": colour},
    }


def _apart(series: Sequence[Series], top: float) -> list[tuple[int, date, float]]:
    """Give (series, day, height) of each label, from the lowest end up, at least LABEL_GAP apart."""
    ends = []
    for place, each in enumerate(series):
        known = [(point.day, point.value) for point in each.points if point.value is not None]
        if known:
            ends.append((known[-1][1], place, known[-1][0]))
    placed: list[tuple[int, date, float]] = []
    floor = 0.0
    for value, place, day in sorted(ends):
        at = max(value, floor)
        placed.append((place, day, at))
        floor = at + LABEL_GAP * top
    return placed


def _top(series: Sequence[Series], target: Target | None) -> float:
    """Give the end of the value axis: room over the highest line for the target's label; the axis starts at zero."""
    heights = [point.value for each in series for point in each.points if point.value is not None]
    # An interval of a thin day may reach far up; it is cut rather than pressing the line flat.
    heights += [
        point.high
        for point in series[0].points
        if point.high is not None and point.value and point.high < 2 * point.value
    ]
    heights += [target.value] if target else []
    return max(heights, default=0) * 1.12 or 1


def _day_axis(series: Sequence[Series], style: Style) -> Spec:
    days = [point.day for each in series for point in each.points]
    whole = (max(days) - min(days) if days else timedelta()).days
    pattern = "%b %Y" if whole > 400 else "%-d %b"
    return {
        "format": pattern,
        "formatType": "time",
        "title": None,
        "grid": False,
        "tickCount": {"expr": "max(2, floor(width / 90))"},
        "labelOverlap": True,
        "labelColor": style.theme.faint,
    }


def _tip(point: Point, style: Style) -> str:
    if point.value is None:
        return "–"
    text = style.write(point.value)
    if point.low is not None and point.high is not None:
        text += f" ({style.write(point.low)} {style.words.to} {style.write(point.high)})"
    return f"{text}, {style.words.so_far}" if point.is_partial else text


def _written(day: date, style: Style) -> str:
    locale = LOCALES.get(style.language, ENGLISH)
    weekday = locale.days[(day.weekday() + 1) % 7]
    return f"{weekday[:3]} {day.day} {locale.months[day.month - 1][:3]} {day.year}"
