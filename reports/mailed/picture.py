"""The trend of a record as a drawing for mails and PDF: made of the record's own rows, so it shows what they say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast

import vl_convert
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports import figures
from reports.charts import LIGHT, Point, Series, Shade, Spec, Style, trend
from reports.exports import Cell, Share
from reports.snapshots.record import Record, Sheet
from reports.snapshots.showing import text_of
from reports.trends import AXES, chart_words

WIDTH, HEIGHT, SCALE = 552, 200, 2  # pixels of the mail's column; drawn twice as fine for dense screens
PAPER: Final = "#ffffff"  # of mails and of A4
VEGA_LITE: Final = "6.4"
FEWEST: Final = 2  # one point draws no line
WEEK, MONTH = 7, 28  # days of a bucket, or at least

Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of one column of a table of days; `alt` says its figures to who does not see it."""

    title: str
    alt: str
    spec: Spec

    def png(self) -> bytes:
        """Draw it for a mail."""
        numbers, days = _locales(self.spec)
        made = vl_convert.vegalite_to_png(
            self.spec, vl_version=VEGA_LITE, scale=SCALE, allowed_base_urls=[],
            format_locale=numbers, time_format_locale=days,
        )  # fmt: skip
        assert isinstance(made, bytes)  # noqa: S101  # the library has no types
        return made

    def svg(self) -> str:
        """Draw it for paper."""
        numbers, days = _locales(self.spec)
        made = vl_convert.vegalite_to_svg(
            self.spec, vl_version=VEGA_LITE, allowed_base_urls=[], format_locale=numbers, time_format_locale=days
        )
        assert isinstance(made, str)  # noqa: S101  # as above
        return made


def picture_of(record: Record, *, today: date) -> Picture | None:
    """Draw the record's table of days; None where it has none, or nothing to draw a line of.

    today   of the workspace's calendar; a bucket that reaches beyond its beginning is dotted
    """
    sheet = next((each for each in record.sheets if _is_of_days(each)), None)
    if sheet is None:
        return None
    head, rows = sheet.rows[0], [row for row in sheet.rows[1:] if _is_of_a_day(row)]
    place = next((n for n in range(2, len(head)) if any(isinstance(row[n], Share) for row in rows)), 2)
    known = [(row, cast(float, row[place])) for row in rows if isinstance(row[place], int | float)]
    if len(known) < FEWEST:
        return None
    name, first, last = str(head[place]), cast(date, rows[0][0]), cast(date, rows[-1][1])
    (lowest, _low), (highest, _high) = (choose(known, key=lambda pair: pair[1]) for choose in (min, max))
    words = _("%(figure)s, %(days)s. Lowest: %(low)s from %(low_day)s. Highest: %(high)s from %(high_day)s.")
    said = {
        "figure": name, "days": figures.days(first, last),
        "low": text_of(lowest[place]), "low_day": text_of(lowest[0]),
        "high": text_of(highest[place]), "high_day": text_of(highest[0]),
    }  # fmt: skip
    return Picture(name, words % said, _spec(head, rows, place, today))


def _is_of_days(sheet: Sheet) -> bool:
    return len(sheet.rows) > 1 and _is_of_a_day(sheet.rows[1])


def _is_of_a_day(row: Row) -> bool:
    """Say whether the row is of days, and not of the whole range."""
    return len(row) > 1 and all(isinstance(cell, date) for cell in row[:2])


def _spec(head: Row, rows: Sequence[Row], place: int, today: date) -> Spec:
    is_share = any(isinstance(row[place], Share) for row in rows)
    style = Style(theme=LIGHT, words=chart_words(), language=get_language() or "en")
    spec = trend(
        [Series(str(head[place]), tuple(_point(rows, n, place, today) for n in range(len(rows))))],
        axis=AXES["share" if is_share else "count"], style=style, shades=_outages(head, rows), height=HEIGHT,
    )  # fmt: skip
    return {**spec, "width": WIDTH, "background": PAPER}


def _point(rows: Sequence[Row], n: int, place: int, today: date) -> Point:
    row = rows[n]
    since, until, value = cast(date, row[0]), cast(date, row[1]), cast("float | None", row[place])
    ends = [cell for cell in row[place + 1 : place + 3] if isinstance(cell, Share)]
    low, high = ends if isinstance(value, Share) and len(ends) == 2 else (None, None)
    is_cut = n == 0 and not isinstance(value, Share) and _is_cut(rows)
    return Point(since, None if is_cut else value, low, high, is_partial=until > today)


def _is_cut(rows: Sequence[Row]) -> bool:
    """Say whether the range begins inside the first week or month: its sum would look like a rise."""
    if len(rows) < FEWEST:
        return False
    first, second = ((cast(date, row[0]), cast(date, row[1])) for row in rows[:2])
    usual, days = (second[1] - second[0]).days, (first[1] - first[0]).days
    return first[0].day != 1 if usual >= MONTH else usual == WEEK > days


def _outages(head: Row, rows: Sequence[Row]) -> list[Shade]:
    """Mark the days without data, where the table counts them."""
    if _("Days without data") not in head:
        return []
    place = head.index(_("Days without data"))
    broken = (row for row in rows if row[place])
    return [Shade(cast(date, row[0]), cast(date, row[1]), _("tracking broken"), is_fault=True) for row in broken]


def _locales(spec: Spec) -> tuple[Spec, Spec]:
    """Give how the spec's numbers are written, and how its days are."""
    options = spec["usermeta"]["embedOptions"]
    return options["formatLocale"], options["timeFormatLocale"]
