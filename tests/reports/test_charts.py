"""Charts: what is unknown is not drawn, colours are the page's, and pictures come out of the same spec."""

import json
import math
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import vl_convert

from reports import charts

TOKENS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"
FIRST = date(2026, 10, 1)


def make_series(name: str = "Purchases", days: int = 10, **kwargs: Any) -> charts.Series:
    points = tuple(charts.Point(FIRST + timedelta(days=n), 40 + n, 30, 50) for n in range(days))
    return charts.Series(name, points, **kwargs)


def marks_of(spec: charts.Spec, kind: str) -> list[charts.Spec]:
    return [layer for layer in spec["layer"] if "mark" in layer and layer["mark"]["type"] == kind]


def test_a_spec_for_the_page_names_no_colour_but_tokens() -> None:
    spec = charts.trend([make_series()], axis="~s", style=charts.Style(), target=charts.Target(45, "target 45"))
    assert not re.findall(r"#[0-9a-f]{6}|oklch|rgb", json.dumps(spec))


def test_the_unfinished_bucket_is_reached_by_a_dotted_line() -> None:
    series = make_series()
    partial = charts.Point(FIRST + timedelta(days=10), 3, is_partial=True)
    spec = charts.trend([charts.Series("Purchases", (*series.points, partial))], axis="~s", style=charts.Style())
    whole, dotted = marks_of(spec, "line")
    assert [len(whole["data"]["values"]), len(dotted["data"]["values"])] == [10, 2]
    assert dotted["mark"]["strokeDash"]


def test_an_unknown_day_stays_unknown() -> None:
    gap = charts.Point(FIRST + timedelta(days=10), None)
    spec = charts.trend([charts.Series("Purchases", (*make_series().points, gap))], axis="~s", style=charts.Style())
    assert marks_of(spec, "line")[0]["data"]["values"][-1]["value"] is None


def test_labels_of_lines_that_meet_are_moved_apart() -> None:
    spec = charts.trend([make_series("a"), make_series("b")], axis="~s", style=charts.Style())
    heights = sorted(layer["data"]["values"][0]["at"] for layer in marks_of(spec, "text"))
    top = spec["encoding"]["y"]["scale"]["domain"][1]
    assert heights[1] - heights[0] >= 0.07 * top


@pytest.mark.parametrize("amount", [0, 6])
def test_a_trend_of_no_or_too_many_series_is_refused(amount: int) -> None:
    with pytest.raises(ValueError, match="1 to 5 series"):
        charts.trend([make_series()] * amount, axis="~s", style=charts.Style())


def test_a_trend_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        charts.trend([charts.Series("Purchases", ())], axis="~s", style=charts.Style())


def test_no_data_at_all_is_still_a_chart() -> None:
    empty = charts.Series("Purchases", tuple(charts.Point(FIRST + timedelta(days=n), None) for n in range(3)))
    spec = charts.trend([empty], axis="~s", style=charts.Style())
    assert spec["encoding"]["y"]["scale"]["domain"] == [0, 1]


def test_a_tip_writes_the_day_in_the_readers_language() -> None:
    spec = charts.trend([make_series(days=1)], axis="~s", style=charts.Style(language="nb"))
    assert spec["layer"][-1]["data"]["values"][0]["written"] == "tor 1 okt 2026"


def test_the_strips_under_the_pointer_meet_half_way_between_weeks() -> None:
    points = tuple(charts.Point(FIRST + timedelta(weeks=week), week) for week in range(3))
    spec = charts.trend([charts.Series("Purchases", points)], axis="~s", style=charts.Style())
    strips = [(row["from"], row["until"]) for row in spec["layer"][-1]["data"]["values"]]
    assert strips == [
        ("2026-10-01T00:00:00Z", "2026-10-04T12:00:00Z"),
        ("2026-10-04T12:00:00Z", "2026-10-11T12:00:00Z"),
        ("2026-10-11T12:00:00Z", "2026-10-15T00:00:00Z"),
    ]


@pytest.mark.parametrize("cut", [0, 4], ids=["whole weeks", "the first week is cut"])
def test_weeks_have_their_ticks_under_their_points(cut: int) -> None:
    mondays = [date(2026, 10, 5) + timedelta(weeks=n) for n in range(8)]
    days = ([mondays[0] - timedelta(days=cut)] if cut else []) + mondays
    points = tuple(charts.Point(day, 1.0) for day in days)
    spec = charts.trend([charts.Series("Purchases", points)], axis="~s", style=charts.Style())
    ticks = spec["encoding"]["x"]["axis"]["values"]
    assert [date(each["year"], each["month"], each["date"]) for each in ticks] == mondays
    assert "Oct" in vl_convert.vegalite_to_svg(spec)


@pytest.mark.parametrize("length", [1, 31], ids=["days", "months"])
def test_days_and_months_have_the_usual_ticks(length: int) -> None:
    points = tuple(charts.Point(date(2026, 1, 1) + timedelta(days=n * length), 1.0) for n in range(10))
    axis = charts.trend([charts.Series("Purchases", points)], axis="~s", style=charts.Style())["encoding"]["x"]["axis"]
    assert "tickCount" in axis
    assert "values" not in axis


def test_a_tip_says_so_where_a_line_has_no_such_day() -> None:
    spec = charts.trend([make_series("a"), make_series("b", days=1)], axis="~s", style=charts.Style())
    assert spec["layer"][-1]["data"]["values"][1]["s1"] == "–"


def test_a_comparison_keeps_the_order_it_was_given() -> None:
    bars = [charts.Bar(row, model, 1) for row in ("paid_search", "direct") for model in ("last", "first")]
    spec = charts.comparison_bars(bars, axis="~s", style=charts.Style())
    assert spec["encoding"]["y"]["sort"] == ["paid_search", "direct"]
    assert spec["layer"][0]["encoding"]["color"]["scale"]["domain"] == ["last", "first"]


@pytest.mark.parametrize("theme", [charts.LIGHT, charts.DARK], ids=["light", "dark"])
def test_the_same_spec_becomes_a_picture(theme: charts.Theme) -> None:
    style = charts.Style(theme=theme)
    spec = charts.trend([make_series()], axis="~s", style=style, target=charts.Target(45, "target 45"))
    picture = vl_convert.vegalite_to_svg({**spec, "width": 600}, vl_version="6.4")
    assert "target 45" in picture
    assert theme.series[0] in picture


def test_the_themes_in_hex_are_the_tokens() -> None:
    light, dark = palettes(TOKENS.read_text(encoding="utf-8"))
    wanted = ("fjord", "bark", "heather", "lichen", "ink-6")
    assert charts.LIGHT.series == tuple(light[name] for name in wanted)
    assert charts.DARK.series == tuple(dark[name] for name in wanted)
    for theme, palette in ((charts.LIGHT, light), (charts.DARK, dark)):
        found = (theme.text, theme.faint, theme.grid, theme.surface, theme.compared, theme.bad)
        assert found == tuple(palette[name] for name in ("ink-9", "ink-6", "ink-3", "ink-0", "ink-5", "rowan")), theme


def palettes(css: str) -> tuple[dict[str, str], dict[str, str]]:
    """Read the palettes of tokens.css as hex; dark is light with what dark mode redefines."""
    before, _mark, after = css.partition("@media (prefers-color-scheme: dark)")
    light = colours(before)
    return light, light | colours(after.partition("@media")[0])


def colours(css: str) -> dict[str, str]:
    found = re.findall(r"--([\w-]+): ([\d.]+)% ([\d.]+) ([\d.]+);", css)
    return {name: as_hex(float(light) / 100, float(chroma), float(hue)) for name, light, chroma, hue in found}


def as_hex(light: float, chroma: float, hue: float) -> str:
    """Turn OKLCH into sRGB by the matrices of Ottosson 2020, clipped."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * min(1, max(0, encoded(part)))):02x}" for part in linear)


def encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * max(part, 0) ** (1 / 2.4) - 0.055
