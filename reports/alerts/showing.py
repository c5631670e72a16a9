"""What the pages of alerts show: each with its state in words, its episodes, and what would have been."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import figures
from reports.alerts.backtest import Backtest
from reports.alerts.kinds import KINDS, path_to
from reports.alerts.stepping import Facts
from reports.models import Alert, AlertEpisode, AlertReader
from reports.models.alert import AlertKind, AlertQuerySet
from workspaces.models import Membership, Workspace
from workspaces.notice_kinds import KINDS as NOTICES

ALWAYS_ON = ("tracking_broken", "source_broken")  # kinds of notices that need no alert
WATCHING, FIRED, PAUSED = "watching", "fired", "paused"  # keys of STATUSES


@dataclass(frozen=True, slots=True)
class Line:
    """One alert.

    state    a key of STATUSES; `why` says more
    last     the day that made the last episode; None: it never fired
    mine     whether the member hears of it; is_muted: not any more
    """

    alert: Alert
    rule: str
    state: str
    why: str
    readers: tuple[str, ...]
    last: date | None
    mine: bool
    is_muted: bool


@dataclass(frozen=True, slots=True)
class Time:
    """An episode, or one that would have been: its days, what was said when it began, and the way to the figures."""

    days: str
    words: str
    url: str


def lines(workspace: Workspace, member: Membership, only: int | None = None) -> list[Line]:
    """Give the workspace's alerts by their names, or one of them, in a constant number of queries."""
    rows = whole(workspace)
    return [_line(row, member) for row in (rows.filter(pk=only) if only is not None else rows)]


def whole(workspace: Workspace) -> AlertQuerySet:
    """Give the workspace's alerts with all that is said of them."""
    rows = Alert.objects.filter(workspace=workspace).select_related("workspace", "goal", "kpi__goal")
    return rows.prefetch_related("readers__member__user", "episodes")


def always_on() -> list[tuple[str | Promise, str | Promise]]:
    """Give what is told without any alert: its name, and when."""
    return [(NOTICES[key].label, NOTICES[key].explanation) for key in ALWAYS_ON]


def episodes(alert: Alert, rows: Iterable[AlertEpisode]) -> list[Time]:
    """Give the episodes as the page lists them, in their order."""
    return [_time(alert, row.began_on, row.ended_on, row.facts) for row in rows]


def would_have(tried: Backtest | None) -> str:
    """Say how often an alert would have fired, and when."""
    if tried is None:
        return _("There are no figures yet to try it on.")
    begun = tried.begun
    words = {"days": figures.days(tried.days.since, tried.days.until), "n": len(begun)}
    if not begun:
        return _("From %(days)s this would not have fired.") % words
    text = ngettext(
        "From %(days)s this would have fired once: %(list)s.",
        "From %(days)s this would have fired %(n)s times: %(list)s.",
        len(begun),
    )
    return text % {**words, "list": ", ".join(figures.day(turn.day) for turn in begun)}


def tries(alert: Alert, tried: Backtest | None) -> list[Time]:
    """Give the episodes that would have been, the newest first."""
    if tried is None:
        return []
    ends = {turn.began: turn.day for turn in tried.turns if turn.is_over}
    return [_time(alert, turn.began, ends.get(turn.began), turn.facts) for turn in reversed(tried.begun)]


def _line(alert: Alert, member: Membership) -> Line:
    readers: list[AlertReader] = list(alert.readers.all())
    found = list(alert.episodes.all())
    mine = next((reader for reader in readers if reader.member_id == member.pk), None)
    state, why = state_of(alert)
    return Line(
        alert=alert,
        rule=KINDS[AlertKind(alert.kind)].rule(alert),
        state=state,
        why=why,
        readers=tuple(sorted(str(reader.member) for reader in readers)),
        last=found[0].began_on if found else None,
        mine=mine is not None,
        is_muted=mine is not None and mine.muted_at is not None,
    )


def state_of(alert: Alert) -> tuple[str, str]:
    """Give how an alert stands, a key of STATUSES, and why."""
    if alert.paused_at is not None:
        return PAUSED, _("until somebody lets it go on")
    if not alert.is_there:
        return PAUSED, _("what it is about was archived or deleted")
    if all(reader.muted_at is not None for reader in alert.readers.all()):
        return PAUSED, _("nobody hears of it: all have muted it or left")
    lasting = next((row for row in alert.episodes.all() if row.ended_on is None), None)
    if lasting is not None:
        return FIRED, _("since %(day)s") % {"day": figures.day(lasting.began_on)}
    if alert.checked_through is None:
        return WATCHING, _("not looked at yet")
    return WATCHING, _("through %(day)s") % {"day": figures.day(alert.checked_through)}


def _time(alert: Alert, began: date, ended: date | None, facts: Facts) -> Time:
    if ended is None:
        days = _("%(day)s, and lasts") % {"day": figures.day(began)}
    else:
        days = _("%(day)s until %(end)s") % {"day": figures.day(began, today=ended), "end": figures.day(ended)}
    return Time(days, KINDS[AlertKind(alert.kind)].figures(alert, facts), path_to(alert, facts))
