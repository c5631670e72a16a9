"""EXPLORED: what visits are told apart by, filtered by and broken down by; what reports and funnels have, and more.

Every one says something of a visit. What happened in it, such as a page or an event, has several values in one visit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from urllib.parse import quote, unquote

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.dimensions import DIMENSIONS, NOT_SET
from reports.dimensions import label_of as plain_label
from reports.funnels.segments import NO_VISIT, SEGMENTS, segment_label

PROPERTY = "property"
GOAL = "goal"  # a condition alone: whether the visit reached it
SEGMENT = "segment"  # a condition alone: whether its person is in the segment
_PREFIX = f"{PROPERTY}:"
LONGEST_NAME = 100  # letters of a property's name


class Of(Enum):
    """What a dimension is read from."""

    VISIT = "visit"  # a column of sessions
    FIRST = "first"  # the visit's first event
    TIME = "time"  # the local time: of the visit's start, of the conversion, of each day that a visitor is there
    INSIDE = "inside"  # every event of the visit


@dataclass(frozen=True, slots=True)
class Dimension:
    """One of them.

    key    as an address names it
    of     what it is read from
    sql    its value as text, over what `of` says; {at} stands for the local time, {name} for the bound property,
           {site} for the short name of the source
    name   of the property; "" for all else
    """

    key: str
    label: str | Promise
    of: Of
    sql: str
    name: str = ""

    @property
    def is_time(self) -> bool:
        """Say whether its rows stand in the order of time."""
        return self.of is Of.TIME

    @property
    def is_several(self) -> bool:
        """Say whether one visit can have several values, so that visits do not add up over rows."""
        return self.of is Of.INSIDE


def _told(key: str, label: Promise, of: Of, sql: str) -> tuple[str, Dimension]:
    return key, Dimension(key, label, of, sql)


_HOST = "regexp_extract(lower(referrer), '^[a-z][a-z0-9+.-]*://(?:[^/@]*@)?(?:www\\.)?([^/:?#]+)', 1)"
_FOLDER = "case when path is not null then coalesce(nullif(regexp_extract(path, '^/[^/]+/'), ''), '/') end"
EXPLORED: Mapping[str, Dimension] = MappingProxyType(
    dict(
        (
            _told("day", _("Day"), Of.TIME, "{at}::date::varchar"),
            _told("week", _("Week"), Of.TIME, "date_trunc('week', {at})::date::varchar"),
            _told("month", _("Month"), Of.TIME, "date_trunc('month', {at})::date::varchar"),
            _told("weekday", _("Weekday"), Of.TIME, "isodow({at})::varchar"),
            _told("hour", _("Hour of the day"), Of.TIME, "lpad(hour({at})::varchar, 2, '0')"),
            *(_told(key, each.label, Of.VISIT, each.column) for key, each in DIMENSIONS.items()),
            _told("referrer", _("Referring site"), Of.FIRST, f"nullif({_HOST}, '')"),
            _told("page", _("Page"), Of.INSIDE, "path"),
            _told("folder", _("Folder of pages"), Of.INSIDE, _FOLDER),
            _told("event", _("Event"), Of.INSIDE, "name"),
            *(_told(key, each.label, Of.VISIT, each.sql) for key, each in SEGMENTS.items() if key not in DIMENSIONS),
            _told("browser", _("Browser"), Of.FIRST, "browser"),
            _told("os", _("Operating system"), Of.FIRST, "os"),
            _told("language", _("Language"), Of.FIRST, "language"),
            _told("site", _("Site or app"), Of.VISIT, "{site}"),
        )
    )
)


def dimension_of(key: str) -> Dimension | None:
    """Give the dimension of a key; `property:NAME` is an event's property, its name written as in addresses.

    returns   None where there is none
    """
    if key in EXPLORED:
        return EXPLORED[key]
    name = unquote(key.removeprefix(_PREFIX))
    if not key.startswith(_PREFIX) or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        return None
    return Dimension(property_key(name), name, Of.INSIDE, "json_extract_string(properties, {name})", name)


def property_key(name: str) -> str:
    """Give the key of a property."""
    return _PREFIX + quote(name, safe="")


def pointer_of(name: str) -> str:
    """Give the JSON pointer that finds a property, whatever its name."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def value_label(dimension: Dimension, key: str, sites: Mapping[str, str]) -> str:
    """Give what people read for a value; times are written by the page, which knows how.

    sites   names of sources by their short names
    """
    if key in {NOT_SET, NO_VISIT} or dimension.key in SEGMENTS:
        return segment_label(dimension.key, key)
    if dimension.key == "site":
        return sites.get(key, key)
    return plain_label(dimension.key, key)


__all__ = [
    "EXPLORED", "GOAL", "NOT_SET", "NO_VISIT", "PROPERTY", "SEGMENT", "Dimension", "Of",
    "dimension_of", "pointer_of", "property_key", "value_label",
]  # fmt: skip
