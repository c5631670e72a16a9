"""Snowplow's hits taken apart: fields that are all text, and JSON objects packed into some of them."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec

from tracking.event import Drop, DropReason, Problem
from tracking.protocols.bodies import from_base64
from tracking.protocols.json_items import Decoded, Json
from tracking.protocols.queries import parameters_of, text_of_query
from tracking.protocols.translating import id_text, one_object, text_in

_SCHEMA = re.compile(r"iglu:([^/]+)/([^/]+)/[^/]+/[0-9]+-[0-9]+-[0-9]+")
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?")


class Entity(msgspec.Struct, frozen=True):
    """A self-describing JSON object: what it is, as `iglu:vendor/name/format/version`, and what it says."""

    schema: str
    data: Json

    @property
    def vendor(self) -> str:
        """Name who made the schema; "" where the schema is none."""
        return self._part(1)

    @property
    def name(self) -> str:
        """Name the kind of thing; "" where the schema is none."""
        return self._part(2)

    def _part(self, number: int) -> str:
        found = _SCHEMA.fullmatch(self.schema)
        return found[number] if found else ""


class Hit(msgspec.Struct, frozen=True):
    """One hit.

    fields     by their short names
    event      what an unstructured event (e=ue) says
    contexts   what was attached, in order
    is_mended  characters were replaced while it was decoded
    """

    fields: Json
    event: Entity | None = None
    contexts: tuple[Entity, ...] = ()
    is_mended: bool = False

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Give the event and what was attached to it."""
        return (self.event, *self.contexts) if self.event else self.contexts

    def text(self, name: str) -> str | None:
        """Give a field as text; trackers of some languages send numbers as numbers."""
        return id_text(self.fields.get(name))

    def number(self, name: str) -> Decimal | str | None:
        """Give a field as a number; as text where it is none, so that it is refused by name."""
        text = self.text(name)
        return Decimal(text) if text is not None and _NUMBER.fullmatch(text) else text

    def attached(self, vendor: str, name: str) -> Json:
        """Give what the first context of this kind says."""
        return next((each.data for each in self.contexts if (each.vendor, each.name) == (vendor, name)), {})


def hit_of(decoded: Decoded) -> Hit | Drop:
    """Unpack the JSON within a hit's fields."""
    event = _packed(decoded.fields, "ue_px", "ue_pr")
    contexts = _packed(decoded.fields, "cx", "co")
    for found in (event, contexts):
        if isinstance(found, Drop):
            return found
    assert isinstance(event, Decoded) and isinstance(contexts, Decoded)  # noqa: S101, PT018  # for the type checker
    attached = contexts.fields.get("data")
    return Hit(
        fields=decoded.fields,
        event=next(iter(_entities([event.fields.get("data")])), None),
        contexts=_entities(attached if isinstance(attached, list) else []),
        is_mended=decoded.is_mended or event.is_mended or contexts.is_mended,
    )


def query_of(query: str) -> Decoded:
    """Read a raw query string as a hit's fields."""
    found = parameters_of(text_of_query(query))
    return Decoded(dict(found.values), found.is_mended)


def _packed(fields: Json, coded: str, plain: str) -> Decoded | Drop:
    """Decode the JSON object of two fields, one in base64; an empty one where neither is there."""
    if text := text_in(fields, coded):
        key, raw = coded, from_base64(text)
    elif text := text_in(fields, plain):
        key, raw = plain, text.encode("utf-8", "replace")
    else:
        return _NOTHING
    if raw is None:
        return Drop(DropReason.INVALID_JSON, f"{key} is not base64 of its web-safe kind", f"/{key}")
    decoded = one_object(raw)
    if isinstance(decoded, Problem):
        return Drop(decoded.code, decoded.detail, f"/{key}")
    return decoded


def _entities(values: Iterable[Any]) -> tuple[Entity, ...]:  # Any: JSON values
    objects = (value for value in values if isinstance(value, dict))
    named = ((text_in(value, "schema"), value.get("data")) for value in objects)
    return tuple(Entity(schema, data if isinstance(data, dict) else {}) for schema, data in named if schema)


_NOTHING = Decoded({})
