"""What a formula's result is counted in, worked out as a physicist does; and which formats can write that.

Money is of one currency, that of its goal. Counts and numbers have no unit: conversions per session are a number.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Format
from reports.calculated.formula import BY, MINUS, PLUS, TIMES, Figure, Node, Number, Pair
from reports.calculated.parsing import BadFormula
from reports.calculated.terms import Kind


@dataclass(frozen=True, slots=True)
class Unit:
    """Powers of money and of time; a number has neither.

    currency   of the money, also where it cancelled out: two of them never meet
    """

    money: int = 0
    time: int = 0
    currency: str = ""

    @property
    def powers(self) -> tuple[int, int]:
        """Give what has to be the same where two are added."""
        return self.money, self.time


class _Result(Enum):
    NUMBER = (0, 0)
    MONEY = (1, 0)
    TIME = (0, 1)


_TOLD: Mapping[_Result, Promise] = MappingProxyType(
    {
        _Result.NUMBER: gettext_lazy("a number"),
        _Result.MONEY: gettext_lazy("money"),
        _Result.TIME: gettext_lazy("a length of time"),
    }
)
_WRITES: Mapping[str, _Result] = MappingProxyType(
    {
        Format.NUMBER: _Result.NUMBER,
        Format.COUNT: _Result.NUMBER,
        Format.PERCENT: _Result.NUMBER,
        Format.MONEY: _Result.MONEY,
        Format.DURATION: _Result.TIME,
    }
)


def unit_of(node: Node, currencies: Mapping[str, str]) -> Unit:
    """Give the unit of a formula.

    currencies   of the values of each goal, by its short name
    raises       BadFormula where things are added that do not add, or two currencies meet
    """
    if isinstance(node, Number):
        return Unit()
    if isinstance(node, Figure):
        if node.term.kind is Kind.MONEY:
            return Unit(money=1, currency=currencies[node.goal])
        return Unit(time=int(node.term.kind is Kind.TIME))
    left, right = (unit_of(each, currencies) for each in (node.left, node.right))
    if left.currency and right.currency and left.currency != right.currency:
        reason = _("Here %(one)s and %(other)s meet: a formula takes money of one currency.")
        raise BadFormula(node.at, reason % {"one": left.currency, "other": right.currency})
    joined = _SIGNS[node.sign](node, left, right)
    return replace(joined, currency=left.currency or right.currency)


def check_format(unit: Unit, written_as: str) -> None:
    """Raise BadFormula where the format can't write what the formula gives."""
    try:
        result = _Result(unit.powers)
    except ValueError:
        reason = _("The result is neither a number, nor money, nor a length of time: %(unit)s. Divide by its like.")
        raise BadFormula(0, reason % {"unit": _powers(unit)}) from None
    if _WRITES[written_as] is not result:
        fitting = [str(Format(each).label) for each in Format if _WRITES[each] is result]
        reason = _('The formula gives %(result)s, which "%(format)s" can\'t write: choose %(fitting)s.')
        told = {"result": _TOLD[result], "format": Format(written_as).label, "fitting": f" {_('or')} ".join(fitting)}
        raise BadFormula(0, reason % told)


def _added(node: Pair, left: Unit, right: Unit) -> Unit:
    if left.powers != right.powers:
        reason = _("Here %(one)s and %(other)s are added or taken off: only what has the same unit can be.")
        raise BadFormula(node.at, reason % {"one": _told(left), "other": _told(right)})
    return left


def _multiplied(_node: Pair, left: Unit, right: Unit) -> Unit:
    return Unit(left.money + right.money, left.time + right.time)


def _divided(_node: Pair, left: Unit, right: Unit) -> Unit:
    return Unit(left.money - right.money, left.time - right.time)


_SIGNS: Mapping[str, Callable[[Pair, Unit, Unit], Unit]] = MappingProxyType(
    {PLUS: _added, MINUS: _added, TIMES: _multiplied, BY: _divided}
)


def _told(unit: Unit) -> str:
    try:
        return str(_TOLD[_Result(unit.powers)])
    except ValueError:
        return _powers(unit)


def _powers(unit: Unit) -> str:
    """Write a unit that has no name of its own: "money to the power of 2"."""
    named = ((_("money"), unit.money), (_("time"), unit.time))
    parts = [_("%(unit)s to the power of %(n)s") % {"unit": name, "n": power} for name, power in named if power]
    return f" {_('and')} ".join(parts)
