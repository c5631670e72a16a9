"""What explorations come to, counted visit by visit and hit by hit in plain Python."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from tests.reports.lake import Hit, sittings

Key = tuple[str, ...]
Figures = dict[str, float]
Visit = tuple[Hit, ...]
DAYS = (date(2026, 10, 1), date(2026, 11, 22))
HOSTS = {"https://www.news.example/a?b=c": "news.example", "https://blog.example:8080/x": "blog.example", None: None}


def _folder(path: str | None) -> str | None:
    if path is None:
        return None
    first, slash, _rest = path.removeprefix("/").partition("/")
    return f"/{first}/" if slash else "/"


def on_plan(plan: str | None) -> str | None:
    """Give the properties of a hit by somebody on the plan, as JSON text."""
    return None if plan is None else json.dumps({"plan": plan})


def plan_of(each: Hit) -> str | None:
    """Give the plan that a hit's properties tell."""
    told: str | None = json.loads(each.properties)["plan"] if each.properties else None
    return told


# What each dimension says of a visit by its first hit, of a hit, and of a hit's local moment.
OF_VISIT: Mapping[str, Callable[[Hit], str | None]] = {
    "channel": lambda first: first.channel or "direct",
    "source": lambda first: first.source or (first.channel and f"{first.channel}.example"),
    "medium": lambda first: first.medium,
    "campaign": lambda first: first.campaign,
    "content": lambda first: first.content,
    "term": lambda first: first.term,
    "landing": lambda first: first.landing,
    "os": lambda first: first.os,
    "language": lambda first: first.language,
    "device": lambda first: first.device,
    "browser": lambda first: first.browser,
    "referrer": lambda first: HOSTS[first.referrer],
}
OF_HIT: Mapping[str, Callable[[Hit], str | None]] = {
    "page": lambda each: each.path,
    "folder": lambda each: _folder(each.path),
    "event": lambda each: each.name,
    "property:plan": plan_of,
}
OF_TIME: Mapping[str, Callable[[Hit, ZoneInfo], str]] = {
    "day": lambda each, zone: f"{each.at.astimezone(zone):%Y-%m-%d}",
    "week": lambda each, zone: str(_monday(each.at.astimezone(zone).date())),
    "month": lambda each, zone: f"{each.at.astimezone(zone):%Y-%m}-01",
    "weekday": lambda each, zone: str(each.at.astimezone(zone).isoweekday()),
    "hour": lambda each, zone: f"{each.at.astimezone(zone):%H}",
}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass
class Count:
    """Sums so far, and who or what was counted once."""

    by: Sequence[str]
    goal: str
    zone: ZoneInfo
    span: tuple[date, date]
    newcomers: frozenset[Hit]  # with which somebody's first visit began
    refunds: Mapping[str, float]  # by transaction
    sums: dict[Key, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    once: dict[Key, dict[str, set[object]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))

    def inside(self, each: Hit) -> bool:
        return self.span[0] <= each.at.astimezone(self.zone).date() < self.span[1]

    def keys(self, visit: Visit, hits: Iterable[Hit], moments: Iterable[Hit]) -> set[Key]:
        """Give the paths of values: what hits say together with the visit, at each of the moments."""
        told = list(hits)
        return {
            tuple(self._value(name, visit, each, moment) for name in self.by) for moment in moments for each in told
        }

    def _value(self, name: str, visit: Visit, each: Hit, moment: Hit) -> str:
        if name in OF_TIME:
            return OF_TIME[name](moment, self.zone)
        if name in OF_HIT:
            return OF_HIT[name](each) or "(not set)"
        if name == "visitor" and visit:
            return "new" if visit[0] in self.newcomers else "returning"
        return (OF_VISIT[name](visit[0]) or "(not set)") if visit else "(no visit)"

    def begun(self, visit: Visit) -> None:
        for key in self.keys(visit, visit, visit[:1]):
            self.sums[key]["sessions"] += 1
            self.sums[key]["bounces"] += len(visit) == 1
            self.sums[key]["lasted"] += (visit[-1].at - visit[0].at).total_seconds()
            self.sums[key]["reached"] += any(each.name == self.goal for each in visit)
        for each in visit:
            for key in self.keys(visit, [each], visit[:1]):
                self.sums[key]["events"] += 1
                self.sums[key]["pageviews"] += each.name == "page_view"

    def converted(self, visit: Visit, each: Hit) -> None:
        for key in self.keys(visit, [each], [each]):
            self.sums[key]["conversions"] += 1
            if each.value is not None:
                self.sums[key][f"value {each.currency}"] += each.value
                self.sums[key][f"refund {each.currency}"] += self.refunds.get(each.transaction or "", 0)
        # What was there in no visit was seen in none.
        seen = visit if visit or any(name in OF_HIT for name in self.by) else (each,)
        for key in self.keys(visit, seen, [each]):
            self.once[key]["converters"].add(each.person)
            self.once[key]["participation"].add(each)

    def visited(self, visit: Visit) -> None:
        if self.inside(visit[0]):
            self.begun(visit)
        for key in self.keys(visit, visit, filter(self.inside, visit)):
            self.once[key]["visitors"].add(visit[0].person)
        for each in visit:
            if each.name == self.goal and self.inside(each):
                self.converted(visit, each)


def expected(
    zone: ZoneInfo,
    hits: Sequence[Hit],
    by: Sequence[str] = (),
    *,
    goal: str = "purchase",
    keeps: Callable[[Visit], bool] | None = None,
    span: tuple[date, date] = DAYS,
) -> dict[Key, Figures]:
    """Count.

    by      dimensions, the outermost first
    goal    the event that a goal counts every time
    keeps   which visits count; None: all, and conversions outside of visits, too
    """
    every = list(dict.fromkeys(hits))
    visits = [tuple(each) for each in sittings(every)]
    first = {visit[0].person: visit[0] for visit in sorted(visits, key=lambda visit: visit[0].at, reverse=True)}
    refunds: dict[str, float] = defaultdict(float)
    for each in every:
        if each.refund and each.transaction and each.value:
            refunds[each.transaction] += each.value
    count = Count(by, goal, zone, span, frozenset(first.values()), refunds)
    for visit in visits:
        if keeps is None or keeps(visit):
            count.visited(visit)
    outside = set(every).difference(*visits) if keeps is None else ()
    for each in outside:
        if each.name == goal and count.inside(each):
            count.converted((), each)
    keys = count.sums.keys() | count.once.keys()
    return {key: dict(count.sums[key]) | {name: len(each) for name, each in count.once[key].items()} for key in keys}
