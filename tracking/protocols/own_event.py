"""One object of our own JSON becomes an Event: fields read, then judged together."""

import os
from dataclasses import dataclass, replace
from typing import Any

from tracking.agents import Agent, agent_of
from tracking.amounts import amount_of, currency_of
from tracking.campaign import CLICK_IDS, address_of
from tracking.event import (
    DAY_US,
    MAX_AHEAD_US,
    MAX_KEY_CHARS,
    SECOND_US,
    Drop,
    DropReason,
    Event,
    WarningCode,
)
from tracking.identity import person_of_user
from tracking.protocols.json_items import Decoded
from tracking.protocols.own_fields import Draft, read_fields
from tracking.protocols.parsed import Arrival
from tracking.rules import Sender, SourceRules
from tracking.times import moment_of, timing_of
from tracking.visitor import daily_visitor, lone_visitor

FAR_AHEAD_US = 60 * DAY_US  # a clock that is off by more tells nothing worth waiting for
# What an item may be refused for that another day, or another limit, makes right.
ANOTHER_DAY = frozenset({DropReason.TIME_IN_FUTURE, DropReason.TOO_OLD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one request's items share; made by `reading_of`.

    base         the fields of Event that the request itself gives; an item's own fields win
    salt         today's secret for visitors without an id
    received_us  the server's clock
    sent_us      the client's clock when it sent, None where it did not say
    max_age_us   None: an import, no age limit
    max_ahead_us how far ahead of the server's clock an event may be
    """

    rules: SourceRules
    base: dict[str, Any]
    user_agent: str
    salt: bytes
    received_us: int
    sent_us: int | None
    max_age_us: int | None
    max_ahead_us: int = MAX_AHEAD_US

    def at_any_time(self) -> "Reading":
        """Give the same for an item that was refused for its time alone, to be kept whole with the time it says."""
        return replace(self, max_age_us=None, max_ahead_us=FAR_AHEAD_US)


def reading_of(
    *,
    rules: SourceRules,
    sender: Sender,
    salt: bytes,
    received_us: int,
    sent_us: int | None = None,
    historical: bool = False,
    protocol: str = "own",
) -> Reading:
    """Gather what a request's items share; a server's own address, browser and language are nobody's."""
    base: dict[str, Any] = {"received_us": received_us, "protocol": protocol}
    if not rules.is_server:
        base |= _described(agent_of(sender.user_agent))
        if sender.language:
            base["language"] = sender.language[:MAX_KEY_CHARS]
        if sender.ip:
            base["visitor_id"] = daily_visitor(
                salt=salt, ip=sender.ip, user_agent=sender.user_agent, source_id=rules.source_id
            )
    return Reading(
        rules=rules,
        base=base,
        user_agent="" if rules.is_server else sender.user_agent,
        salt=salt,
        received_us=received_us,
        sent_us=sent_us,
        max_age_us=None if historical else rules.max_age_us,
    )


def event_of(decoded: Decoded, reading: Reading, *, index: int = 0) -> Arrival | Drop:
    """Make the event that an item describes, or say why there is none."""
    draft = Draft(reading.base.copy(), is_server=reading.rules.is_server)
    if decoded.is_mended:
        draft.note(WarningCode.CHARACTERS_REPLACED, "NUL and lone surrogates became U+FFFD")
    fault = (
        read_fields(draft, decoded.fields)
        or _settle_identity(draft, reading)
        or _settle_money(draft, reading)
        or _settle_time(draft, reading)
    )
    if fault is not None:
        return fault
    settle_address(draft.kept, draft.said.get("click_ids"))
    user_agent: str = draft.said.get("user_agent") or reading.user_agent
    if reading.rules.is_server:
        draft.kept = _described(agent_of(user_agent)) | draft.kept
    if "visitor_id" not in draft.kept:
        _settle_visitor(draft, reading, user_agent)
    return Arrival(index, Event(**draft.kept), user_agent, tuple(draft.notes))


def _settle_identity(draft: Draft, reading: Reading) -> Drop | None:
    if "name" not in draft.kept:
        return Drop(DropReason.NAME_REQUIRED, "an event needs a name", "/name")
    if "event_id" not in draft.kept:
        if reading.rules.is_server:
            message = "a server must send event_id, so that a retry is not counted twice"
            return Drop(DropReason.EVENT_ID_REQUIRED, message, "/event_id")
        draft.kept["event_id"] = os.urandom(16).hex()
    return None


def _settle_money(draft: Draft, reading: Reading) -> Drop | None:
    said, kept = draft.said, draft.kept
    is_refund = said.get("refund", False) or kept["name"] == "refund"
    if is_refund:
        kept["refund"] = True
    if "currency" in said:
        code = currency_of(said["currency"])
        if isinstance(code, Drop):
            return code
        kept["currency"] = code
    if "value" not in said:
        return None
    currency: str | None = kept.setdefault("currency", reading.rules.currency)
    amount = amount_of(said["value"], currency=currency)
    if isinstance(amount, Drop):
        return amount
    if amount.micros < 0 and not is_refund:
        message = 'only a refund is negative: send it with type "refund"'
        return Drop(DropReason.AMOUNT_NEGATIVE, message, "/value")
    if amount.is_rounded:
        draft.note(WarningCode.AMOUNT_ROUNDED, "the value was rounded to six decimals", ["value"])
    # Some tools send what was given back as 25, others as -25; it can only mean one thing.
    kept["value_micros"] = -abs(amount.micros) if is_refund else amount.micros
    return None


def _settle_time(draft: Draft, reading: Reading) -> Drop | None:
    moment = moment_of(draft.said["time"]) if "time" in draft.said else None
    if isinstance(moment, Drop):
        return moment
    if moment is not None and not moment.has_zone:
        draft.note(WarningCode.TIME_WITHOUT_ZONE, "the time has no zone and was taken as UTC", ["time"])
    timing = timing_of(
        moment,
        received_us=reading.received_us,
        sent_us=reading.sent_us,
        max_age_us=reading.max_age_us,
        max_ahead_us=reading.max_ahead_us,
    )
    if isinstance(timing, Drop):
        return timing
    draft.kept["time_us"] = timing.time_us
    if timing.client_time_us is not None:
        draft.kept["client_time_us"] = timing.client_time_us
        seconds = abs(timing.time_us - timing.client_time_us) // SECOND_US
        draft.note(WarningCode.CLOCK_CORRECTED, f"the client's clock was {seconds} s off", ["time"])
    return None


def settle_address(kept: dict[str, Any], said_ids: dict[str, str] | None) -> None:
    """Take host, path, tags and click id from the url; fields that were sent themselves win."""
    if "url" in kept:
        address = address_of(kept["url"])
        if address.host:
            kept["host"] = address.host
        if address.path:
            kept["path"] = address.path
        for tag, value in address.tags.items():
            kept.setdefault(tag, value)
        if address.click_id_type and not said_ids:
            kept["click_id_type"], kept["click_id"] = address.click_id_type, address.click_id
    if said_ids:
        kind = next(name for name in CLICK_IDS if name in said_ids)
        kept["click_id_type"], kept["click_id"] = kind, said_ids[kind]


def _settle_visitor(draft: Draft, reading: Reading, user_agent: str) -> None:
    """Name the visitor of an event that has no id: by user or address, where a server sent one."""
    kept, rules = draft.kept, reading.rules
    if "user_id" in kept:
        kept["visitor_id"] = person_of_user(kept["user_id"])
    elif "ip" in draft.said:
        kept["visitor_id"] = daily_visitor(
            salt=reading.salt, ip=draft.said["ip"], user_agent=user_agent, source_id=rules.source_id
        )
    else:  # nothing to know anyone by: the event stands alone
        kept["visitor_id"] = lone_visitor(source_id=rules.source_id, event_id=kept["event_id"])


def _described(agent: Agent) -> dict[str, Any]:
    said = {"device": agent.device, "browser": agent.browser, "os": agent.os}
    return {name: value for name, value in said.items() if value}
