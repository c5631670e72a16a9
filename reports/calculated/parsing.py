"""Reads formulas from text: `(conversions:a + conversions:b) / sessions`; a fault says what, where, and what to do."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.calculated.formula import BINDS, BY, Figure, Node, Number, Pair, figures_in, text_of
from reports.calculated.terms import RATIOS, TERMS
from reports.explore.metrics import CALCULATED
from reports.models import LONGEST_FORMULA

MOST_PARTS, DEEPEST = 30, 10  # figures and numbers; parentheses in parentheses
MOST_DIGITS = 12  # before the point, and six behind it
# A minus inside of a goal's short name belongs to it: with spaces around it is a sign.
_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?)|(?P<figure>[A-Za-z_]+(?::[-\w]*)?)|(?P<sign>[-+*/()])|(?P<space>\s+)|(?P<other>.)",
    re.DOTALL,
)
_NUMBER = re.compile(rf"\d{{1,{MOST_DIGITS}}}(\.\d{{1,6}})?", re.ASCII)


class BadFormula(ValueError):
    """A text that says no formula; the message is for people.

    at   where it is wrong, in letters from 1 on; 0 where all of it is
    """

    def __init__(self, at: int, reason: str) -> None:
        self.at, self.reason = at, reason
        told = _("At letter %(at)s: %(reason)s") % {"at": at, "reason": reason}
        super().__init__(told if at else reason)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def read(text: str, goals: Collection[str]) -> Node:
    """Read a formula.

    goals    short names of the workspace's goals
    raises   BadFormula
    """
    if len(text) > LONGEST_FORMULA:
        raise BadFormula(0, _("A formula has at most %(most)s letters.") % {"most": LONGEST_FORMULA})
    reader = _Reader(text, goals)
    found = reader.whole()
    if not any(figures_in(found)):
        raise BadFormula(0, _("Name at least one figure, such as sessions or conversions:GOAL."))
    if len(text_of(found)) > LONGEST_FORMULA:  # with spaces around every sign, which is how it is kept
        raise BadFormula(0, _("A formula has at most %(most)s letters.") % {"most": LONGEST_FORMULA})
    return found


class _Reader:
    """Takes one token after the other; signs of one strength are taken from the left."""

    def __init__(self, text: str, goals: Collection[str]) -> None:
        self._goals = goals
        tokens = [_Token(str(each.lastgroup), each[0], each.start() + 1) for each in _TOKEN.finditer(text)]
        self._tokens = [each for each in tokens if each.kind != "space"]
        self._end = _Token("end", "", len(text) + 1)
        self._place = self._parts = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._place] if self._place < len(self._tokens) else self._end

    def _take(self) -> _Token:
        token = self._next
        self._place += 1
        return token

    def whole(self) -> Node:
        """Read all of it."""
        if not self._tokens:
            raise BadFormula(0, _("Write a formula, such as: conversions:GOAL / sessions"))
        found = self._sum(0)
        token = self._next
        if token.text == ")":
            raise BadFormula(token.at, _("This parenthesis was never opened; take it out."))
        if token.kind != "end":
            reason = _('A sign is missing before "%(found)s": write one of + - * /')
            raise BadFormula(token.at, reason % {"found": token.text[:60]})
        return found

    def _sum(self, depth: int, binds: int = 1) -> Node:
        """Read parts joined by signs that bind at least so strongly."""
        left = self._part(depth) if binds > max(BINDS.values()) else self._sum(depth, binds + 1)
        while BINDS.get(self._next.text) == binds:
            sign = self._take()
            right = self._part(depth) if binds == max(BINDS.values()) else self._sum(depth, binds + 1)
            if sign.text == BY and isinstance(right, Number) and not right.value:
                raise BadFormula(right.at, _("Nothing can be divided by 0."))
            left = Pair(sign.text, left, right, sign.at)
        return left

    def _part(self, depth: int) -> Node:
        token = self._take()
        if token.text == "(":
            return self._inside(token, depth + 1)
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise BadFormula(token.at, _("A formula has at most %(most)s figures and numbers.") % {"most": MOST_PARTS})
        if token.kind == "number":
            return _number(token)
        if token.kind == "figure":
            return _figure(token, self._goals)
        if token.kind == "end":
            raise BadFormula(token.at, _("The formula ends where a figure, a number or a parenthesis has to come."))
        reason = _('"%(found)s" stands where a figure, a number or a parenthesis has to come.')
        raise BadFormula(token.at, reason % {"found": token.text[:60]})

    def _inside(self, opened: _Token, depth: int) -> Node:
        if depth > DEEPEST:
            raise BadFormula(opened.at, _("At most %(most)s parentheses lie in each other.") % {"most": DEEPEST})
        found = self._sum(depth)
        if self._next.text == ")":
            self._take()
            return found
        if self._next.kind == "end":
            raise BadFormula(opened.at, _("This parenthesis is never closed."))
        reason = _('A sign is missing before "%(found)s": write one of + - * /')
        raise BadFormula(self._next.at, reason % {"found": self._next.text[:60]})


def _number(token: _Token) -> Number:
    if not _NUMBER.fullmatch(token.text):
        reason = _("A number has at most %(most)s digits, and six behind a point.")
        raise BadFormula(token.at, reason % {"most": MOST_DIGITS})
    value = Decimal(token.text)
    return Number(value.to_integral_value() if value == value.to_integral_value() else value.normalize(), token.at)


def _figure(token: _Token, goals: Collection[str]) -> Figure:
    name, colon, goal = token.text.partition(":")
    if name == CALCULATED:
        reason = _("A metric can't name another metric; write that one's formula out.")
        raise BadFormula(token.at, reason)
    if name in RATIOS:
        reason = _('"%(name)s" is a ratio already, and a formula is made of sums: write %(instead)s')
        raise BadFormula(token.at, reason % {"name": name, "instead": RATIOS[name].format(goal=goal[:60] or "GOAL")})
    if name not in TERMS:
        known = ", ".join(f"{each}:GOAL" if term.of_goal else each for each, term in TERMS.items())
        reason = _('There is no figure "%(name)s". Write one of %(known)s.')
        raise BadFormula(token.at, reason % {"name": name[:60], "known": known})
    if TERMS[name].of_goal:
        _check_goal(token, name, goal, goals)
    elif colon:
        raise BadFormula(token.at, _('"%(name)s" is of no goal: write it without a colon.') % {"name": name})
    return Figure(name, goal, token.at)


def _check_goal(token: _Token, name: str, goal: str, goals: Collection[str]) -> None:
    if not goal:
        reason = _("Say of which goal, by its short name: %(name)s:GOAL")
        raise BadFormula(token.at, reason % {"name": name})
    if goal not in goals:
        reason = _('There is no goal "%(slug)s".') % {"slug": goal[:60]}
        if "-" in goal:
            reason += " " + _("A minus takes spaces on both sides.")
        raise BadFormula(token.at, reason)
