"""Values as other tools' exports write them: numbers as text, money as floating point, words for nothing. Pure."""

from decimal import Decimal
from typing import Any

NOTHING = frozenset({"", "(not set)", "(none)", "(direct)", "(not provided)", "<unset>"})


def whole(value: Any) -> int | None:
    """Give an int64 that is written as text or number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) < 20 and value.removeprefix("-").isdecimal() and value.isascii():
        return int(value)
    return None


def number(value: Any) -> Decimal | int | None:
    """Give a number, also one that is written as text; floating point rounded to millionths, as money is kept."""
    if isinstance(value, str):
        try:
            value = Decimal(value)
        except ArithmeticError:
            return None
    if isinstance(value, Decimal):
        # 24.75 comes as 24.749999999999996 where it was added up before.
        is_money = value.is_finite() and abs(value) < 10**12
        return round(value, 6).normalize() if is_money else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def short(value: Any) -> Decimal | int | None:
    """Give a number without decimals where it has none but zeros: 2 for 2.0."""
    found = number(value)
    return int(found) if found is not None and found == found.__trunc__() else found


def text(value: Any) -> str | None:
    """Give text, also of a whole number; None for other values and for the words that mean nothing."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value.strip().lower() not in NOTHING else None
