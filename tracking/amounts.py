"""Money as it is sent to exact millionths of a currency's unit; what cannot be read exactly is refused."""

import re
from decimal import ROUND_HALF_EVEN, Decimal

import msgspec

from tracking.event import MAX_AMOUNT_MICROS, Drop, DropReason

MICROS = 1_000_000

# ISO 4217, codes in use in 2026, by the number of decimals of their smallest coin.
_CODES_BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF "
        "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL "
        "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP "
        "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD "
        "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS "
        "VED VES WST XCD XCG YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
}
DECIMALS = {code: decimals for decimals, codes in _CODES_BY_DECIMALS.items() for code in codes.split()}

# A plain number with a point: no group separators, because "1.234" is 1234 in Oslo and 1.234 in London.
_PLAIN = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?")


class Amount(msgspec.Struct, frozen=True):
    """Millionths of the currency's unit; `is_rounded` where more than six decimals were sent."""

    micros: int
    is_rounded: bool = False


def amount_of(value: object, *, currency: str | None) -> Amount | Drop:
    """Read a JSON number or a plain string as an exact amount.

    value     int, Decimal, or str such as "1234.50"; anything else is refused
    currency  ISO 4217, known; None refuses: an amount of nothing in particular cannot be added
    returns   Amount, or Drop with amount_format, number_not_finite or currency_required, pointer /value
    """
    number = _number_of(value)
    if isinstance(number, Drop):
        return number
    if currency is None:
        return _refused(DropReason.CURRENCY_REQUIRED, "a value needs a currency; send one or set the source's")
    if number.adjusted() > 12:  # before scaling: 1E+300 would be a long way to an integer
        return _format("is larger than a trillion", value)
    scaled = number.scaleb(6)
    micros = int(scaled.to_integral_value(ROUND_HALF_EVEN))
    if abs(micros) > MAX_AMOUNT_MICROS:
        return _format("is larger than a trillion", value)
    if DECIMALS[currency] == 0 and micros % MICROS:
        return _format(f"has decimals, which {currency} does not have", value)
    return Amount(micros, is_rounded=micros != scaled)


def currency_of(value: object) -> str | Drop:
    """Give the upper-case code of a currency in use, or Drop with currency_unknown, pointer /currency."""
    if isinstance(value, str):
        code = value.strip().upper()
        if code in DECIMALS:
            return code
    return Drop(DropReason.CURRENCY_UNKNOWN, f"{_shown(value)} is not an ISO 4217 currency in use", "/currency")


def _number_of(value: object) -> Decimal | Drop:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value) if abs(value) <= MAX_AMOUNT_MICROS else _format("is larger than a trillion", value)
    if isinstance(value, str) and _PLAIN.fullmatch(value.strip()):
        return Decimal(value.strip())
    return _format('must be a number or a plain string such as "1234.50"', value)


def _format(fault: str, value: object) -> Drop:
    return _refused(DropReason.AMOUNT_FORMAT, f"{_shown(value)} {fault}")


def _refused(reason: DropReason, message: str) -> Drop:
    return Drop(reason, message, "/value")


def _shown(value: object) -> str:
    text = str(value) if isinstance(value, (int, Decimal)) else f'"{value}"' if isinstance(value, str) else "this"
    return text if len(text) <= 60 else text[:57] + '..."'
