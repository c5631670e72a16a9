"""Each due time brings each reader one mail: with two workers, a kill in between, a server away, and late figures."""

from datetime import timedelta
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Event, Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from goals.models import Goal
from reports import filling
from reports.attribution import blocks
from reports.mailed import due, schedules, sending
from reports.mailed.clock import Rhythm
from reports.models import Cadence, DeliveryState, PauseReason, Problem, Publication, Recipient, Schedule
from tests.builders import make_member, make_workspace
from tests.reports.lake import NOW, hit, make_goal, store
from tests.reports.mailed.asks import ADDRESS, deliveries, make_schedule, run, state_of
from tests.workspaces.test_mailing import Killed, Server, killed
from tracking.models import LakeState
from workspaces import scope
from workspaces.mailing import PAUSES
from workspaces.models import AuditEntry, Membership, Notification
from workspaces.roles import Role

DAY = timedelta(days=1)
TOMORROW = NOW + DAY  # 13:00 in Oslo: when the schedule is due for the first time
PERIOD = {"goal": "sale", "period": "7d"}


@pytest.fixture
def server(settings: Any) -> type[Server]:
    settings.EMAIL_BACKEND = f"{Server.__module__}.Server"
    Server.taken, Server.before, Server.after = [], None, None
    return Server


@pytest.fixture
def lead(transactional_db: None) -> Membership:
    """Who scheduled reports of a shop with figures; commits of their own: a killed worker leaves what was committed."""
    shop = make_workspace()
    make_goal(shop)
    sales = [hit(f"p{n}", days=n, name="purchase", value=100, transaction=f"t{n}") for n in range(19)]
    store(shop, [*(hit(f"p{n}", days=n, minutes=-5, channel="email") for n in range(19)), *sales])
    filling.fill(shop.pk, now=NOW)
    blocks.kept.forget()
    return make_member(shop, "kari@example.com", Role.LEAD)


@pytest.fixture
def row(lead: Membership) -> Schedule:
    made = make_schedule(lead)
    computed_through(made, TOMORROW)
    return made


def computed_through(row: Schedule, moment: Any) -> None:
    """Say that the figures, and the lake, hold what came before the moment."""
    with scope.in_workspace(row.workspace_id):
        Publication.objects.update(computed_through=moment)
        LakeState.objects.update(derived_through=moment, dirty_since=None)


def states(row: Schedule) -> list[tuple[str, str]]:
    return [(each.state, each.problem) for each in deliveries(row)]


def test_a_mail_goes_once_at_its_time_to_each_reader(row: Schedule) -> None:
    moments = [TOMORROW - timedelta(seconds=1), TOMORROW, TOMORROW, TOMORROW + timedelta(hours=5)]
    assert [run(row, at) for at in moments] == [0, 2, 0, 0]
    assert sorted(sent.to[0] for sent in mail.outbox) == [ADDRESS, "kari@example.com"]
    assert {(each.due_at, each.state, each.sent_at) for each in deliveries(row)} == {
        (TOMORROW, DeliveryState.SENT, TOMORROW)
    }
    assert state_of(row).due_on == (TOMORROW + DAY).date()
    assert list(due.waiting(now=TOMORROW + timedelta(hours=5))) == []


def test_the_question_is_asked_as_of_the_due_time_however_late_the_mail_goes(lead: Membership) -> None:
    row = make_schedule(lead, "goal", PERIOD)
    computed_through(row, TOMORROW)
    due.make_deliveries(row.workspace_id, now=TOMORROW)
    assert sending.send_due(row.workspace_id, now=TOMORROW + 2 * DAY) == 2
    assert "15 Nov to 21 Nov 2026" in str(mail.outbox[0].body).replace("\u00a0", " ")


def test_two_workers_make_the_deliveries_once_and_send_each_once(row: Schedule, server: Any) -> None:
    inside, done, sent = Event(), Event(), []

    def hold(message: Any) -> None:
        if parseaddr(message.to[0])[1] == ADDRESS:
            inside.set()
            assert done.wait(20)

    def work() -> None:
        sent.append(run(row, TOMORROW))
        connection.close()

    server.before = hold
    worker = Thread(target=work)
    worker.start()
    assert inside.wait(20)
    other = run(row, TOMORROW)
    done.set()
    worker.join(20)
    assert other + sum(sent) == 2
    assert sorted(message.to[0] for message in server.taken) == [ADDRESS, "kari@example.com"]
    assert len(deliveries(row)) == 2


def test_two_workers_at_one_due_time_make_one_set_of_rows(row: Schedule, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, done, made = Event(), Event(), []
    usual = due.who_may_share

    def hold(*args: Any) -> Any:
        inside.set()
        assert done.wait(20)
        return usual(*args)

    def work() -> None:
        made.append(due.make_deliveries(row.workspace_id, now=TOMORROW))
        connection.close()

    monkeypatch.setattr(due, "who_may_share", hold)
    worker = Thread(target=work)
    worker.start()
    assert inside.wait(20)
    monkeypatch.setattr(due, "who_may_share", usual)
    assert due.make_deliveries(row.workspace_id, now=TOMORROW) == 0, "the other has the schedule's row"
    done.set()
    worker.join(20)
    assert (made, len(deliveries(row))) == ([2], 2)
    assert due.make_deliveries(row.workspace_id, now=TOMORROW) == 0


def test_a_worker_killed_before_the_server_took_the_mail_leaves_it_to_the_next(row: Schedule, server: Any) -> None:
    server.before = killed
    with pytest.raises(Killed):
        run(row, TOMORROW)
    server.before = None
    assert list(due.waiting(now=TOMORROW)) == [row.workspace_id]
    assert (run(row, TOMORROW), len(server.taken)) == (2, 2)


def test_a_worker_killed_after_the_server_took_the_mail_repeats_it_as_the_same(row: Schedule, server: Any) -> None:
    server.after = killed
    with pytest.raises(Killed):
        run(row, TOMORROW)
    server.after = None
    assert run(row, TOMORROW + timedelta(minutes=1)) == 2
    first, again, other = ((message.to, message.extra_headers["Message-ID"]) for message in server.taken)
    assert first == again
    assert other[1] != first[1]
    assert first[1].startswith(f"<report.{row.pk}.20261122T120000")


def test_a_server_that_is_away_ends_the_run_and_is_tried_again_with_pauses(row: Schedule, server: Any) -> None:
    def away(_message: Any) -> None:
        raise SMTPServerDisconnected("Connection\nunexpectedly closed")

    server.before, at = away, TOMORROW
    assert run(row, at) == 0
    tried, untried = deliveries(row)
    assert (tried.problem, tried.detail) == (Problem.AWAY, "Connection unexpectedly closed")
    assert (tried.next_try_at, untried.tries) == (at + PAUSES[0], 0)
    server.before = None
    assert [run(row, at), run(row, at + PAUSES[0])] == [1, 1]
    assert states(row) == [(DeliveryState.SENT, "")] * 2


def test_a_refused_address_stops_nobody_else_and_is_given_up_with_its_reason(row: Schedule, server: Any) -> None:
    with scope.in_workspace(row.workspace_id):
        Schedule.objects.update(cadence=Cadence.MONTHLY, month_day=22)  # nothing newer takes the place of the old

    def picky(message: Any) -> None:
        if message.to[0] == ADDRESS:
            raise SMTPRecipientsRefused({ADDRESS: (550, b"no such mailbox")})

    server.before, at = picky, TOMORROW
    assert run(row, at) == 1
    for pause in PAUSES:
        at += pause
        assert run(row, at) == 0
    (refused,) = [each for each in deliveries(row) if each.state != DeliveryState.SENT]
    assert (refused.state, refused.problem, refused.next_try_at) == (DeliveryState.GIVEN_UP, Problem.REFUSED, None)
    assert "no such mailbox" in refused.detail
    assert run(row, at + DAY) == 0


def test_after_days_without_a_worker_the_newest_goes_and_the_older_are_noted_as_skipped(row: Schedule) -> None:
    computed_through(row, TOMORROW + 3 * DAY)
    assert run(row, TOMORROW + 3 * DAY + timedelta(hours=2)) == 2
    found = [(each.due_at, each.state, each.problem) for each in deliveries(row) if each.recipient_id]
    missed = [(TOMORROW + n * DAY, DeliveryState.SKIPPED, Problem.MISSED) for n in range(3) for _reader in range(2)]
    assert found == [*missed, *[(TOMORROW + 3 * DAY, DeliveryState.SENT, "")] * 2]


def test_a_mail_that_still_waits_gives_way_to_the_next_days(row: Schedule, server: Any) -> None:
    def away(_message: Any) -> None:
        raise SMTPServerDisconnected("gone")

    server.before = away
    run(row, TOMORROW)
    server.before = None
    computed_through(row, TOMORROW + DAY)
    assert run(row, TOMORROW + DAY) == 2
    assert states(row) == [(DeliveryState.SKIPPED, Problem.MISSED)] * 2 + [(DeliveryState.SENT, "")] * 2


@pytest.mark.parametrize(
    ("waited", "sent"), [(timedelta(minutes=1), 0), (timedelta(hours=2, minutes=59), 0), (sending.PATIENCE, 2)]
)
def test_figures_of_the_day_before_are_waited_for_three_hours(row: Schedule, waited: timedelta, sent: int) -> None:
    computed_through(row, TOMORROW - DAY)
    with scope.in_workspace(row.workspace_id):
        LakeState.objects.update(dirty_since=TOMORROW - DAY)  # something waits to be derived
    assert run(row, TOMORROW) == 0
    assert states(row) == [(DeliveryState.WAITING, Problem.LATE_FIGURES)] * 2
    assert run(row, TOMORROW + waited) == sent
    if sent:
        body = str(mail.outbox[0].body)
        assert "Not all of it was computed when this was sent." in body
        assert "Computed through: 21 Nov 2026 13:00 Oslo" in body.replace("\u00a0", " ")


def test_figures_that_come_in_time_go_at_once_and_say_nothing_of_it(row: Schedule) -> None:
    computed_through(row, TOMORROW - DAY)
    with scope.in_workspace(row.workspace_id):
        LakeState.objects.update(dirty_since=TOMORROW - DAY)
    assert run(row, TOMORROW) == 0
    computed_through(row, TOMORROW)
    assert run(row, TOMORROW + sending.LOOK_AGAIN) == 2
    assert "Not all of it was computed" not in str(mail.outbox[0].body)


def test_a_quiet_night_keeps_no_mail_waiting(row: Schedule) -> None:
    computed_through(row, TOMORROW - DAY)  # the newest event; nothing waits
    assert run(row, TOMORROW) == 2


def test_without_any_figures_nothing_goes_and_it_says_why(lead: Membership) -> None:
    with scope.in_workspace(lead.workspace_id):
        goal = Goal.objects.get()
        goal.rules.all().delete()
    row = make_schedule(lead)
    assert [run(row, TOMORROW), run(row, TOMORROW + sending.PATIENCE)] == [0, 0]
    assert states(row) == [(DeliveryState.SKIPPED, Problem.NO_FIGURES)] * 2


def test_an_error_in_one_report_keeps_no_other_from_its_readers(
    row: Schedule, lead: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_schedule(lead, "overview", title="Overview")
    usual = sending.edition_of

    def broken(schedule: Schedule, *args: Any, **options: Any) -> Any:
        if schedule.pk == row.pk:
            raise ZeroDivisionError
        return usual(schedule, *args, **options)

    monkeypatch.setattr(sending, "edition_of", broken)
    run(row, TOMORROW)
    assert {each.problem for each in deliveries(row)} == {Problem.FAILED}
    monkeypatch.undo()
    assert run(row, TOMORROW + PAUSES[0]) == 2
    assert deliveries(other)


def told(row: Schedule) -> list[tuple[str, str]]:
    with scope.in_workspace(row.workspace_id):
        return [(each.kind, each.title) for each in Notification.objects.all()]


@pytest.mark.parametrize("report", ["goal", "funnel"])
def test_a_report_that_is_gone_pauses_its_schedule_and_tells_who_made_it(lead: Membership, report: str) -> None:
    with scope.in_workspace(lead.workspace_id):
        make_goal(lead.workspace, "Sign up", event="sign_up")
    steps = {"step1": "event page_view", "step2": "goal sale"} if report == "funnel" else {}
    row = make_schedule(lead, report, steps)
    with scope.in_workspace(lead.workspace_id):
        Goal.objects.filter(slug="sale").update(slug="order")
    assert run(row, TOMORROW) == 0
    found = state_of(row)
    assert (found.paused_at, found.pause_reason) == (TOMORROW, PauseReason.GONE)
    assert told(row) == [("report_paused", "“The board” is mailed no more")]
    assert states(row) == [(DeliveryState.SKIPPED, Problem.STOPPED)] * 2
    assert run(row, TOMORROW + DAY) == 0
    assert mail.outbox == []


@pytest.mark.parametrize("how", ["role", "left"])
def test_who_may_share_no_more_sends_no_more(row: Schedule, lead: Membership, how: str) -> None:
    with scope.in_workspace(row.workspace_id):
        mine = Membership.objects.filter(pk=lead.pk)
        mine.update(role=Role.VIEWER) if how == "role" else mine.delete()
    assert run(row, TOMORROW) == 0
    assert state_of(row).pause_reason == PauseReason.UNBACKED
    assert deliveries(row) == []
    assert len(told(row)) == (how == "role")
    boss = make_member(row.workspace, "boss@example.com", Role.OWNER)
    with scope.in_workspace(row.workspace_id):
        assert schedules.resume(state_of(row), by=boss, now=TOMORROW)
        acts = list(AuditEntry.objects.filter(subject_type="schedule").order_by("pk").values_list("act", "actor_name"))
    assert acts == [("created", str(lead.user)), ("paused", "system"), ("resumed", str(boss.user))]
    computed_through(row, TOMORROW + DAY)
    assert run(row, TOMORROW + DAY) == (2 if how == "role" else 1)


def test_a_schedule_that_everybody_left_is_paused(row: Schedule) -> None:
    with scope.in_workspace(row.workspace_id):
        for each in Recipient.objects.all():
            assert schedules.leave(each, now=NOW)
    assert run(row, TOMORROW) == 0
    assert state_of(row).pause_reason == PauseReason.NOBODY


def test_a_paused_schedule_sends_nothing_and_misses_nothing_when_it_is_resumed(row: Schedule, lead: Membership) -> None:
    with scope.in_workspace(row.workspace_id):
        assert schedules.pause(row, PauseReason.BY_HAND, by=lead, now=NOW)
    assert [run(row, TOMORROW + n * DAY) for n in range(3)] == [0, 0, 0]
    later = TOMORROW + 2 * DAY + timedelta(hours=1)
    with scope.in_workspace(row.workspace_id):
        schedules.resume(row, by=lead, now=later)
    computed_through(row, TOMORROW + 3 * DAY)
    assert [run(row, later), run(row, TOMORROW + 3 * DAY)] == [0, 2]
    assert len(deliveries(row)) == 2
    assert told(row) == []


def test_what_became_of_mails_is_kept_for_90_days(row: Schedule) -> None:
    run(row, TOMORROW)
    assert due.purge(row.workspace_id, now=TOMORROW + due.KEPT) == 0
    assert due.purge(row.workspace_id, now=TOMORROW + due.KEPT + timedelta(seconds=1)) == 2


def test_a_zone_that_changes_sends_no_day_twice(row: Schedule) -> None:
    assert run(row, TOMORROW) == 2
    row.workspace.zone_name = "America/New_York"
    row.workspace.save(update_fields=["zone_name"])
    assert run(row, TOMORROW + timedelta(hours=7)) == 0, "13:00 in New York, of a day that was sent"
    computed_through(row, TOMORROW + DAY)
    assert run(row, TOMORROW + DAY + timedelta(hours=6)) == 2


def test_a_weekly_mail_of_a_workspace_is_seen_by_nobody_else(row: Schedule, outsider: Membership) -> None:
    with scope.in_workspace(outsider.workspace_id):
        assert Schedule.objects.count() == Recipient.objects.count() == 0
    assert Schedule.objects.count() == 0
    assert make_schedule(row_lead(row), rhythm=Rhythm(Cadence.WEEKLY, weekday=0)).due_on.weekday() == 0


def row_lead(row: Schedule) -> Membership:
    with scope.in_workspace(row.workspace_id):
        return Membership.objects.select_related("workspace", "user").get(user_id=row.made_by_id)
