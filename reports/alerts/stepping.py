"""How looks at single days become episodes: the same for what is watched and for what would have been. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

Facts = Mapping[str, Any]  # JSON values: the figures behind a look, in the kind's own terms


class Verdict(Enum):
    HOLDS = "the condition holds"
    OVER = "it does not"
    UNKNOWN = "nobody can say: too little data, or tracking was broken"


@dataclass(frozen=True, slots=True)
class Look:
    """What one full day's figures say."""

    verdict: Verdict
    facts: Facts


# The day to look at, and the day that made the episode that lasts (None: none does), against whose past it is held.
Lens = Callable[[date, date | None], Look]


@dataclass(frozen=True, slots=True)
class Course:
    """Where an alert stands between two days.

    since   the first of the days on which the condition holds without a break
    began   the day that made the episode that lasts
    """

    since: date | None = None
    began: date | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A day on which an episode began or was over; `began` is the day that made it."""

    day: date
    began: date
    facts: Facts
    is_over: bool = False
    is_usual: bool = False  # over because it has lasted so long that it is the usual now


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a condition has to hold before anybody hears, and after how many days it counts as the usual."""

    stay_days: int = 1
    usual_after: int | None = None


def step(course: Course, day: date, lens: Lens, patience: Patience) -> tuple[Course, Turn | None]:
    """Take one full day; give where the alert stands after it, and the turn that it made.

    A day that nobody can judge changes nothing: it neither begins an episode nor ends one.
    """
    look = lens(day, course.began)
    if course.began is not None:
        is_usual = patience.usual_after is not None and (day - course.began).days >= patience.usual_after
        if look.verdict is Verdict.OVER or is_usual:
            return Course(), Turn(day, course.began, look.facts, True, look.verdict is not Verdict.OVER)
        return course, None
    if look.verdict is Verdict.OVER:
        return Course(), None
    if look.verdict is Verdict.UNKNOWN:
        return course, None
    since = course.since or day
    if (day - since).days + 1 < patience.stay_days:
        return Course(since), None
    return Course(since, day), Turn(day, day, look.facts)


def follow(course: Course, days: Iterable[date], lens: Lens, patience: Patience) -> tuple[Course, list[Turn]]:
    """Take the days one after the other; give where the alert stands after them, and their turns."""
    turns = []
    for day in days:
        course, turn = step(course, day, lens, patience)
        turns += [turn] if turn else []
    return course, turns
