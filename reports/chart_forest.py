"""A forest plot: ratios with their intervals, one below the other, on a scale of logarithms. Pure; no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reports.chart_theme import Spec, Style, frame

SMALLEST, LARGEST = 260, 900  # areas of the dots in square pixels; the smallest has room for its letter
ROW_PX: Final = 44
WIDEST: Final = (1 / 16, 16.0)  # an interval that goes on beyond is cut here; its ends stand in the table


@dataclass(frozen=True, slots=True)
class Mark:
    """A row: a dot at the ratio, as large as its share of persons, a letter in it, and a line for the interval."""

    row: str
    value: float
    low: float
    high: float
    share: float
    letter: str
    text: str

    @property
    def is_away_from_one(self) -> bool:
        """Say whether the interval leaves 1 out."""
        return not self.low <= 1 <= self.high


def forest(marks: Sequence[Mark], *, style: Style) -> Spec:
    """Draw the marks in the order given.

    raises   ValueError for no marks
    """
    if not marks:
        raise ValueError("a forest plot has at least one ratio; without any, the page says why")
    low = max(WIDEST[0], min(0.5, *(mark.low for mark in marks)) / 1.1)
    high = min(WIDEST[1], max(2.0, *(mark.high for mark in marks)) * 1.1)
    encoding = {
        "y": {
            "field": "row",
            "type": "nominal",
            "sort": [mark.row for mark in marks],
            "axis": {"title": None, "grid": False, "domain": False, "ticks": False, "labelLimit": 150},
        },
        "x": {
            "type": "quantitative",
            "scale": {"type": "log", "domain": [low, high], "clamp": True},
            "axis": {"format": "~g", "tickCount": 5, "title": None, "values": _ticks(low, high)},
        },
    }
    spec = frame(_layers(style), encoding, style, height=ROW_PX * len(marks) + 34)
    values = [
        {
            "row": mark.row,
            "value": mark.value,
            "low": mark.low,
            "high": mark.high,
            "share": mark.share,
            "letter": mark.letter,
            "away": mark.is_away_from_one,
            "text": mark.text,
        }
        for mark in marks
    ]
    return {**spec, "data": {"values": values}}


def _layers(style: Style) -> list[Spec]:
    theme = style.theme
    colour = {"condition": {"test": "datum.away", "value": theme.series[0]}, "value": theme.faint}
    tip = [{"field": "row", "title": " "}, {"field": "text", "title": "×"}]
    one = {"data": {"values": [{"one": 1}]}, "mark": {"type": "rule", "color": theme.text, "strokeDash": [6, 4]}}
    return [
        {**one, "encoding": {"y": None, "x": {"field": "one", "type": "quantitative"}}},
        {
            "mark": {"type": "rule", "strokeWidth": 2.5, "strokeCap": "round"},
            "encoding": {
                "x": {"field": "low", "type": "quantitative"},
                "x2": {"field": "high"},
                "color": colour,
            },
        },
        {
            "mark": {"type": "point", "filled": True, "opacity": 1},
            "encoding": {
                "x": {"field": "value", "type": "quantitative"},
                "color": colour,
                "size": {
                    "field": "share",
                    "type": "quantitative",
                    "scale": {"domainMin": 0, "range": [SMALLEST, LARGEST]},
                    "legend": None,
                },
                "tooltip": tip,
            },
        },
        {
            "mark": {"type": "text", "fontWeight": "bold", "color": theme.surface, "dy": 1},
            "encoding": {"x": {"field": "value", "type": "quantitative"}, "text": {"field": "letter"}, "tooltip": tip},
        },
    ]


def _ticks(low: float, high: float) -> list[float]:
    return [tick for tick in (1 / 16, 1 / 8, 0.25, 0.5, 1, 1.5, 2, 3, 4, 8, 16) if low <= tick <= high]
