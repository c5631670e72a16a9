"""Rows of another tool's export, told in the words of our own JSON, judged as events at the door are."""

from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from tracking.agents import agent_of
from tracking.consents.statement import Statement, settled_text
from tracking.event import MAX_KEY_CHARS, Drop, Event
from tracking.imports.destination import Destination
from tracking.pipeline import Circumstances, obey_consent
from tracking.protocols.json_items import Decoded, Json
from tracking.protocols.own_event import Reading, event_of, reading_of
from tracking.rules import Sender
from tracking.tabular import Imported
from tracking.tabular_rows import RowError

MOST_SHOWN_CHARS = 80


@dataclass(frozen=True, slots=True)
class Told:
    """One event that a file tells of.

    fields    as docs/reference/collect-api.md lists them
    agent     device, browser and os as the other tool found them; they win over what a User-Agent would say
    consent   what was stated; the statements' times are ours to put in
    day       of the file's own calendar, where its events replace those of the same day
    """

    fields: Json
    agent: dict[str, str] = field(default_factory=dict)
    consent: tuple[Statement, ...] = ()
    day: str | None = None


class Judge:
    """Makes events of what one file tells; a file's owner is trusted as a server is."""

    def __init__(self, destination: Destination, *, protocol: str) -> None:
        self._rules = replace(destination.rules, is_server=True)
        self._reading: Reading = reading_of(
            rules=self._rules,
            sender=Sender(),
            salt=b"",  # only for visitors who have an address and no id: exports have ids
            received_us=destination.now_us,
            historical=True,
            protocol=protocol,
        )
        self._seen = Circumstances(
            rules=self._rules, sender=Sender(), agent=agent_of(""), is_own_address=False, user_agent="", salt=b""
        )

    def outcome(self, line: int, told: Told) -> Imported | RowError:
        """Give the event, or the error with the field that it is about."""
        read = event_of(Decoded(told.fields), self._reading)
        if isinstance(read, Drop):
            return refused(line, read, told.fields)
        agent = {name: found[:MAX_KEY_CHARS] for name, found in told.agent.items()}
        event = msgspec.structs.replace(read.event, **agent)
        obeyed = obey_consent(self._with_consent(event, told), self._seen)
        if isinstance(obeyed, Drop):
            return refused(line, obeyed, told.fields)
        return Imported(line, obeyed, read.notes, told.day)

    def _with_consent(self, event: Event, told: Told) -> Event:
        if not told.consent:
            return event
        said = [replace(each, at_us=event.time_us) for each in told.consent]
        return msgspec.structs.replace(event, consent=settled_text(said))


def refused(line: int, drop: Drop, fields: Json) -> RowError:
    """Say which field of the row a refusal is about."""
    name = drop.pointer.strip("/").partition("/")[0]
    value: Any = fields.get(name)  # as it stood in the file
    shown = "" if value is None else str(value)[:MOST_SHOWN_CHARS]
    return RowError(line, name, shown, drop.reason, drop.message or str(drop.reason).replace("_", " "))
