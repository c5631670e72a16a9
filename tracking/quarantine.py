"""What was refused, with its reason: kept for 30 days as examples to be mended and sent again."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from tracking.event import MAX_NAME_CHARS, QUARANTINE_BYTES, Quarantined
from tracking.ledger import Origin
from tracking.models import Quarantined as Row
from tracking.rights import tombstones

KEPT = timedelta(days=30)
# The counters tell how many were refused; the examples are bounded, so that a bad sender cannot fill the disk.
MOST_PER_SOURCE = 10_000
MOST_PER_REQUEST = 100
# What a strict source holds back is to come in later, so more of it is kept: about 100 MB of a source.
MOST_HELD_PER_SOURCE = 100_000


class Example(NamedTuple):
    """One refusal to keep: its code, JSON pointer to the item, why, the input's beginning.

    name, held   as event.Quarantined
    """

    code: str
    pointer: str
    message: str
    raw: bytes
    name: str = ""
    held: bytes = b""


_KEEP = """
insert into tracking_quarantined (workspace_id, source_id, received_at, code, pointer, message, raw, name, held)
select %(workspace)s, %(source)s, %(now)s, given.*
from unnest(
    %(codes)s::text[], %(pointers)s::text[], %(messages)s::text[], %(raws)s::bytea[], %(names)s::text[],
    %(helds)s::bytea[]
) as given
"""
LOOK_SECONDS = 10.0  # how long one count of a source's examples holds, with what this process adds to it
_kept: dict[tuple[int, bool], tuple[float, int]] = {}  # source, whether held -> when it was counted, how many


def example(refused: Quarantined) -> Example:
    """Give the parsed refusal as an example to keep."""
    pointer = "" if refused.index is None else f"/{refused.index}"
    return Example(str(refused.reason), pointer, refused.message, refused.raw, refused.name, refused.held)


def keep(origin: Origin, examples: Sequence[Example], *, now: datetime) -> None:
    """Keep the examples, as far as the source's bounds allow, but none that names somebody who was erased."""
    if not examples:
        return
    named = tombstones.are_named(origin.workspace_id, origin.source_id, [each.raw for each in examples])
    kept = [each for each, is_named in zip(examples, named, strict=True) if not is_named]
    _keep(origin, [each for each in kept if not each.held][:MOST_PER_REQUEST], most=MOST_PER_SOURCE, now=now)
    _keep(origin, [each for each in kept if each.held], most=MOST_HELD_PER_SOURCE, now=now)


def _keep(origin: Origin, examples: Sequence[Example], *, most: int, now: datetime) -> None:
    if not examples:
        return
    is_held = bool(examples[0].held)
    chosen = examples[: max(0, most - _count(origin, is_held))]
    if not chosen:
        return
    _note(origin, is_held, len(chosen))
    codes, pointers, messages, raws, names, helds = zip(*chosen, strict=True)
    given: dict[str, Any] = {  # what the driver takes
        "workspace": origin.workspace_id,
        "source": origin.source_id,
        "now": now,
        "codes": [code[:40] for code in codes],
        "pointers": [pointer[:200] for pointer in pointers],
        # PostgreSQL's text has no NUL; a message may quote the input.
        "messages": [_stored(message)[:500] for message in messages],
        "raws": [raw[:QUARANTINE_BYTES] for raw in raws],
        "names": [_stored(name)[:MAX_NAME_CHARS] for name in names],
        "helds": [held or None for held in helds],
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, given)


def _count(origin: Origin, is_held: bool) -> int:
    """Give how many of a source are kept; asked of the database now and then, since counting many takes long."""
    clock = time.monotonic()
    asked_at, kept = _kept.get((origin.source_id, is_held), (-LOOK_SECONDS, 0))
    if clock - asked_at >= LOOK_SECONDS:
        kept = Row.objects.filter(source_id=origin.source_id, held__isnull=not is_held).count()
        _kept[origin.source_id, is_held] = (clock, kept)
    return kept


def _note(origin: Origin, is_held: bool, added: int) -> None:
    asked_at, kept = _kept[origin.source_id, is_held]
    _kept[origin.source_id, is_held] = (asked_at, kept + added)


def _stored(text: str) -> str:
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


def purge(*, now: datetime, kept: timedelta = KEPT) -> int:
    """Remove the workspace's examples whose time is over; say how many."""
    return Row.objects.filter(received_at__lt=now - kept).delete()[0]
