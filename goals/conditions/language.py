"""Fields and operators of mapping rules, as data: parser, SQL, pages, API and reference read these two lists.

Texts are compared exactly, upper and lower case apart: paths and event names that differ in case are different
addresses and names. Hosts, currencies and devices are stored in one case, and what a rule says of them is brought
to that case when it is read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


def gettext_noop(text: str) -> str:
    """Mark a text for translation, which happens at the page: this package knows no Django."""
    return text


class FieldKind(StrEnum):
    TEXT = "text"
    MONEY = "money"  # compared in exact millionths
    PROPERTY = "property"  # JSON: text, number or boolean, under a key
    SOURCE = "source"  # a source's short name


@dataclass(frozen=True, slots=True)
class Field:
    """What of an event a condition looks at."""

    name: str
    label: str
    column: str  # of the lake's events
    kind: FieldKind = FieldKind.TEXT
    stored_as: Callable[[str], str] = str  # brings a rule's text to the case that the lake keeps


@dataclass(frozen=True, slots=True)
class Operator:
    """How a condition compares; `kinds` are the fields that it can be asked of."""

    name: str
    label: str
    kinds: frozenset[FieldKind]
    takes: str = "text"  # text | list | number | nothing


_ALL = frozenset(FieldKind)
_WITHIN = frozenset({FieldKind.TEXT, FieldKind.PROPERTY})
_ORDERED = frozenset({FieldKind.MONEY, FieldKind.PROPERTY})
_OPEN = _ALL - {FieldKind.SOURCE}

_FIELDS = (
    Field("name", gettext_noop("event"), "name"),
    Field("path", gettext_noop("path"), "path"),
    Field("host", gettext_noop("host"), "host", stored_as=str.lower),
    Field("url", gettext_noop("full address"), "url"),
    Field("title", gettext_noop("page title"), "title"),
    Field("property", gettext_noop("property"), "properties", FieldKind.PROPERTY),
    Field("value", gettext_noop("value"), "value_micros", FieldKind.MONEY),
    Field("currency", gettext_noop("currency"), "currency", stored_as=str.upper),
    Field("referrer", gettext_noop("referrer"), "referrer"),
    Field("utm_source", gettext_noop("campaign source"), "utm_source"),
    Field("utm_medium", gettext_noop("campaign medium"), "utm_medium"),
    Field("utm_campaign", gettext_noop("campaign name"), "utm_campaign"),
    Field("utm_content", gettext_noop("campaign content"), "utm_content"),
    Field("utm_term", gettext_noop("campaign term"), "utm_term"),
    Field("utm_id", gettext_noop("campaign id"), "utm_id"),
    Field("device", gettext_noop("device"), "device", stored_as=str.lower),
    Field("source", gettext_noop("source"), "source_id", FieldKind.SOURCE),
)

_OPERATORS = (
    Operator("is", gettext_noop("is"), _ALL),
    Operator("is_not", gettext_noop("is not"), _ALL),
    Operator("one_of", gettext_noop("is one of"), _ALL, takes="list"),
    Operator("matches", gettext_noop("matches"), _WITHIN),
    Operator("contains", gettext_noop("contains"), _WITHIN),
    Operator("starts_with", gettext_noop("starts with"), _WITHIN),
    Operator("ends_with", gettext_noop("ends with"), _WITHIN),
    Operator("regex", gettext_noop("matches the regular expression"), _WITHIN),
    Operator("gt", gettext_noop("is above"), _ORDERED, takes="number"),
    Operator("gte", gettext_noop("is at least"), _ORDERED, takes="number"),
    Operator("lt", gettext_noop("is below"), _ORDERED, takes="number"),
    Operator("lte", gettext_noop("is at most"), _ORDERED, takes="number"),
    Operator("is_set", gettext_noop("is set"), _OPEN, takes="nothing"),
    Operator("is_not_set", gettext_noop("is not set"), _OPEN, takes="nothing"),
)

FIELDS: dict[str, Field] = {field.name: field for field in _FIELDS}
OPERATORS: dict[str, Operator] = {operator.name: operator for operator in _OPERATORS}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison, checked by the parser.

    values   as the person wrote them, one for most operators, none for is_set and is_not_set, many for one_of
    key      of the property; "" for other fields
    """

    field: Field
    operator: Operator
    values: tuple[str, ...] = ()
    key: str = ""

    @property
    def value(self) -> str:
        """Give the one value of an operator that takes one."""
        return self.values[0]


Rule = tuple[Condition, ...]

_SAYS_WHICH = frozenset({"name", "property"})
_SAYS_WHICH_NOT = frozenset({"is_not", "is_not_set"})


def says_which(rule: Rule) -> bool:
    """Say whether a rule tells which events it means: by their name, or by a property that they carry.

    One that does not, such as "path is /thanks", means what people do there, and not every note with that address.
    """
    return any(
        condition.field.name in _SAYS_WHICH
        and condition.operator.name not in _SAYS_WHICH_NOT
        and not (condition.field.name == "name" and condition.operator.name == "is_set")  # every event has one
        for condition in rule
    )
