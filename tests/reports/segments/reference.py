"""Who is in a segment, decided person by person in plain Python, from what a test says and not from text."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.reports.explore.reference import Visit
from tests.reports.lake import Hit, sittings

Meets = Callable[[Hit], bool]


@dataclass(frozen=True)
class Person:
    """What one person did before the day: hits in their order, and visits that began."""

    hits: tuple[Hit, ...]
    visits: tuple[Visit, ...]
    zone: ZoneInfo
    as_of: date
    through: datetime

    def day(self, each: Hit) -> date:
        return each.at.astimezone(self.zone).date()

    def done(self, meets: Meets, days: Callable[[date], bool] = lambda _day: True) -> list[Hit]:
        """Give the hits that meet something on days that are meant."""
        return [each for each in self.hits if not each.refund and meets(each) and days(self.day(each))]

    def came(self, chosen: Callable[[Visit], bool], days: Callable[[date], bool] = lambda _day: True) -> int:
        """Count the visits that began on days that are meant."""
        return sum(chosen(visit) and days(self.day(visit[0])) for visit in self.visits)

    def first(self) -> date:
        return min(self.day(visit[0]) for visit in self.visits)

    def ago(self, days: int) -> Callable[[date], bool]:
        return lambda day: day < self.as_of - timedelta(days=days)

    def lately(self, days: int) -> Callable[[date], bool]:
        return lambda day: day >= self.as_of - timedelta(days=days)

    def followed(self, first: Iterable[Hit], later: Sequence[tuple[Meets, int]]) -> list[Hit]:
        """Give the hits at the end of every way: each later than the one before, within so many days; 0: any time."""
        ends = list(first)
        for meets, within in later:
            ends = [each for each in self.done(meets) if any(_is_later(each, before, within) for before in ends)]
        return ends

    def lacks(self, ends: Iterable[Hit], meets: Meets, within: int = 0) -> bool:
        """Say whether after one of the hits nothing of the kind was done, as long as it counts."""
        known = min(datetime.combine(self.as_of, datetime.min.time(), self.zone), self.through)
        over = [each for each in ends if not within or each.at + timedelta(days=within) < known]
        return any(not any(_is_later(other, each, within) for other in self.done(meets)) for each in over)


def _is_later(each: Hit, before: Hit, within: int) -> bool:
    return each.at > before.at and (not within or each.at - before.at <= timedelta(days=within))


def persons(hits: Iterable[Hit], *, zone: ZoneInfo, as_of: date, through: datetime) -> dict[str, Person]:
    """Give everybody who was there before a day.

    through   what happened is known up to here
    """
    every = sorted(set(hits), key=lambda each: (each.at, each.event_id))
    visits = [tuple(each) for each in sittings(every)]

    def begun(each: Hit) -> bool:
        return each.at.astimezone(zone).date() < as_of

    names = {visit[0].person for visit in visits if begun(visit[0])}
    return {
        name: Person(
            tuple(each for each in every if each.person == name and begun(each)),
            tuple(visit for visit in visits if visit[0].person == name and begun(visit[0])),
            zone,
            as_of,
            through,
        )
        for name in names
    }


def members(everybody: dict[str, Person], belongs: Callable[[Person], bool]) -> set[str]:
    """Give the names of those who are meant."""
    return {name for name, person in everybody.items() if belongs(person)}
