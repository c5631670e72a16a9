"""What conversions are worth, before and after refunds: exact, and of one currency."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np

from analysis.arrays import Floats, Ints
from measureplan.attribute_read import Rows, amount_of, decimals_of
from measureplan.bad_input import BadInput


@dataclass(frozen=True, slots=True)
class Refund:
    """Hold a refund: what it takes back, or all of it where it names no amount."""

    transaction_id: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Money:
    """Hold amounts as whole numbers of 10^-decimals, so that sums of them are exact in a float64.

    value, value_net   float64[n], whole numbers; net is after refunds
    total              the exact sum of value, in the currency's unit
    currency           of all amounts; None where the file says none
    """

    value: Floats
    value_net: Floats
    decimals: int
    total: Decimal
    currency: str | None

    def shown(self, amount: float) -> float:
        """Give a sum of such numbers in the currency's unit."""
        return float(amount / 10**self.decimals)


def money_of(values: list[Decimal], taken_back: list[Decimal] | None = None, currency: str | None = None) -> Money:
    """Give amounts, and what refunds took back from each, as whole numbers."""
    back = taken_back or [Decimal(0)] * len(values)
    decimals = max((decimals_of(amount) for amount in (*values, *back)), default=0)
    return Money(
        value=_whole(values, decimals),
        value_net=_whole([value - part for value, part in zip(values, back, strict=True)], decimals),
        decimals=decimals,
        total=sum(values, Decimal(0)),
        currency=currency,
    )


def settle(rows: Rows, sale: Ints, refund: Ints, known: frozenset[str]) -> tuple[Money, list[Refund]]:
    """Match refunds to conversions by transaction id.

    sale, refund   rows of the counted conversions, and of refunds
    known          transaction ids of all the goal's rows, also of those that counting left out
    returns        money of each conversion, and the refunds that match nothing
    raises         BadInput for amounts that cannot be, or several currencies
    """
    values = [value_of(rows, row, text) for row, text in cells(rows, sale, "value")]
    place = {name: i for i, (_, name) in enumerate(cells(rows, sale, "transaction_id")) if name}
    back = [Decimal(0)] * len(values)
    matched, unmatched = [], []
    # Columns at once: reading one cell reads its column, and refunds may be many.
    amounts = [refunded(rows, row, text) for row, text in cells(rows, refund, "value")]
    for (row, transaction), amount in zip(cells(rows, refund, "transaction_id"), amounts, strict=True):
        if transaction in place:
            back[place[transaction]] += values[place[transaction]] if amount is None else amount
            matched.append(row)
        elif transaction not in known:
            unmatched.append(Refund(transaction, amount))
    worth = [row for row, value in zip(sale.tolist(), values, strict=True) if value]
    named = currencies(rows, worth)
    # A refund that names no currency is in that of its conversion.
    named |= currencies(rows, matched) - {""}
    return money_of(values, back, only_currency(rows.path, named)), unmatched


def cells(rows: Rows, chosen: Ints, name: str) -> Iterable[tuple[int, str]]:
    """Give each of some rows with its text in a column."""
    return zip(chosen.tolist(), rows.texts(name, chosen), strict=True)


def value_of(rows: Rows, row: int, text: str) -> Decimal:
    """Give what a conversion is worth; raise BadInput for what is no amount of 0 or more."""
    value = amount_of(rows, row, "value", text)
    if value < 0:
        rows.refuse(row, "value", "{} is below zero; what is given back stands in a row named refund")
    return value


def refunded(rows: Rows, row: int, text: str) -> Decimal | None:
    """Give what a refund takes back, whichever sign it was written with."""
    return abs(amount_of(rows, row, "value", text)) if text else None


def currencies(rows: Rows, chosen: list[int]) -> set[str]:
    """Give the currencies that some rows name; "" for none."""
    return {name.upper() for name in rows.texts("currency", np.array(chosen, dtype=np.int64))}


def only_currency(path: Path, named: set[str]) -> str | None:
    """Give the one currency of all amounts, None where none is named; raise BadInput for several."""
    if len(named) > 1:
        listed = " and ".join(sorted(name or "no currency" for name in named))
        raise BadInput(
            f"{path}, column currency: {listed} do not add up; "
            "convert the values to one currency, or give one file for each"
        )
    return next(iter(named)) or None if named else None


def _whole(amounts: list[Decimal], decimals: int) -> Floats:
    return np.array([int(amount.scaleb(decimals)) for amount in amounts], dtype=np.float64)
