"""What stays of the erased: keyed hashes of their ids, so that a late retry or an old file does not bring them back.

The key is made of the installation's secret, which no dump of the database has: who holds a dump alone can't try ids
against the hashes. Asked once for every batch that enters the lake, and not at all where nobody was erased.
"""

import hashlib
import hmac
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

from django.conf import settings
from django.db import connection
from django.db.models import Max

from tracking.event import MAX_AHEAD_US, Event
from tracking.models import NamedBy, Tombstone
from tracking.rights.subject import Subject
from tracking.times import us_of

DIGEST_BYTES = 16
AHEAD = timedelta(microseconds=MAX_AHEAD_US)  # a client's clock may be so far ahead
BATCH = 5_000  # rows of one insert
_ALWAYS_US = 2**63 - 1
# Where an id may stand in a text that was refused: between quotes, or between the signs that divide addresses and rows.
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_BARE = re.compile(rb"[^\s\"'&=,;<>{}\[\]()\\/?#|]+")
_COUNT = "select count(*) from (select from tracking_tombstone limit %s) as counted"
_ALL = "select digest, until from tracking_tombstone"
_HELD = "select digest, until from tracking_tombstone where digest = any(%s)"

Name = tuple[str, str]  # kind of id, id


def raise_for(workspace_id: int, subject: Subject, *, now: datetime) -> None:
    """Leave a hash of every id; call it inside the workspace.

    Visitors and users are refused for what happened until now: who comes back later, with the same cookie or account,
    does something new, and is counted like anybody. An order is over.
    """
    until: dict[Name, datetime | None] = {
        **{(NamedBy.VISITOR, visitor_id): now + AHEAD for visitor_id in subject.visitors},
        **{(NamedBy.USER, user_id): now + AHEAD for user_id in subject.users},
        **{_order(order.source_id, order.transaction_id): None for order in subject.orders},
    }
    key = _key(settings.SECRET_KEY)
    rows = [
        Tombstone(workspace_id=workspace_id, digest=_digest(workspace_id, name, key), until=limit)
        for name, limit in until.items()
    ]
    Tombstone.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["workspace", "digest"], update_fields=["until"], batch_size=BATCH
    )


def are_any() -> bool:
    """Say whether anybody was erased from the workspace that the transaction sees."""
    return Tombstone.objects.exists()


def kept_of(workspace_id: int, source_id: int, events: Sequence[Event]) -> list[Event]:
    """Give the events without what the erased did; call it inside the workspace."""
    if not are_any():
        return list(events)
    refused = are_refused(workspace_id, [(source_id, event) for event in events])
    return [event for event, is_refused in zip(events, refused, strict=True) if not is_refused]


def are_named(workspace_id: int, source_id: int, texts: Sequence[bytes]) -> list[bool]:
    """Say of each refused input whether it has an erased id in it; call it inside the workspace."""
    if not are_any():
        return [False] * len(texts)
    found = [_names_in(source_id, text) for text in texts]
    standing = _standing(workspace_id, set().union(*found))
    return [not names.isdisjoint(standing) for names in found]


def are_refused(workspace_id: int, events: Sequence[tuple[int, Event]]) -> list[bool]:
    """Say of each event of a source whether it is refused: at most three hashes each, and one question for all.

    Of what happened after the last erasure, which is nearly all that comes, only transactions are looked at.
    """
    newest = Tombstone.objects.aggregate(newest=Max("until"))["newest"]
    before_us = 0 if newest is None else _in_us(newest)
    old = [event for _, event in events if event.time_us < before_us]
    names: set[Name] = {(NamedBy.VISITOR, visitor_id) for visitor_id in {event.visitor_id for event in old}}
    names |= {(NamedBy.USER, user_id) for user_id in {event.user_id for event in old} if user_id is not None}
    orders = {(source_id, event.transaction_id) for source_id, event in events}
    names |= {_order(source_id, order) for source_id, order in orders if order is not None}
    standing = _standing(workspace_id, names) if names else {}
    if not standing:
        return [False] * len(events)
    return [any(event.time_us < standing.get(name, 0) for name in _names(source, event)) for source, event in events]


def _names_in(source_id: int, text: bytes) -> set[Name]:
    words = {word.decode("utf-8", "replace") for word in (*_QUOTED.findall(text), *_BARE.findall(text))}
    names: set[Name] = {(kind, word) for word in words for kind in (NamedBy.VISITOR, NamedBy.USER)}
    return names | {_order(source_id, word) for word in words}


def _names(source_id: int, event: Event) -> Iterator[Name]:
    yield NamedBy.VISITOR, event.visitor_id
    if event.user_id is not None:
        yield NamedBy.USER, event.user_id
    if event.transaction_id is not None:
        yield _order(source_id, event.transaction_id)


def _standing(workspace_id: int, names: Collection[Name]) -> dict[Name, int]:
    """Give the names that are refused, each with the time in microseconds before which."""
    keys = [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    asked = {_digest(workspace_id, name, key): name for name in names for key in keys}
    with connection.cursor() as cursor:
        # A batch has some ten thousand names; where fewer were erased, theirs are the shorter list to send.
        cursor.execute(_COUNT, [len(asked)])
        are_few = cursor.fetchone()[0] < len(asked)
        cursor.execute(_ALL if are_few else _HELD, [] if are_few else [list(asked)])
        rows: list[tuple[bytes, datetime | None]] = cursor.fetchall()
    found = ((asked.get(bytes(digest)), until) for digest, until in rows)
    return {name: _in_us(until) for name, until in found if name is not None}


def _in_us(until: datetime | None) -> int:
    return _ALWAYS_US if until is None else us_of(until)


def _order(source_id: int, transaction_id: str) -> Name:
    return NamedBy.TRANSACTION, f"{source_id}:{transaction_id}"


def _digest(workspace_id: int, name: Name, key: bytes) -> bytes:
    said = f"{workspace_id}:{name[0]}:{name[1]}".encode("utf-8", "replace")
    return blake2b(said, key=key, digest_size=DIGEST_BYTES).digest()


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"measureplan tombstones", hashlib.sha256)
