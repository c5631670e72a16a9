"""Conditions on visits, as people type them: `channel is direct | email`; several in one text are joined by ` & `.

    channel is direct | email
    page starts with /products/ & device is not mobile
    goal is newsletter
    segment is buyers-of-yoga

A condition on what happens in a visit holds where it happened at least once; `is not` where it never did.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.explore.dimensions import EXPLORED, GOAL, SEGMENT, Dimension, Of, dimension_of

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
BELONGS = Dimension(SEGMENT, gettext_lazy("Segment"), Of.VISIT, "")  # decided by who it was
_OWN = {each.key: each for each in (REACHES, BELONGS)}
_SLUG = re.compile(r"[-\w]{1,120}")
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

    @property
    def is_of_segment(self) -> bool:
        """Say whether it asks who the visitor is."""
        return self.dimension.key == SEGMENT

    @property
    def is_of_column(self) -> bool:
        """Say whether the visit itself, or what happened in it, decides it."""
        return self.dimension.key not in _OWN


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
    dimension = _OWN.get(found["key"]) or dimension_of(found["key"])
    if dimension is None:
        known = ", ".join([*EXPLORED, *_OWN])
        raise BadCondition(_("Begin with one of %(known)s, or property:NAME.") % {"known": known})
    operator = " ".join(found["operator"].split())
    values = tuple(dict.fromkeys(_plain(part) for part in _PART["|"].findall(found["values"])))
    if not values or not all(values) or len(values) > MOST_VALUES:
        raise BadCondition(_("Give 1 to %(most)s values, with | between them.") % {"most": MOST_VALUES})
    if dimension is REACHES:
        _check_goals(operator, values, goals)
    if dimension is BELONGS:
        _check_segments(operator, values)
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


def _check_segments(operator: str, values: Collection[str]) -> None:
    """Refuse what is no short name; whether there is such a segment is said with the answer, which then is none."""
    if operator not in {IS, IS_NOT} or not all(_SLUG.fullmatch(value) for value in values):
        raise BadCondition(
            _("Somebody is in a segment or not: write segment is, or segment is not, and its short name.")
        )


def _escaped(value: str) -> str:
    return re.sub(r"([|&\\])", r"\\\1", value)


def _plain(text: str) -> str:
    return re.sub(r"\\([|&\\])", r"\1", text.strip())
