"""A step as people type it: goals by their short names, and rules as goals have them; any of them meets the step.

    goal newsletter
    goal newsletter; or page /thanks*
    event add_to_cart where value >= 500
    page /product/*

What meets a rule is decided where goals' rules are: goals.conditions. docs/reference/funnels.md is the reference.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from goals.conditions import Misstated, Rule, from_text
from goals.definition import Definition
from goals.models import Goal
from goals.wording import fault_text, rules_text
from reports.models.funnel import LONGEST_STEP

_GOAL = re.compile(r"goal\s+(?P<slug>[^\s;]+)\s*(?:;\s*(?:or\b\s*)?|$)", re.IGNORECASE)


class BadStep(ValueError):
    """A text that says no step; the message is for people."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    text       as it was typed
    label      what people read
    rules      an event meets the step that meets any of them
    goals      ids of the goals it names
    waiting    names of those for which nobody has said yet how they are noticed
    """

    text: str
    label: str
    rules: tuple[Rule, ...]
    goals: tuple[int, ...] = ()
    waiting: tuple[str, ...] = ()


def read(text: str, goals: Mapping[str, Goal]) -> Step:
    """Read a step.

    goals    those of the workspace by their short names, with their rules
    raises   BadStep with what is wrong
    """
    if len(text) > LONGEST_STEP:
        raise BadStep(_("A step has at most %(most)s letters.") % {"most": LONGEST_STEP})
    named, rest = _goals(text.strip(), goals)
    try:
        rules = from_text(rest)
    except Misstated as refusal:
        raise BadStep("; ".join(fault_text(fault) for fault in refusal.faults)) from None
    if not named and not rules:
        raise BadStep(_("The step is empty."))
    labels = [goal.name for goal in named] + ([rules_text(rules)] if rules else [])
    each = [Definition.of(goal).rules for goal in named]
    return Step(
        text=text.strip(),
        label=f" {_('or')} ".join(labels),
        rules=(*(rule for found in each for rule in found), *rules),
        goals=tuple(goal.pk for goal in named),
        waiting=tuple(goal.name for goal, found in zip(named, each, strict=True) if not found),
    )


def of_goal(goal: Goal) -> str:
    """Write the step that a goal is."""
    return f"goal {goal.slug}"


def _goals(text: str, goals: Mapping[str, Goal]) -> tuple[list[Goal], str]:
    """Take the goals that a step begins with; give them and the rest."""
    found = []
    while match := _GOAL.match(text):
        slug = match["slug"].lower()
        if slug not in goals:
            raise BadStep(_('There is no goal "%(slug)s".') % {"slug": match["slug"][:60]})
        found.append(goals[slug])
        text = text[match.end() :]
    return found, text
