"""A shop whose rate falls when a test says so, and the slow reference: days counted one by one, in plain Python."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import comb
from typing import Any

from goals.models import Goal, Kpi
from reports import filling
from reports.alerts import setting
from reports.alerts.setting import AlertDraft
from reports.models import Alert
from tests.reports.lake import Hit, make_goal, store
from tracking.models import LakeState
from workspaces import scope
from workspaces.models import Membership, Workspace

FIRST = date(2026, 9, 7)  # a Monday
DAY = timedelta(days=1)


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def hits_of(day: date, visitors: int, buyers: int) -> list[Hit]:
    """Give a day of visitors, each their own person, of whom the first so many buy."""
    found = []
    for n in range(visitors):
        person = f"{day.isoformat()}-{n}"
        found.append(Hit(person, at(day) + timedelta(seconds=n)))
        if n < buyers:
            found.append(Hit(person, at(day, 10) + timedelta(seconds=n), name="purchase", value=100))
    return found


def open_shop(shop: Workspace, buyers_on: Callable[[date], int], *, days: int, visitors: int = 60) -> Goal:
    """Fill the days from FIRST on; give the goal."""
    goal = make_goal(shop)
    spans = [FIRST + n * DAY for n in range(days)]
    hits = [each for day in spans for each in hits_of(day, visitors, buyers_on(day))]
    store(shop, hits, now=evening(spans[-1]))
    filling.fill(shop.pk, now=evening(spans[-1]))
    with scope.in_workspace(shop.pk):
        # Days are looked at one by one, as if each had just come: what is known reaches to the clock and no further.
        LakeState.objects.filter(workspace=shop).update(derived_through=at(FIRST))
    return goal


def evening(day: date) -> datetime:
    """Give a moment late enough on the day that the day before is over everywhere, and events of the day may come."""
    return at(day, 20)


def make_alert(by: Membership, goal: Goal | None = None, kpi: Kpi | None = None, **fields: Any) -> Alert:
    known = {"per": "visitors", "width_days": 7, "fall_percent": 20, "stay_days": 1}
    readers = fields.pop("readers", [by])
    kind = "target_at_risk" if kpi else "rate_falls"
    with scope.in_workspace(by.workspace_id):
        draft = AlertDraft(kind=kind, goal=goal, kpi=kpi, **known | fields)
        return setting.make(by.workspace, draft, readers, by=by, now=at(FIRST))


@dataclass(frozen=True)
class Counted:
    """A day by hand: its visitors, and how many of them bought."""

    visitors: int
    buyers: int


def tail(a: int, n: int, b: int, m: int) -> float:
    """Give Fisher's two-sided p-value as twice the smaller tail, with whole numbers until the last step."""
    reached, whole = a + b, comb(n + m, a + b)
    least, most = max(0, reached - m), min(reached, n)
    ways = {k: comb(n, k) * comb(m, reached - k) for k in range(least, most + 1)}
    lower, upper = sum(ways[k] for k in ways if k <= a), sum(ways[k] for k in ways if k >= a)
    return min(1.0, 2 * min(lower, upper) / whole)


def reference(days: dict[date, Counted], looked: Sequence[date], *, width: int, percent: int) -> list[tuple[str, date]]:
    """Follow a rate day by day: ("fired", day) and ("over", day), as somebody would with a table and a pencil."""
    found: list[tuple[str, date]] = []
    began: date | None = None
    first = min(days) + DAY
    for day in looked:
        recent = [day - n * DAY for n in range(width)]
        before: list[list[date]] = []
        back = 7
        while len(before) < 4:
            week = [each - back * DAY for each in recent]
            # Weeks that touch the episode are passed over.
            if began is None or max(week) <= began - 7 * DAY:
                before.append(week)
            back += 7
        whole_weeks = [week for week in before if min(week) >= first]
        verdict = "unknown"
        if min(recent) >= first and len(whole_weeks) >= 2:
            verdict = _judged(days, recent, [each for week in whole_weeks for each in week], percent)
        if began is not None and (verdict == "over" or (day - began).days >= 28):
            found.append(("over", day))
            began = None
        elif began is None and verdict == "holds":
            found.append(("fired", day))
            began = day
    return found


def _judged(days: dict[date, Counted], recent: Iterable[date], before: Iterable[date], percent: int) -> str:
    a, n = _sum(days, recent)
    b, m = _sum(days, before)
    if min(n, m) < 30 or b * n < 10 * m:
        return "unknown"
    if 100 * (b * n - a * m) <= percent * b * n:  # (b/m - a/n) / (b/m) <= percent / 100, in whole numbers
        return "over"
    return "holds" if tail(a, n, b, m) < 0.01 else "unknown"


def _sum(days: dict[date, Counted], asked: Iterable[date]) -> tuple[int, int]:
    rows = [days.get(day, Counted(0, 0)) for day in asked]
    return sum(row.buyers for row in rows), sum(row.visitors for row in rows)
