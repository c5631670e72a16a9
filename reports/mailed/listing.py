"""The list of scheduled reports as its page shows it: when each is due, to whom it goes, what became of its mails."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.mailed import clock
from reports.mailed.clock import Rhythm
from reports.models import Cadence, Delivery, Schedule
from reports.sharing.registry import REPORTS
from workspaces.models import Membership, Workspace

MOST_TOLD = 5  # mails of one due time that did not go, by name


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened to mails: the same to several readers is told once."""

    words: str
    detail: str
    readers: tuple[str, ...]
    more: int
    due_at: datetime
    next_try_at: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One scheduled report.

    next_at   when it is due; None while it is paused
    test      the reader's own last test
    """

    schedule: Schedule
    label: str | Promise
    rhythm: str
    next_at: datetime | None
    readers: str
    sent_at: datetime | None
    troubles: tuple[Trouble, ...]
    test: Delivery | None


def rows_of(workspace: Workspace, *, reader: Membership) -> list[Row]:
    """Give the workspace's scheduled reports, as one member sees them."""
    schedules = workspace.schedules.filter(report__in=REPORTS).select_related("made_by", "workspace")
    last_sent = Max("deliveries__sent_at", filter=Q(deliveries__tester=None))
    listed = list(schedules.prefetch_related("recipients").annotate(last_sent_at=last_sent))
    troubles, tests = _troubles(listed), _tests(listed, reader)
    return [
        Row(
            schedule=each,
            label=REPORTS[each.report].label,
            rhythm=words_of(clock.of(each)),
            next_at=None if each.paused_at else clock.instant(clock.of(each), each.due_on, workspace.zone),
            readers=_readers(each),
            sent_at=each.last_sent_at,
            troubles=troubles.get(each.pk, ()),
            test=tests.get(each.pk),
        )
        for each in listed
    ]


def words_of(rhythm: Rhythm) -> str:
    """Say when a schedule is due: "Mondays at 07:00"."""
    said = {"hour": f"{rhythm.hour:02}:00", "weekday": capfirst(str(WEEKDAYS[rhythm.weekday])), "day": rhythm.month_day}
    words = {
        Cadence.DAILY: _("every day at %(hour)s"),
        Cadence.WEEKLY: _("every week: %(weekday)s at %(hour)s"),
        Cadence.MONTHLY: _("every month: day %(day)s at %(hour)s"),
    }
    return words[Cadence(rhythm.cadence)] % said


def _readers(schedule: Schedule) -> str:
    """Count the readers: "2 members, 1 other address, 1 left"."""
    all_readers = [each for each in schedule.recipients.all() if each.removed_at is None]
    here = [each for each in all_readers if each.left_at is None]
    members, left = sum(each.member_id is not None for each in here), len(all_readers) - len(here)
    others = len(here) - members
    said = [
        (members, ngettext("%(n)s member", "%(n)s members", members)),
        (others, ngettext("%(n)s other address", "%(n)s other addresses", others)),
        (left, ngettext("%(n)s has left", "%(n)s have left", left)),
    ]
    return ", ".join(words % {"n": n} for n, words in said if n)


def _troubles(schedules: Iterable[Schedule]) -> dict[int, tuple[Trouble, ...]]:
    """Give what is wrong with the newest due time of each."""
    newest: dict[int, list[Delivery]] = defaultdict(list)
    told = Delivery.objects.filter(schedule__in=list(schedules), tester=None).exclude(problem="")
    for delivery in told.select_related("recipient__member__user").order_by("-due_at", "pk"):
        kept = newest[delivery.schedule_id]
        if not kept or kept[0].due_at == delivery.due_at:
            kept.append(delivery)
    return {pk: tuple(_told(found)) for pk, found in newest.items()}


def _told(deliveries: Iterable[Delivery]) -> Iterable[Trouble]:
    alike: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for each in deliveries:
        alike[each.problem, each.detail].append(each)
    for (_problem, detail), found in alike.items():
        names = tuple(str(each.recipient) for each in found)
        tries = [each.next_try_at for each in found if each.next_try_at is not None]
        yield Trouble(
            words=found[0].get_problem_display(),
            detail=detail,
            readers=names[:MOST_TOLD],
            more=max(0, len(names) - MOST_TOLD),
            due_at=found[0].due_at,
            next_try_at=min(tries, default=None),
        )


def _tests(schedules: Iterable[Schedule], reader: Membership) -> dict[int, Delivery]:
    rows = Delivery.objects.filter(schedule__in=list(schedules), tester=reader).order_by("due_at", "pk")
    return {row.schedule_id: row for row in rows}
