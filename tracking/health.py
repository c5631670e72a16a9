"""What became of everything that was sent: the balance of each source, exact at any moment."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import Promise

from tracking.held import input_of
from tracking.lake.writer import IN_THE_DOOR
from tracking.masking import masked
from tracking.masking import readable as laid_out
from tracking.models import InboxRow, LakeState, Quarantined, Source
from tracking.reasons import OUTCOMES, Reason, reason_of

SHOWN_ORIGINS = 20


@dataclass(slots=True)
class Balance:
    """Counts of a source over some days, in items; received is the sum of the five."""

    accepted: int = 0
    duplicate: int = 0
    rejected: int = 0
    filtered: int = 0
    limited: int = 0
    reasons: dict[tuple[str, str], int] = field(default_factory=dict)  # (outcome, reason) -> items

    @property
    def received(self) -> int:
        return self.accepted + self.duplicate + self.rejected + self.filtered + self.limited

    @property
    def parts(self) -> dict[str, int]:
        """Give the five by their names."""
        return {name: getattr(self, name) for name in OUTCOMES}

    def add(self, outcome: str, reason: str, items: int) -> None:
        """Count items of an outcome, with its reason where there is one."""
        setattr(self, outcome, getattr(self, outcome) + items)
        if reason:
            self.reasons[outcome, reason] = self.reasons.get((outcome, reason), 0) + items


@dataclass(frozen=True, slots=True)
class Why:
    """How many items met a reason over some days, in words."""

    outcome: str
    code: str
    items: int

    @property
    def outcome_label(self) -> Promise:
        return OUTCOMES[self.outcome]

    @property
    def reason(self) -> Reason:
        return reason_of(self.code)


def whys(days: Iterable[Balance]) -> list[Why]:
    """Give the reasons of all days, the most frequent first."""
    total: Counter[tuple[str, str]] = Counter()
    for balance in days:
        total.update(balance.reasons)
    return [Why(outcome, code, items) for (outcome, code), items in total.most_common() if items > 0]


def total_of(days: Iterable[Balance]) -> Balance:
    """Give the balance of all days together."""
    total = Balance()
    for balance in days:
        for outcome, items in balance.parts.items():
            total.add(outcome, "", items)
    return total


# The folded counters, and what still waits in the inbox: together everything that was ever answered.
_COUNTS = """
select source_id, day, outcome, reason, sum(events)::bigint
from (
    select source_id, day, outcome, reason, events
    from tracking_counter
    where workspace_id = %(workspace)s and day >= %(since)s
        and (%(source)s::bigint is null or source_id = %(source)s)
    union all
    select
        source_id, (received_at at time zone 'UTC')::date,
        split_part(key, ':', 1), split_part(key, ':', 2), value::bigint
    from tracking_inboxrow, jsonb_each_text(counts)
    where workspace_id = %(workspace)s and received_at >= %(since_at)s
        and (%(source)s::bigint is null or source_id = %(source)s)
) as counted
group by 1, 2, 3, 4
having sum(events) <> 0
order by 1, 2, 3, 4
"""


def balances(workspace_id: int, *, since: date) -> dict[int, Balance]:
    """Give each source's balance of the UTC days from `since` on, by the source's id."""
    found: dict[int, Balance] = defaultdict(Balance)
    for source_id, _, outcome, reason, items in _counts(workspace_id, since):
        found[source_id].add(outcome, reason, items)
    return found


def daily(source: Source, *, since: date) -> dict[date, Balance]:
    """Give a source's balance of each UTC day from `since` on, newest first; days without a request are left out."""
    found: dict[date, Balance] = defaultdict(Balance)
    for _, day, outcome, reason, items in _counts(source.workspace_id, since, source_id=source.pk):
        found[day].add(outcome, reason, items)
    return dict(sorted(found.items(), reverse=True))


def _counts(
    workspace_id: int, since: date, *, source_id: int | None = None
) -> Iterable[tuple[int, date, str, str, int]]:
    since_at = datetime(since.year, since.month, since.day, tzinfo=UTC)
    given: dict[str, Any] = {  # what the driver takes
        "workspace": workspace_id,
        "since": since,
        "since_at": since_at,
        "source": source_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, given)
        found: list[tuple[int, date, str, str, int]] = cursor.fetchall()
    return found


def complete_through(workspace_id: int, *, now: datetime) -> datetime | None:
    """Give the moment before which every received event is in the published sessions and touches.

    Where nothing waits that is now, less the time that a request may take; None before the first event.
    """
    state = LakeState.objects.filter(workspace_id=workspace_id).first()
    if state is None or state.derived_through is None:
        return None
    waits = InboxRow.objects.filter(workspace_id=workspace_id).exists()
    behind = waits or state.dirty_since is not None or state.deriving_since is not None
    return state.derived_through if behind else max(now - IN_THE_DOOR, state.derived_through)


@dataclass(frozen=True, slots=True)
class Refused:
    """One refused item as people read it: masked, with the reason in words.

    is_held     it can be taken in
    is_asked    somebody asked for that; tried_at: when it was refused again
    """

    pk: int
    received_at: datetime
    code: str
    pointer: str
    message: str
    name: str
    text: str
    is_held: bool
    is_asked: bool
    tried_at: datetime | None

    @property
    def reason(self) -> Reason:
        return reason_of(self.code)


def kept(source: Source) -> "QuerySet[Quarantined]":
    """Give what is kept of a source's refused items, newest first; a page's origin is no item."""
    return source.quarantined.exclude(code="origin_not_allowed")


def readable(row: Quarantined) -> Refused:
    """Make a refused item readable: bytes that are no text are shown as such, and nothing names a person."""
    return Refused(
        pk=row.pk,
        received_at=row.received_at,
        code=row.code,
        pointer=row.pointer,
        message=masked(row.message),
        name=row.name,
        text=laid_out(input_of(row.raw, row.held)),
        is_held=row.held is not None,
        is_asked=row.asked_at is not None,
        tried_at=row.tried_at,
    )


def refused_origins(source: Source) -> list[str]:
    """Give the origins of pages that were refused last, each once, newest first."""
    rows = source.quarantined.filter(code="origin_not_allowed").values_list("message", flat=True)[:500]
    return list(dict.fromkeys(rows))[:SHOWN_ORIGINS]
