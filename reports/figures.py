"""How every number is written: counts, rates, money, change, durations, days. One look on page, mail, export.

Pure but for the reader's language, which Django knows. Spaces inside a figure never break.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

from django.utils import formats
from django.utils.translation import get_language, gettext, ngettext, pgettext

from workspaces.languages import short_day

NBSP: Final = "\u00a0"
MICROS: Final = 1_000_000
COMPACT_FROM: Final = 10_000  # up to four digits are read at a glance
ALMOST_ALL: Final = Decimal("99.5")  # from here on whole per cent would read "100 %"
LITTLE_DATA: Final = 30  # below this denominator a rate is marked; the least n of the statistics pages

# What people write, not what ISO says. The code itself is in the exact figure, since "kr" has three meanings.
SYMBOLS: Final = {
    "NOK": "kr",
    "SEK": "kr",
    "DKK": "kr",
    "ISK": "kr",
    "EUR": "€",
    "GBP": "£",
    "USD": "$",
    "PLN": "zł",
}
SYMBOL_FIRST: Final = frozenset({"€", "£", "$"})  # in English; the Nordic languages put every symbol last
WITHOUT_CENTS: Final = frozenset({"ISK", "JPY", "KRW"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as people read it, and the same in full."""

    text: str
    exact: str

    @property
    def is_shortened(self) -> bool:
        return self.text != self.exact


@dataclass(frozen=True, slots=True)
class Change:
    """A difference to an earlier figure. Arrow and words, never a colour: more is not always better."""

    icon: str  # of static/icons.svg
    text: str
    words: str


def number(value: Decimal | float | int, places: int = 0) -> str:
    """Write the number in full with `places` decimals, in the reader's language."""
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if not rounded:
        rounded = abs(rounded)  # "-0" says nothing
    text = formats.number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)
    return text.replace(" ", NBSP).replace("-", "−")


def count(value: float | None) -> Figure:
    """Write a count: in full below 10,000, else 12.3k or 3.42M. Attributed counts may have a fraction."""
    if value is None:
        return Figure(gettext("n/a"), gettext("n/a"))
    exact = number(value) if value == int(value) else number(value, 1)
    return Figure(_compact(Decimal(str(value)), exact), exact)


def percent(share: float | None, *, of: str = "") -> Figure:
    """Write a rate or share: two significant digits below 10 %, whole per cent above.

    share   a fraction: 0.042 is "4.2 %"; None where nothing was counted
    of      what the rate counts from ("visitors"), said when there is none of it
    """
    if share is None:
        text = gettext("no %(of)s yet") % {"of": of or gettext("visits")}
        return Figure(text, text)
    hundred = Decimal(str(share)) * 100
    exact = number(hundred, max(3, _places(hundred)))
    if ALMOST_ALL <= hundred < 100:
        hundred = hundred.quantize(Decimal("0.1"), ROUND_DOWN)  # "100 %" would say all
    return Figure(f"{number(hundred, _places(hundred))}{NBSP}%", f"{exact}{NBSP}%")


def points(difference: float) -> str:
    """Write the difference of two rates: 0.003 is "0.30 points"."""
    hundred = Decimal(str(difference)) * 100
    return gettext("%(number)s points").replace(" ", NBSP) % {"number": number(hundred, _places(hundred))}


def interval(low: float, high: float) -> str:
    """Write an interval of a rate with one precision for both ends: "3.1 to 3.8 %"."""
    ends = [Decimal(str(end)) * 100 for end in (low, high)]
    places = _places(ends[1])
    text = gettext("%(low)s to %(high)s %%") % {
        "low": number(ends[0], places),
        "high": number(ends[1], places),
    }
    return text.replace(" ", NBSP)


def basis(part: float, whole: int) -> str:
    """Write what a rate was counted from: "412 / 12,118"."""
    return f"{count(part).exact}{NBSP}/{NBSP}{number(whole)}"


def money(micros: int | None, currency: str, *, cents: bool = False) -> Figure:
    """Write an amount in the reader's form: "3.42M kr", "€1,284". In full it names the ISO code.

    micros   millionths of the currency's unit; refunds are negative
    cents    whether hundredths are shown; a price needs them, a sum does not
    """
    if micros is None:
        return Figure(gettext("n/a"), gettext("n/a"))
    units = Decimal(micros) / MICROS
    places = 2 if cents and currency not in WITHOUT_CENTS else 0
    text = _compact(units, number(units, places))
    exact = f"{number(units, 0 if currency in WITHOUT_CENTS else 2)}{NBSP}{currency}"
    return Figure(_with_symbol(text, SYMBOLS.get(currency, currency)), exact)


def change(now: float | None, before: float | None, *, before_text: str = "") -> Change | None:
    """Compare with an earlier figure; None where either is unknown.

    before_text   the earlier figure as written, for the words; a plain count by default
    """
    if now is None or before is None:
        return None
    earlier = before_text or count(before).text
    if before == 0:
        return _change_from_nothing(now)
    share = (Decimal(str(now)) - Decimal(str(before))) / abs(Decimal(str(before)))
    text = _rough_percent(abs(share))
    if text is None:
        return Change("level", gettext("same"), gettext("the same as before: %(before)s") % {"before": earlier})
    if share > 0:
        words = gettext("up %(share)s from %(before)s") % {"share": text, "before": earlier}
        return Change("up", text, words)
    return Change("down", text, gettext("down %(share)s from %(before)s") % {"share": text, "before": earlier})


def duration(length: timedelta | None) -> str:
    """Write a length of time by its two largest units: "2 d 4 h", "3 min 20 s", "0 s"."""
    if length is None:
        return gettext("n/a")
    seconds = round(length.total_seconds())
    units = (
        (86_400, pgettext("days", "d")),
        (3_600, pgettext("hours", "h")),
        (60, pgettext("minutes", "min")),
        (1, pgettext("seconds", "s")),
    )
    parts = [
        (seconds % before // size, unit)
        for (size, unit), before in zip(units, (10**12, 86_400, 3_600, 60), strict=True)
    ]
    first = next((place for place, (amount, _unit) in enumerate(parts) if amount), len(parts) - 1)
    shown = [part for part in parts[first : first + 2] if part[0]] or [parts[-1]]
    return NBSP.join(f"{amount}{NBSP}{unit}" for amount, unit in shown)


def day(value: date, *, today: date | None = None) -> str:
    """Write a calendar day: "18 Nov 2026"; without the year where it is that of `today`."""
    return short_day(value, with_year=today is None or value.year != today.year)


def moment(value: datetime, zone: tzinfo) -> str:
    """Write a moment on the workspace's clock, and say which clock: "21 Nov 2026 14:32 Oslo"."""
    local = value.astimezone(zone)
    return f"{day(local.date())}{NBSP}{local:%H:%M}{NBSP}{zone_name(zone)}"


def days(since: date, until: date) -> str:
    """Write a half-open range of days by its first and last: "1 Oct to 31 Dec 2026"."""
    last = until - timedelta(days=1)
    if last == since:
        return day(since)
    return gettext("%(first)s to %(last)s") % {"first": day(since, today=last), "last": day(last)}


def zone_name(zone: tzinfo) -> str:
    """Give the city of a zone: "Oslo" for Europe/Oslo."""
    return str(zone).rsplit("/", maxsplit=1)[-1].replace("_", NBSP)


def conversions(amount: int) -> str:
    """Write "1 conversion", "412 conversions"."""
    return _counted(amount, ngettext("%(n)s conversion", "%(n)s conversions", amount))


def visitors(amount: int) -> str:
    """Write "1 visitor", "388 visitors"."""
    return _counted(amount, ngettext("%(n)s visitor", "%(n)s visitors", amount))


def _counted(amount: int, pattern: str) -> str:
    return (pattern % {"n": number(amount)}).replace(" ", NBSP)


def _compact(value: Decimal, exact: str) -> str:
    """Shorten from 10,000 on to three digits; a rounding up to 1,000k becomes 1M."""
    for size, pattern in (
        (Decimal(1_000), pgettext("thousands", "%(number)sk")),
        (Decimal(1_000_000), pgettext("millions", "%(number)sM")),
        (Decimal(1_000_000_000), pgettext("billions", "%(number)sbn")),
    ):
        if abs(value) < COMPACT_FROM:
            return exact
        scaled = value / size
        places = max(0, 2 - max(0, scaled.adjusted()))
        if abs(scaled.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)) < 1_000:
            return (pattern % {"number": _without_idle_zeros(scaled, places)}).replace(" ", NBSP)
    return exact


def _without_idle_zeros(value: Decimal, places: int) -> str:
    """Write 12k rather than 12.0k, yet 3.40M stays 3.4M."""
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP).normalize()
    exponent = rounded.as_tuple().exponent
    return number(rounded, max(0, -exponent) if isinstance(exponent, int) else places)


def _places(hundred: Decimal) -> int:
    """Give the decimals for two significant digits below 10 %; none above, unless it would round to 100."""
    size = abs(hundred)
    if size == 0:
        return 0
    if size < 10:
        # 9.96 would become "10.0": its first digit is decided after rounding.
        rounded = size.quantize(Decimal(1).scaleb(size.adjusted() - 1), ROUND_HALF_UP)
        return max(0, 1 - rounded.adjusted())
    return 1 if ALMOST_ALL <= size < 100 else 0


def _rough_percent(share: Decimal) -> str | None:
    """Write a change: whole per cent from 10 on, one decimal below; None when it rounds to nothing."""
    hundred = share * 100
    places = 0 if hundred >= Decimal("9.95") else 1
    text = number(hundred, places)
    return None if text == number(0, places) else f"{text}{NBSP}%"


def _change_from_nothing(now: float) -> Change:
    if now == 0:
        return Change("level", gettext("same"), gettext("none, as before"))
    return Change("up", gettext("new"), gettext("none before"))


def _with_symbol(text: str, symbol: str) -> str:
    english = (get_language() or "en").startswith("en")
    if english and symbol in SYMBOL_FIRST:
        return f"−{symbol}{text[1:]}" if text.startswith("−") else f"{symbol}{text}"
    return f"{text}{NBSP}{symbol}"
