"""Events about ads and posts: how often they were shown, engaged with, clicked and saved, by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np

from analysis.arrays import Bools, Ints
from reports import paths
from reports.attribution.blocks import SQL
from reports.dimensions import NOT_SET, TOLD
from reports.insights.metrics import SAVES
from reports.periods import DAY, Span
from tracking.lake.query import connected
from tracking.lake.schema import Table
from tracking.lake.table import Snapshot

ADS = (SQL / "insights.ads.sql").read_text()


@dataclass(frozen=True, slots=True)
class Ads:
    """So many events of a day, a touch type and what tells them apart: n groups.

    day                    int64[n], days since 1970-01-01 on the workspace's calendar
    kind                   int64[n], VIEW, ENGAGEMENT or CLICK
    paid                   bool[n]
    account                int64[n], codes into accounts, the first of which is "": it names none
    key                    int64[n], codes into names
    events, told, saves    int64[n]; of engagements, how many say what they were, and how many keep what was shown
    """

    day: Ints
    kind: Ints
    paid: Bools
    account: Ints
    key: Ints
    events: Ints
    told: Ints
    saves: Ints
    accounts: tuple[str, ...]
    names: tuple[str, ...]

    def of_account(self, name: str) -> Bools:
        """Say which groups are of an account; of all where it is ""."""
        if not name:
            return np.ones(len(self.day), np.bool_)
        found: Bools = self.account == (self.accounts.index(name) if name in self.accounts else -1)
        return found

    def of_kind(self, kind: int) -> int:
        """Count the events of a touch type, of all accounts, paid and not."""
        return int(self.events[self.kind == kind].sum())


@lru_cache(maxsize=64)  # of one state of the lake, so it is never stale; a month of an ordinary shop is 100 kB
def ads_of(snapshot: Snapshot, span: Span, column: str) -> Ads:
    """Count the ad events of the local days; `column` is what tells them apart: of touches, or of TOLD."""
    account, key = TOLD["account"], TOLD.get(column, f"ads.{column}")
    sql = ADS.replace("{account}", account).replace("{key}", key)
    asked = {
        "since": span.since, "until": span.until, "first": span.since - DAY, "last": span.until + timedelta(days=1),
        "not_set": NOT_SET, "saves": list(SAVES),
    }  # fmt: skip
    with connected(snapshot, only=(Table.TOUCHES, Table.EVENTS)) as lake:
        table = lake.sql(sql, params=asked).to_arrow_table()
    accounts, account_codes = _coded(table.column("account").to_pylist(), first="")
    names, keys = _coded(table.column("key").to_pylist())
    day, kind, events, told, saves = (paths.ints(table, name) for name in ("day", "kind", "events", "told", "saves"))
    return Ads(day, kind, paths.flags(table, "paid"), account_codes, keys, events, told, saves, accounts, names)


def _coded(texts: Sequence[str], *, first: str | None = None) -> tuple[tuple[str, ...], Ints]:
    names = sorted(set(texts) | ({first} if first is not None else set()))
    codes = {name: code for code, name in enumerate(names)}
    return tuple(names), np.array([codes[text] for text in texts], np.int64)
