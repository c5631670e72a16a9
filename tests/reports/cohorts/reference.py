"""What cohorts come to, counted person by person and cell by cell in plain Python."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.reports.lake import Hit, sittings
from tracking.event import COOKIELESS_PREFIX

Deed = Callable[["Person"], list[tuple[datetime, datetime]]]  # from when to when each time lasted


@dataclass(frozen=True)
class Person:
    """All that one person ever did."""

    name: str
    hits: tuple[Hit, ...]
    visits: tuple[tuple[Hit, ...], ...]

    @property
    def is_daily(self) -> bool:
        return self.name.startswith(COOKIELESS_PREFIX)

    @property
    def channel(self) -> str:
        return (self.visits[0][0].channel or "direct") if self.visits else ""


@dataclass(frozen=True)
class Expected:
    """One cohort: how many persons, and of each period that has begun who did it, and whether it is over."""

    since: date
    persons: int
    daily: int
    cells: tuple[tuple[int, bool], ...]


def visited(person: Person) -> list[tuple[datetime, datetime]]:
    return [(visit[0].at, visit[-1].at) for visit in person.visits]


def reached(event: str) -> Deed:
    return lambda person: [(each.at, each.at) for each in person.hits if each.name == event]


def persons(hits: Iterable[Hit]) -> list[Person]:
    every = sorted(set(hits), key=lambda each: (each.at, each.event_id))
    visits = sorted(sittings(every), key=lambda visit: visit[0].at)
    return [
        Person(
            name,
            tuple(each for each in every if each.person == name),
            tuple(tuple(visit) for visit in visits if visit[0].person == name),
        )
        for name in sorted({each.person for each in every})
    ]


def start_of(day: date, every: str) -> date:
    """Give the first day of the period that a day lies in."""
    return {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[every]


def next_of(day: date, every: str) -> date:
    """Give the first day of the period after it."""
    far = {"day": 1, "week": 7, "month": 31}[every]
    return start_of(start_of(day, every) + timedelta(days=far), every)


def expected(
    everybody: Iterable[Person],
    *,
    zone: ZoneInfo,
    known: datetime,
    since: date,
    until: date,
    first: Deed = visited,
    did: Deed = visited,
    every: str = "week",
    later: int = 12,
    is_cumulative: bool = False,
    is_lasting: bool = False,
    belongs: Callable[[Person], bool] = lambda _person: True,
) -> Iterator[Expected]:
    """Count every cell by itself; `since` and `until` are the range, half-open."""

    def midnight(day: date) -> datetime:
        return datetime.combine(day, datetime.min.time(), zone)

    joined = {person: min(begun for begun, _end in first(person)) for person in everybody if first(person)}
    own = start_of(since, every)
    while own < until and midnight(own) < known:
        end = next_of(own, every)
        days = max(own, since), min(end, until)
        mine = [person for person, at in joined.items() if days[0] <= at.astimezone(zone).date() < days[1]]
        mine = [person for person in mine if belongs(person)]
        kept = [person for person in mine if not (is_lasting and person.is_daily)]
        cells, period = [], own
        for _ in range(later + 1):
            if midnight(period) >= known:
                break
            begins = midnight(own if is_cumulative else period)
            ends = midnight(next_of(period, every))
            done = sum(
                any(
                    begun < ends and over >= begins and _counts(begun, joined[person], first, did)
                    for begun, over in did(person)
                )
                for person in kept
            )
            cells.append((done, ends <= known))
            period = next_of(period, every)
        yield Expected(days[0], len(kept), sum(person.is_daily for person in mine), tuple(cells))
        own = end


def _counts(begun: datetime, joined: datetime, first: Deed, did: Deed) -> bool:
    """Say whether it was done after one joined; what makes one join does not count once more."""
    return begun > joined or (begun == joined and did is not visited and did is not first)
