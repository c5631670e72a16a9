"""Ground: what segments are computed on, which is one state of a workspace's lake, as of the beginning of a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from goals.conversions import source_ids
from reports.explore.metrics import Counted
from reports.periods import DAY, Span
from reports.publishing import Published
from tracking.times import us_of
from workspaces.models import Workspace
from workspaces.zones import day_of, start_of


@dataclass(frozen=True, slots=True)
class Ground:
    """What a segment is computed on.

    first     the first local day of which anything is known
    as_of     the local day that is not known any more: nothing that happened on it or later has a part
    through   every event received before is there
    sources   ids of the sources by their short names
    goals     by their short names; their conversions are views of the connection
    """

    zone: ZoneInfo
    first: date
    as_of: date
    through: datetime
    sources: Mapping[str, int]
    goals: Mapping[str, Counted]

    @property
    def until(self) -> datetime:
        """Give the instant that it is as of."""
        return start_of(self.as_of, self.zone)

    @property
    def known_us(self) -> int:
        """Give the instant up to which it is known what happened, and what did not."""
        return us_of(min(self.until, self.through))

    def bounds(self, span: Span) -> tuple[datetime, datetime]:
        """Give the instants of local days."""
        return start_of(span.since, self.zone), start_of(span.until, self.zone)


def ground_of(
    workspace: Workspace, published: Published, goals: Mapping[str, Counted], *, until: date, now: datetime
) -> Ground:
    """Give the ground of a range that ends before the day `until`; what lies in the future is not known."""
    as_of = min(until, day_of(now, workspace.zone) + DAY)
    publication = published.publication
    first = publication.first_day if publication else None
    through = publication.computed_through if publication else None
    return Ground(workspace.zone, first or as_of, as_of, through or now, source_ids(workspace), goals)
