"""Rules and their faults in the reader's words."""

from collections.abc import Sequence

from django.utils.translation import gettext

from goals.conditions import Fault, Rule, in_words
from goals.models import Counting, Level


def rules_text(rules: Sequence[Rule]) -> str:
    """Say what counts, as one line."""
    return in_words(rules, gettext)


def fault_text(fault: Fault) -> str:
    """Say what is wrong with a rule."""
    return gettext(fault.reason) % fault.stands


def usual_counting(level: str) -> Counting:
    """Give the counting of a goal that says none: every macro conversion matters, a micro one shows interest once."""
    return Counting.EVERY if level == Level.MACRO else Counting.SESSION
