"""Asks mapping rules of one event in Python: for the live check, and to prove what the SQL means."""

import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from goals.conditions.compiling import NO_SOURCE, micros, numeric
from goals.conditions.language import Condition, FieldKind, Rule, says_which
from goals.conditions.parsing import NUMBER
from tracking.uncounted import NOT_DONE

_NUMBER = re.compile(NUMBER)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {  # of two numbers
    "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le,
}  # fmt: skip
# Between these, JSON writers put the digits out in full; outside with an exponent.
_PLAIN_FROM, _PLAIN_BELOW = 1e-6, 1e21


def meets(rules: Sequence[Rule], event: Mapping[str, Any], *, sources: Mapping[str, int] | None = None) -> bool:
    """Say whether the event meets any rule.

    event     the lake's columns by name, missing ones absent or None; properties as JSON text
    sources   short name to source_id, as for `compile_rules`
    """
    return any(_meets(rule, event, sources or {}) for rule in rules)


def _meets(rule: Rule, event: Mapping[str, Any], sources: Mapping[str, int]) -> bool:
    is_meant = says_which(rule) or event.get("name") not in NOT_DONE
    return is_meant and all(_holds(condition, event, sources) for condition in rule)


def _holds(condition: Condition, event: Mapping[str, Any], sources: Mapping[str, int]) -> bool:
    found = event.get(condition.field.column)
    match condition.field.kind:
        case FieldKind.MONEY:
            return _number(condition, found, [micros(each) for each in condition.values])
        case FieldKind.SOURCE:
            return _number(condition, found, [sources.get(each, NO_SOURCE) for each in condition.values])
        case FieldKind.PROPERTY:
            return _property(condition, json.loads(found or "{}").get(condition.key))
        case _:
            return _text(condition, found)


def _number(condition: Condition, found: int | None, values: Sequence[int]) -> bool:
    name = condition.operator.name
    if name in {"is_not", "is_not_set"}:
        return found is None if name == "is_not_set" else found != values[0]
    if found is None:
        return False
    if name in _COMPARISONS:
        return _COMPARISONS[name](found, values[0])
    return name == "is_set" or found in values


def _property(condition: Condition, found: Any) -> bool:  # any JSON value
    name = condition.operator.name
    if name in {"is", "one_of", "is_not"}:
        return any(_equals(found, value) for value in condition.values) != (name == "is_not")
    if name in _COMPARISONS:
        text = _as_text(found)
        if text is None or not _NUMBER.fullmatch(text):
            return False
        return _COMPARISONS[name](float(text), float(condition.value))
    return _text(condition, _as_text(found))


def _equals(found: Any, value: str) -> bool:  # any JSON value
    as_number = numeric(value)
    if as_number is not None and isinstance(found, int | float) and not isinstance(found, bool):
        return float(found) == as_number
    return _as_text(found) == value


def _text(condition: Condition, found: str | None) -> bool:
    name = condition.operator.name
    if name in {"is_not", "is_not_set"}:
        return not found if name == "is_not_set" else found != condition.value
    if found is None:
        return False
    return _TEXTS[name](found, condition.values)


def _matches(found: str, values: tuple[str, ...]) -> bool:
    pattern = ".*".join(re.escape(part) for part in values[0].split("*"))
    return re.fullmatch(pattern, found, re.DOTALL) is not None


def _regex(found: str, values: tuple[str, ...]) -> bool:
    # RE2, as in DuckDB: Python's own engine reads other patterns and can be kept busy for hours by some.
    return bool(pc.match_substring_regex(pa.scalar(found, pa.string()), values[0]).as_py())


_TEXTS: dict[str, Callable[[str, tuple[str, ...]], bool]] = {
    "is": lambda found, values: found == values[0],
    "one_of": lambda found, values: found in values,
    "matches": _matches,
    "contains": lambda found, values: values[0] in found,
    "starts_with": lambda found, values: found.startswith(values[0]),
    "ends_with": lambda found, values: found.endswith(values[0]),
    "regex": _regex,
    "is_set": lambda found, values: found != "",  # noqa: ARG005  # one shape for all
}


def _as_text(found: Any) -> str | None:  # any JSON value
    """Write a JSON value as DuckDB reads it from the stored text."""
    if found is None or isinstance(found, str):
        return found
    if isinstance(found, float):
        return _float_text(found)
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False)


def _float_text(number: float) -> str:
    digits = repr(number)
    if "e" not in digits:
        return digits
    if _PLAIN_FROM <= abs(number) < _PLAIN_BELOW:
        plain = f"{Decimal(digits):f}"
        return plain if "." in plain else f"{plain}.0"
    mantissa, exponent = digits.split("e")
    return f"{mantissa}e{int(exponent)}"
