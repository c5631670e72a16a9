"""The quick way into the inbox: a request whose events are all new, by one statement that is its own transaction.

Where an id is held already nothing of it is stored, and `inbox.append` can say why. Nearly all requests are all new.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import connection

from tracking import ledger
from tracking.event import Event, pack_each
from tracking.inbox import accepted_as
from tracking.ledger import Origin
from tracking.packed import packed_of
from tracking.prepared import Prepared, Value

# The scope comes first because every row that follows is selected from it: the seals read the settings when the first
# row is checked.
# A statement's own time cannot be bounded from within, its transaction's can, from PostgreSQL 17 on: it ends with the
# connection.
_SCOPE = """
    select $3::bytea as keys, set_config('measureplan.workspace', $1::text, true),
        set_config('lock_timeout', $4::text, true),
        case when current_setting('transaction_timeout', true) is not null
            then set_config('transaction_timeout', $10::text, true) end
"""
_STORED = """
    insert into tracking_inboxrow (workspace_id, source_id, import_id, received_at, events, size, counts)
    select $1::bigint, $2::bigint, $5::bigint, $6::timestamptz, $7::bytea, $8::integer, $9::jsonb
"""

# One event: a repeat is nothing unusual, and costs no fault that the database writes into its log. With a further id it
# is a statement of its own: one for both would be planned anew each time, for whether that id is there.
_ONE = f"""
    with scope as materialized ({_SCOPE}), fresh as ({ledger.ENTER}), stored as ({_STORED} from fresh returning id)
"""
_APPEND_ONE = Prepared("new_events_one", f"{_ONE} select count(*) from stored")  # noqa: S608  # the texts are ours
_APPEND_ONE_WITH = Prepared(
    "new_events_one_with",
    f"""
    {_ONE}, also as (
        insert into tracking_eventkey (workspace_id, source_id, digest, fingerprint)
        select $1::bigint, $2::bigint, encode(substring($11::bytea from 1 for {ledger.DIGEST_BYTES}), 'hex')::uuid,
            substring($11::bytea from {ledger.DIGEST_BYTES + 1})
        from fresh
        on conflict do nothing
    )
    select count(*) from stored
    """,  # noqa: S608
)

# Many: to ask for each key before it is entered costs a third more. Where one is held, the function takes all back.
_APPEND_MANY = Prepared(
    "new_events_many",
    f"""
    with scope as materialized ({_SCOPE})
    select tracking_enter_batch(
        $1::bigint, $2::bigint, $5::bigint, $6::timestamptz, $7::bytea, $8::integer, $9::jsonb, keys
    ) from scope
    """,  # noqa: S608
)


def append_new(
    origin: Origin,
    events: list[Event],
    *,
    marks: Sequence[str],
    also: Sequence[str | None],
    now: datetime,
    wait_ms: int,
) -> bool:
    """Store a request whose events are all new and which holds nothing else, in one round trip.

    marks, also  as `inbox.append` has them; further ids are for a request of one event
    wait_ms      how long another request with the same id is waited for; and how long all may take outside of a
                 transaction: later django.db.OperationalError says that nothing was stored
    returns      False where an id is held already: then nothing is stored, nor counted
    """
    each = pack_each(events)
    prints = {
        ledger.key_of(event.event_id): ledger.print_of(event, packed)
        for event, packed in zip(events, each, strict=True)
    }
    further = [each for each in also if each is not None]
    if len(prints) < len(events) or (further and len(events) > 1):
        return False
    given: list[Value] = [origin.workspace_id, origin.source_id, ledger.joined(prints), wait_ms]
    given += [origin.import_id, now.isoformat(), *packed_of(each), _counts(marks)]
    # Within somebody's transaction its end is theirs.
    given.append(0 if connection.in_atomic_block else wait_ms)
    if len(events) > 1:
        [is_stored] = _APPEND_MANY.row(*given)
        return is_stored == b"\x01"
    if further:
        [stored] = _APPEND_ONE_WITH.row(*given, ledger.key_of(further[0]) + ledger.print_of(events[0]))
    else:
        [stored] = _APPEND_ONE.row(*given)
    return stored is not None and int.from_bytes(stored) == 1


def _counts(marks: Sequence[str]) -> str:
    if not any(marks):
        return f'{{"accepted":{len(marks)}}}'
    return msgspec.json.encode(Counter(map(accepted_as, marks))).decode()
