"""The annotations that belong to a report: of its goals and of all, on its days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from reports import figures
from reports.models import Annotation
from workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Annotated:
    """What happened on the local days [since, until); `goal` is the short name of the one it is about, "" for all."""

    since: date
    until: date
    text: str
    goal: str = ""

    @property
    def is_day(self) -> bool:
        """Say whether it is about one day."""
        return self.until - self.since == timedelta(days=1)

    @property
    def days(self) -> str:
        """Write its days: "12 Nov 2026", "1 Oct to 4 Oct 2026"."""
        return figures.days(self.since, self.until)

    def touches(self, since: date, until: date) -> bool:
        """Say whether it is about any of the days [since, until)."""
        return self.since < until and self.until > since


def annotations_of(workspace: Workspace, goals: Iterable[int], *, since: date, until: date) -> tuple[Annotated, ...]:
    """Give what is said of these goals, or of all, about the local days [since, until), oldest first; in one query."""
    rows = Annotation.objects.filter(
        Q(goal=None) | Q(goal__in=set(goals)), workspace=workspace, starts_on__lt=until, ends_on__gte=since
    )
    return tuple(
        Annotated(row.starts_on, row.until, row.text, row.goal.slug if row.goal else "")
        for row in rows.select_related("goal").order_by("starts_on", "ends_on", "pk")
    )
