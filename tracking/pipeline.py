"""The steps between a protocol and the inbox, in order: each gives the event on, changed or not, or drops it.

A dropped event is filtered, not rejected: it was sent rightly, and by our rules or its visitor's wish it
does not count. It is answered, counted by reason, and not kept.
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from tracking import held
from tracking.agents import Agent, agent_of
from tracking.campaign import without_click_ids
from tracking.consent import consent_of, with_gpc
from tracking.event import Drop, DropReason, Event, Quarantined, Result, Status
from tracking.judging import hold_against
from tracking.protocols.parsed import Arrival, Parsed
from tracking.rules import Network, Sender, SourceRules
from tracking.visitor import daily_visitor, lone_visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What steps may know beside the event."""

    rules: SourceRules
    sender: Sender
    agent: Agent
    is_own_address: bool
    user_agent: str = ""
    salt: bytes = b""  # today's; without it nobody's events stand each for itself


# Values of Sec-Purpose, Purpose and X-Purpose: Chromium's two, and Safari's for its page of top sites.
_AHEAD_OF_A_VISIT = ("prefetch", "prerender", "preview")

Reason = Callable[[Circumstances], bool]
Step = Callable[[Event, Circumstances], Event | Drop]


def is_own_visit(seen: Circumstances) -> bool:
    """Tell the team's own visits."""
    return seen.is_own_address


def is_prefetch(seen: Circumstances) -> bool:
    """Tell pages that a browser loads ahead of a visit that may never come."""
    purpose = seen.sender.purpose.lower()
    return any(word in purpose for word in _AHEAD_OF_A_VISIT)


def is_preview(seen: Circumstances) -> bool:
    """Tell what chats and mail programs fetch to draw a link."""
    return seen.agent.is_preview and not (seen.rules.is_server or seen.rules.keeps_bots)


def is_bot(seen: Circumstances) -> bool:
    """Tell programs; servers with a secret key are programs by right, and speak for people."""
    return seen.agent.is_bot and not (seen.rules.is_server or seen.rules.keeps_bots)


def is_do_not_track(seen: Circumstances) -> bool:
    """Tell who sends the deprecated header, where the source chose to honour it."""
    return seen.sender.has_dnt and seen.rules.honours_do_not_track


def notes_gpc(rules: SourceRules, sender: Sender) -> bool:
    """Tell whether Global Privacy Control was stated; a server's request is not its visitor's browser."""
    return sender.has_gpc and not rules.is_server


def note_gpc(event: Event, seen: Circumstances) -> Event | Drop:
    """Write Global Privacy Control into the consent, where forwarding will find it; measuring goes on."""
    if not notes_gpc(seen.rules, seen.sender):
        return event
    return msgspec.structs.replace(event, consent=with_gpc(event.consent))


def obey_consent(event: Event, seen: Circumstances) -> Event | Drop:
    """Drop what may not be counted; without ads consent keep the campaign and lose the click id."""
    if event.consent is None:
        return event
    consent = consent_of(event.consent)
    if not consent.permits_counting:
        return Drop(DropReason.CONSENT_DENIED)
    if not consent.permits_measuring:
        return _without_click_id(_as_nobody(event, seen))
    return event if consent.permits_click_ids else _without_click_id(event)


def _without_click_id(event: Event) -> Event:
    if event.click_id_type is None:
        return event
    url = without_click_ids(event.url) if event.url else None
    return msgspec.structs.replace(event, click_id=None, url=url)


def _as_nobody(event: Event, seen: Circumstances) -> Event:
    """Take from an event all that knows its visitor again, other than for the day."""
    source_id, ip = seen.rules.source_id, seen.sender.ip
    if ip and seen.salt and not seen.rules.is_server:
        nobody = daily_visitor(salt=seen.salt, ip=ip, user_agent=seen.user_agent, source_id=source_id)
    else:
        nobody = lone_visitor(source_id=source_id, event_id=event.event_id)
    return msgspec.structs.replace(event, visitor_id=nobody, user_id=None, session_id=None)


# Why all of a browser's events in a request are left out, in order: whose visit it is before what it is.
REASONS: dict[DropReason, Reason] = {
    DropReason.OWN_ADDRESS: is_own_visit,
    DropReason.PREFETCH: is_prefetch,
    DropReason.PREVIEW: is_preview,
    DropReason.BOT: is_bot,
    DropReason.DO_NOT_TRACK: is_do_not_track,
}
# What is asked of each event that is left, in order; the consent last. All leave an event alone that states no consent,
# where its browser states no GPC: run_all asks none of them for it.
STEPS: dict[str, Step] = {"gpc": note_gpc, "consent": obey_consent}


def reason_for(seen: Circumstances) -> Drop | None:
    """Say why nothing that was made by this browser counts, whatever it is; None where it does."""
    return next((Drop(reason) for reason, holds in REASONS.items() if holds(seen)), None)


def run(event: Event, seen: Circumstances) -> Event | Drop:
    """Take one event through the steps; the first Drop ends it."""
    for step in STEPS.values():
        outcome = step(event, seen)
        if isinstance(outcome, Drop):
            return outcome
        event = outcome
    return event


def run_all(parsed: Parsed, *, rules: SourceRules, sender: Sender, salt: bytes = b"") -> Parsed:
    """Take a request's events through the steps; what is filtered says so in its result.

    salt  today's secret, for those who are counted and refused to be known
    """
    is_own = is_in(sender.ip, rules.own_networks) and not rules.is_server
    seen_by: dict[str, tuple[Circumstances, Drop | None]] = {}  # nearly always one browser a request
    has_gpc = notes_gpc(rules, sender)

    def judged(arrival: Arrival) -> Event | Drop:
        known = seen_by.get(arrival.user_agent)
        if known is None:
            seen = Circumstances(
                rules=rules,
                sender=sender,
                agent=agent_of(arrival.user_agent),
                is_own_address=is_own,
                user_agent=arrival.user_agent,
                salt=salt,
            )
            known = seen_by[arrival.user_agent] = seen, reason_for(seen)
        if known[1] is not None:
            return known[1]
        if arrival.event.consent is None and not has_gpc:
            return arrival.event
        return run(arrival.event, known[0])

    arrivals: list[Arrival] = []
    results = list(parsed.results)
    for arrival in parsed.arrivals:
        outcome = judged(arrival)
        if outcome is arrival.event:
            arrivals.append(arrival)
        elif isinstance(outcome, Drop):
            sent_id = results[arrival.index].id
            results[arrival.index] = Result(arrival.index, sent_id, Status.FILTERED, outcome.reason)
        else:
            arrivals.append(msgspec.structs.replace(arrival, event=outcome))
    # What was refused for its time is kept as it may be stored one day: without what its visitor did not agree to.
    whole: dict[int | None, Arrival | None] = {
        arrival.index: _through(arrival, judged(arrival)) for arrival in parsed.another_day
    }
    quarantine = [_kept_whole(each, whole.get(each.index)) for each in parsed.quarantine]
    left = Parsed(arrivals=arrivals, results=results, quarantine=quarantine, problem=parsed.problem)
    return hold_against(left, rules)


def _through(arrival: Arrival, outcome: Event | Drop) -> Arrival | None:
    """Give the arrival as it went through the steps; None where it does not count."""
    return None if isinstance(outcome, Drop) else msgspec.structs.replace(arrival, event=outcome)


def _kept_whole(each: Quarantined, arrival: Arrival | None) -> Quarantined:
    if arrival is None:
        return each
    return msgspec.structs.replace(each, name=arrival.event.name, held=held.pack(arrival))


def is_in(ip: str | None, networks: tuple[Network, ...]) -> bool:
    """Tell whether an address is in one of the networks; no address is in none."""
    if not ip or not networks:
        return False
    try:
        address = ipaddress.ip_address(ip.strip())
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks if network.version == address.version)
