"""What the rates of a goal's rows are of: visitors or sessions by the value that touched them."""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np

from analysis.windows import LONGEST_DAYS, Windows
from reports.dimensions import NOT_SET
from reports.periods import Span
from tracking.lake.query import connected
from tracking.lake.schema import Table
from tracking.lake.table import Snapshot
from tracking.times import us_of
from workspaces.zones import start_of

_SQL = Path(__file__).parent / "sql"
KEYS = (_SQL / "denominators.keys.sql").read_text()
VISITORS = (_SQL / "denominators.visitors.sql").read_text()
SESSIONS = (_SQL / "denominators.sessions.sql").read_text()


def visitors(snapshot: Snapshot, span: Span, zone: ZoneInfo, column: str, windows: Windows) -> Mapping[str, int]:
    """Count the range's visitors by what touched them in it, or within its window before it; one is in several rows.

    column   of touches, one of ours
    """
    return _visitors(snapshot, span, zone, column, tuple(windows.reach_us().tolist()))


@lru_cache(maxsize=256)  # of one state of the lake, so it is never stale; the same for all goals
def sessions(snapshot: Snapshot, span: Span, column: str) -> Mapping[str, int]:
    """Count the sessions that began in the range by the touch that began them."""
    asked = {"since": span.since, "until": span.until, "not_set": NOT_SET}
    with connected(snapshot, only=(Table.SESSIONS,)) as lake:
        return MappingProxyType(dict(lake.sql(SESSIONS.replace("{column}", column), params=asked).fetchall()))


@lru_cache(maxsize=256)
def _visitors(
    snapshot: Snapshot, span: Span, zone: ZoneInfo, column: str, reach: tuple[int, int, int]
) -> Mapping[str, int]:
    since, until = start_of(span.since, zone), start_of(span.until, zone)
    days = {
        "earliest": span.since - timedelta(days=LONGEST_DAYS + 1), "until": span.until, "not_set": NOT_SET,
    }  # fmt: skip
    asked: dict[str, object] = dict(zip(("view_us", "engagement_us", "click_us"), reach, strict=True))
    asked |= {"since": span.since, "since_at": since, "until_at": until, "since_us": us_of(since), **days}
    with connected(snapshot, only=(Table.SESSIONS, Table.TOUCHES)) as lake:
        lake.execute(KEYS.replace("{column}", column), days)
        lake.execute("create temp type touched_by as enum (select key from keys order by key)")
        names = [name for [name] in lake.execute("select key from keys order by key").fetchall()]
        table = lake.sql(VISITORS.replace("{column}", column), params=asked).to_arrow_table()
    word, keys, units = (table[name].to_numpy() for name in ("word", "keys", "units"))
    counts = np.zeros((len(names) // 64 + 1, 64), np.int64)
    for bit in range(64):
        is_set = keys >> np.uint64(bit) & np.uint64(1) == 1
        counts[:, bit] = np.bincount(word[is_set].astype(np.int64), units[is_set], minlength=len(counts))
    return MappingProxyType({name: int(count) for name, count in zip(names, counts.flat, strict=False) if count})
