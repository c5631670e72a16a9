"""Cells of an ad report: amounts, counts and days as platforms write them in several countries. Pure."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from tracking.tabular_values import number_text

_NOTHING = frozenset({"", "-", "--", "—", "\u2013", "n/a", "na", "null", "none", "not set", "(not set)"})
_SIGNS = re.compile(r"^[^\d+\-.,]+|[^\d]+$")  # "kr 1 234,50", "12.50 €"
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?")
_COMMA_DECIMALS = re.compile(r"[+-]?(?:\d{1,3}(?:[. \u00a0\u202f']\d{3})+|\d+),\d{1,2}|[+-]?\d{1,3}(?:\.\d{3})+,\d+")
_POINT_DECIMALS = re.compile(r"[+-]?(?:\d{1,3}(?:[, \u00a0\u202f']\d{3})+|\d+)\.\d{1,2}|[+-]?\d{1,3}(?:,\d{3})+\.\d+")
_POINT_GROUPS = re.compile(r"\d{1,3}(?:\.\d{3})+")
_PARTS = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")
ISO = "%Y-%m-%d"
# Days that can be read one way only. Not %b: it depends on the locale of the machine.
_PLAIN_FORMATS = (ISO, "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%d.%m.%Y", "%d.%m.%y")
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            *("jan januar januari january", "feb februar februari february", "mar mars marts march", "apr april"),
            *("may mai maj", "jun juni june", "jul juli july", "aug august augusti"),
            *("sep sept september", "oct okt october oktober", "nov november", "dec des december desember"),
        ),
        start=1,
    )
    for name in names.split()
}
_WITH_NAME = re.compile(r"(?:(\d{1,2})\.? ([^\W\d]+)|([^\W\d]+) (\d{1,2}),?)\.?,? (\d{4})")


class Unreadable(ValueError):
    """A cell that is not what its column says; its text is for the owner of the file."""


def is_nothing(cell: str) -> bool:
    """Tell what platforms write where there is nothing."""
    return cell.strip().casefold() in _NOTHING


def number_of(cell: str, *, has_decimal_comma: bool) -> Decimal | None:
    """Give a number, None for nothing; raise Unreadable."""
    if is_nothing(cell):
        return None
    bare = _SIGNS.sub("", cell.strip())
    text = number_text(bare, has_decimal_comma=has_decimal_comma)
    if not _NUMBER.fullmatch(text):
        raise Unreadable(f'"{cell[:40]}" is no number with a decimal {"comma" if has_decimal_comma else "point"}')
    return Decimal(text)


def has_decimal_comma(amounts: Iterable[str], counts: Iterable[str]) -> bool:
    """Find out which of point and comma stands before decimals; counts have none, so their points part thousands."""
    bare = [_SIGNS.sub("", cell.strip()) for cell in amounts]
    with_comma = sum(_COMMA_DECIMALS.fullmatch(cell) is not None for cell in bare)
    with_point = sum(_POINT_DECIMALS.fullmatch(cell) is not None for cell in bare)
    if with_comma == with_point:
        return any(_POINT_GROUPS.fullmatch(cell.strip()) for cell in counts)
    return with_comma > with_point


def day_format(cells: Iterable[str]) -> str | None:
    """Find the order of day and month where they are written 3/4/2026; None where both orders would do.

    returns  a pattern of strptime; ISO where no cell is written like that
    """
    found = [match for cell in cells if (match := _PARTS.fullmatch(cell.strip()))]
    if not found:
        return ISO
    sign = found[0][2]
    if any(int(match[1]) > 12 for match in found) or sign == ".":
        return f"%d{sign}%m{sign}%Y"
    return f"%m{sign}%d{sign}%Y" if any(int(match[3]) > 12 for match in found) else None


def day_of(cell: str, *, written: str) -> date:
    """Give the day; raise Unreadable."""
    text = cell.strip().removesuffix(" 00:00").removesuffix(" 00:00:00").removesuffix("T00:00:00")
    for pattern in (written, *_PLAIN_FORMATS):
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
        if 2000 <= day.year <= 2100:
            return day
    named = _WITH_NAME.fullmatch(text.casefold())
    month = _MONTHS.get(named[2] or named[3]) if named else None
    if named and month:
        try:
            return date(int(named[5]), month, int(named[1] or named[4]))
        except ValueError:
            pass
    raise Unreadable(f'"{cell[:40]}" is no day')
