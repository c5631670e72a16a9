"""Two figures of different units over the same days: a line each, and an axis each. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from reports import chart_layers
from reports.chart_shapes import Note, Series, Shade
from reports.chart_theme import Spec, Style, frame


def pair(
    first: Series,
    second: Series,
    *,
    formats: tuple[str, str],
    style: Style,
    shades: Sequence[Shade] = (),
    notes: Sequence[Note] = (),
    height: int = 280,
) -> Spec:
    """Draw the first by the axis at the left and the second by the one at the right, each named in its line's colour.

    formats   d3 formats of the two axes
    raises    ValueError for no day at all
    """
    if not first.points:
        raise ValueError("two lines have at least one day; without any, the page says why it is empty")
    # Each line takes the first colour of its theme.
    later = replace(style, theme=replace(style.theme, series=style.theme.series[1:]))
    layers: list[Spec] = [
        *(chart_layers.shade(shade, style) for shade in shades),
        _own(first, formats[0], style, side="left"),
        _own(second, formats[1], later, side="right"),
        *chart_layers.hover([first, second], style),
        *(chart_layers.note(note, style) for note in notes),
    ]
    axis = chart_layers.day_axis([first, second], style)
    encoding = {"x": {"field": "day", "type": "temporal", "scale": {"type": "utc"}, "axis": axis}}
    spec = frame(layers, encoding, style, height=height)
    return {**spec, "resolve": {"scale": {"y": "independent"}}, "params": [{"name": "narrow", "value": False}]}


def _own(series: Series, axis: str, style: Style, *, side: str) -> Spec:
    colour = style.theme.series[0]
    return {
        "layer": chart_layers.lines([series], style),
        "encoding": {
            "y": {
                "type": "quantitative",
                "scale": {"domain": [0, chart_layers.top([series], None)]},
                "axis": {
                    "format": axis,
                    "tickCount": 4,
                    "title": series.name,
                    "titleColor": colour,
                    "labelColor": colour,
                    "orient": side,
                    "grid": side == "left",
                },
            }
        },
    }
