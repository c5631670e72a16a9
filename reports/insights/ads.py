"""Events about ads and posts: how often they were shown, engaged with, clicked and saved, by day."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Ints
from reports import paths
from reports.attribution.blocks import SQL, kept
from reports.attribution.parts import number_of
from reports.dimensions import NOT_SET, TOLD
from reports.insights.metrics import SAVES
from reports.periods import DAY, Span, months_of
from tracking.lake.query import connected
from tracking.lake.schema import Table
from tracking.lake.table import Snapshot, files_of_days

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

    @property
    def nbytes(self) -> int:
        """Give the memory it takes."""
        arrays = (self.day, self.kind, self.paid, self.account, self.key, self.events, self.told, self.saves)
        return sum(each.nbytes for each in arrays) + sum(len(name) + 56 for name in (*self.accounts, *self.names))

    def of_account(self, name: str) -> Bools:
        """Say which groups are of an account; of all where it is ""."""
        if not name:
            return np.ones(len(self.day), np.bool_)
        found: Bools = self.account == (self.accounts.index(name) if name in self.accounts else -1)
        return found

    def of_kind(self, kind: int) -> int:
        """Count the events of a touch type, of all accounts, paid and not."""
        return int(self.events[self.kind == kind].sum())


def ads_of(snapshot: Snapshot, span: Span, column: str) -> Ads:
    """Count the ad events of the local days; `column` is what tells them apart: of touches, or of TOLD.

    Their counts add over days, so that months are kept, each under the names of the files that it was counted from: a
    newer state counts those months anew that it has other files of.
    """
    months = [_month(snapshot, month, column) for month in months_of(span)]
    return _joined(months, span)


def _month(snapshot: Snapshot, month: Span, column: str) -> Ads:
    # An ad event is of the UTC day before or after its local day at most.
    near = Span(month.since - DAY, month.until + DAY)
    name = ("ads", column, month, *_files(snapshot, Table.TOUCHES, month), *_files(snapshot, Table.EVENTS, near))
    found: Ads | None = kept.find(name)
    return found or kept.keep(name, _counted(snapshot, month, column))


def _files(snapshot: Snapshot, table: Table, days: Span) -> tuple[str, ...]:
    return files_of_days(snapshot.workspace_id, table, snapshot.version(table), since=days.since, until=days.until)


def _counted(snapshot: Snapshot, span: Span, column: str) -> Ads:
    account, key = TOLD["account"], TOLD.get(column, f"ads.{column}")
    sql = ADS.replace("{account}", account).replace("{key}", key)
    asked = {
        "since": span.since, "until": span.until, "first": span.since - DAY, "last": span.until,
        "not_set": NOT_SET, "saves": list(SAVES),
    }  # fmt: skip
    with connected(snapshot, only=(Table.TOUCHES, Table.EVENTS)) as lake:
        table = lake.sql(sql, params=asked).to_arrow_table()
    accounts, account_codes = _coded(table.column("account").to_pylist(), first="")
    names, keys = _coded(table.column("key").to_pylist())
    day, kind, events, told, saves = (paths.ints(table, name) for name in ("day", "kind", "events", "told", "saves"))
    return Ads(day, kind, paths.flags(table, "paid"), account_codes, keys, events, told, saves, accounts, names)


def _joined(months: Sequence[Ads], span: Span) -> Ads:
    """Give the months as one, of the span's days alone."""
    accounts = tuple(sorted({"", *(name for each in months for name in each.accounts)}))
    names = tuple(sorted({name for each in months for name in each.names}))
    account = np.concatenate([_recoded(each.account, each.accounts, accounts) for each in months])
    key = np.concatenate([_recoded(each.key, each.names, names) for each in months])
    day, kind, paid, events, told, saves = (
        np.concatenate([getattr(each, name) for each in months])
        for name in ("day", "kind", "paid", "events", "told", "saves")
    )
    of_span = (day >= number_of(span.since)) & (day < number_of(span.until))
    return Ads(
        day=day[of_span],
        kind=kind[of_span],
        paid=paid[of_span],
        account=account[of_span],
        key=key[of_span],
        events=events[of_span],
        told=told[of_span],
        saves=saves[of_span],
        accounts=accounts,
        names=names,
    )


def _recoded(codes: Ints, names: Sequence[str], among: Sequence[str]) -> Ints:
    place = {name: code for code, name in enumerate(among)}
    return np.array([place[name] for name in names], np.int64)[codes]


def _coded(texts: Sequence[str], *, first: str | None = None) -> tuple[tuple[str, ...], Ints]:
    names = sorted(set(texts) | ({first} if first is not None else set()))
    codes = {name: code for code, name in enumerate(names)}
    return tuple(names), np.array([codes[text] for text in texts], np.int64)
