"""Sends the deliveries that wait, each once, however many workers look.

A worker holds the delivery's row (`for update skip locked`) while it sends the mail and notes that it went; another
passes it by. Killed between the mail server's yes and the note, the mail is sent a second time with the same
Message-ID, as workspaces.mailing says of notices.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Final

import structlog
from django.db.models import QuerySet

from reports.mailed import schedules
from reports.mailed.edition import Edition, edition_of
from reports.mailed.letter import Enclosed, enclosed_in, letter_to
from reports.mailed.readers import reader_of
from reports.models import Delivery, DeliveryState, PauseReason, Problem, Schedule
from reports.sharing.shareable import NotThere
from reports.snapshots.recording import NothingYet
from workspaces import scope
from workspaces.mailing import PAUSES, Outcome

PATIENCE: Final = timedelta(hours=3)  # for the figures of the day before; then a mail goes with what there is
LOOK_AGAIN: Final = timedelta(minutes=5)  # whether they are there
LONGEST_DETAIL: Final = 300

Ready = tuple[Edition, Enclosed]

log = structlog.get_logger(__name__)


def send_due(workspace_id: int, *, now: datetime) -> int:
    """Send what waits in the workspace, one transaction a mail; give how many went out.

    A server that cannot be reached ends the run: the next sweep tries again, and not once for each of a hundred mails.
    """
    with scope.in_workspace(workspace_id):
        waiting = list(_waiting(workspace_id, now).order_by("due_at", "schedule_id").select_related(*_NEEDED))
    issues: dict[tuple[int, datetime], list[Delivery]] = {}
    for delivery in waiting:
        issues.setdefault((delivery.schedule_id, delivery.due_at), []).append(delivery)
    sent = 0
    for deliveries in issues.values():
        ready = _ready(deliveries, now=now)
        for delivery in deliveries if ready else ():
            outcome = _send(delivery.pk, ready, workspace_id=workspace_id, now=now)
            sent += outcome is Outcome.SENT
            if outcome is Outcome.AWAY:
                return sent
    return sent


_NEEDED: Final = ("schedule__workspace", "recipient__member__user", "tester__user")


def _waiting(workspace_id: int, now: datetime) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(workspace_id=workspace_id, next_try_at__lte=now)


def _ready(deliveries: Sequence[Delivery], *, now: datetime) -> Mapping[str, Ready]:
    """Write the issue in every language that it is read in; nothing where it can't go now."""
    first = deliveries[0]
    schedule, at, is_patient = first.schedule, first.due_at, now < first.due_at + PATIENCE and not first.tester_id
    try:
        languages = {reader_of(each).language for each in deliveries}
        editions = [edition_of(schedule, language, at=at, now=now) for language in sorted(languages)]
        if is_patient and not all(edition.is_complete for edition in editions):
            _put_off(deliveries, now=now)
            return {}
        return {edition.language: (edition, enclosed_in(edition)) for edition in editions}
    except NotThere:
        _stop(schedule, deliveries, now=now)
    except NothingYet:
        _put_off(deliveries, now=now) if is_patient else _skip(deliveries, Problem.NO_FIGURES)
    except Exception as fault:  # one report that fails must not keep the others from their readers
        log.error("report_not_computed", schedule=schedule.pk, exc_info=fault)
        _fail(deliveries, now=now)
    return {}


def _send(pk: int, ready: Mapping[str, Ready], *, workspace_id: int, now: datetime) -> Outcome:
    with scope.in_workspace(workspace_id):
        free = _waiting(workspace_id, now).select_for_update(skip_locked=True, of=("self",), no_key=True)
        delivery = free.select_related(*_NEEDED).filter(pk=pk).first()
        if delivery is None:
            return Outcome.NOTHING
        reader = reader_of(delivery)
        if reader.is_away:
            return _settle(delivery, DeliveryState.SKIPPED, problem=Problem.LEFT)
        if reader.language not in ready:  # chosen anew a moment ago
            return Outcome.NOTHING
        try:
            letter_to(delivery, *ready[reader.language]).send()
        except (OSError, ValueError) as fault:  # smtplib's own are an OSError; an address that is none is a ValueError
            return _try_later(delivery, fault, now=now)
        return _settle(delivery, DeliveryState.SENT, sent_at=now)


def _settle(delivery: Delivery, state: DeliveryState, **changes: object) -> Outcome:
    settled = {"problem": "", "detail": "", **changes}
    Delivery.objects.filter(pk=delivery.pk).update(state=state, next_try_at=None, **settled)
    return Outcome.SENT if state == DeliveryState.SENT else Outcome.NOTHING


def _try_later(delivery: Delivery, fault: Exception, *, now: datetime) -> Outcome:
    """Note that the mail did not go, why, and when to try again; after the last pause it is given up."""
    is_refused = isinstance(fault, SMTPRecipientsRefused | ValueError)
    again = _again(delivery, now=now)
    Delivery.objects.filter(pk=delivery.pk).update(
        problem=Problem.REFUSED if is_refused else Problem.AWAY,
        detail=" ".join(str(fault).split())[:LONGEST_DETAIL],
        **again,
    )
    log.error("report_not_mailed", delivery=delivery.pk, next_try=again["next_try_at"], exc_info=fault)
    return Outcome.REFUSED if is_refused else Outcome.AWAY


def _again(delivery: Delivery, *, now: datetime) -> dict[str, object]:
    """Give what a failed try changes: the next one comes after a pause, after the last pause none."""
    is_last = delivery.tries >= len(PAUSES)
    return {
        "state": DeliveryState.GIVEN_UP if is_last else DeliveryState.WAITING,
        "tries": delivery.tries + 1,
        "next_try_at": None if is_last else now + PAUSES[delivery.tries],
    }


def _put_off(deliveries: Sequence[Delivery], *, now: datetime) -> None:
    """Have another look when figures may be there."""
    _change(deliveries, problem=Problem.LATE_FIGURES, next_try_at=now + LOOK_AGAIN)


def _fail(deliveries: Sequence[Delivery], *, now: datetime) -> None:
    """Try again later what an error of ours, or of the lake's, has stopped."""
    for delivery in deliveries:
        _change([delivery], problem=Problem.FAILED, **_again(delivery, now=now))


def _skip(deliveries: Sequence[Delivery], problem: Problem) -> None:
    _change(deliveries, state=DeliveryState.SKIPPED, problem=problem, next_try_at=None)


def _stop(schedule: Schedule, deliveries: Sequence[Delivery], *, now: datetime) -> None:
    """Send no more of what is not there; a test of it says so."""
    with scope.in_workspace(schedule.workspace_id):
        schedules.pause(schedule, PauseReason.GONE, by=None, now=now)
    _skip(deliveries, Problem.STOPPED)


def _change(deliveries: Sequence[Delivery], **changes: object) -> None:
    """Change those that still wait and that no other worker is sending."""
    with scope.in_workspace(deliveries[0].workspace_id):
        rows = Delivery.objects.filter(pk__in=[each.pk for each in deliveries], state=DeliveryState.WAITING)
        free = rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
        Delivery.objects.filter(pk__in=list(free)).update(**changes)
