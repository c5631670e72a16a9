"""What every chart shares: colours, words, language, frame. One theme, in tokens or in hex. Pure; no Django.

A spec names colours only through its theme. For the browser these are "var(--token)", filled in by
static/js/mp-chart.js when it draws, so light and dark are the page's own; for mails and files they are hex.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

Spec = dict[str, Any]  # JSON of https://vega.github.io/schema/vega-lite/v6.json

MOST_SERIES: Final = 5  # more lines are not told apart; the caller folds the rest into "other"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a chart, each a CSS colour or a "var(--token)"."""

    text: str
    faint: str
    grid: str
    surface: str
    compared: str
    bad: str
    series: tuple[str, ...]


BROWSER: Final = Theme(
    text="var(--color-text)",
    faint="var(--color-text-faint)",
    grid="var(--color-grid)",
    surface="var(--color-surface)",
    compared="var(--color-compared)",
    bad="var(--color-bad)",
    series=tuple(f"var(--color-series-{place})" for place in range(1, MOST_SERIES + 1)),
)

# The tokens of static/css/tokens.css in hex, since what draws pictures knows no oklch. A test compares them.
LIGHT: Final = Theme(
    text="#151d2b",
    faint="#5f6874",
    grid="#dfe4e9",
    surface="#fcfdfe",
    compared="#87909b",
    bad="#ac2724",
    series=("#1761a2", "#8c5c41", "#764492", "#008283", "#5f6874"),
)
DARK: Final = Theme(
    text="#edf0f4",
    faint="#99a1ab",
    grid="#2a2f39",
    surface="#171c23",
    compared="#707883",
    bad="#f4928a",
    series=("#72b8f2", "#dda87d", "#cda5e6", "#73d1ca", "#99a1ab"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words inside a chart, given by the page, which knows the reader's language."""

    day: str = "Day"
    so_far: str = "so far"
    interval: str = "95 % interval"
    to: str = "to"


@dataclass(frozen=True, slots=True)
class Locale:
    """How d3 writes numbers and days; `days` and `months` start with Sunday and January."""

    decimal: str
    thousands: str
    days: tuple[str, ...]
    months: tuple[str, ...]


ENGLISH: Final = Locale(
    decimal=".",
    thousands=",",
    days=("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
)
_NORWEGIAN: Final = Locale(
    decimal=",",
    thousands="\u00a0",
    days=("søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"),
    months=(
        "januar",
        "februar",
        "mars",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "desember",
    ),
)
_SWEDISH: Final = replace(
    _NORWEGIAN,
    days=("söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"),
    months=(
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ),
)
_DANISH: Final = replace(
    _NORWEGIAN,
    thousands=".",
    days=("søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"),
    months=(
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ),
)
LOCALES: Final[dict[str, Locale]] = {"en": ENGLISH, "nb": _NORWEGIAN, "sv": _SWEDISH, "da": _DANISH}


@dataclass(frozen=True, slots=True)
class Style:
    """What all charts of a page share; `write` gives a value its look in the tip: figures.percent, say."""

    theme: Theme = BROWSER
    words: Words = field(default_factory=Words)
    language: str = "en"
    write: Callable[[float], str] = "{:g}".format


def frame(layers: list[Spec], encoding: Spec, style: Style, *, height: int) -> Spec:
    """Put layers into the frame; `height` of the plot in pixels, its width that of the page's column."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": {"left": 2, "top": 8, "bottom": 2, "right": 8},
        "background": "transparent" if style.theme is BROWSER else style.theme.surface,
        "layer": layers,
        "encoding": encoding,
        "config": _config(style.theme),
        "usermeta": {"embedOptions": _embed_locale(LOCALES.get(style.language, ENGLISH))},
    }


# As --font-text of tokens.css: a canvas does not inherit it.
FONT: Final = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
)


def _config(theme: Theme) -> Spec:
    axis = {
        "labelColor": theme.faint,
        "labelFontSize": 12,
        "labelFont": FONT,
        "titleColor": theme.faint,
        "gridColor": theme.grid,
        "domainColor": theme.grid,
        "tickColor": theme.grid,
        "labelPadding": 6,
    }
    return {
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "axisY": {"domain": False, "ticks": False},
        "text": {"font": FONT, "fontSize": 12, "color": theme.text},
        "legend": {"labelColor": theme.text, "labelFontSize": 12, "labelFont": FONT},
        "bar": {"color": theme.series[0]},
    }


def _embed_locale(locale: Locale) -> Mapping[str, Spec]:
    """Give vega-embed's `formatLocale` and `timeFormatLocale`."""
    return {
        "formatLocale": {
            "decimal": locale.decimal,
            "thousands": locale.thousands,
            "grouping": [3],
            "currency": ["", ""],
            "percent": "\u00a0%",
        },
        "timeFormatLocale": {
            "dateTime": "%-d %b %Y %H:%M",
            "date": "%-d %b %Y",
            "time": "%H:%M",
            "periods": ["AM", "PM"],
            "days": list(locale.days),
            "shortDays": [day[:3] for day in locale.days],
            "months": list(locale.months),
            "shortMonths": [month[:3] for month in locale.months],
        },
    }
