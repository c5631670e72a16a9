"""Events as an inbox row keeps them: packed, and from a size on compressed.

The database would compress them itself, by a method that takes ten times as long, after all of it has gone there.
"""

from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa

from tracking.event import Event, pack_all, pack_each, unpack

LEAST_BYTES = 2_000  # about where the database begins: below it, a row stays in its page as it is

_LZ4 = pa.Codec("lz4")


class Packed(NamedTuple):
    """What goes into a row; `size` is that of the bytes before they were compressed, None where they were not."""

    data: bytes
    size: int | None = None


def packed(events: list[Event]) -> Packed:
    """Write events for a row; none are no bytes."""
    return packed_of(pack_each(events))


def packed_of(each: Sequence[bytes]) -> Packed:
    """Do so with events that are serialised one by one already."""
    if not each:
        return Packed(b"")
    plain = pack_all(each)
    if len(plain) < LEAST_BYTES:
        return Packed(plain)
    return Packed(_LZ4.compress(plain, asbytes=True), len(plain))


def events_in(row: Packed) -> list[Event]:
    """Read what `packed` wrote; raises msgspec.DecodeError or OSError for anything else."""
    if not row.data:
        return []
    return unpack(row.data if row.size is None else _LZ4.decompress(row.data, row.size, asbytes=True))
