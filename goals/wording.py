"""Rules, their faults, models and changed fields in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from goals.conditions import Fault, Rule, in_words
from goals.models import Counting, Level

# The arithmetic names its models in English; pages translate them.
MODEL_LABELS: Final[Mapping[str, Promise]] = {
    "last": gettext_lazy("Last touch"),
    "first": gettext_lazy("First touch"),
    "last_priority": gettext_lazy("Last by priority"),
    "same_touch": gettext_lazy("Same session"),
    "linear": gettext_lazy("Linear"),
    "position": gettext_lazy("Position based 40/20/40"),
    "j_curve": gettext_lazy("J curve 20/20/60"),
    "inverse_j": gettext_lazy("Inverse J 60/20/20"),
    "time_decay": gettext_lazy("Time decay, 7 days"),
    "participation": gettext_lazy("Influenced (participation)"),
}
# The fields of a definition that have no label elsewhere, by their names in GoalVersion.changes.
DEFINITION_LABELS: Final[Mapping[str, Promise]] = {
    "counting": gettext_lazy("counting"),
    "counting_days": gettext_lazy("days between counts"),
    "value_rule": gettext_lazy("value"),
    "value_micros": gettext_lazy("amount"),
    "currency": gettext_lazy("currency"),
    "model": gettext_lazy("attribution model"),
    "view_days": gettext_lazy("view window"),
    "engagement_days": gettext_lazy("engagement window"),
    "click_days": gettext_lazy("click window"),
    "rules": gettext_lazy("what counts"),
}


def rules_text(rules: Sequence[Rule]) -> str:
    """Say what counts, as one line; that nobody has said it yet, where there are no rules."""
    return in_words(rules, gettext) if rules else gettext("not tracked yet")


def fault_text(fault: Fault) -> str:
    """Say what is wrong with a rule."""
    return gettext(fault.reason) % fault.stands


def changes_text(names: Sequence[str]) -> str:
    """Name the changed fields of a definition."""
    return ", ".join(str(DEFINITION_LABELS.get(name, name)) for name in names)


def usual_counting(level: str) -> Counting:
    """Give the counting of a goal that says none: every macro conversion matters, a micro one shows interest once."""
    return Counting.EVERY if level == Level.MACRO else Counting.SESSION
