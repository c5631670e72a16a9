"""Outages as reports need them: the local days on which a goal was not counted, and what is said of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from goals.models import Outage
from reports import figures
from reports.periods import DAY
from workspaces.models import Workspace
from workspaces.zones import day_of, start_of

LEAST_LOST = 0.1  # of a day: an outage that ends a quarter past midnight leaves that day as good as whole


@dataclass(frozen=True, slots=True)
class Gap:
    """One outage of a goal.

    ended_at   None while it lasts
    broke_on   the local day of the last event before
    since      the first local day that is not counted as it should be, and `until` the day after the last
    source     the name of the source that was silent as a whole; "" where the goal's events alone were
    """

    started_at: datetime
    ended_at: datetime | None
    broke_on: date
    since: date
    until: date
    source: str

    @property
    def days(self) -> frozenset[date]:
        """Give its days."""
        return frozenset(self.since + timedelta(days=n) for n in range((self.until - self.since).days))

    @property
    def words(self) -> str:
        """Say what it means for a figure."""
        if self.ended_at is None:
            return _("No data since %(day)s: tracking is broken.") % {"day": figures.day(self.broke_on)}
        return _("No data %(days)s: tracking was broken.") % {"days": figures.days(self.since, self.until)}


def gaps_of(
    workspace: Workspace, goals: Iterable[int], *, since: date, until: date, now: datetime
) -> Mapping[int, tuple[Gap, ...]]:
    """Give the outages of goals that touch the local days [since, until), oldest first, by goal id; in one query."""
    zone = workspace.zone
    begin, end = start_of(since, zone), start_of(until, zone)
    rows = Outage.objects.filter(Q(ended_at=None) | Q(ended_at__gt=begin), goal_id__in=set(goals), started_at__lt=end)
    found = defaultdict(list)
    for row in rows.select_related("source").order_by("started_at"):
        first, after = _days(row.started_at, row.ended_at or now, zone)
        source = row.source.name if row.source else ""
        gap = Gap(row.started_at, row.ended_at, day_of(row.started_at, zone), first, after, source)
        found[row.goal_id].append(gap)
    return {goal: tuple(gap for gap in gaps if gap.since < until and gap.until > since) for goal, gaps in found.items()}


def days_out(gaps: Iterable[Gap]) -> frozenset[date]:
    """Give all days of outages."""
    return frozenset().union(*(gap.days for gap in gaps))


def _days(started_at: datetime, ended_at: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """Give the days that lost a tenth or more; for an outage too short for that, the day that lost most."""
    first, last = day_of(started_at, zone), max(day_of(ended_at, zone), day_of(started_at, zone))
    lost = {}
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        begin, end = start_of(day, zone), start_of(day + DAY, zone)
        lost[day] = (min(ended_at, end) - max(started_at, begin)) / (end - begin) if end > begin else 0.0
    days = [day for day, share in lost.items() if share >= LEAST_LOST] or [max(lost, key=lambda day: lost[day])]
    return days[0], days[-1] + DAY
