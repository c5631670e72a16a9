"""Turns mapping rules into a DuckDB condition over the lake's events, every value and key a bound parameter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from goals.conditions.language import Condition, FieldKind, Rule, says_which
from goals.conditions.parsing import NUMBER
from tracking.uncounted import NOT_DONE

NO_SOURCE = -1  # stands for a short name that no source has; no event carries it
_MICROS = Decimal(1_000_000)
_COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}

# What each operator is in SQL: x the column or expression, v the bound value, all of them for one_of.
_EQUALS = {"is": "{x} = {v}", "is_not": "{x} is distinct from {v}", "one_of": "{x} in ({all})"}
_NUMBERS = _EQUALS | {
    "is_set": "{x} is not null",
    "is_not_set": "{x} is null",
    **{name: f"{{x}} {sign} {{v}}" for name, sign in _COMPARISONS.items()},
}
_TEXTS = _EQUALS | {
    "matches": "{x} like {v} escape '\\'",
    "contains": "contains({x}, {v})",
    "starts_with": "starts_with({x}, {v})",
    "ends_with": "ends_with({x}, {v})",
    "regex": "regexp_matches({x}, {v})",
    "is_set": "{x} <> ''",
    "is_not_set": "coalesce({x}, '') = ''",
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition for `where`, and what its $names are bound to."""

    sql: str
    params: dict[str, object]


def compile_rules(rules: Sequence[Rule], *, sources: Mapping[str, int] | None = None, prefix: str = "rule") -> Compiled:
    """Give the rules as one SQL condition: any rule, and of a rule all conditions.

    sources   short name to source_id; a name that is not in it meets no event
    prefix    begins the names of the bound values, so that two conditions fit into one statement
    """
    if not rules:
        return Compiled("(false)", {})  # a goal that is planned and not defined yet: nothing meets it
    binder = _Binder(dict(sources or {}), prefix)
    whole = " or ".join("(" + " and ".join(binder.rule(rule)) + ")" for rule in rules)
    return Compiled(f"({whole})", binder.params)


class _Binder:
    """Numbers the parameters of one statement."""

    def __init__(self, sources: dict[str, int], prefix: str) -> None:
        self.sources, self.prefix = sources, prefix
        self.params: dict[str, object] = {}

    def bind(self, value: object) -> str:
        """Take a value along; give the $name that stands for it."""
        name = f"{self.prefix}_{len(self.params)}"
        self.params[name] = value
        return f"${name}"

    def rule(self, rule: Rule) -> list[str]:
        """Give all that a rule asks."""
        asked = [self.sql(condition) for condition in rule]
        if not says_which(rule):
            asked.append(f"coalesce(not list_contains({self.bind(list(NOT_DONE))}, name), true)")
        return asked

    def sql(self, condition: Condition) -> str:
        """Give one condition; it may be null where the field is missing, which counts as false."""
        match condition.field.kind:
            case FieldKind.MONEY:
                return self._number(condition.field.column, condition, [micros(each) for each in condition.values])
            case FieldKind.SOURCE:
                ids = [self.sources.get(each, NO_SOURCE) for each in condition.values]
                return self._number(condition.field.column, condition, ids)
            case FieldKind.PROPERTY:
                return self._property(condition)
            case _:
                return self._text(condition.field.column, condition)

    def _number(self, column: str, condition: Condition, values: Sequence[int]) -> str:
        bound = [self.bind(value) for value in values]
        return _NUMBERS[condition.operator.name].format(x=column, v="".join(bound[:1]), all=", ".join(bound))

    def _text(self, expression: str, condition: Condition) -> str:
        bound = [self.bind(_searched(condition, value)) for value in condition.values]
        return _TEXTS[condition.operator.name].format(x=expression, v="".join(bound[:1]), all=", ".join(bound))

    def _property(self, condition: Condition) -> str:
        # A pointer takes any key; its two special characters are escaped, and the pointer itself is bound.
        key = self.bind("/" + condition.key.replace("~", "~0").replace("/", "~1"))
        text = f"json_extract_string(properties, {key})"
        number = f"json_type(properties, {key}) in ('UBIGINT', 'BIGINT', 'DOUBLE')"
        match condition.operator.name:
            case "is" | "one_of":
                return f"({' or '.join(self._equals(text, number, value) for value in condition.values)})"
            case "is_not":
                return f"not coalesce({self._equals(text, number, condition.value)}, false)"
            case name if name in _COMPARISONS:
                # A number that was sent as a text counts as a number; what does not look like one never compares.
                double = f"case when regexp_full_match({text}, '{NUMBER}') then try_cast({text} as double) end"
                return f"{double} {_COMPARISONS[name]} {self.bind(float(condition.value))}::double"
            case _:
                return self._text(text, condition)

    def _equals(self, text: str, number: str, value: str) -> str:
        """Compare texts as texts and JSON numbers as numbers: 49 is 49.0, and "007" is not "7"."""
        same_text = f"{text} = {self.bind(value)}"
        as_number = numeric(value)
        if as_number is None:
            return same_text
        bound = self.bind(as_number)
        return f"case when {number} then try_cast({text} as double) = {bound}::double else {same_text} end"


def micros(amount: str) -> int:
    """Give an amount that the parser let through in millionths, exactly."""
    return int(Decimal(amount) * _MICROS)


def numeric(value: str) -> float | None:
    """Give the number that a rule's text says, None where it says none."""
    try:
        return float(value) if value.lower().lstrip("+-")[:1].isdigit() and "_" not in value else None
    except ValueError:
        return None


def _searched(condition: Condition, value: str) -> str:
    return as_like(value) if condition.operator.name == "matches" else value


def as_like(pattern: str) -> str:
    """Give a pattern in which * stands for anything as SQL's `like` reads it, with the backslash as its escape."""
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")
