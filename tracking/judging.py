"""Holds what a request brought against what was agreed: marks it, or from a strict source holds it back."""

import msgspec

from tracking import held
from tracking.event import QUARANTINE_BYTES, DropReason, Quarantined, Result, Status, WarningCode, WarningNote
from tracking.planned import Verdict
from tracking.protocols.parsed import Arrival, Parsed
from tracking.rules import SourceRules


def hold_against(parsed: Parsed, rules: SourceRules) -> Parsed:
    """Judge the arrivals; without a plan, or where all is as agreed, the same comes back."""
    plan = rules.plan
    if plan is None or not plan.events:
        return parsed
    judged = [(arrival, plan.judge(arrival.event)) for arrival in parsed.arrivals]
    if not any(verdict for _, verdict in judged):
        return parsed
    results, quarantine = list(parsed.results), list(parsed.quarantine)
    arrivals: list[Arrival] = []
    for arrival, verdict in judged:
        if verdict is None:
            arrivals.append(arrival)
        elif rules.is_strict:
            results[arrival.index] = _refused(arrival, verdict)
            quarantine.append(_kept(arrival, verdict))
        else:
            results[arrival.index] = _marked(results[arrival.index], verdict)
            arrivals.append(msgspec.structs.replace(arrival, mark=MARKS[verdict.reason]))
    return Parsed(arrivals=arrivals, results=results, quarantine=quarantine, problem=parsed.problem)


# Beside "accepted" in the counters: what would have been held back by a strict source.
MARKS = {
    DropReason.UNPLANNED: str(Status.UNPLANNED),
    DropReason.SCHEMA_VIOLATION: str(WarningCode.SCHEMA_WARNING),
}


def _marked(result: Result, verdict: Verdict) -> Result:
    if verdict.reason is DropReason.UNPLANNED:
        return msgspec.structs.replace(
            result,
            status=Status.UNPLANNED,
            code=result.code or str(verdict.reason),
            message=result.message or verdict.message,
        )
    note = WarningNote(WarningCode.SCHEMA_WARNING, verdict.message, verdict.keys)
    code, message = (result.code, result.message) if result.warnings else (str(note.code), note.message)
    return msgspec.structs.replace(result, code=code, message=message, warnings=(*result.warnings, note))


def _refused(arrival: Arrival, verdict: Verdict) -> Result:
    advice = "; it is kept for 30 days, and can be taken in once the plan knows it"
    return Result(arrival.index, arrival.event.event_id, Status.REJECTED, str(verdict.reason), verdict.message + advice)


def _kept(arrival: Arrival, verdict: Verdict) -> Quarantined:
    event = arrival.event
    shown = msgspec.json.encode(event)[:QUARANTINE_BYTES]
    return Quarantined(arrival.index, verdict.reason, verdict.message, shown, name=event.name, held=held.pack(arrival))
