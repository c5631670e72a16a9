"""Definition: what counts as a goal and how, as one frozen value of a saved goal or of a form not saved yet.

Preview, backtest and fill all take a Definition, so they run the same code and give the same numbers.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from goals.conditions import Rule, parse, to_json
from goals.models import Counting, Goal, ValueRule

MAX_COUNTING_DAYS = 365


@dataclass(frozen=True, slots=True)
class Definition:
    """All of a goal that a result depends on; a change of any of it is a new version of the goal.

    rules           () while nobody has said yet how it is noticed: nothing counts then
    counting_days   of `person_window` alone: a conversion within so many days of a counted one does not count
    value_micros    of the fixed value, in millionths of the currency; None for the other value rules
    view_days, engagement_days, click_days   attribution windows; None: the workspace's own
    """

    rules: tuple[Rule, ...]
    counting: Counting = Counting.EVERY
    counting_days: int = 30
    value_rule: ValueRule = ValueRule.NONE
    value_micros: int | None = None
    currency: str = ""
    model: str = "last"
    view_days: int | None = None
    engagement_days: int | None = None
    click_days: int | None = None

    @classmethod
    def of(cls, goal: Goal) -> "Definition":
        """Give the definition of a saved goal; its rules are read, or taken from a prefetch."""
        plain = {name: getattr(goal, name) for name in COLUMNS}
        rules = _rules([rule.conditions for rule in goal.rules.all()])
        return cls(
            **plain | {"counting": Counting(goal.counting), "value_rule": ValueRule(goal.value_rule)}, rules=rules
        )

    def as_json(self) -> dict[str, Any]:  # a JSON value
        """Give it as a GoalVersion keeps it."""
        return {name: value for name, value in asdict(self).items() if name != "rules"} | {"rules": to_json(self.rules)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Definition":  # as `as_json` gives it
        """Read what a GoalVersion keeps."""
        plain = {name: value for name, value in kept.items() if name in COLUMNS}
        choices = {"counting": Counting(kept["counting"]), "value_rule": ValueRule(kept["value_rule"])}
        return cls(**plain | choices, rules=_rules(kept["rules"]))

    def differing(self, other: "Definition") -> list[str]:
        """Name the parts in which the two differ, in the order of the fields."""
        return [field.name for field in fields(self) if getattr(self, field.name) != getattr(other, field.name)]


def _rules(written: list[Any]) -> tuple[Rule, ...]:  # a list of rules for the parser
    # A goal can be planned before anybody knows how it will be noticed; the parser insists on one rule at least.
    return parse(written) if written else ()


# Those parts that are columns of the goal's row; the rules have rows of their own.
COLUMNS = tuple(field.name for field in fields(Definition) if field.name != "rules")
