"""What the persons of each saved segment did of one goal, beside everybody else: page, API and files take it from here.

The figures are those of the segments' own pages, by the same function.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from analysis.differences import Difference, difference
from analysis.rates import Rate
from goals.models import Goal
from reports import publishing
from reports.answer import READY, rows_since_of, state_of
from reports.explore.answer import state_of_goals
from reports.explore.metrics import Value
from reports.explore.question import Asked, Known, read
from reports.publishing import Published
from reports.segments.comparing import compared
from reports.segments.saved import Saved, saved_of
from reports.standing import Standing, standing
from workspaces.models import Workspace

MOST_SEGMENTS = 20  # that are compared, by their names
NAMES = ("period", "from", "to")
OF_GOAL = ("conversions", "rate")


@dataclass(frozen=True, slots=True)
class Side:
    """What some persons did of the goal: conversions in their sessions, and how many of their visitors reached it."""

    conversions: int
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class Row:
    """One segment, and everybody who is not in it."""

    slug: str
    name: str
    inside: Side
    outside: Side

    @property
    def difference(self) -> Difference | None:
        """Give how much the segment's rate is above that of everybody else."""
        return difference(self.inside.rate, self.outside.rate)


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures of all segments, all of one data version.

    state, waiting   as of explorations
    everybody        None without figures, or without segments
    left_out         names of segments that can't be counted: what they name is gone, or has no figures yet; or too many
    """

    asked: Asked
    state: str
    stamp: Standing
    everybody: Side | None = None
    rows: tuple[Row, ...] = ()
    left_out: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    rows_since: date | None = None


def asked_of(params: Mapping[str, str], known: Known, *, strict: bool = False) -> Asked:
    """Give the exploration of the range that is asked for.

    params   of NAMES
    raises   BadQuestion
    """
    ranged = {name: value for name, value in params.items() if strict or name in NAMES}
    return read({"by": "none", "metrics": "visitors"} | ranged, known, strict=strict)


def answer(workspace: Workspace, goal: Goal, asked: Asked, known: Known, *, now: datetime) -> Answer:
    """Give what each segment did of the goal in the range."""
    saved = saved_of(known.segments, known.segments, known.goals)
    needed = {each.pk for each in (goal, *(known.goals[slug] for slug in saved.goals))}
    published = publishing.read(workspace.pk, sorted(needed), since=asked.until, until=asked.until)
    state, waiting = state_of_goals(published, [goal])
    slugs = _counted(saved, known, published)
    result = Answer(
        asked, state, standing(published, has_goals=True, has_kpis=True), waiting=waiting,
        left_out=tuple(each.name for slug, each in known.segments.items() if slug not in slugs),
        rows_since=rows_since_of(published, asked.since),
    )  # fmt: skip
    if state != READY or result.rows_since is not None or not slugs:
        return result
    found = compared(workspace, asked, slugs, [goal], known, of=OF_GOAL, now=now, published=published)
    if found.state != READY:
        return replace(result, state=found.state, waiting=found.waiting)
    everybody, *sides = (_side(values) for values in found.total)
    pairs = zip(slugs, sides[::2], sides[1::2], strict=True)
    rows = tuple(Row(slug, saved.names[slug], inside, outside) for slug, inside, outside in pairs)
    return replace(result, everybody=everybody, rows=rows)


def _counted(saved: Saved, known: Known, published: Published) -> list[str]:
    """Give the segments that can be counted now, as many as are compared."""
    ready = (
        slug
        for slug, definition in saved.found.items()
        if all(state_of(published, known.goals[each]) == READY for each in definition.goals)
    )
    return list(ready)[:MOST_SEGMENTS]


def _side(values: Sequence[Value]) -> Side:
    _visitors, conversions, rate = values
    return Side(int(conversions.number or 0), rate.rate)
