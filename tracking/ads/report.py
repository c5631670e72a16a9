"""An ad platform's report of costs, row by row: what was spent, or why a row says nothing. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import islice
from typing import BinaryIO

from tracking.ads import cells, table
from tracking.ads.cells import Unreadable
from tracking.ads.table import Written
from tracking.ads.words import TOTALS, Field, Platform
from tracking.amounts import MICROS, currency_of
from tracking.event import Drop
from tracking.tabular_rows import RowError

SAMPLE_ROWS = 5_000  # by which decimals and days are judged
MOST_NAME_CHARS = 512
MOST_ID_CHARS = 64
_MOST = 10**12  # of a cost, a count of impressions; more is a column that was mistaken for another
TOTAL, FOOTER = "total_row", "footer"  # reasons why a row is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the file's owner says of it; None is found out.

    currency   for reports that name none: the account's
    day_format a pattern of strptime
    own        the workspace's words for columns, by words.key_of
    """

    platform: Platform | None = None
    currency: str | None = None
    day_format: str | None = None
    has_decimal_comma: bool | None = None
    encoding: str | None = None
    delimiter: str | None = None
    own: Mapping[str, Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How a report will be read; faults say why it cannot be, and then nothing else is certain.

    currency  of rows that name none themselves
    """

    written: Written | None
    platform: Platform | None = None
    currency: str | None = None
    day_format: str = cells.ISO
    has_decimal_comma: bool = False
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spend:
    """What one row says; conversions and their value are the platform's own, and None where it says nothing."""

    line: int
    day: date
    account: str
    campaign: str
    campaign_id: str
    ad_group: str
    ad_group_id: str
    currency: str
    cost_micros: int
    impressions: int
    clicks: int
    conversions: Decimal | None
    conversion_micros: int | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is none: a sum of others, a copyright line."""

    line: int
    reason: str


Outcome = Spend | RowError | LeftOut


def looks_like_one(stream: BinaryIO) -> bool:
    """Tell whether a file is a report of costs, by words that come with this program."""
    written = table.find(stream, {})
    return written is not None and written.matched.is_report


def settle(stream: BinaryIO, asked: Asked) -> Report:
    """Find out how the report is written; raises UnreadableFileError."""
    written = table.find(stream, asked.own, encoding=asked.encoding, delimiter=asked.delimiter)
    if written is None:
        return Report(written=None, faults=("no row of the first thirty has headers that are known",))
    sample = [row for _, row in islice(table.rows(stream, written), SAMPLE_ROWS)]
    day_format = asked.day_format or cells.day_format(_column(sample, written, Field.DAY))
    comma = asked.has_decimal_comma
    if comma is None:
        comma = _has_comma(sample, written)
    platform = asked.platform or written.matched.platform
    in_header = written.matched.currency
    currency = asked.currency if in_header is None or isinstance(currency_of(in_header), Drop) else in_header
    return Report(
        written=written,
        platform=platform,
        currency=currency,
        day_format=day_format or cells.ISO,
        has_decimal_comma=comma,
        faults=tuple(_faults(written, platform, currency, day_format)),
    )


def read(stream: BinaryIO, report: Report) -> Iterator[Outcome]:
    """Say what became of each row below the headers; raises UnreadableFileError."""
    if report.written is None or report.faults:
        return
    for line, row in table.rows(stream, report.written):
        yield _outcome(line, row, report, report.written)


def _faults(written: Written, platform: Platform | None, currency: str | None, day_format: str | None) -> Iterator[str]:
    columns = written.matched.columns
    for field, word in (
        (Field.DAY, "of days; make the report by day"),
        (Field.CAMPAIGN, "of campaigns"),
        (Field.COST, "of costs"),
    ):
        if field not in columns and not (field is Field.CAMPAIGN and Field.CAMPAIGN_ID in columns):
            yield f"the report has no column {word}"
    if platform is None:
        yield "the platform cannot be told by the headers; say which it is"
    if currency is None and Field.CURRENCY not in columns:
        yield "the report names no currency; say which the account has"
    if day_format is None:
        yield "its days can be read in two ways, such as 3/4/2026; say how they are written"


def _outcome(line: int, row: Sequence[str], report: Report, written: Written) -> Outcome:
    filled = [cell for cell in row if cell]
    if len(filled) == 1 and len(written.headers) > 2:
        return LeftOut(line, TOTAL if _is_total(filled[0]) else FOOTER)
    values = {field: row[at] if at < len(row) else "" for field, at in written.matched.columns.items()}
    if _is_sum(row, values):
        return LeftOut(line, TOTAL)
    if len(row) != len(written.headers):
        message = f"the row has {len(row)} cells under {len(written.headers)} headers"
        return RowError(line, "", written.delimiter.join(row)[:80], "row_length", message)
    try:
        return _spend(line, values, report)
    except _Wrong as fault:
        header = written.headers[written.matched.columns[fault.field]] if fault.field in values else str(fault.field)
        return RowError(line, header, values.get(fault.field, "")[:80], fault.code, str(fault))


def _is_sum(row: Sequence[str], values: Mapping[Field, str]) -> bool:
    """Tell a row that adds others up: it says so, or it has a cost and no campaign."""
    named = [values.get(field, "") for field in (Field.CAMPAIGN, Field.CAMPAIGN_ID)]
    has_campaign = any(not cells.is_nothing(name) for name in named)
    return _is_total(next((cell for cell in row if cell), "")) or not has_campaign


def _is_total(cell: str) -> bool:
    word = cell.casefold().strip(" \u200e\u200f")
    return any(word == total or word.startswith((f"{total}:", f"{total} -", f"{total} —")) for total in TOTALS)


class _Wrong(ValueError):
    def __init__(self, field: Field, code: str, message: str) -> None:
        super().__init__(message)
        self.field, self.code = field, code


def _spend(line: int, values: Mapping[Field, str], report: Report) -> Spend:
    day = _day(values, report)
    numbers = {field: _number(field, values, report) for field in _NUMBERS}
    currency = _currency(values, report)
    return Spend(
        line=line,
        day=day,
        account=_name(values, Field.ACCOUNT),
        campaign=_name(values, Field.CAMPAIGN),
        campaign_id=_id(values, Field.CAMPAIGN_ID),
        ad_group=_name(values, Field.AD_GROUP),
        ad_group_id=_id(values, Field.AD_GROUP_ID),
        currency=currency,
        cost_micros=_micros(numbers[Field.COST] or Decimal()),
        impressions=_count(Field.IMPRESSIONS, numbers),
        clicks=_count(Field.CLICKS, numbers),
        conversions=numbers[Field.CONVERSIONS],
        conversion_micros=None if (value := numbers[Field.CONVERSION_VALUE]) is None else _micros(value),
    )


_NUMBERS = (Field.COST, Field.IMPRESSIONS, Field.CLICKS, Field.CONVERSIONS, Field.CONVERSION_VALUE)


def _day(values: Mapping[Field, str], report: Report) -> date:
    try:
        day = cells.day_of(values[Field.DAY], written=report.day_format)
        end = values.get(Field.DAY_END, "")
        last = day if cells.is_nothing(end) else cells.day_of(end, written=report.day_format)
    except Unreadable as fault:
        raise _Wrong(Field.DAY, "time_format", str(fault)) from fault
    if last != day:
        raise _Wrong(Field.DAY, "not_one_day", f"the row covers {day} to {last}; make the report by day")
    return day


def _number(field: Field, values: Mapping[Field, str], report: Report) -> Decimal | None:
    try:
        found = cells.number_of(values.get(field, ""), has_decimal_comma=report.has_decimal_comma)
    except Unreadable as fault:
        raise _Wrong(field, "amount_format", str(fault)) from fault
    if found is not None and not 0 <= found <= _MOST:
        raise _Wrong(field, "amount_format", f"{found} is less than nothing, or more than a trillion")
    return found


def _currency(values: Mapping[Field, str], report: Report) -> str:
    named = values.get(Field.CURRENCY, "")
    code = currency_of(report.currency if cells.is_nothing(named) else named)
    if isinstance(code, Drop):
        raise _Wrong(Field.CURRENCY, str(code.reason), code.message)
    return code


def _count(field: Field, numbers: Mapping[Field, Decimal | None]) -> int:
    number = numbers[field] or Decimal()
    if number != number.to_integral_value():
        raise _Wrong(field, "amount_format", f"{number} is no whole number; is the decimal sign right?")
    return int(number)


def _name(values: Mapping[Field, str], field: Field) -> str:
    text = values.get(field, "")
    return "" if cells.is_nothing(text) else text.replace("\x00", "\ufffd")[:MOST_NAME_CHARS]


def _id(values: Mapping[Field, str], field: Field) -> str:
    # Meta's tables for spreadsheets write ids as "c:123"; Excel makes 1.2E+16 of them, which is none any more.
    text = _name(values, field).removeprefix("c:").removeprefix("cg:").strip("'\"= ")
    return text[:MOST_ID_CHARS]


def _micros(number: Decimal) -> int:
    return int((number * MICROS).to_integral_value(ROUND_HALF_EVEN))


def _column(sample: Sequence[Sequence[str]], written: Written, field: Field) -> list[str]:
    at = written.matched.columns.get(field)
    return [] if at is None else [row[at] for row in sample if len(row) == len(written.headers)]


def _has_comma(sample: Sequence[Sequence[str]], written: Written) -> bool:
    money = (Field.COST, Field.CONVERSION_VALUE)
    amounts = [cell for field in money for cell in _column(sample, written, field)]
    counts = [cell for field in (Field.IMPRESSIONS, Field.CLICKS) for cell in _column(sample, written, field)]
    return cells.has_decimal_comma(amounts, counts)
