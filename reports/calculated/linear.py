"""A formula as one weighted sum over another, whose days add up to those of a period; or the reason why it is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _

from reports.calculated.formula import BY, MINUS, PLUS, TIMES, Figure, Node, Number, figures_in
from reports.calculated.terms import Kind

# Whose sums are published by day; those of the rest are counted in the lake when somebody explores.
PUBLISHED: Final = frozenset(
    {"visitors", "sessions", "pageviews", "events", "conversions", "converters", "reached", "value", "value_net"}
)
PEOPLE: Final = frozenset({"visitors", "converters"})  # counted once a period: their days are those new to it
Weights = Mapping[Figure, Fraction]
_Sum = dict[Figure | None, Fraction]  # None: what is added whatever the figures are
_Split = tuple[_Sum, _Sum]  # above and below the line


class NotDaily(ValueError):
    """What a formula gives of days does not add up to what it gives of their period; the message is for people."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """Weighted sums of a day's figures.

    below   None where the formula is a sum alone
    """

    above: Weights
    below: Weights | None

    @property
    def is_count(self) -> bool:
        """Say whether it is a sum of things that happened, each counted once: whole, and at least as scattered."""
        return self.below is None and all(n == 1 and of.term.kind is Kind.COUNT for of, n in self.above.items())


def ratio_of(node: Node) -> Ratio:
    """Split a formula at its line.

    raises   NotDaily
    """
    _check_published(node)
    above, below = _split(node)
    if set(below) <= {None}:
        if not below:
            raise NotDaily(_("It divides by what is always nothing."))
        found = Ratio(_without_constant(_scaled(above, 1 / below[None])), None)
    else:
        found = Ratio(_without_constant(above), _without_constant(below))
    _check_signs(found)
    _check_people(found)
    return found


def _split(node: Node) -> _Split:
    one: _Sum = {None: Fraction(1)}
    if isinstance(node, Number):
        return {None: Fraction(node.value)}, one
    if isinstance(node, Figure):
        return {node: Fraction(1)}, one
    return _SIGNS[node.sign](_split(node.left), _split(node.right))


def _added(left: _Split, right: _Split, sign: int = 1) -> _Split:
    if left[1] == right[1]:  # a common line: nothing has to be multiplied
        return _plus(left[0], _scaled(right[0], Fraction(sign))), left[1]
    crossed = _plus(_times(left[0], right[1]), _scaled(_times(right[0], left[1]), Fraction(sign)))
    return crossed, _times(left[1], right[1])


def _multiplied(left: _Split, right: _Split) -> _Split:
    return _times(left[0], right[0]), _times(left[1], right[1])


def _divided(left: _Split, right: _Split) -> _Split:
    return _times(left[0], right[1]), _times(left[1], right[0])


_SIGNS: Mapping[str, Callable[[_Split, _Split], _Split]] = MappingProxyType(
    {PLUS: _added, MINUS: lambda left, right: _added(left, right, -1), TIMES: _multiplied, BY: _divided}
)


def _plus(one: _Sum, other: _Sum) -> _Sum:
    found = {each: one.get(each, Fraction(0)) + other.get(each, Fraction(0)) for each in {**one, **other}}
    return {each: n for each, n in found.items() if n}


def _scaled(each: _Sum, by: Fraction) -> _Sum:
    return {of: n * by for of, n in each.items() if n * by}


def _times(one: _Sum, other: _Sum) -> _Sum:
    if set(one) <= {None}:
        return _scaled(other, one.get(None, Fraction(0)))
    if set(other) <= {None}:
        return _scaled(one, other.get(None, Fraction(0)))
    raise NotDaily(_("It multiplies figures with each other, and what that gives of days does not add up."))


def _without_constant(each: _Sum) -> Weights:
    if None in each:
        raise NotDaily(_("It adds a number to figures, which each day would add again: multiply or divide by it."))
    return {of: n for of, n in each.items() if of is not None}


def _check_published(node: Node) -> None:
    for figure in figures_in(node):
        if figure.name not in PUBLISHED:
            raise NotDaily(_('"%(figure)s" is counted for explorations alone, not by day.') % {"figure": figure.key})


def _check_signs(found: Ratio) -> None:
    """Refuse what could fall again after a target was met; above a line it may, as a ratio does so anyway."""
    if any(n < 0 for n in (found.above if found.below is None else found.below).values()):
        raise NotDaily(_("It takes something off in a sum, which could come down again after its target was met."))


def _check_people(found: Ratio) -> None:
    """Let people be divided by people alone: counted once a period, fewer of them are new the longer it is."""
    figures = [*found.above, *(found.below or ())]
    people = [each.name in PEOPLE for each in figures]
    if any(people) and not (all(people) and found.below is not None):
        name = next(each.key for each in figures if each.name in PEOPLE)
        reason = _('"%(figure)s" does not add up over days: divide people by people alone, or take sessions.')
        raise NotDaily(reason % {"figure": name})
