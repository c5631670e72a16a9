"""Alerts followed day by day: each full day is looked at once, in order, when its figures are there."""

from datetime import date, datetime, timedelta
from enum import IntEnum

import structlog

from reports.alerts.backtest import LOOKED_BACK, dates, last_full_day
from reports.alerts.kinds import KINDS
from reports.alerts.stepping import Course, Turn, follow
from reports.alerts.telling import tell
from reports.models import Alert, AlertEpisode
from reports.models.alert import AlertKind
from reports.periods import DAY, Span
from tracking.locks import alone
from workspaces import scope
from workspaces.models import Workspace

log = structlog.get_logger(__name__)


class Work(IntEnum):
    """The first half of an advisory lock's key, beside those of tracking.locks, goals and reports."""

    ALERT = 0x6D70_0121


def watch(workspace_id: int, *, now: datetime) -> int:
    """Follow the workspace's alerts through the days that are new; give how many turns there were.

    0 as well where another worker is at it. Each alert is a transaction of its own: what one found stays found when
    the worker dies at the next.
    """
    turns = 0
    with alone(Work.ALERT, workspace_id) as mine:
        if not mine:
            return 0
        with scope.in_workspace(workspace_id):
            last = last_full_day(Workspace.objects.get(pk=workspace_id), now=now)
            due = list(_due(workspace_id, last)) if last else []
        for pk in due:
            with scope.in_workspace(workspace_id):
                turns += _follow(workspace_id, pk, last, now=now) if last else 0
    return turns


def waits(workspace_id: int, *, now: datetime) -> bool:
    """Say whether a full day waits to be looked at; call it outside of any workspace."""
    with scope.in_workspace(workspace_id):
        if not Alert.objects.filter(workspace_id=workspace_id).at_work().exists():
            return False
        last = last_full_day(Workspace.objects.get(pk=workspace_id), now=now)
        return last is not None and bool(_due(workspace_id, last))


def _due(workspace_id: int, last: date) -> list[int]:
    rows = Alert.objects.filter(workspace_id=workspace_id).at_work().exclude(checked_through__gte=last)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _follow(workspace_id: int, pk: int, last: date, *, now: datetime) -> int:
    """Take the alert through the days up to the last one; give how many turns it made."""
    at_work = Alert.objects.at_work().filter(workspace_id=workspace_id, pk=pk).exclude(checked_through__gte=last)
    # Somebody who pauses or changes it waits here, or this waits for them and sees what they did.
    alert = at_work.select_for_update(of=("self",)).select_related("workspace", "goal", "kpi__goal").first()
    if alert is None:
        return 0
    lasting = alert.episodes.filter(ended_on=None).first()
    is_new = alert.checked_through is None or (last - alert.checked_through).days > LOOKED_BACK
    first = last - timedelta(days=LOOKED_BACK - 1) if is_new else (alert.checked_through or last) + DAY
    days = Span(first, last + DAY)
    kind = KINDS[AlertKind(alert.kind)]
    lens = kind.lens(alert, days, now)
    if lens is None:
        return 0  # its figures are being computed: the next look finds it
    begun = Course() if is_new else Course(alert.firing_since, lasting.began_on if lasting else None)
    course, turns = follow(begun, dates(days), lens, kind.patience(alert))
    alert.checked_through, alert.firing_since = last, course.since
    alert.save(update_fields=["checked_through", "firing_since"])
    # What was over before anybody watched is no news; what lasts is.
    news = [turn for turn in turns if not is_new or turn.began == course.began]
    if is_new and lasting and lasting.began_on != course.began:
        _end(alert, lasting.began_on, last)
    for turn in news:
        _keep(alert, turn, now=now)
    log.info("alert followed", workspace=workspace_id, alert=pk, through=last.isoformat(), turns=len(news))
    return len(news)


def _keep(alert: Alert, turn: Turn, *, now: datetime) -> None:
    """Write the turn down and tell of it."""
    if turn.is_over:
        _end(alert, turn.began, turn.day)
    else:
        # Found before, perhaps, by the alert as it was: one episode of a day, whatever was changed since.
        known = {"workspace_id": alert.workspace_id, "facts": dict(turn.facts), "found_at": now, "ended_on": None}
        AlertEpisode.objects.update_or_create(alert=alert, began_on=turn.began, defaults=known)
    tell(alert, turn, now=now)


def _end(alert: Alert, began: date, day: date) -> None:
    alert.episodes.filter(began_on=began).update(ended_on=day)
