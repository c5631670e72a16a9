"""The layers of a trend: lines, band, target, shades, notes, labels, and what a pointer finds. Pure."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from reports.chart_shapes import Key, Note, Point, Series, Shade, Target
from reports.chart_theme import ENGLISH, LOCALES, Spec, Style

MOST_WEEKS: Final = 27  # half a year; of more weeks than these the ticks would touch
LABEL_GAP: Final = 0.075  # of the chart's height: the least distance between two direct labels


def lines(series: Sequence[Series], style: Style) -> list[Spec]:
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


def band(first: Series, style: Style) -> list[Spec]:
    ended = [point for point in first.points if not point.is_partial]
    if all(point.low is None for point in ended):
        return []
    values = [{"day": point.day.isoformat(), "low": point.low, "high": point.high} for point in ended]
    mark = {"type": "area", "color": style.theme.series[0], "opacity": 0.13, "clip": True}
    return [
        {
            "data": {"values": values},
            "mark": mark,
            "encoding": {"y": {"field": "low"}, "y2": {"field": "high"}},
        }
    ]


def target(target: Target | None, style: Style) -> list[Spec]:
    if target is None:
        return []
    rule = {
        "type": "rule",
        "color": style.theme.text,
        "strokeDash": [6, 4],
        "strokeWidth": 1.25,
        "opacity": 0.75,
    }
    data = {"values": [{"value": target.value}]}
    return [{"data": data, "mark": rule, "encoding": {"x": None, "y": {"field": "value"}}}]


def shade(shade: Shade, style: Style) -> Spec:
    colour = style.theme.bad if shade.is_fault else style.theme.compared
    data = {"values": [{"day": shade.since.isoformat(), "until": shade.until.isoformat(), "label": shade.label}]}
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
                    "color": style.theme.bad if shade.is_fault else style.theme.faint,
                    "fontSize": 11,
                    "text": {"expr": "narrow ? '' : datum.label"},
                },
            },
        ],
    }


def note(note: Note, style: Style) -> Spec:
    """Set a flag on the axis, so that it never covers a line; its words come on hover and in the table."""
    return {
        "data": {"values": [{"day": note.day.isoformat(), "label": note.label, "written": _days(note, style)}]},
        "mark": {
            "type": "point",
            "shape": "triangle-up",
            "size": 110,
            "filled": True,
            "opacity": 1,
            "color": style.theme.text,
            "y": "height",
        },
        "encoding": {"tooltip": [{"field": "label", "title": "⚑"}, {"field": "written", "title": style.words.day}]},
    }


def _days(note: Note, style: Style) -> str:
    first = _written(note.since or note.day, style)
    return f"{first} {style.words.to} {_written(note.until - timedelta(days=1), style)}" if note.until else first


def hover(series: Sequence[Series], style: Style) -> list[Spec]:
    """Show every line's value for the day under the pointer: one rule, one tip."""
    rows = _tips(series, style)
    near = {"type": "point", "fields": ["day"], "on": "pointerover", "clear": "pointerout"}
    tip = [{"field": "written", "title": style.words.day}]
    tip += [{"field": f"s{place}", "title": each.name} for place, each in enumerate(series)]
    shown = {"condition": {"param": "near", "empty": False, "value": 0.6}, "value": 0}
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "color": style.theme.faint},
            "encoding": {"opacity": shown},
        },
        # A strip a day takes the pointer. Vega-Lite's own `nearest` loses the fields of a tip that has several.
        {
            "data": {"values": rows},
            "params": [{"name": "near", "select": near}],
            "mark": {"type": "rect", "color": "transparent"},
            "encoding": {
                "x": {"field": "from", "type": "temporal"},
                "x2": {"field": "until", "type": "temporal"},
                "tooltip": tip,
            },
        },
    ]


def _tips(series: Sequence[Series], style: Style) -> list[dict[str, str]]:
    """Give a row for each day: its strip, half-way to its neighbours, and what each line says of it."""
    texts: dict[date, dict[str, str]] = {}
    for place, each in enumerate(series):
        for point in each.points:
            texts.setdefault(point.day, {})[f"s{place}"] = _tip(point, style, each.write or style.write)
    days = sorted(texts)
    middles = [_noon_between(day, following) for day, following in pairwise(days)]
    edges = [f"{days[0]}T00:00:00Z", *middles, f"{days[-1]}T00:00:00Z"]
    unknown = {f"s{place}": "–" for place in range(len(series))}
    return [
        {"day": day.isoformat(), "from": start, "until": end, "written": _written(day, style), **unknown, **texts[day]}
        for day, (start, end) in zip(days, pairwise(edges), strict=True)
    ]


def _noon_between(day: date, following: date) -> str:
    hours = (following - day).days * 12
    return f"{day + timedelta(days=hours // 24)}T{hours % 24:02}:00:00Z"


def keys(series: Sequence[Series], target: Target | None) -> tuple[Key, ...]:
    """Give the names of lines and target; a single line needs none, the chart's title has it."""
    named = [
        Key(each.name, "compared" if each.is_compared else f"series-{place}") for place, each in enumerate(series, 1)
    ]
    lines_named = named if len(series) > 1 else []
    return (*lines_named, *((Key(target.label, "target"),) if target else ()))


def labels(series: Sequence[Series], target: Target | None, top: float, style: Style) -> list[Spec]:
    """Name lines and target at the right end, moved apart where two would meet."""
    days = [point.day for each in series for point in each.points]
    ends = _ends(series, style) if len(series) > 1 else []
    if target:
        ends.append((target.value, target.label, style.theme.text))
    mark = {
        "type": "text",
        "align": "left",
        "baseline": "middle",
        "dx": 8,
        "fontWeight": 600,
        "limit": 150,
        "text": {"expr": "narrow ? '' : datum.name"},
    }
    return [
        {
            "data": {"values": [{"day": max(days).isoformat(), "at": at, "name": name}]},
            "mark": {**mark, "color": colour},
            "encoding": {"y": {"field": "at"}},
        }
        for at, name, colour in _apart(ends, top)
    ]


def _ends(series: Sequence[Series], style: Style) -> list[tuple[float, str, str]]:
    """Give (height, name, colour) of each line's last known value."""
    ends = []
    for place, each in enumerate(series):
        known = [point.value for point in each.points if point.value is not None]
        # The compared line's own grey is enough for a line and too little for words.
        colour = style.theme.faint if each.is_compared else style.theme.series[place]
        if known:
            ends.append((known[-1], each.name, colour))
    return ends


def _apart(ends: Sequence[tuple[float, str, str]], top: float) -> list[tuple[float, str, str]]:
    """Move the labels up from the lowest, so that they stand at least LABEL_GAP apart."""
    placed: list[tuple[float, str, str]] = []
    floor = 0.0
    for height, name, colour in sorted(ends):
        placed.append((max(height, floor), name, colour))
        floor = placed[-1][0] + LABEL_GAP * top
    return placed


def top(series: Sequence[Series], target: Target | None) -> float:
    """Give the end of the value axis, with room over the highest line; the axis starts at zero."""
    heights = [point.value for each in series for point in each.points if point.value is not None]
    # An interval of a thin day may reach far up; it is cut rather than pressing the line flat.
    heights += [
        point.high
        for point in series[0].points
        if point.high is not None and point.value and point.high < 2 * point.value
    ]
    heights += [target.value] if target else []
    return max(heights, default=0) * 1.12 or 1


def day_axis(series: Sequence[Series], style: Style) -> Spec:
    days = [point.day for each in series for point in each.points]
    whole = (max(days) - min(days) if days else timedelta()).days
    pattern = "%b %Y" if whole > 400 else "%-d %b"
    return {
        "format": pattern,
        "formatType": "time",
        "title": None,
        "grid": False,
        **_ticks(days),
        "labelOverlap": True,
        "labelColor": style.theme.faint,
    }


def _ticks(days: Sequence[date]) -> Spec:
    """Put a tick under each week's point: the library's own weeks begin on Sunday, ours on Monday."""
    starts = sorted(set(days))
    weeks = [day for day in starts if (starts[-1] - day).days % 7 == 0]
    # The first bucket alone may begin inside its week.
    if not 2 < len(starts) <= MOST_WEEKS or len(weeks) < len(starts) - 1:
        return {"tickCount": {"expr": "max(2, floor(width / 90))"}}
    return {"values": [{"year": day.year, "month": day.month, "date": day.day, "utc": True} for day in weeks]}


def _tip(point: Point, style: Style, write: Callable[[float], str]) -> str:
    if point.value is None:
        return "–"
    text = write(point.value)
    if point.low is not None and point.high is not None:
        text += f" ({write(point.low)} {style.words.to} {write(point.high)})"
    return f"{text}, {style.words.so_far}" if point.is_partial else text


def _written(day: date, style: Style) -> str:
    locale = LOCALES.get(style.language, ENGLISH)
    weekday = locale.days[(day.weekday() + 1) % 7]
    return f"{weekday[:3]} {day.day} {locale.months[day.month - 1][:3]} {day.year}"
