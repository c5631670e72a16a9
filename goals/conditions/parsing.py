"""Reads mapping rules from JSON, and says of each fault where it is, what it is and how to mend it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from goals.conditions.language import FIELDS, OPERATORS, Condition, Field, FieldKind, Operator, Rule, gettext_noop

MAX_RULES = 20  # above it nobody reads the goal's definition in words any more
MAX_CONDITIONS = 20
MAX_VALUES = 100
MAX_VALUE_CHARS = 1_024  # as long as a stored text can be
MAX_KEY_CHARS = 64  # as long as a property's key can be
MAX_MONEY = Decimal(10**12)  # the door's own limit for a value
NUMBER = r"[+-]?[0-9]{1,300}(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?"
_MONEY = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{1,6})?")
_NUMBER = re.compile(NUMBER)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a rule.

    rule, condition   counted from 1; condition 0 speaks of the rule, rule 0 of the whole
    part              field, operator, value or key; "" for the condition itself
    reason            a sentence with %(name)s places, `stands` what fills them: translated at the page
    """

    rule: int
    condition: int
    part: str
    code: str
    reason: str
    stands: dict[str, str]

    @property
    def sentence(self) -> str:
        """Give the reason in English."""
        return self.reason % self.stands

    @property
    def pointer(self) -> str:
        """Give the JSON pointer from the list of rules to what is wrong."""
        steps = [str(n - 1) for n in (self.rule, self.condition) if n]
        return "".join(f"/{step}" for step in [*steps, *([self.part] if self.part else [])])

    def __str__(self) -> str:
        places = ((f"Rule {self.rule}", self.rule), (f"condition {self.condition}", self.condition))
        where = ", ".join(text for text, number in places if number)
        return f"{where}: {self.sentence}" if where else self.sentence


class Misstated(ValueError):
    """The rules cannot be read; `faults` says all that is wrong with them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


class _Wrong(Exception):
    """A fault on its way to its place."""

    def __init__(self, part: str, code: str, reason: str, **stands: object) -> None:
        super().__init__(code)
        self.part, self.code, self.reason = part, code, reason
        self.stands = {name: str(value) for name, value in stands.items()}


def parse(data: object) -> tuple[Rule, ...]:
    """Give the rules of a JSON value: a list of rules, each a list of {"field", "operator", "value", "key"}.

    raises   Misstated with every fault, not the first alone
    """
    try:
        rules = _list(data, least=1, most=MAX_RULES, of=gettext_noop("rules"))
    except _Wrong as wrong:
        raise Misstated([_placed(wrong, 0, 0)]) from None
    faults: list[Fault] = []
    read = tuple(_rule(each, number, faults) for number, each in enumerate(rules, start=1))
    if faults:
        raise Misstated(faults)
    return read


def to_json(rules: Sequence[Rule]) -> list[list[dict[str, Any]]]:  # a JSON value
    """Give the rules as the JSON that `parse` reads; equal rules give equal JSON."""
    return [[_condition_json(condition) for condition in rule] for rule in rules]


def _condition_json(condition: Condition) -> dict[str, Any]:
    written: dict[str, Any] = {"field": condition.field.name, "operator": condition.operator.name}
    if condition.key:
        written["key"] = condition.key
    if condition.operator.takes == "list":
        written["value"] = list(condition.values)
    elif condition.values:
        written["value"] = condition.value
    return written


def _rule(data: object, number: int, faults: list[Fault]) -> Rule:
    try:
        conditions = _list(data, least=1, most=MAX_CONDITIONS, of=gettext_noop("conditions"))
    except _Wrong as wrong:
        faults.append(_placed(wrong, number, 0))
        return ()
    read = []
    for place, each in enumerate(conditions, start=1):
        try:
            read.append(_condition(each))
        except _Wrong as wrong:
            faults.append(_placed(wrong, number, place))
    return tuple(read)


def _placed(wrong: _Wrong, rule: int, condition: int) -> Fault:
    return Fault(rule, condition, wrong.part, wrong.code, wrong.reason, wrong.stands)


def _list(data: object, *, least: int, most: int, of: str) -> list[Any]:  # its items are checked one by one
    if not isinstance(data, list):
        raise _Wrong("", "not_a_list", gettext_noop("A list of %(of)s belongs here."), of=of)
    if len(data) < least:
        raise _Wrong("", "empty", gettext_noop("There are no %(of)s; add one."), of=of)
    if len(data) > most:
        raise _Wrong("", "too_many", gettext_noop("More than %(most)s %(of)s; split the goal."), of=of, most=most)
    return data


def _condition(data: object) -> Condition:
    if not isinstance(data, dict):
        raise _Wrong("", "not_an_object", gettext_noop("A condition is an object with field, operator and value."))
    unknown = sorted(map(str, data.keys() - {"field", "operator", "value", "key"}))
    if unknown:
        raise _Wrong("", "unknown_field", gettext_noop('"%(name)s" is no part of a condition.'), name=unknown[0])
    field = _named(FIELDS, data.get("field"), "field")
    operator = _named(OPERATORS, data.get("operator"), "operator")
    if field.kind not in operator.kinds:
        raise _Wrong(
            "operator",
            "operator_unfit",
            gettext_noop('"%(operator)s" can\'t be asked of %(field)s; choose "is" or "is one of".'),
            operator=operator.label,
            field=field.label,
        )
    return Condition(field, operator, _values(data.get("value"), field, operator), _key(data.get("key"), field))


def _named(registry: dict[str, Any], name: object, part: str) -> Any:  # a Field or an Operator
    found = registry.get(name) if isinstance(name, str) else None
    if found is None:
        raise _Wrong(
            part,
            f"unknown_{part}",
            gettext_noop('"%(name)s" is not known here; choose one of %(known)s.'),
            name="" if name is None else name,
            known=", ".join(registry),
        )
    return found


def _key(data: object, field: Field) -> str:
    if field.kind is not FieldKind.PROPERTY:
        if data:
            raise _Wrong("key", "key_unfit", gettext_noop("Only a property has a key; leave it out."))
        return ""
    if not isinstance(data, str) or not data.strip():
        raise _Wrong("key", "key_required", gettext_noop("Say which property: its key is missing."))
    if len(data) > MAX_KEY_CHARS or _UNSTORABLE.search(data):
        reason = gettext_noop('No event carries a property "%(key)s": a key has at most %(most)s characters.')
        raise _Wrong("key", "key_unfit", reason, key=data[:20], most=MAX_KEY_CHARS)
    return data


def _values(data: object, field: Field, operator: Operator) -> tuple[str, ...]:
    if operator.takes == "nothing":
        if data not in (None, "", []):
            raise _Wrong("value", "value_unfit", gettext_noop('"is set" takes no value; leave it out.'))
        return ()
    if operator.takes != "list":
        return (_value(data, field, operator),)
    if not isinstance(data, list) or not data:
        raise _Wrong("value", "value_required", gettext_noop("Give the values, at least one."))
    if len(data) > MAX_VALUES:
        raise _Wrong("value", "too_many", gettext_noop("More than %(most)s values; use a pattern."), most=MAX_VALUES)
    return tuple(dict.fromkeys(_value(each, field, operator) for each in data))


def _value(data: object, field: Field, operator: Operator) -> str:
    text = _text(data)
    if text == "":
        raise _Wrong("value", "value_required", gettext_noop('Give a value, or choose "is not set".'))
    if len(text) > MAX_VALUE_CHARS:
        reason = gettext_noop("The value has %(length)s characters; stored texts have at most %(most)s.")
        raise _Wrong("value", "value_too_long", reason, length=len(text), most=MAX_VALUE_CHARS)
    if _UNSTORABLE.search(text):
        raise _Wrong("value", "value_unfit", gettext_noop("The value holds a character that no event can hold."))
    _check_number(text, field, operator)
    if operator.name == "regex":
        _check_pattern(text)
        return text
    return field.stored_as(text)


def _text(data: object) -> str:
    if isinstance(data, str):
        return data.strip()
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, int | float):
        return str(data)
    if data is None:
        return ""
    raise _Wrong("value", "value_unfit", gettext_noop("A value is a text, a number, true or false."))


def _check_number(text: str, field: Field, operator: Operator) -> None:
    if field.kind is FieldKind.MONEY:
        if not _MONEY.fullmatch(text) or abs(Decimal(text)) > MAX_MONEY:
            reason = gettext_noop('"%(value)s" is not an amount; write it as 1234.50.')
            raise _Wrong("value", "amount_format", reason, value=text[:40])
    elif operator.takes == "number" and not _NUMBER.fullmatch(text):
        reason = gettext_noop('"%(value)s" is not a number; write it as 1234.5.')
        raise _Wrong("value", "number_format", reason, value=text[:40])


def _check_pattern(pattern: str) -> None:
    fault = pattern_fault(pattern)
    if fault:
        reason = gettext_noop('"%(value)s" is not a regular expression that RE2 reads (%(fault)s).')
        raise _Wrong("value", "regex_invalid", reason, value=pattern[:80], fault=fault)


@lru_cache(maxsize=256)
def pattern_fault(pattern: str) -> str:
    """Say why RE2, which DuckDB searches with, refuses the pattern; "" where it does not."""
    # Arrow carries the same RE2 as DuckDB and needs no connection, which would cost 25 ms.
    try:
        pc.match_substring_regex(pa.scalar(""), pattern)
    except pa.ArrowInvalid as refused:
        # RE2 repeats the pattern, or the end of it, after what is wrong.
        return str(refused).removeprefix("Invalid regular expression: ").rsplit(": ", 1)[0][:120]
    return ""
