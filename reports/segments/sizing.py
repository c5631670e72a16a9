"""How many persons a segment has: the sentence beside its form, and the head of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from goals.models import Goal
from reports import paths, publishing
from reports.answer import READY
from reports.bounding import bounded
from reports.explore.answer import MEMORY_OF_EVENTS, TOO_LONG, TOO_MANY, counted_of, state_of_goals
from reports.explore.question import Known
from reports.explore.reading import TooMany
from reports.publishing import Published
from reports.segments.definition import Definition
from reports.segments.ground import Ground, ground_of
from reports.segments.persons import persons_of
from tracking.lake.query import connected
from workspaces.models import Workspace
from workspaces.zones import start_of

LATELY = 90  # days
SIZE = (Path(__file__).parent.parent / "sql" / "segments.size.sql").read_text()


@dataclass(frozen=True, slots=True)
class Size:
    """Persons who were there before the day `as_of`.

    everybody, persons   of all that is kept, and those in the segment
    ..._lately           the same of those who were there in the 90 days before
    """

    as_of: date
    everybody: int
    persons: int
    everybody_lately: int
    persons_lately: int

    @property
    def share(self) -> float | None:
        """Give the segment's share of everybody; None where nobody was there."""
        return self.persons / self.everybody if self.everybody else None

    @property
    def share_lately(self) -> float | None:
        """Give its share of those who were there lately."""
        return self.persons_lately / self.everybody_lately if self.everybody_lately else None


@dataclass(frozen=True, slots=True)
class Sized:
    """A size, or why there is none: `state` and `waiting` as explorations say them."""

    state: str
    size: Size | None = None
    waiting: tuple[str, ...] = ()


def sized(
    workspace: Workspace,
    definition: Definition,
    known: Known,
    *,
    until: date,
    now: datetime,
    published: Published | None = None,
) -> Sized:
    """Count the persons of a segment as of the day `until`.

    published   the state to count in, which has the definition's goals; None: the newest
    """
    named = [known.goals[slug] for slug in definition.goals]
    published = published or publishing.read(workspace.pk, [goal.pk for goal in named], since=until, until=until)
    state, waiting = state_of_goals(published, named)
    if state != READY:
        return Sized(state, waiting=waiting)
    counted = {goal.slug: counted_of(goal, published, workspace) for goal in named}
    ground = ground_of(workspace, published, counted, until=until, now=now)
    try:
        return Sized(READY, _size(definition, ground, published, named))
    except duckdb.InterruptException:
        return Sized(TOO_LONG)
    except (TooMany, duckdb.OutOfMemoryException):
        return Sized(TOO_MANY)


def _size(definition: Definition, ground: Ground, published: Published, named: Sequence[Goal]) -> Size:
    views = {f"paths{goal.pk}": paths.published(published.fills[goal.pk]) for goal in named}
    lately = start_of(ground.as_of - timedelta(days=LATELY), ground.zone)
    with connected(published.snapshot, views, memory=MEMORY_OF_EVENTS) as lake, bounded(lake):
        persons_of(lake, definition, ground, name="persons")
        counts = lake.execute(SIZE.format(name="persons"), {"until": ground.until, "lately": lately}).fetchall()
    return Size(ground.as_of, *counts[0])
