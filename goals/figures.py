"""What targets ask for, as the decimal text in which a Document keeps it, and as rows keep it: "3.4%" is 0.034."""

from decimal import Decimal
from typing import Final

from django.utils.formats import number_format

from goals.models import Format

PERCENT: Final = "%"
_HUNDRED: Final = Decimal(100)
_NBSP: Final = "\N{NO-BREAK SPACE}"
_KEPT: Final = Decimal("0.000001")  # six places: as the columns keep them
# What one unit that people write is in the row: amounts are kept in millionths, rates as fractions.
FACTORS: Final = {Format.MONEY: Decimal(10**6), Format.PERCENT: Decimal("0.01")}


def figure_of(kept: Decimal | None, written_as: Format) -> str:
    """Give the text of a target's kept number; "" for None."""
    if kept is None:
        return ""
    written = digits(kept / FACTORS.get(written_as, Decimal(1)))
    return f"{written}{PERCENT}" if written_as is Format.PERCENT else written


def kept_of(figure: str, written_as: Format) -> Decimal | None:
    """Give the number that the row keeps; None for "". A rate may leave its sign out."""
    if not figure:
        return None
    number = Decimal(figure.removesuffix(PERCENT))
    return (number * FACTORS.get(written_as, Decimal(1))).quantize(_KEPT)


def shown(figure: str) -> str:
    """Write a figure for reading alone, its thousands grouped in the reader's way."""
    grouped = number_format(Decimal(figure.removesuffix(PERCENT)), force_grouping=True)
    return f"{grouped}{_NBSP}{PERCENT}" if figure.endswith(PERCENT) else grouped


def shown_measured(figure: str) -> str:
    """Write a figure that was measured: whole from a hundred on, below with two places, which is all it can mean."""
    number = Decimal(figure.removesuffix(PERCENT))
    rounded = number.quantize(Decimal(1) if number >= _HUNDRED else Decimal("0.01"))
    return shown(digits(rounded) + (PERCENT if figure.endswith(PERCENT) else ""))


def share_of(kept: Decimal | None) -> str:
    """Give the text of a kept fraction; "" for None."""
    return "" if kept is None else digits(kept)


def digits(number: Decimal) -> str:
    """Write the number without exponent and without zeros at its end: equal numbers give equal texts."""
    plain = f"{number:f}"
    return (plain.rstrip("0").rstrip(".") or "0") if "." in plain else plain
