"""Conditions on visits, as people type them: `channel is direct | email`; several in one text are joined by ` & `.

    channel is direct | email
    page starts with /products/ & device is not mobile
    goal is newsletter

A condition on what happens in a visit holds where it happened at least once; `is not` where it never did.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.explore.dimensions import EXPLORED, GOAL, Dimension, Of, dimension_of

IS, IS_NOT, CONTAINS, STARTS = "is", "is not", "contains", "starts with"
OPERATORS: Mapping[str, Promise] = MappingProxyType(
    {
        IS: gettext_lazy("is"),
        IS_NOT: gettext_lazy("is not"),
        CONTAINS: gettext_lazy("contains"),
        STARTS: gettext_lazy("starts with"),
    }
)
MOST_VALUES = 50  # of one condition
LONGEST = 1000  # letters of one text
REACHES = Dimension(GOAL, gettext_lazy("Goal"), Of.VISIT, "")  # decided by conversions, and not by a column
_FORM = re.compile(r"(?P<key>\S+)\s+(?P<operator>is\s+not|is|contains|starts\s+with)\s+(?P<values>\S.*)", re.DOTALL)
_PART = {
    sign: re.compile(rf"(?:\\.|[^\\{sign}]|\\$)+", re.DOTALL) for sign in "|&"
}  # a sign after a backslash is a letter


class BadCondition(ValueError):
    """A text that says no condition; the message is for people."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: the dimension's value is, is not, contains or starts with any of the values."""

    dimension: Dimension
    operator: str
    values: tuple[str, ...]

    @property
    def text(self) -> str:
        """Write it as `read` reads it."""
        return f"{self.dimension.key} {self.operator} {' | '.join(_escaped(value) for value in self.values)}"

    @property
    def is_of_goal(self) -> bool:
        """Say whether it asks what the visit reached."""
        return self.dimension.key == GOAL


def read_all(text: str, goals: Collection[str]) -> tuple[Condition, ...]:
    """Read conditions that all have to hold.

    goals    the short names that there are
    raises   BadCondition with what is wrong
    """
    if len(text) > LONGEST:
        raise BadCondition(_("Conditions have at most %(most)s letters.") % {"most": LONGEST})
    return tuple(read(part, goals) for part in _PART["&"].findall(text) or [text])


def read(text: str, goals: Collection[str]) -> Condition:
    """Read one condition."""
    found = _FORM.fullmatch(text.strip())
    if found is None:
        raise BadCondition(_("Write a condition such as: channel is direct | email"))
    dimension = REACHES if found["key"] == GOAL else dimension_of(found["key"])
    if dimension is None:
        known = ", ".join([*EXPLORED, GOAL])
        raise BadCondition(_("Begin with one of %(known)s, or property:NAME.") % {"known": known})
    operator = " ".join(found["operator"].split())
    values = tuple(dict.fromkeys(_plain(part) for part in _PART["|"].findall(found["values"])))
    if not values or not all(values) or len(values) > MOST_VALUES:
        raise BadCondition(_("Give 1 to %(most)s values, with | between them.") % {"most": MOST_VALUES})
    if dimension is REACHES:
        _check_goals(operator, values, goals)
    return Condition(dimension, operator, values)


def joined(conditions: Collection[Condition]) -> str:
    """Write several as `read_all` reads them."""
    return " & ".join(each.text for each in conditions)


def _check_goals(operator: str, values: Collection[str], goals: Collection[str]) -> None:
    if operator not in {IS, IS_NOT}:
        raise BadCondition(_("A goal is reached or not: write is, or is not."))
    for value in values:
        if value not in goals:
            raise BadCondition(_('There is no goal "%(slug)s".') % {"slug": value[:60]})


def _escaped(value: str) -> str:
    return re.sub(r"([|&\\])", r"\\\1", value)


def _plain(text: str) -> str:
    return re.sub(r"\\([|&\\])", r"\1", text.strip())
