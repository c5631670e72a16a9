"""Reads numbers as people write them: "1 234,5", "1,234.5" and "1234.5" are one number."""

import re

BLANKS = " \u00a0\u202f\u2009'’"  # group thousands as comma and dot do: blanks of four widths, Swiss apostrophes
_WHOLE = re.compile(rf"[+-]?(?:\d+|\d{{1,3}}(?P<mark>[{BLANKS}.,])\d{{3}}(?:(?P=mark)\d{{3}})*)?")
_SHORT = re.compile(r"[+-]?[1-9]\d{0,2}")  # what can stand before a thousands mark: "1,234", never "0,234"


def plain(text: str, *, decimal: str) -> str:
    """Give the number as Python reads it; a text that is no number comes back as it was, to be refused.

    decimal   the reader's own decimal mark, "." or ","; it decides the one form that is two numbers: "1,234"
    """
    number = text.strip().replace("\N{MINUS SIGN}", "-")
    at = max(number.rfind(","), number.rfind("."))
    whole, fraction = (number[:at], number[at + 1 :]) if _is_decimal(number, at, decimal) else (number, "")
    match = _WHOLE.fullmatch(whole)
    if match is None or (fraction and not fraction.isdecimal()) or not (whole.strip("+-") or fraction):
        return text
    mark = match["mark"]
    digits = whole.replace(mark, "") if mark else whole
    return f"{digits}.{fraction}" if fraction else digits


def _is_decimal(number: str, at: int, decimal: str) -> bool:
    """Say whether the mark at the position splits off the fraction, rather than thousands."""
    if at < 0 or number.count(number[at]) > 1:
        return False
    other = "." if number[at] == "," else ","
    grouped = _SHORT.fullmatch(number[:at]) and len(number) - at - 1 == 3
    return other in number or number[at] == decimal or not grouped
