"""Definition: which persons are meant, as one frozen value that is written as lines and read back from them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from goals.conditions import Rule, to_text
from reports.explore.conditions import Condition as OfVisit
from reports.explore.conditions import joined
from reports.periods import DAY, Span
from reports.segments.words import AGO, AT_LEAST, AT_MOST, BEFORE, BETWEEN, EVER, LAST, SINCE, VERBS, WHENS, Verb


@dataclass(frozen=True, slots=True)
class When:
    """When something lies.

    kind          a key of WHENS
    days          of those that count days; 0 for the others
    first, last   of those that name days, both inside; None for the others
    """

    kind: str = EVER
    days: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def text(self) -> str:
        """Write it; "" for any time."""
        text = WHENS[self.kind].form.format(days=self.days, first=self.first, last=self.last)
        return text.replace("1 days", "1 day") if self.days == 1 else text

    def span(self, *, first: date, as_of: date) -> Span:
        """Give the local days that are meant; without a day in it where none is.

        first   the first day of which anything is known
        as_of   the day that is not known any more
        """
        since, until = {
            LAST: (as_of - timedelta(days=self.days), as_of),
            AGO: (first, as_of - timedelta(days=self.days)),
            BEFORE: (first, self.first or first),
            SINCE: (self.first or first, as_of),
            BETWEEN: (self.first or first, (self.last or first) + DAY),
        }.get(self.kind, (first, as_of))
        since = max(first, since)
        return Span(since, max(since, min(until, as_of)))


@dataclass(frozen=True, slots=True)
class Times:
    """How often: `bound` is a key of BOUNDS."""

    bound: str = AT_LEAST
    n: int = 1

    @property
    def text(self) -> str:
        """Write it; "" for once at least, which goes without saying."""
        return "" if self == Times() else f"{self.bound} {self.n} time{'' if self.n == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a line is about: a goal by its short name, events that meet a rule, or visits under conditions."""

    goal: str = ""
    rules: tuple[Rule, ...] = ()
    visit: tuple[OfVisit, ...] = ()

    @property
    def text(self) -> str:
        """Write it; "" for any visit, and for lines without a subject."""
        return f"goal {self.goal}" if self.goal else to_text(self.rules) if self.rules else joined(self.visit)

    @property
    def goals(self) -> Iterator[str]:
        """Give the short names of the goals that it asks about."""
        if self.goal:
            yield self.goal
        for each in self.visit:
            if each.is_of_goal:
                yield from each.values


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `key` is a key of VERBS."""

    key: str
    times: Times = Times()
    when: When = When()
    subject: Subject = Subject()

    @property
    def verb(self) -> Verb:
        """Give what its verb says."""
        return VERBS[self.key]

    @property
    def is_found_in_few(self) -> bool:
        """Say whether it holds for those of whom little or nothing is found."""
        return self.verb.is_negative or self.times.bound == AT_MOST

    @property
    def text(self) -> str:
        """Write it."""
        head = " ".join(part for part in (self.key, self.times.text, self.when.text) if part)
        return f"{head}: {self.subject.text}" if self.subject.text else head


@dataclass(frozen=True, slots=True)
class Condition:
    """What holds of a person or not: a line, with those that go on with it as a sequence."""

    head: Line
    then: tuple[Line, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """Give all its lines."""
        return (self.head, *self.then)


@dataclass(frozen=True, slots=True)
class Definition:
    """Persons of whom all conditions hold, or any; `match` is a key of MATCHES."""

    match: str
    conditions: tuple[Condition, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """Give the lines of all conditions."""
        return tuple(line for each in self.conditions for line in each.lines)

    @property
    def text(self) -> str:
        """Write it as `parsing.read` reads it."""
        return "\n".join([self.match, *(line.text for line in self.lines)])

    @property
    def goals(self) -> tuple[str, ...]:
        """Give the short names of all goals that it asks about, each once."""
        return tuple(dict.fromkeys(slug for line in self.lines for slug in line.subject.goals))
