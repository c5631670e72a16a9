"""How much of the plan is tracked: each goal's tracking state, and all of them in a sentence with links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.db.models import Exists, OuterRef
from django.utils.translation import ngettext

from goals.models import Goal, Target, Tracked, Watch
from workspaces.languages import long_day
from workspaces.models import Membership, Workspace
from workspaces.navigation import Badge

ARRIVES: Final = frozenset({Tracked.VERIFIED, Tracked.SILENT})  # a broken goal is not tracked, so coverage drops
NO_TARGET: Final = "no_target"  # no state, but chosen like one
# What needs somebody comes first.
URGENCY: Final = (Tracked.BROKEN, Tracked.SILENT, Tracked.WAITING, Tracked.UNDEFINED, Tracked.VERIFIED)


@dataclass(frozen=True, slots=True)
class Tracking:
    """What is known of one goal's tracking.

    since       when it came into the state: of the last event for silent and broken; None before the first look
    last_week   events of the last seven whole days; `daily` of the last 28, oldest first
    """

    goal: Goal
    state: Tracked
    since: datetime | None
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    last_week: int
    daily: tuple[int, ...]
    checked_at: datetime | None
    has_target: bool

    def is_in(self, choice: str) -> bool:
        """Say whether it is among those that a link of the sentence chooses."""
        if choice == NO_TARGET:
            return not self.has_target
        return self.state in ARRIVES if choice == "tracked" else self.state == choice


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the sentence: how many, in words, and what chooses them (tracked, a state, or no_target)."""

    key: str
    n: int
    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The live goals of a workspace, in the plan's order."""

    rows: tuple[Tracking, ...]
    workspace: Workspace

    @property
    def total(self) -> int:
        """Count the goals."""
        return len(self.rows)

    @property
    def tracked(self) -> int:
        """Count the goals whose events arrive."""
        return self.count("tracked")

    @property
    def broken(self) -> int:
        """Count the goals whose events should arrive and do not."""
        return self.count(Tracked.BROKEN)

    @property
    def without_target(self) -> int:
        """Count the goals that nothing is measured against."""
        return self.count(NO_TARGET)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Give the sentence part by part; a part of none is left out, but for the first."""
        counts = {key: self.count(key) for key in SAID}
        since = min((row.since for row in self.rows if row.state is Tracked.BROKEN and row.since), default=None)
        day = long_day(since.astimezone(self.workspace.zone).date()) if since else ""
        return tuple(
            Part(key, n, say(self.total if key == "tracked" else n) % {"n": n, "total": self.total, "day": day})
            for key, say in SAID.items()
            if (n := counts[key]) or key == "tracked"
        )

    @property
    def sentence(self) -> str:
        """Give the parts as a line: "14 of 17 goals tracked, 12 verified, 3 without target, 1 broken since …"."""
        return ", ".join(part.text for part in self.parts)

    def of(self, goal_id: int) -> Tracking:
        """Give what is known of a goal; KeyError for one that is not live."""
        return {row.goal.pk: row for row in self.rows}[goal_id]

    def count(self, choice: str) -> int:
        """Count the goals of a part."""
        return len(self.chosen(choice))

    def chosen(self, choice: str) -> list[Tracking]:
        """Give the goals of a part, those that need somebody first."""
        mine = [row for row in self.rows if row.is_in(choice)] if choice else list(self.rows)
        return sorted(mine, key=lambda row: URGENCY.index(row.state))


# Each part in words, with %(n)s, %(total)s and %(day)s to be filled in; the first is told for the total, not for n.
SAID: Final[Mapping[str, Callable[[int], str]]] = MappingProxyType(
    {
        "tracked": lambda n: ngettext("%(n)s of %(total)s goal tracked", "%(n)s of %(total)s goals tracked", n),
        Tracked.VERIFIED: lambda n: ngettext("%(n)s verified", "%(n)s verified", n),
        Tracked.SILENT: lambda n: ngettext("%(n)s silent", "%(n)s silent", n),
        Tracked.WAITING: lambda n: ngettext("%(n)s waiting for its first hit", "%(n)s waiting for their first hit", n),
        Tracked.UNDEFINED: lambda n: ngettext("%(n)s not defined", "%(n)s not defined", n),
        NO_TARGET: lambda n: ngettext("%(n)s without target", "%(n)s without target", n),
        Tracked.BROKEN: lambda n: ngettext("%(n)s broken since %(day)s", "%(n)s broken since %(day)s", n),
    }
)


def coverage(workspace: Workspace) -> Coverage:
    """Give the tracking of the workspace's live goals, in two queries; call it inside the workspace."""
    targets = Target.objects.filter(kpi__goal=OuterRef("pk"), kpi__archived_at=None)
    goals = workspace.goals.live().select_related("watch", "owner__user").prefetch_related("rules")
    found = goals.annotate(has_target=Exists(targets))
    return Coverage(tuple(_tracking(goal, _has_target(goal)) for goal in found), workspace)


def tracking_of(goal: Goal) -> Tracking:
    """Give the tracking of one goal."""
    return _tracking(goal, any(kpi.targets.exists() for kpi in goal.kpis.filter(archived_at=None)))


def broken_badge(member: Membership) -> Badge:
    """Give how many goals are broken, for the navigation."""
    n = Watch.objects.filter(workspace_id=member.workspace_id, state=Tracked.BROKEN, goal__archived_at=None).count()
    return Badge(n, ngettext("%(n)s goal is broken", "%(n)s goals are broken", n) % {"n": n}, "tone-bad")


def _has_target(goal: Goal) -> bool:
    return bool(goal.has_target)  # type: ignore[attr-defined]  # made by `coverage`'s query


def _tracking(goal: Goal, has_target: bool) -> Tracking:
    watch = getattr(goal, "watch", None)
    if watch is None:
        state = Tracked.WAITING if goal.rules.all() else Tracked.UNDEFINED
        return Tracking(goal, state, None, None, None, 0, (), None, has_target)
    return Tracking(
        goal=goal,
        state=Tracked(watch.state),
        since=watch.since,
        first_seen_at=watch.first_seen_at,
        last_seen_at=watch.last_seen_at,
        last_week=watch.last_week,
        daily=tuple(watch.daily),
        checked_at=watch.checked_at,
        has_target=has_target,
    )
