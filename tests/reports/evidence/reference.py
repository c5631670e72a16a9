"""Evidence once more, slowly and in plain Python over hits: shares no code with the product."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from tests.reports.lake import Hit

GAP = timedelta(minutes=30)
ADS = {"ad_impression", "ad_engagement", "ad_click"}


@dataclass
class Entry:
    """A person's first visit."""

    at: datetime
    stratum: tuple[str, bool]


@dataclass
class Told:
    """The figures of one macro goal: by micro goal (reached with, with, reached without, without) and the rest."""

    entered: int
    early: int
    tables: dict[str, tuple[int, int, int, int]]
    strata: dict[str, list[tuple[int, int, int, int]]]
    preceded: dict[str, tuple[int, int, timedelta | None]]
    followed: dict[str, tuple[int, int]]


def visits(hits: Sequence[Hit]) -> dict[str, list[Hit]]:
    """Give the hits that begin a visit, by person."""
    found: dict[str, list[Hit]] = {}
    for person in {hit.person for hit in hits}:
        mine = sorted((h for h in hits if h.person == person and h.name not in ADS), key=lambda h: (h.at, h.event_id))
        begun = [h for place, h in enumerate(mine) if place == 0 or h.at - mine[place - 1].at >= GAP]
        found[person] = begun
    return found


def told(
    hits: Sequence[Hit],
    macro: str,
    micros: Sequence[str],
    *,
    since: datetime,
    until: datetime,
    landmark: int,
    follow: int,
) -> Told:
    """Tell of every person one by one; events of the names are the goals."""
    first, followed = timedelta(days=landmark), timedelta(days=follow)
    entries = {}
    for person, begun in visits(hits).items():
        inside = [h for h in begun if since <= h.at < until]
        if inside and inside[0].at + first + followed <= until:
            entries[person] = Entry(inside[0].at, (inside[0].channel or "direct", False))
    inside = [h for h in hits if since <= h.at < until and not h.refund]
    times = {
        name: {who: sorted(h.at for h in inside if h.name == name and h.person == who) for who in _people(hits)}
        for name in {macro, *micros}
    }
    early = {p for p, e in entries.items() if any(e.at <= at < e.at + first for at in times[macro].get(p, []))}
    compared = {person: entry for person, entry in entries.items() if person not in early}
    reached = {
        p for p, e in compared.items()
        if any(e.at + first <= at < e.at + first + followed for at in times[macro].get(p, []))
    }  # fmt: skip
    result = Told(len(entries), len(early), {}, {}, {}, {})
    for name in micros:
        did = {p for p, e in compared.items() if any(e.at <= at < e.at + first for at in times[name].get(p, []))}
        by_stratum: dict[tuple[str, bool], list[int]] = {}
        for person, entry in compared.items():
            row = by_stratum.setdefault(entry.stratum, [0, 0, 0, 0])
            place = 0 if person in did else 2
            row[place + 1] += 1
            row[place] += person in reached
        rows = [(a, n, b, m) for a, n, b, m in by_stratum.values()]
        result.strata[name] = rows
        result.tables[name] = tuple(sum(row[place] for row in rows) for place in range(4))  # type: ignore[assignment]
        result.preceded[name] = _preceded(times[macro], times[name], since + followed, followed)
        result.followed[name] = _followed(times[macro], times[name], until - followed, followed)
    return result


def ratio(rows: Sequence[tuple[int, int, int, int]]) -> tuple[float, float, float] | None:
    """Give Mantel and Haenszel's ratio of risks with Greenland and Robins's interval, term by term."""
    above = below = spread = 0.0
    for a, n, b, m in rows:
        if n + m:
            above += a * m / (n + m)
            below += b * n / (n + m)
            spread += (n * m * (a + b) - a * b * (n + m)) / (n + m) ** 2
    if not above or not below:
        return None
    reach = 1.959963984540054 * math.sqrt(max(0.0, spread / (above * below)))
    return above / below, above / below * math.exp(-reach), above / below * math.exp(reach)


def _people(hits: Sequence[Hit]) -> set[str]:
    return {hit.person for hit in hits}


def _preceded(
    macro: dict[str, list[datetime]], micro: dict[str, list[datetime]], since: datetime, follow: timedelta
) -> tuple[int, int, timedelta | None]:
    lags, count = [], 0
    for person, moments in macro.items():
        for at in moments:
            if at < since:
                continue
            count += 1
            before = [each for each in micro[person] if each < at]
            if before and at - max(before) <= follow:
                lags.append(at - max(before))
    return count, len(lags), median(lags) if lags else None


def _followed(
    macro: dict[str, list[datetime]], micro: dict[str, list[datetime]], until: datetime, follow: timedelta
) -> tuple[int, int]:
    firsts = {person: min(times) for person, times in micro.items() if times and min(times) < until}
    return len(firsts), sum(any(at < each <= at + follow for each in macro[p]) for p, at in firsts.items())
