"""Computes a formula from the sums of one row, exactly; and says whether rows of its results add up."""

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType

from reports.calculated.formula import BY, MINUS, PLUS, TIMES, Figure, Node, Number, Pair
from reports.calculated.terms import Kind
from reports.explore.metrics import ALWAYS, BY_VISIT, NEVER, Sums

_CONSTANT = "constant"
_LOOSEST = (ALWAYS, BY_VISIT, NEVER)  # what adds up of several is what the last of these says
_PER_UNIT = 1_000_000  # micros of money and of time
_SIGNS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = MappingProxyType(
    {PLUS: operator.add, MINUS: operator.sub, TIMES: operator.mul, BY: operator.truediv}
)


def value_of(node: Node, sums: Sums, currencies: Mapping[str, str]) -> Fraction | None:
    """Compute it.

    sums         of the row by name, as explorations have them
    currencies   of the values of each goal, by its short name: those of others are left out
    returns      in whole units of money, in seconds, or a number; None where something is divided by nothing
    """
    if isinstance(node, Number):
        return Fraction(node.value)
    if isinstance(node, Figure):
        ending = f":{currencies[node.goal]}" if node.term.kind is Kind.MONEY else ""
        whole = sum(sums.get(f"{name}{ending}", 0) for name in node.needs)
        return Fraction(whole) / (1 if node.term.kind is Kind.COUNT else _PER_UNIT)
    left, right = (value_of(each, sums, currencies) for each in (node.left, node.right))
    if left is None or right is None or (node.sign == BY and not right):
        return None
    return _SIGNS[node.sign](left, right)


def number_of(value: Fraction | None) -> float | None:
    """Give it as a float; None where there is none, or it is beyond all floats."""
    try:
        return None if value is None else float(value)
    except OverflowError:
        return None


def adds_of(node: Node) -> str:
    """Say whether rows add up: sums of sums, and multiples of them, do so as their figures; ratios never."""
    found = _adds(node)
    return NEVER if found == _CONSTANT else found


def _adds(node: Node) -> str:
    if isinstance(node, Number):
        return _CONSTANT
    if isinstance(node, Figure):
        return node.term.adds
    left, right = _adds(node.left), _adds(node.right)
    if left == right == _CONSTANT:
        return _CONSTANT
    if node.sign in {PLUS, MINUS}:
        # A number that is added would be added once a row.
        return NEVER if _CONSTANT in {left, right} else max(left, right, key=_LOOSEST.index)
    return _scaled(node, left, right)


def _scaled(node: Pair, left: str, right: str) -> str:
    if right == _CONSTANT:
        return left
    return right if left == _CONSTANT and node.sign == TIMES else NEVER
