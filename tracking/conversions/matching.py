"""Whose an offline conversion is: the visitor of the click, of the transaction, or the signed-in user.

What is asked is the lake as it was published last. A click that is stored without its id, because its visitor refused
ads, is not found: that is what the refusal means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from tracking.lake.query import query
from tracking.lake.schema import INSTANT
from tracking.times import instant_of

PROTOCOL = "conversions"  # on the events that conversions become
AT_ONCE = 2_000


class By(StrEnum):
    """What a conversion was matched by, in the order in which it is tried."""

    CLICK = "click_id"
    TRANSACTION = "transaction_id"
    USER = "user_id"


class Missed(StrEnum):
    """Why a conversion is nobody's: of several reasons the first in the order of By."""

    NOTHING = "nothing_to_match"
    EMAIL = "email_not_stored"  # hashes of e-mail addresses are not kept here
    CLICK = "click_not_seen"
    EARLY = "before_click"  # the click is there, and happened after the conversion
    TRANSACTION = "transaction_not_seen"
    USER = "user_not_seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """What a conversion says of whose it is."""

    at_us: int
    click_id: str | None = None
    transaction_id: str | None = None
    user_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Whose it is, and the consent that this visitor had stated."""

    by: By
    visitor_id: str
    user_id: str | None
    consent: str | None


# Of several events with the same id the latest before the conversion, else the first after it.
_FOUND = """
with hits as (
    select clue.row, clue.happened, 1 as rank, 'click_id' as clue_kind, event.*
    from clues as clue join events as event on event.click_id = clue.click_id
    union all
    select clue.row, clue.happened, 2 as rank, 'transaction_id' as clue_kind, event.*
    from clues as clue join events as event on event.transaction_id = clue.transaction_id
    union all
    select clue.row, clue.happened, 3 as rank, 'user_id' as clue_kind, event.*
    from clues as clue join events as event on event.user_id = clue.user_id
)
select row, clue_kind, visitor_id, user_id, consent, time <= happened as is_before
from hits
where protocol <> $own
qualify row_number() over (
    partition by row, rank order by time <= happened desc, abs(epoch_us(time) - epoch_us(happened)), event_id
) = 1
order by row, rank
"""


def find(workspace_id: int, clues: Sequence[Clue]) -> list[Match | Missed]:
    """Say of each clue whose it is, or why it is nobody's."""
    found: dict[int, dict[By, dict[str, object]]] = {}
    if any(clue.click_id or clue.transaction_id or clue.user_id for clue in clues):
        for hit in query(workspace_id, _FOUND, {"own": PROTOCOL}, tables={"clues": _table(clues)}).to_pylist():
            found.setdefault(hit["row"], {})[By(hit["clue_kind"])] = hit
    return [_judge(clue, found.get(row, {})) for row, clue in enumerate(clues)]


def _judge(clue: Clue, hits: dict[By, dict[str, object]]) -> Match | Missed:
    missed = Missed.NOTHING
    if clue.click_id:
        hit = hits.get(By.CLICK)
        if hit is not None and hit["is_before"]:
            return _match(By.CLICK, hit)
        missed = Missed.CLICK if hit is None else Missed.EARLY
    if clue.transaction_id:
        if By.TRANSACTION in hits:
            return _match(By.TRANSACTION, hits[By.TRANSACTION])
        missed = missed if clue.click_id else Missed.TRANSACTION
    if clue.user_id:
        if By.USER in hits:
            return _match(By.USER, hits[By.USER])
        missed = missed if clue.click_id or clue.transaction_id else Missed.USER
    return missed


def _match(by: By, hit: dict[str, object]) -> Match:
    user_id, consent = hit["user_id"], hit["consent"]
    return Match(
        by=by,
        visitor_id=str(hit["visitor_id"]),
        user_id=None if user_id is None else str(user_id),
        consent=None if consent is None else str(consent),
    )


def _table(clues: Sequence[Clue]) -> pa.Table:
    columns = {
        "row": pa.array(range(len(clues)), pa.int64()),
        "happened": pa.array([instant_of(clue.at_us) for clue in clues], INSTANT),
        "click_id": pa.array([clue.click_id for clue in clues], pa.string()),
        "transaction_id": pa.array([clue.transaction_id for clue in clues], pa.string()),
        "user_id": pa.array([clue.user_id for clue in clues], pa.string()),
    }
    return pa.table(columns)
