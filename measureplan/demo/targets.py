"""KPIs of the demo plan, with targets set so that every status is seen: ahead to behind, and too early.

A target is what the KPI would reach at its pace so far, by the planted weekday shape, divided by how far
along it is meant to be. So the demo shows every status on any day of any year.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from measureplan.demo.generate import Shop
from measureplan.demo.truth import WEEKDAY_WEIGHTS, midnight

GREEN, AMBER = 0.95, 0.80  # on track from 95 % of what was expected to date, behind under 80 %
# How far along each status is meant to be: well inside its band, so that rounding does not move it.
PACE = {"ahead": 1.22, "on_track": 1.01, "at_risk": 0.88, "behind": 0.66}
EARLY_DAYS, EARLY_PERIOD_DAYS = 6, 84  # a period of which so little has passed that no status is fair
SHARE_PASSED = (0.25, 0.95)  # of a quarter, to be this quarter's demo; else 13 weeks around today are used
WEEKS, WEEKS_PASSED = 13, 8


@dataclass(frozen=True, slots=True)
class Kpi:
    """An everlasting measure.

    measure      `count` or `value` of a goal, `rate` (goal over denominator), or `ratio` (value over count)
    denominator  the rate's: `sessions`
    unit         `count`, `money`, `share`
    direction    `up`, or `observe` where no target is wanted
    """

    key: str
    name: str
    objective: str
    goal: str
    measure: str
    unit: str
    owner: str
    denominator: str | None = None
    direction: str = "up"
    role: str = "primary"


@dataclass(frozen=True, slots=True)
class Target:
    """A number for a KPI in the local days [since, until).

    value     kroner, a count, or a fraction, by the KPI's unit
    baseline  the same measure, or the same pace, over the 28 days before the period
    meant     the status it should have on the shop's last day: ahead, on_track, at_risk, behind, too_early
    """

    kpi: str
    value: float
    since: date
    until: date
    baseline: float
    meant: str
    green: float = GREEN
    amber: float = AMBER


KPIS = (
    Kpi("revenue", "Online revenue", "sales", "purchase", "value", "money", "sales@example.com"),
    Kpi("purchase_rate", "Purchase rate", "sales", "purchase", "rate", "share", "lead@example.com", "sessions"),
    Kpi("order_value", "Average order value", "sales", "purchase", "ratio", "money", "sales@example.com"),
    Kpi("signups", "Newsletter sign-ups", "relation", "newsletter_signup", "count", "count", "crm@example.com"),
    Kpi(
        "size_guide",
        "Size guide uses",
        "relation",
        "size_guide_used",
        "count",
        "count",
        "service@example.com",
    ),
    Kpi(
        "store_leads",
        "Asked the way to a store",
        "stores",
        "store_visit_lead",
        "count",
        "count",
        "stores@example.com",
    ),
    Kpi(
        "downloads",
        "Catalogue downloads",
        "relation",
        "file_download",
        "count",
        "count",
        "marketing@example.com",
        direction="observe",
        role="secondary",
    ),
)
MEANT = {
    "revenue": "on_track",
    "purchase_rate": "at_risk",
    "order_value": "on_track",
    "signups": "ahead",
    "size_guide": "behind",
    "store_leads": "too_early",
}


def targets(shop: Shop) -> tuple[Target, ...]:
    """Give the targets of the KPIs that have one; whole local days before the shop's last have passed."""
    today = shop.truth.until
    return tuple(_target(kpi, shop, today) for kpi in KPIS if kpi.key in MEANT)


def period_of(today: date) -> tuple[date, date]:
    """Give the quarter of a day as [since, until), or 13 weeks if too much or too little of it has passed."""
    since = date(today.year, today.month - (today.month - 1) % 3, 1)
    until = date(since.year + since.month // 10, (since.month + 2) % 12 + 1, 1)
    low, high = SHARE_PASSED
    if low <= (today - since) / (until - since) <= high:
        return since, until
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS_PASSED)
    return monday, monday + timedelta(weeks=WEEKS)


def expected_share(since: date, until: date, today: date) -> float:
    """Give the share of a period's volume due before `today`, by the planted weekday shape."""
    days = [since + timedelta(days=n) for n in range((until - since).days)]
    passed = sum(WEEKDAY_WEIGHTS[day.weekday()] for day in days if day < today)
    return passed / sum(WEEKDAY_WEIGHTS[day.weekday()] for day in days)


def _target(kpi: Kpi, shop: Shop, today: date) -> Target:
    meant = MEANT[kpi.key]
    since, until = period_of(today)
    if meant == "too_early":
        since = today - timedelta(days=EARLY_DAYS)
        until = since + timedelta(days=EARLY_PERIOD_DAYS)
    cumulative = kpi.measure in {"count", "value"}
    share = expected_share(since, until, today) if cumulative else 1.0
    before = timedelta(days=28)
    earlier = measured(kpi, shop, since - before, since)
    return Target(
        kpi=kpi.key,
        value=_rounded(measured(kpi, shop, since, today) / share / PACE.get(meant, 1.0), unit=kpi.unit),
        since=since,
        until=until,
        baseline=_rounded(earlier * ((until - since) / before) if cumulative else earlier, unit=kpi.unit),
        meant=meant,
    )


def _rounded(value: float, *, unit: str) -> float:
    """Round to what people would write down: three digits, and whole numbers for counts and kroner."""
    if unit == "share":
        return round(value, 4)
    digits = max(len(str(int(value))) - 3, 0)
    return float(round(value, -digits))


def measured(kpi: Kpi, shop: Shop, since: date, until: date) -> float:
    """Measure a KPI in the local days [since, until), in kroner, counts or fractions."""
    events = pa.table({**_columns(shop.events), "session": shop.planted["session"]})
    bounds = [pa.scalar(midnight(day), events["time"].type) for day in (since, until)]
    inside = pc.and_(pc.greater_equal(events["time"], bounds[0]), pc.less(events["time"], bounds[1]))
    return MEASURES[kpi.measure](events.filter(inside), kpi)


def _columns(events: pa.Table) -> dict[str, pa.ChunkedArray]:
    names = ("time", "name", "event_id", "transaction_id", "value_micros", "properties")
    return {name: events[name] for name in names}


def _counted(events: pa.Table, kpi: Kpi) -> int:
    """Count purchases by transaction, and any other goal once a session."""
    if kpi.goal == "purchase":
        return len(_purchases(events))
    if kpi.goal == "store_visit_lead":
        asked = pc.match_substring(events["properties"], '"action":"directions"')
        return len(pc.unique(events.filter(asked)["session"]))
    return len(pc.unique(events.filter(pc.equal(events["name"], kpi.goal))["session"]))


def _purchases(events: pa.Table) -> pa.Table:
    bought = events.filter(pc.equal(events["name"], "purchase"))
    return bought.group_by("transaction_id", use_threads=False).aggregate([("value_micros", "first")])


def _value(events: pa.Table, _kpi: Kpi) -> float:
    return int(pc.sum(_purchases(events)["value_micros_first"]).as_py() or 0) / 1_000_000


def _rate(events: pa.Table, kpi: Kpi) -> float:
    sessions = pc.sum(pc.equal(events["event_id"], events["session"])).as_py() or 0
    return _counted(events, kpi) / max(sessions, 1)


def _ratio(events: pa.Table, kpi: Kpi) -> float:
    return _value(events, kpi) / max(_counted(events, kpi), 1)


MEASURES: dict[str, Callable[[pa.Table, Kpi], float]] = {
    "count": _counted,
    "value": _value,
    "rate": _rate,
    "ratio": _ratio,
}
