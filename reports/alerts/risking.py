"""A KPI's target is at risk or behind, as the board says at each full day's end, and stays so."""

from datetime import date, datetime
from typing import Final

from reports.alerts.stepping import Facts, Lens, Look, Patience, Verdict
from reports.answer import READY
from reports.models import Alert
from reports.periods import DAY, Span
from reports.progress import Progress, boards_on

RISK: Final = ("behind", "at_risk")  # keys of STATUSES, the worse first


def patience_of(alert: Alert) -> Patience:
    """Wait for as many days as somebody chose."""
    return Patience(stay_days=alert.stay_days)


def lens_of(alert: Alert, days: Span, *, now: datetime) -> Lens | None:
    """Read the figures that the days need, once; None while they are not there."""
    kpi = alert.kpi
    if kpi is None:
        return None
    rows_on = boards_on(alert.workspace, kpi, days, now=now)
    if any(row.state != READY for row in rows_on(days.last)):
        return None

    def look(day: date, began: date | None) -> Look:  # noqa: ARG001  # a status has its own past
        rows = rows_on(day)
        bad = [row for status in RISK for row in rows if row.status == status]
        shown = next(iter(bad or rows), None)
        return Look(Verdict.HOLDS if bad else Verdict.OVER, _facts(shown, day) if shown else {})

    return look


def _facts(row: Progress, day: date) -> Facts:
    """Give the row's figures as they are written; their words come later, in each reader's language."""
    return {
        "goal": row.goal.slug,
        "since": row.span.since.isoformat(),
        "until": min(row.span.until, day + DAY).isoformat(),
        "ends": row.span.until.isoformat(),
        "status": row.status,
        "kind": row.kind,
        "currency": row.currency,
        "part": row.part,
        "whole": row.whole,
        "actual": row.actual,
        "target": row.target,
        "expected": row.expected,
    }
