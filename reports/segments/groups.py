"""The saved segments that a question names: their persons, ready on the connection that reads its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from duckdb import DuckDBPyConnection as Connection

from goals.models import Goal
from reports import paths
from reports.answer import READY
from reports.bounding import bounded
from reports.explore.answer import MEMORY_OF_EVENTS, MISSING, counted_of, state_of_goals
from reports.publishing import Published
from reports.segments.ground import ground_of
from reports.segments.persons import persons_of
from reports.segments.saved import Saved
from tracking.lake.query import MEMORY, Pinned
from workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Groups:
    """The segments, with the goals that they ask about, with their rules."""

    saved: Saved
    goals: tuple[Goal, ...]

    @property
    def goal_ids(self) -> list[int]:
        """Give the ids of the goals."""
        return [goal.pk for goal in self.goals]

    @property
    def memory(self) -> str:
        """Give how much memory the connection may take."""
        return MEMORY_OF_EVENTS if self.saved.found else MEMORY

    def state(self, published: Published) -> tuple[str, tuple[str, ...]]:
        """Say whether the segments can be computed, and what is wrong where they can't."""
        if self.saved.missing:
            return MISSING, self.saved.missing
        return state_of_goals(published, self.goals) if self.goals else (READY, ())

    def views(self, published: Published) -> Mapping[str, Pinned]:
        """Give the goals' conversions as the connection's views."""
        return {f"paths{goal.pk}": paths.published(published.fills[goal.pk]) for goal in self.goals}

    def prepare(
        self, lake: Connection, workspace: Workspace, published: Published, *, until: date, now: datetime
    ) -> Mapping[str, str]:
        """Make a table of the persons of each segment; give the tables by the segments' short names.

        raises   explore.reading.TooMany; duckdb.InterruptException after so long
        """
        counted = {goal.slug: counted_of(goal, published, workspace) for goal in self.goals}
        ground = ground_of(workspace, published, counted, until=until, now=now)
        tables = {slug: f"segment{n}" for n, slug in enumerate(self.saved.found)}
        with bounded(lake):
            for slug, table in tables.items():
                persons_of(lake, self.saved.found[slug], ground, name=table)
        return tables


def groups_of(workspace: Workspace, saved: Saved) -> Groups:
    """Give the segments with their goals."""
    goals = workspace.goals.filter(slug__in=saved.goals).prefetch_related("rules") if saved.goals else ()
    return Groups(saved, tuple(goals))
