"""Rows of a file to events, by a mapping; every row is an event or an error that says where and why.

A row goes through the same rules as an event at the door, so that a file and a tag cannot differ.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tracking.event import DAY_US, Drop, Event, WarningNote
from tracking.occurrences import Occurrences
from tracking.protocols.json_items import Decoded
from tracking.protocols.own_event import Reading, event_of, reading_of
from tracking.rules import Sender, SourceRules
from tracking.tabular_mapping import PROPERTY, Mapping, value_of
from tracking.tabular_rows import Row, RowError
from tracking.tabular_values import json_value, number_text, plain, time_of

PROTOCOL = "import"

_FIRST_DAY = date(1970, 1, 1)
_encode = msgspec.json.Encoder(enc_hook=str, order="sorted").encode


class Imported(msgspec.Struct, frozen=True):
    """A row that became an event, with what was noted on the way.

    day  of the file's own calendar, where the file's events replace those of the same day
    """

    line: int
    event: Event
    notes: tuple[WarningNote, ...] = ()
    day: str | None = None


@dataclass(slots=True, kw_only=True)
class Importer:
    """Turns one file's rows into events; it remembers identical rows, so use one for each file.

    salt_of  secret for visitors of a UTC day who have an address and no id, at most 64 bytes
    now_us   the time of the import: it becomes received_us, and later rows are errors
    """

    mapping: Mapping
    rules: SourceRules
    salt_of: Callable[[date], bytes]
    now_us: int
    protocol: str = PROTOCOL
    _readings: dict[int, Reading] = field(default_factory=dict)
    _occurrences: Occurrences = field(default_factory=Occurrences)
    _zone: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        self._zone = ZoneInfo(self.mapping.time_zone)
        # A file's owner is trusted as a server is: with addresses, user agents and ids of others.
        self.rules = replace(self.rules, is_server=True)

    def read(self, rows: Iterable[Row | RowError]) -> Iterator[Imported | RowError]:
        """Give an event or an error for each row."""
        for row in rows:
            yield row if isinstance(row, RowError) else self.outcome_of(row)

    def outcome_of(self, row: Row) -> Imported | RowError:
        """Judge one row."""
        fields = self._fields_of(row)
        time_us = time_of(fields.get("time", ""), zone=self._zone, time_format=self.mapping.time_format)
        if isinstance(time_us, Drop):
            return self._error(row, time_us)
        fields["time"] = Decimal(time_us) / 1_000  # milliseconds, as the door takes them, exact to the end
        read = event_of(Decoded(fields), self._reading_on(time_us // DAY_US))
        if isinstance(read, Drop):
            return self._error(row, read)
        return Imported(row.line, read.event, read.notes)

    def _fields_of(self, row: Row) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        properties: dict[str, Any] = {}
        for target, expression in self.mapping.fields.items():
            value = value_of(expression, row.values)
            if value is None:
                continue
            if target.startswith(PROPERTY):
                properties[target.removeprefix(PROPERTY)] = plain(value)
            else:
                fields[target] = self._field(target, value)
        if properties:
            mapped = fields.get("properties")
            fields["properties"] = properties if mapped is None else {**mapped, **properties}
        if "event_id" not in fields:
            fields["event_id"] = self._id_of(row)
        return fields

    def _field(self, target: str, value: Any) -> Any:
        if target == "time":
            return value
        if target == "value" and isinstance(value, str):
            return number_text(value, has_decimal_comma=self.mapping.has_decimal_comma)
        if target == "sequence" and isinstance(value, str) and value.isdecimal() and len(value) <= 16:
            return int(value)
        return json_value(target, value)

    def _id_of(self, row: Row) -> str:
        """Hash what identifies a row, and how often it was there before: a re-import gives the same ids.

        With `id_from` its columns are an identity: the same values again are the same event. Without it
        the whole row is, and a second identical row is a second event.
        """
        named = self.mapping.id_from
        values = [row.values.get(name) for name in named] if named else row.values
        content = blake2b(_encode(values), digest_size=16).digest()
        occurrence = 1 if named else self._occurrences.count(content)
        said = b"%d:%d:%b" % (self.rules.source_id, occurrence, content)
        return blake2b(said, digest_size=16).hexdigest()

    def _reading_on(self, day: int) -> Reading:
        """Give what the rows of one UTC day share: the day's salt."""
        reading = self._readings.get(day)
        if reading is None:
            salt = self.salt_of(_day_of(day))
            reading = reading_of(
                rules=self.rules,
                sender=Sender(),
                salt=salt,
                received_us=self.now_us,
                historical=True,
                protocol=self.protocol,
            )
            self._readings[day] = reading
        return reading

    def _error(self, row: Row, drop: Drop) -> RowError:
        """Say which column a refusal is about, in the file's words."""
        target = drop.pointer.strip("/").partition("/")[0]
        expression = self.mapping.fields.get(target, "")
        value = value_of(expression, row.values) if expression else None
        shown = "" if value is None else str(value)[:80]
        return RowError(row.line, expression or target, shown, drop.reason, drop.message)


def _day_of(day: int) -> date:
    """Give the date of a day since 1970; what lies outside the calendar is refused by its time later."""
    try:
        return _FIRST_DAY + timedelta(days=day)
    except OverflowError:
        return _FIRST_DAY
