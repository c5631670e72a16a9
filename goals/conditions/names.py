"""The events that rules name, so that others need not be looked at."""

from collections.abc import Sequence

from goals.conditions.language import Rule


def names_asked(rules: Sequence[Rule]) -> frozenset[str] | None:
    """Give the event names outside of which no rule is met; None where a rule names none."""
    found = [_names(rule) for rule in rules]
    return None if any(names is None for names in found) else frozenset().union(*(names or () for names in found))


def _names(rule: Rule) -> frozenset[str] | None:
    fixed = [each.values for each in rule if each.field.name == "name" and each.operator.name in {"is", "one_of"}]
    return frozenset(fixed[0]) if fixed else None
