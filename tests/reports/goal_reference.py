"""A goal's figures counted hit by hit in plain Python: shares no code with the product.

Conversions by the goal's counting, visitors and visits of local days, credits by the oracle of tests/analysis, and what
each row's rate is of. A hit is one of tests/reports/lake.py; times are exact, days are the zone's.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.analysis import oracle
from tests.reports.lake import AD_KINDS, PAID, Hit, sittings

KINDS = ("view", "engagement", "click")
NOT_SET = "(not set)"
Key = Callable[[Hit], str]
Touch = dict[str, Any]  # as the oracle takes it, with its hit
BY: Mapping[str, Key] = {
    "channel": lambda each: each.channel or "direct",
    "campaign": lambda each: each.campaign or NOT_SET,
    "content": lambda each: each.content or NOT_SET,
}


@dataclass(frozen=True)
class Asked:
    """The local days [since, until), windows in days by touch type (None: off), and what else a question says."""

    since: date
    until: date
    zone: ZoneInfo
    by: str
    model: str
    windows: Mapping[str, int | None]
    keep_direct: bool
    per: str
    counting: str
    counting_days: int = 1

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        first, last = (datetime(day.year, day.month, day.day, tzinfo=self.zone) for day in (self.since, self.until))
        return first, last


@dataclass(frozen=True)
class Row:
    """What one value is credited with; units are persons or visits, each once in all rows together."""

    conversions: float
    units: float
    value: float
    net: float
    whole: int | None


@dataclass(frozen=True)
class Told:
    conversions: int
    converters: int
    visitors: int
    sessions: int
    value: int
    net: int
    rows: Mapping[str, Row]
    split: Mapping[str, int]
    by_day: Mapping[date, int]


def told(hits: Iterable[Hit], asked: Asked) -> Told:
    """Count everything that the goal's page says; money in whole units."""
    everything = sorted(set(hits), key=lambda each: (each.at, each.event_id))
    since, until = asked.bounds
    sat = sittings(everything)
    visit_of = {each: sitting[0].event_id for sitting in sat for each in sitting}
    sales = [each for each in _counted(everything, visit_of, asked) if since <= each.at < until]
    there = [sitting for sitting in sat if any(since <= each.at < until for each in sitting)]
    begun = [sitting for sitting in sat if since <= sitting[0].at < until]
    visitors = {sitting[0].person for sitting in there}
    net = {each: (each.value or 0) + _refunded(each, everything) for each in sales}
    touches = list(_touches(sat, everything, visit_of, asked.by))
    owner = {each: each.person if asked.per == "visitors" else visit_of.get(each) for each in sales}
    share = {each: 1 / sum(owner[other] == owner[each] for other in sales) if owner[each] else 0.0 for each in sales}
    conversions = [
        {
            "person": each.person, "time_us": _us(each.at), "event_id": each.event_id, "session": visit_of.get(each),
            "value": each.value or 0, "net": net[each], "unit": share[each],
        }
        for each in sales
    ]  # fmt: skip
    columns = [
        oracle.credited(
            touches, conversions, model=asked.model, windows=asked.windows, keep_direct=asked.keep_direct, by="key",
            amount=amount,
        )
        for amount in (None, "unit", "value", "net")
    ]  # fmt: skip
    whole = _denominators(touches, visitors, begun, asked)
    return Told(
        conversions=len(sales),
        converters=len({each.person for each in sales}),
        visitors=len(visitors),
        sessions=len(begun),
        value=sum(each.value or 0 for each in sales),
        net=sum(net.values()),
        rows={
            key: Row(*(column.get(key, 0.0) for column in columns), None if key == oracle.NONE else whole.get(key, 0))
            for key in columns[0]
        },
        split=oracle.paid_split(touches, conversions, windows=asked.windows),
        by_day=_by_day(sales, asked.zone),
    )


def _counted(everything: Sequence[Hit], visit_of: Mapping[Hit, str], asked: Asked) -> list[Hit]:
    """Choose the sales that count: of one transaction the first, and then by the goal's counting."""
    sales, known = [], set()
    for each in everything:
        if each.name != "purchase" or each.refund or each.transaction in known:
            continue
        known |= {each.transaction} - {None}
        sales.append(each)
    if asked.counting == "every":
        return sales
    chosen, last = [], dict[str, datetime]()
    for each in sales:
        who = visit_of.get(each, each.event_id) if asked.counting == "session" else each.person
        earlier = last.get(who)
        is_over = asked.counting == "person_window" and earlier is not None
        if earlier is None or (is_over and each.at - earlier > timedelta(days=asked.counting_days)):
            chosen.append(each)
            last[who] = each.at
    return chosen


def _refunded(sale: Hit, everything: Sequence[Hit]) -> int:
    if sale.transaction is None or sale.value is None:
        return 0  # of no currency, and two are never added
    return sum(each.value or 0 for each in everything if each.refund and each.transaction == sale.transaction)


def _touches(
    sat: Sequence[Sequence[Hit]], everything: Sequence[Hit], visit_of: Mapping[Hit, str], by: str
) -> Iterable[Touch]:
    came = [each for sitting in sat for each in sitting if each is sitting[0] or each.channel]
    for each in [*came, *(each for each in everything if each.name in AD_KINDS)]:
        yield {
            "person": each.person, "time_us": _us(each.at), "event_id": each.event_id, "session": visit_of.get(each),
            "kind": KINDS[AD_KINDS.get(each.name, 2)], "channel": each.channel or "direct", "direct": not each.channel,
            "paid": each.channel in PAID, "key": BY[by](each), "hit": each,
        }  # fmt: skip


def _denominators(
    touches: Iterable[Touch], visitors: set[str], begun: Sequence[Sequence[Hit]], asked: Asked
) -> Mapping[str, int]:
    key, (since, until) = BY[asked.by], asked.bounds
    people: dict[str, set[str]] = defaultdict(set)
    for touch in touches:
        each, days = touch["hit"], asked.windows[touch["kind"]]
        if days is not None and since - timedelta(days=days) <= each.at < until:
            people[touch["key"]].add(each.person)
    if asked.per == "visitors":
        return {name: len(found & visitors) for name, found in people.items()}
    counts: dict[str, int] = defaultdict(int)
    for sitting in begun:
        counts[key(sitting[0])] += 1
    return counts


def _by_day(sales: Iterable[Hit], zone: ZoneInfo) -> dict[date, int]:
    counts: dict[date, int] = defaultdict(int)
    for each in sales:
        counts[each.at.astimezone(zone).date()] += 1
    return dict(counts)


def _us(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))) // timedelta(microseconds=1)
