"""Conversions as events of the visitors whose they are; those that are nobody's stay what they are, with the reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from tracking.conversions.matching import AT_ONCE, Clue, Match, Missed, find
from tracking.event import Event
from tracking.tabular import Imported
from tracking.tabular_rows import RowError

MATCHED_BY = "matched_by"  # the property that says how the visitor was found


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A conversion that is nobody's yet."""

    line: int
    reason: Missed
    event: Event


Placed = Imported | RowError | Unmatched


def placed(workspace_id: int, outcomes: Iterable[tuple[Imported | RowError, bool]]) -> Iterator[Placed]:
    """Match conversions with visitors, many at a time, in their order.

    outcomes  each with whether the row has an e-mail address, which says nothing here
    """
    waiting: list[tuple[Imported | RowError, bool]] = []
    for outcome in outcomes:
        waiting.append(outcome)
        if len(waiting) == AT_ONCE:
            yield from _placed(workspace_id, waiting)
            waiting = []
    yield from _placed(workspace_id, waiting)


def clue_of(event: Event) -> Clue:
    """Give what the conversion says of whose it is."""
    return Clue(
        at_us=event.time_us,
        click_id=event.click_id,
        transaction_id=event.transaction_id,
        user_id=event.user_id,
    )


def given_to(event: Event, match: Match) -> Event:
    """Make the conversion its visitor's.

    Its own click id goes: it would be one more click, at the time of the conversion.
    """
    properties: dict[str, Any] = msgspec.json.decode(event.properties) if event.properties else {}
    return msgspec.structs.replace(
        event,
        visitor_id=match.visitor_id,
        user_id=event.user_id or match.user_id,
        click_id=None,
        click_id_type=None,
        consent=event.consent or match.consent,
        properties=msgspec.json.encode(properties | {MATCHED_BY: str(match.by)}).decode(),
    )


def _placed(workspace_id: int, waiting: list[tuple[Imported | RowError, bool]]) -> Iterator[Placed]:
    clues = [clue_of(outcome.event) for outcome, _ in waiting if isinstance(outcome, Imported)]
    found = iter(find(workspace_id, clues))
    for outcome, has_email in waiting:
        if isinstance(outcome, RowError):
            yield outcome
            continue
        match = next(found)
        if isinstance(match, Match):
            yield msgspec.structs.replace(outcome, event=given_to(outcome.event, match))
        else:
            is_by_email = match is Missed.NOTHING and has_email
            yield Unmatched(outcome.line, Missed.EMAIL if is_by_email else match, outcome.event)
