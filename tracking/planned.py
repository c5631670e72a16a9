"""Whether an event is as it was agreed: its name is planned, its properties are there and of the agreed type.

Pure: the door asks it of each event, the drain of each that entered the lake, and both mean the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from tracking.event import DropReason, Event

# What tag and product send of their own accord, planned from the start: without page views no report would be whole.
OWN_EVENTS = frozenset(
    {
        "page_view", "engagement", "scroll", "outbound_click", "file_download", "form_submit", "search",
        "identify", "ad_impression", "ad_engagement", "ad_click",
    }
)  # fmt: skip
# Properties that an event keeps as fields of its own, by the words in which plans name them.
FIELDS: Mapping[str, str] = {
    "value": "value_micros",
    "revenue": "value_micros",
    "currency": "currency",
    "transaction_id": "transaction_id",
    "order_id": "transaction_id",
    "items": "items",
    "url": "url",
    "page_location": "url",
    "path": "path",
    "title": "title",
    "page_title": "title",
    "referrer": "referrer",
    "page_referrer": "referrer",
    "user_id": "user_id",
}
MISSING, TYPE, VALUE = "missing", "type", "value"
_MOST_NAMED = 5  # faults in one message


@dataclass(frozen=True, slots=True)
class Property:
    """What an event is to carry under a name.

    types    of text, integer, number, boolean, time; any of them will do, and none given is any
    allowed  values as text; empty: any
    """

    name: str
    types: frozenset[str] = frozenset()
    is_required: bool = False
    allowed: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:  # JSON values
        """Give it as a PlannedEvent keeps it."""
        return {
            "name": self.name,
            "types": sorted(self.types),
            "is_required": self.is_required,
            "allowed": sorted(self.allowed),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Property":
        """Read what a PlannedEvent keeps."""
        return cls(kept["name"], frozenset(kept["types"]), kept["is_required"], frozenset(kept["allowed"]))


@dataclass(frozen=True, slots=True)
class Breach:
    """One property that is not as agreed; kind is missing, type or value."""

    property: str
    kind: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an event is not as agreed: `unplanned` or `schema_violation`, in words, and which properties."""

    reason: DropReason
    message: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workspace agreed on: event names with their properties."""

    events: Mapping[str, Sequence[Property]] = field(default_factory=dict)

    def knows(self, name: str) -> bool:
        """Say whether the name is planned."""
        return name in self.events or name in OWN_EVENTS

    def judge(self, event: Event) -> Verdict | None:
        """Give what speaks against the event; None where it is as agreed, or nothing was ever agreed."""
        agreed = self.events.get(event.name)
        if agreed is None:
            if not self.events or event.name in OWN_EVENTS:
                return None
            return Verdict(DropReason.UNPLANNED, f'no plan knows an event "{event.name}"')
        if not agreed:
            return None
        found = list(breaches(agreed, event.properties, lambda name: getattr(event, name)))
        if not found:
            return None
        said = ", ".join(f"{each.property} ({each.kind})" for each in found[:_MOST_NAMED])
        keys = tuple(each.property for each in found)
        return Verdict(DropReason.SCHEMA_VIOLATION, f"not as agreed: {said}", keys)


def breaches(agreed: Sequence[Property], properties: str | None, said: Callable[[str], Any]) -> Iterator[Breach]:
    """Give the properties that are not as agreed.

    properties  of the event, as JSON text
    said        gives a field of the event by its name in the record
    """
    carried: Mapping[str, Any] = _decode(properties) if properties else {}
    for each in agreed:
        value = carried.get(each.name)
        if value is None and each.name in FIELDS:
            value = _of_field(FIELDS[each.name], said)
        if value is None or value == "":
            if each.is_required:
                yield Breach(each.name, MISSING)
        elif each.types and not any(_IS[kind](value) for kind in each.types if kind in _IS):
            yield Breach(each.name, TYPE)
        elif each.allowed and _text(value) not in each.allowed:
            yield Breach(each.name, VALUE)


def _of_field(name: str, said: Callable[[str], Any]) -> Any:
    value = said(name)
    if value is None or name != "value_micros":
        return value
    return value // 1_000_000 if value % 1_000_000 == 0 else value / 1_000_000


def _is_integer(value: Any) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, float) and value.is_integer()  # a browser writes 5.0 as 5, others do not
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_time(value: Any) -> bool:
    if not isinstance(value, str):
        return _is_integer(value)  # seconds or milliseconds since the epoch
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


_IS: Mapping[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "time": _is_time,
}


def _text(value: Any) -> str:
    """Write a value as people list it: true and false in small letters, 5.0 as 5."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


_decode = msgspec.json.Decoder(dict[str, Any]).decode
