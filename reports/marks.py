"""The small drawings inside tables as geometry: bullet bar and sparkline. Pure; the templates draw them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEADROOM: Final = 1.15  # the bar ends at 115 % of the target, so that a forecast a little past it stays inside
SPARK_WIDTH: Final = 104
SPARK_HEIGHT: Final = 30
SPARK_EDGE: Final = 4  # room for the last point and for the line's width


@dataclass(frozen=True, slots=True)
class Bullet:
    """Positions along the bar, as SVG percentages ("59.1%"); an empty text where there is nothing to draw."""

    actual: str
    target: str
    expected: str
    band_from: str
    band_width: str


@dataclass(frozen=True, slots=True)
class Spark:
    """An SVG path in a box of 104 x 30; `below` closes it to the floor; the last known point has a dot."""

    line: str
    below: str
    last_x: str
    last_y: str


def bullet(
    *,
    actual: float | None,
    target: float | None,
    expected: float | None = None,
    low: float | None = None,
    high: float | None = None,
) -> Bullet | None:
    """Lay out the bar; None without a target above zero, since there is nothing to measure against.

    all in the KPI's own unit; `low` and `high` are the ends of the forecast
    """
    if not target or target < 0:
        return None
    end = max(target * HEADROOM, actual or 0, high or 0)

    def at(value: float | None) -> str:
        return "" if value is None else _percentage(min(max(value, 0), end) / end)

    has_band = low is not None and high is not None and high > low
    return Bullet(
        actual=at(actual),
        target=at(target),
        expected=at(expected),
        band_from=at(low) if has_band else "",
        band_width=_percentage(((high or 0) - max(low or 0, 0)) / end) if has_band else "",
    )


def spark(values: Sequence[float | None]) -> Spark | None:
    """Draw the values from left to right; a gap where one is unknown; None for fewer than two known ones."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / (len(values) - 1)
    height = SPARK_HEIGHT - 2 * SPARK_EDGE
    # A flat line runs through the middle.
    points = [
        None
        if value is None
        else (
            SPARK_EDGE + place * step,
            SPARK_EDGE + height * (1 - (value - low) / (high - low) if high > low else 0.5),
        )
        for place, value in enumerate(values)
    ]
    runs = _runs(points)
    x, y = runs[-1][-1]
    return Spark(
        line=" ".join(f"M{_joined(run)}" for run in runs),
        below=" ".join(
            f"M{_joined(run)} L{run[-1][0]:.1f} {SPARK_HEIGHT} L{run[0][0]:.1f} {SPARK_HEIGHT}Z" for run in runs
        ),
        last_x=f"{x:.1f}",
        last_y=f"{y:.1f}",
    )


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is not None:
            runs[-1].append(point)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _joined(run: Sequence[tuple[float, float]]) -> str:
    return " L".join(f"{x:.1f} {y:.1f}" for x, y in run)


def _percentage(share: float) -> str:
    return f"{share * 100:.1f}%"
