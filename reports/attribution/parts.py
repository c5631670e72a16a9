"""Blocks of paths cut to parts of whole conversions, which are weighed one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from analysis.arrays import Ints
from analysis.journeys import Journeys
from reports import paths
from reports.attribution import blocks
from reports.attribution.blocks import Block, Held, Keys, Stored
from reports.periods import Span
from tracking.lake.query import connected

PART_ROWS = 250_000  # weighed at a time: their arrays stay in the processor's cache
OWNERS = (blocks.SQL / "paths.owners.sql").read_text()
OWNER = {"visitors": "person_id", "sessions": "session_id"}


@dataclass(frozen=True, slots=True)
class Part:
    """Some whole conversions: what is weighed at a time. `key` holds codes int64[m] into the names of all parts."""

    journeys: Journeys
    key: Ints
    value: Ints
    refund: Ints


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose the conversions of all parts are, one after the other.

    code     int64[n]; -1 where there is none, as of a conversion outside of every session
    capped   how many have only their newest touches
    """

    code: Ints
    capped: int


def names_and_parts(stored: Stored, span: Span, column: str) -> tuple[tuple[str, ...], list[Part]]:
    """Give the paths of the span's conversions, cut to parts, and the names that their keys code."""
    names, parts = cut(blocks.read(stored, span, column), span)
    return names, list(parts)


def cut(found: list[Held], span: Span) -> tuple[tuple[str, ...], Iterator[Part]]:
    """Cut what was read to parts, one after the other; give the names that their keys code, too."""
    names = tuple(sorted({name for held in found for name in held.keys.names}))
    codes = {name: code for code, name in enumerate(names)}
    parts = (
        part
        for held in found
        for part in _parts(held, np.array([codes[name] for name in held.keys.names], np.int64), span)
    )
    return names, parts


def days(found: list[Held], span: Span) -> Ints:
    """Give the day of each conversion of the parts, one after the other: int64[n], days since 1970-01-01."""
    return np.concatenate([np.empty(0, np.int64), *(held.block.day[_holding(held, span)] for held in found)])


def owners(stored: Stored, found: list[Held], span: Span, per: str) -> Owners:
    """Read whose the conversions of the parts are, which is not kept.

    per   visitors or sessions
    """
    sql, tables = OWNERS.replace("{owner}", OWNER[per]), []
    with connected(stored.snapshot, stored.tables, only=()) as lake:
        for held in found:
            asked = {"since": held.rows.span.since, "until": held.rows.span.until}
            table = lake.sql(sql.replace("{paths}", held.rows.view), params=asked).to_arrow_table()
            tables.append(table.take(pa.array(_holding(held, span))))
    pa.default_memory_pool().release_unused()  # Arrow would keep what it read the rows into
    whole = pa.concat_tables(tables)
    capped = int((paths.ints(whole, "place") > 0).sum())
    code = paths.codes(whole.column("owner"))
    return Owners(paths.in_source(code, whole) if per == "sessions" else code, capped)


def _holding(held: Held, span: Span) -> Ints:
    """Give the places of the block's conversions that are of the span and hold."""
    begin, end = np.searchsorted(held.block.day, [number_of(span.since), number_of(span.until)])
    return np.setdiff1d(np.arange(begin, end), held.gone.places, assume_unique=True)


def _parts(held: Held, codes: Ints, span: Span) -> Iterator[Part]:
    """Cut the days of the span out of the block, in parts of whole conversions, and leave out what does not hold."""
    block, gone = held.block, held.gone.places
    begin, end = np.searchsorted(block.day, [number_of(span.since), number_of(span.until)])
    while begin < end:
        room = block.offsets[begin] + PART_ROWS
        until = min(end, max(begin + 1, int(np.searchsorted(block.offsets, room, side="right")) - 1))
        part = _part(block, held.keys, codes, slice(int(begin), int(until)))
        some = gone[slice(*np.searchsorted(gone, [begin, until]))] - begin
        yield _without(part, some) if len(some) else part
        begin = until


def _part(block: Block, keys: Keys, codes: Ints, some: slice) -> Part:
    offsets = block.offsets[some.start : some.stop + 1]
    rows = slice(offsets[0], offsets[-1])
    journeys = Journeys(
        offsets=offsets - offsets[0],
        touch=np.arange(offsets[-1] - offsets[0]),
        age_us=block.age_us[rows],
        kind=block.kind[rows],
        direct=block.direct[rows],
        paid=block.paid[rows],
        same_session=block.same_session[rows],
        gap_us=_NO_GAPS[:0],
    )
    code = keys.code[rows]
    # Most often the month has all names, and its codes are those of all months.
    key = code.astype(np.int64) if np.array_equal(codes, np.arange(len(codes))) else codes[code]
    return Part(journeys, key, block.value[some], block.refund[some])


def _without(part: Part, gone: Ints) -> Part:
    """Leave some conversions out."""
    journeys = part.journeys
    stays = np.ones(len(part.value), bool)
    stays[gone] = False
    counts = np.diff(journeys.offsets)
    rows = np.repeat(stays, counts)
    left = Journeys(
        offsets=np.r_[0, np.cumsum(counts[stays])],
        touch=np.arange(rows.sum()),
        age_us=journeys.age_us[rows],
        kind=journeys.kind[rows],
        direct=journeys.direct[rows],
        paid=journeys.paid[rows],
        same_session=journeys.same_session[rows],
        gap_us=journeys.gap_us,
    )
    return Part(left, part.key[rows], part.value[stays], part.refund[stays])


_NO_GAPS: Ints = np.empty(0, np.int64)  # nobody asks for `reset` here: a question has no scope


def number_of(day: date) -> int:
    """Give the days since 1970-01-01, as paths and ads number them."""
    return (day - date(1970, 1, 1)).days
