"""What a segment comes to beside everybody else: page, API and files all take it from here.

Visitors and rates are an exploration's, so that a segment says the same wherever it is looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from analysis.differences import Difference, difference
from analysis.rates import Rate
from goals.models import Goal
from reports import publishing
from reports.answer import READY, UNTRACKED, state_of
from reports.explore import answer as exploring
from reports.explore import question
from reports.explore.metrics import Value
from reports.explore.question import Asked, Known
from reports.explore.rows import Row
from reports.models import Segment
from reports.periods import DAY
from reports.publishing import Published
from reports.segments.comparing import compared
from reports.segments.definition import Definition
from reports.segments.saved import saved_of
from reports.segments.sizing import Size, sized
from reports.standing import Standing
from workspaces.models import Workspace

MOST_GOALS = 20  # that rates are compared of, in the plan's order
NAMES = ("period", "from", "to")
INSIDE, OUTSIDE = 1, 2  # an exploration's segments: those in it, and everybody else


@dataclass(frozen=True, slots=True)
class GoalFigures:
    """How many of the visitors reached a goal: of those in the segment, and of everybody else."""

    slug: str
    name: str
    inside: Rate | None
    outside: Rate | None

    @property
    def difference(self) -> Difference | None:
        """Give how much the segment's rate is above that of everybody else."""
        return difference(self.inside, self.outside)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The visitors of one day; `is_partial` where it is not over yet."""

    day: date
    inside: int
    outside: int
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A segment's figures, all of one data version.

    asked             the range of days, as an exploration that asks for the same
    definition        None where it can't be read
    state, waiting    as of explorations
    left_out          names of goals without figures yet
    inside, outside   visitors of the range
    days              of the range, as far as they have begun
    """

    asked: Asked
    definition: Definition | None
    state: str
    stamp: Standing
    waiting: tuple[str, ...] = ()
    size: Size | None = None
    inside: int = 0
    outside: int = 0
    goals: tuple[GoalFigures, ...] = ()
    left_out: tuple[str, ...] = ()
    days: tuple[DayFigures, ...] = ()
    rows_since: date | None = None

    @property
    def days_inside(self) -> float | None:
        """Give on how many days of the range a visitor of the segment was there, on average."""
        return sum(each.inside for each in self.days) / self.inside if self.inside else None

    @property
    def days_outside(self) -> float | None:
        """Give the same of everybody else."""
        return sum(each.outside for each in self.days) / self.outside if self.outside else None


def asked_of(segment: Segment, params: Mapping[str, str], known: Known, *, strict: bool = False) -> Asked:
    """Give the exploration that asks for a segment beside everybody else.

    params   of NAMES
    raises   BadQuestion
    """
    sides = {"segment1": f"segment is {segment.slug}", "segment2": f"segment is not {segment.slug}"}
    ranged = {name: value for name, value in params.items() if strict or name in NAMES}
    return question.read({"by": "day", "metrics": "visitors"} | ranged | sides, known, strict=strict)


def answer(workspace: Workspace, segment: Segment, asked: Asked, known: Known, *, now: datetime) -> Answer:
    """Give the figures of a segment for the range of days that is asked for."""
    live = [goal for goal in known.goals.values() if goal.archived_at is None]
    saved = saved_of([segment.slug], known.segments, known.goals)
    definition = saved.found.get(segment.slug)
    needed = {goal.pk: goal for goal in (*live, *(known.goals[slug] for slug in saved.goals))}
    published = publishing.read(workspace.pk, needed, since=asked.until, until=asked.until)
    goals, left_out = _ready(live, published)
    found = compared(workspace, asked, [segment.slug], goals, known, of=("rate",), now=now, published=published)
    result = Answer(
        asked, definition, found.state, found.stamp, found.waiting, left_out=left_out, rows_since=found.rows_since
    )
    if definition is None or found.state != READY or found.rows_since is not None:
        return result
    size = sized(workspace, definition, known, until=asked.until, now=now, published=published)
    if size.state != READY:
        return replace(result, state=size.state, waiting=size.waiting)
    by_day = exploring.answer(workspace, asked, known, now=now, published=published)
    if by_day.state != READY:
        return replace(result, state=by_day.state)
    inside, outside = found.total[INSIDE], found.total[OUTSIDE]
    return replace(
        result,
        size=size.size,
        inside=_count(inside[0]),
        outside=_count(outside[0]),
        goals=tuple(
            GoalFigures(goal.slug, goal.name, one.rate, other.rate)
            for goal, one, other in zip(goals, inside[1:], outside[1:], strict=True)
        ),
        days=_days(by_day.rows, asked, today=known.today),
    )


def _ready(live: Sequence[Goal], published: Published) -> tuple[list[Goal], tuple[str, ...]]:
    """Give the goals whose rates are compared, and the names of those that have no figures yet."""
    ready = [goal for goal in live if state_of(published, goal) == READY]
    waiting = tuple(goal.name for goal in live if state_of(published, goal) not in {READY, UNTRACKED})
    return ready[:MOST_GOALS], waiting


def _days(rows: Sequence[Row], asked: Asked, *, today: date) -> tuple[DayFigures, ...]:
    """Give every day that has begun, also those on which nobody was there."""
    seen = {row.key: (_count(row.values[INSIDE][0]), _count(row.values[OUTSIDE][0])) for row in rows}
    days = (asked.since + timedelta(days=n) for n in range((min(asked.until, today + DAY) - asked.since).days))
    return tuple(DayFigures(day, *seen.get(str(day), (0, 0)), is_partial=day == today) for day in days)


def _count(value: Value) -> int:
    return int(value.number or 0)
