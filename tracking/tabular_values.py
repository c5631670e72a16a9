"""Cells to the values that events take: times with a zone, numbers with a comma, JSON in a column."""

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from math import isfinite
from typing import Any

import msgspec

from tracking.event import Drop, DropReason
from tracking.times import instant_of, moment_of, us_of

# What a cell of these fields holds as text is JSON.
JSON_FIELDS = frozenset({"items", "properties", "consent"})

_decode = msgspec.json.Decoder(float_hook=Decimal).decode
_EPOCH_DIGITS = re.compile(r"[0-9]{9,17}(?:\.[0-9]{1,6})?")
_MICROSECONDS = range(10**14, 10**17)  # GA4's event_timestamp; the door takes seconds and milliseconds only

# Groups of three, or none; a lone "1.234" with a decimal comma is a thousand and more.
_WITH_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:[. \u00a0\u202f']\d{3})+|\d+)(?:,\d+)?")
_WITH_POINT = re.compile(r"[+-]?(?:\d{1,3}(?:[, \u00a0\u202f']\d{3})+|\d+)(?:\.\d+)?")


def time_of(cell: Any, *, zone: tzinfo, time_format: str | None) -> int | Drop:
    """Give microseconds since the epoch for text, a number, or Parquet's dates; else Drop time_format.

    zone  for times that have none
    """
    if isinstance(cell, datetime):
        return us_of(_in_zone(cell, zone))
    if isinstance(cell, str):
        return _time_of_text(cell, zone=zone, time_format=time_format)
    if isinstance(cell, float):
        cell = plain(cell)
    if isinstance(cell, int) and cell in _MICROSECONDS:
        return cell
    moment = moment_of(cell)
    return moment if isinstance(moment, Drop) else moment.us


def number_text(text: str, *, has_decimal_comma: bool) -> str:
    """Give "1 234,50" as "1234.50"; what is no number in that way of writing is given back for the refusal."""
    pattern, decimal, groups = (
        (_WITH_COMMA, ",", ".\u00a0\u202f' ") if has_decimal_comma else (_WITH_POINT, ".", ",\u00a0\u202f' ")
    )
    if not pattern.fullmatch(text):
        return text
    whole, point, fraction = text.partition(decimal)
    return whole.translate(dict.fromkeys(map(ord, groups))) + ("." if point else "") + fraction


def json_value(field: str, cell: Any) -> Any:
    """Decode a cell of a JSON field; raises nothing: text that is no JSON is refused by its type later."""
    if field not in JSON_FIELDS or not isinstance(cell, str):
        return plain(cell)
    try:
        return _decode(cell)
    except (msgspec.DecodeError, ArithmeticError, ValueError, RecursionError):
        return cell


def plain(cell: Any) -> Any:
    """Give Parquet's values as JSON has them: floats exact as written, dates as text, bytes as text."""
    if isinstance(cell, float):
        return Decimal(repr(cell)) if isfinite(cell) else str(cell)
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    if isinstance(cell, dict):
        return {str(key): plain(inner) for key, inner in cell.items()}
    if isinstance(cell, (list, tuple)):
        return [plain(inner) for inner in cell]
    return cell


def _time_of_text(text: str, *, zone: tzinfo, time_format: str | None) -> int | Drop:
    if time_format is not None:
        try:
            return us_of(_in_zone(datetime.strptime(text, time_format), zone))  # noqa: DTZ007
        except ValueError:
            return Drop(DropReason.TIME_FORMAT, f'"{text[:40]}" is not written as {time_format}', "/time")
    if _EPOCH_DIGITS.fullmatch(text):
        number = Decimal(text) if "." in text else int(text)
        return time_of(number, zone=zone, time_format=None)
    moment = moment_of(text.removesuffix(" UTC"))  # BigQuery writes "2026-11-21 21:47:56 UTC"
    if isinstance(moment, Drop):
        return moment
    if moment.has_zone or text.endswith(" UTC"):
        return moment.us
    local = instant_of(moment.us).replace(tzinfo=None)
    return us_of(_in_zone(local, zone))


def _in_zone(when: datetime, zone: tzinfo) -> datetime:
    return (when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC)
