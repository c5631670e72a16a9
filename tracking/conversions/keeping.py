"""Conversions that are nobody's yet: kept with their reason, tried again every night, gone when their time is over."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from tracking import inbox, ledger
from tracking.conversions.matching import AT_ONCE, Match, find
from tracking.conversions.placing import Unmatched, clue_of, given_to
from tracking.event import Event, pack, unpack
from tracking.ledger import Origin
from tracking.models import UnmatchedConversion

KEPT = timedelta(days=90)  # as long as ad platforms take conversions after a click


def keep(origin: Origin, unmatched: Sequence[Unmatched], *, now: datetime) -> None:
    """Keep conversions, each once; one that is kept already gets the newer reason. Call it inside the transaction."""
    rows = {
        ledger.key_of(each.event.event_id): UnmatchedConversion(
            workspace_id=origin.workspace_id,
            source_id=origin.source_id,
            import_row_id=origin.import_id,
            digest=ledger.key_of(each.event.event_id),
            reason=str(each.reason),
            event=pack([each.event]),
            received_at=now,
        )
        for each in unmatched
    }
    held = ledger.held(origin, sorted(rows))  # matched before, and what matched it has gone since
    UnmatchedConversion.objects.bulk_create(
        [row for digest, row in rows.items() if digest not in held],
        update_conflicts=True,
        unique_fields=["source", "digest"],
        update_fields=["reason", "event"],
        batch_size=AT_ONCE,
    )


def forget(origin: Origin, events: Iterable[Event]) -> None:
    """Keep no longer what became events."""
    digests = [ledger.key_of(event.event_id) for event in events]
    UnmatchedConversion.objects.filter(source_id=origin.source_id, digest__in=digests).delete()


def retry(workspace_id: int, *, now: datetime) -> int:
    """Match what waits with what has come since, and drop what waited too long; say how many became events.

    Call it inside the workspace's transaction.
    """
    UnmatchedConversion.objects.filter(received_at__lt=now - KEPT).delete()
    matched, after = 0, 0
    while rows := list(UnmatchedConversion.objects.filter(pk__gt=after).order_by("pk")[:AT_ONCE]):
        after = rows[-1].pk
        matched += _match(workspace_id, rows, now)
    return matched


def _match(workspace_id: int, rows: list[UnmatchedConversion], now: datetime) -> int:
    events = [unpack(bytes(row.event))[0] for row in rows]
    found = zip(rows, events, find(workspace_id, [clue_of(event) for event in events]), strict=True)
    matched = [(row, given_to(event, match)) for row, event, match in found if isinstance(match, Match)]
    by_origin = sorted(matched, key=lambda each: (each[0].source_id, each[0].import_row_id or 0))
    for (source_id, import_id), theirs in groupby(by_origin, key=lambda each: _origin_of(each[0])):
        placed = [event for _, event in theirs]
        origin = Origin(workspace_id=workspace_id, source_id=source_id, import_id=import_id)
        inbox.append(origin, placed, counts=Counter(), now=now)
        forget(origin, placed)
    return len(matched)


def _origin_of(row: UnmatchedConversion) -> tuple[int, int | None]:
    return row.source_id, row.import_row_id
