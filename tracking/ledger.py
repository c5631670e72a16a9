"""Which event ids were accepted, for ever: the reason why no event counts twice.

The cost of a look-up is that of one B-tree, whatever the lake holds: reports, drains and re-imports never ask again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from django.db import connection

from tracking.event import Event, Status, fingerprint, former_fingerprint
from tracking.prepared import Prepared

DIGEST_BYTES = 16
PRINT_BYTES = 8  # only tells a repeat from a conflict of the same id


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose events they are."""

    workspace_id: int
    source_id: int
    import_id: int | None = None


# Notes the ids with their fingerprints; gives those that were known before, with the fingerprint they have.
Enter = Callable[[Origin, Mapping[bytes, bytes]], dict[bytes, bytes]]

_REPEATED = {True: Status.DUPLICATE, False: Status.DUPLICATE_CONFLICT}

# What enters keys that are all new; and what enters those that are, and gives them. The keys come as one value, digest
# and fingerprint in turn: lists cost the driver more than all the rest. They come in order, so that two requests with
# the same ids wait for each other one way round, never in a ring.
ENTER_ALL = f"""
insert into tracking_eventkey (workspace_id, source_id, digest, fingerprint)
select $1::bigint, $2::bigint, encode(substring(keys from at for {DIGEST_BYTES}), 'hex')::uuid,
    substring(keys from at + {DIGEST_BYTES} for {PRINT_BYTES})
from scope, generate_series(1, length(keys), {DIGEST_BYTES + PRINT_BYTES}) as at
"""  # noqa: S608  # the lengths are ours
ENTER = f"{ENTER_ALL} on conflict do nothing returning digest"

_REMEMBER = Prepared(
    "ledger_remember",
    f"""
    with scope as materialized (select $3::bytea as keys), fresh as ({ENTER})
    select case when count(*) < $4::bigint then coalesce(string_agg(uuid_send(digest), ''), '') end from fresh
    """,  # noqa: S608
)

# The ledger's word goes before the file's own: it is what stays.
_REHEARSE = """
with given as (
    select * from unnest(%(digests)s::uuid[], %(prints)s::bytea[]) as given (digest, fingerprint)
), held as (
    select digest, fingerprint from tracking_eventkey
    where source_id = %(source)s and digest = any(%(digests)s::uuid[])
), earlier as (
    select digest, fingerprint from tracking_rehearsed where digest = any(%(digests)s::uuid[])
), noted as (
    insert into tracking_rehearsed select digest, fingerprint from given on conflict do nothing
)
select distinct on (digest) digest, fingerprint
from (select *, 1 as place from held union all select *, 2 from earlier) as known
order by digest, place
"""

_HELD = "select digest, fingerprint from tracking_eventkey where source_id = %s and digest = any(%s::uuid[])"
_FORGET = "delete from tracking_eventkey where source_id = %s and digest = any(%s::uuid[])"


def remember(origin: Origin, events: Sequence[Event], *, also: Sequence[str | None] = ()) -> list[Status]:
    """Enter the events' ids; say of each whether it is accepted, duplicate or duplicate_conflict.

    Call it in the transaction that stores the accepted ones: a rollback forgets the ids as well. Of an id that comes
    twice in one request the first is accepted; of two requests at the same moment, the one that commits.

    also  for each event a further id that is held where the event is accepted; see protocols.recipes
    """
    statuses = _judge(origin, events, _enter)
    held = {
        key_of(further): print_of(event)
        for event, further, status in zip(events, also, statuses, strict=False)  # mostly there are none
        if further is not None and status is Status.ACCEPTED
    }
    _enter(origin, held)
    return statuses


def held(origin: Origin, keys: Sequence[bytes]) -> dict[bytes, bytes]:
    """Give those of the keys that are entered, with their fingerprints."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [origin.source_id, _stored(keys)])
        return {digest.bytes: bytes(known) for digest, known in cursor.fetchall()}


def forget(origin: Origin, event_ids: Sequence[str]) -> None:
    """Strike ids out, whose events leave the lake; the same ids may come again from now on."""
    keys = sorted(key_of(event_id) for event_id in event_ids)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [origin.source_id, _stored(keys)])


def key_of(event_id: str) -> bytes:
    """Give what stands for an event's id."""
    return blake2b(event_id.encode(), digest_size=DIGEST_BYTES).digest()


def print_of(event: Event, packed: bytes | None = None) -> bytes:
    """Give what tells a repeat from a conflict; `packed` as tracking.event.pack_each has it."""
    return fingerprint(event, packed)


def is_repeat(held: bytes, event: Event) -> bool:
    """Tell a repeat from a conflict, by what is held of the event that came before under this id."""
    return held in (print_of(event), former_fingerprint(event))


def joined(prints: Mapping[bytes, bytes]) -> bytes:
    """Write keys with their fingerprints as `ENTER` reads them."""
    return b"".join([digest + prints[digest] for digest in sorted(prints)])


class Rehearsal:
    """Says what `remember` would say of a whole file, and leaves nothing behind.

    The ids that the file had so far wait in a table of this connection, so that memory does not grow with the file.
    Use it inside the transaction of one dry run.
    """

    def __enter__(self) -> Self:
        with connection.cursor() as cursor:
            cursor.execute("create temporary table tracking_rehearsed (digest uuid primary key, fingerprint bytea)")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:  # a fault undoes the transaction, and the table with it
            with connection.cursor() as cursor:
                cursor.execute("drop table tracking_rehearsed")

    def foresee(self, origin: Origin, events: Sequence[Event]) -> list[Status]:
        """Say of each event whether it would be accepted, duplicate or duplicate_conflict."""
        return _judge(origin, events, self._enter)

    def _enter(self, origin: Origin, prints: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
        given: dict[str, Any] = {  # as psycopg takes it
            "source": origin.source_id,
            "digests": _stored(prints),
            "prints": list(prints.values()),
        }
        with connection.cursor() as cursor:
            cursor.execute(_REHEARSE, given)
            return {digest.bytes: bytes(held) for digest, held in cursor.fetchall()}


def _judge(origin: Origin, events: Sequence[Event], enter: Enter) -> list[Status]:
    keys = [key_of(event.event_id) for event in events]
    prints = [print_of(event) for event in events]
    first: dict[bytes, int] = {}
    for index, key in enumerate(keys):
        first.setdefault(key, index)
    held = enter(origin, {key: prints[index] for key, index in first.items()})
    return [
        Status.ACCEPTED
        if first[key] == index and key not in held
        else _REPEATED[is_repeat(held.get(key, prints[first[key]]), events[index])]
        for index, key in enumerate(keys)
    ]


def _stored(keys: Iterable[bytes]) -> list[UUID]:
    """Give keys as the ledger has them: of one length and compared in one step, which an index of bytes is not."""
    return [UUID(bytes=key) for key in keys]


def _enter(origin: Origin, prints: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """Insert the keys; give those that were held before, with the fingerprint they have."""
    if not prints:
        return {}
    [fresh] = _REMEMBER.row(origin.workspace_id, origin.source_id, joined(prints), len(prints))
    if fresh is None:  # all of them
        return {}
    new = {fresh[at : at + DIGEST_BYTES] for at in range(0, len(fresh), DIGEST_BYTES)}
    # A statement of its own: it sees what a transaction that the first one waited for has committed.
    return held(origin, [digest for digest in prints if digest not in new])
