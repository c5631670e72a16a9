"""A schedule that is changed: its next mail follows, no period has two, and what went stays."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goals.models import Goal
from reports.mailed import changing, clock, due, schedules
from reports.mailed.clock import Rhythm
from reports.models import Cadence, Delivery, DeliveryState, Problem, Recipient, Schedule
from tests.reports.lake import NOW
from tests.reports.mailed.asks import ADDRESS, deliveries, make_schedule, run, state_of
from tests.reports.mailed.test_clock import DAYS, RHYTHMS, ZONES, period_of
from tests.reports.sharing.asks import open_shop
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

LIST = "/w/fjellsport/scheduled/"
FIELDS: dict[str, Any] = {"title": "The owners", "day": "weekly-2", "hour": "9", "language": "nb", "with_xlsx": "on"}
TODAY = NOW.date()


@pytest.fixture
def sale(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Goal:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return open_shop(shop)


def edit(row: Schedule, by: Membership, **fields: Any) -> Any:
    """Send the form of the schedule's page."""
    browser = Client()
    browser.force_login(by.user)
    known = {"revision": state_of(row).revision, "members": [str(by.pk)], "addresses": ADDRESS}
    return browser.post(f"{LIST}{row.pk}/", FIELDS | known | fields)


def made_due(row: Schedule, day: date = TODAY) -> None:
    with scope.in_workspace(row.workspace_id):
        Schedule.objects.filter(pk=row.pk).update(due_on=day)


def days_of(row: Schedule) -> list[date]:
    """Give the days whose mails were made, each as often as a reader has one."""
    return [each.due_at.astimezone(row.workspace.zone).date() for each in deliveries(row)]


@given(old=RHYTHMS, new=RHYTHMS, zone=ZONES, sent_on=DAYS, minutes=st.integers(0, 40 * 1440))
def test_the_next_due_day_is_the_first_of_the_new_rhythm_in_a_period_without_mail(
    old: Rhythm, new: Rhythm, zone: ZoneInfo, sent_on: date, minutes: int
) -> None:
    now = datetime.combine(sent_on, time(), tzinfo=zone) + timedelta(minutes=minutes)
    found = clock.changed(old, new, zone, sent_on=sent_on, now=now)
    same = new if old.cadence == new.cadence else Rhythm(Cadence.DAILY)
    # Slowly: every day from the last mail's on.
    day = sent_on
    while (
        clock.next_day(new, day) != day
        or clock.instant(new, day, zone) <= now
        or period_of(same, day) == period_of(same, sent_on)
    ):
        day += clock.DAY
    assert found == day


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=RHYTHMS, new=RHYTHMS, before=st.integers(0, 45), hour=st.integers(0, 23))
def test_no_day_and_no_period_has_two_mails_whenever_it_is_changed(
    shop: Workspace, lead: Membership, old: Rhythm, new: Rhythm, before: int, hour: int
) -> None:
    row = make_schedule(lead, "overview", rhythm=old, members=[lead.pk], addresses=[])
    moment = NOW + timedelta(days=before, hours=hour)
    for n in range(before):
        due.make_deliveries(shop.pk, now=NOW + timedelta(days=n, hours=hour))
    with scope.in_workspace(shop.pk):
        terms = schedules.Terms(title="New", language="en", rhythm=new, members=[lead.pk])
        changing.change(row, terms, by=lead, now=moment)
    for n in range(before, before + 80):
        due.make_deliveries(shop.pk, now=NOW + timedelta(days=n, hours=hour))
    days = days_of(row)
    assert len(days) >= 2, "needs mails"
    assert len(days) == len(set(days))
    if old.cadence == new.cadence:
        assert len({period_of(new, day) for day in days}) == len(days)
    with scope.in_workspace(shop.pk):
        row.delete()


def test_everything_but_the_question_changes(client: Client, sale: Goal, shop: Workspace, lead: Membership) -> None:
    row = make_schedule(lead, members=[], addresses=[ADDRESS])
    assert edit(row, lead, addresses="new@example.org").status_code == 302
    saved = state_of(row)
    assert (saved.report, saved.params, saved.made_by) == (row.report, row.params, lead.user)
    assert (saved.title, saved.language, saved.with_xlsx, saved.with_pdf) == ("The owners", "nb", True, False)
    assert (clock.of(saved), saved.due_on) == (Rhythm(Cadence.WEEKLY, 2, hour=9), date(2026, 11, 25))
    with scope.in_workspace(shop.pk):
        assert {str(each) for each in saved.recipients.here()} == {str(lead), "new@example.org"}
        columns, readers = AuditEntry.objects.filter(subject_type="schedule", act="changed").order_by("pk")
    assert (columns.actor, columns.before["title"], columns.after["title"]) == (lead.user, "The board", "The owners")
    assert readers.before == {"recipients": [ADDRESS]}
    assert readers.after == {"recipients": sorted([str(lead), "new@example.org"])}
    client.force_login(lead.user)
    page = client.get(LIST).content.decode()
    assert "every week: Wednesday at 09:00" in page
    assert "1 left" not in page, "somebody who was taken off has not left"


def test_the_form_begins_with_what_is(client: Client, sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead, rhythm=Rhythm(Cadence.MONTHLY, month_day=31, hour=6), title="<b>Board</b>")
    client.force_login(lead.user)
    assert f'href="{LIST}{row.pk}/"' in client.get(LIST).content.decode()
    page = client.get(f"{LIST}{row.pk}/").content.decode()
    assert '<option value="monthly-31" selected>' in page
    assert '<option value="6" selected>' in page
    assert "&lt;b&gt;Board&lt;/b&gt;" in page
    assert ADDRESS in page


def test_without_another_rhythm_what_is_due_stays_due(sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead)
    made_due(row)  # at this very moment, and no worker has come yet
    assert edit(row, lead, day="daily", hour="13").status_code == 302
    assert run(row, NOW) == 2
    assert days_of(row) == [TODAY, TODAY]


def test_a_mail_that_went_stays_and_its_week_gets_no_second_one(sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead, rhythm=Rhythm(Cadence.WEEKLY, weekday=5, hour=13))  # Saturday, which NOW is
    made_due(row)
    assert run(row, NOW) == 2
    sent = [(each.pk, each.state, each.sent_at) for each in deliveries(row)]
    assert edit(row, lead, day="weekly-6", addresses="").status_code == 302
    assert [(each.pk, each.state, each.sent_at) for each in deliveries(row)] == sent
    assert state_of(row).due_on == date(2026, 11, 29), "not tomorrow"
    assert run(row, NOW + timedelta(days=1)) == 0


def test_another_hour_of_the_same_day_sends_no_second_mail(sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead)
    made_due(row)
    assert run(row, NOW) == 2
    assert edit(row, lead, day="daily", hour="18").status_code == 302
    assert state_of(row).due_on == TODAY + timedelta(days=1)
    with scope.in_workspace(row.workspace_id):
        schedules.pause(state_of(row), schedules.PauseReason.BY_HAND, by=lead, now=NOW)
        schedules.resume(state_of(row), by=lead, now=NOW)
    assert state_of(row).due_on == TODAY + timedelta(days=1), "a rest in between changes nothing"


def test_who_is_taken_off_gets_nothing_that_waits_and_may_come_back(
    sale: Goal, shop: Workspace, lead: Membership
) -> None:
    row = make_schedule(lead)
    made_due(row)
    assert due.make_deliveries(shop.pk, now=NOW) == 2
    assert edit(row, lead, addresses="").status_code == 302
    found = {str(each.recipient_id): (each.state, each.problem) for each in deliveries(row)}
    assert sorted(found.values()) == [(DeliveryState.SKIPPED, Problem.REMOVED), (DeliveryState.WAITING, "")]
    assert edit(row, lead, addresses=ADDRESS.upper()).status_code == 302
    with scope.in_workspace(shop.pk):
        assert [each.email for each in Recipient.objects.here().exclude(email="")] == [ADDRESS]


def test_who_has_ended_the_mails_is_not_brought_back(
    client: Client, sale: Goal, shop: Workspace, lead: Membership, viewer: Membership
) -> None:
    row = make_schedule(lead, members=[lead.pk, viewer.pk])
    with scope.in_workspace(shop.pk):
        for recipient in Recipient.objects.exclude(member=lead):
            schedules.leave(recipient, now=NOW)
    client.force_login(lead.user)
    page = client.get(f"{LIST}{row.pk}/").content.decode()
    assert ADDRESS not in page
    assert str(lead) in page
    assert str(viewer) not in page
    refused = edit(row, lead, addresses=ADDRESS.upper())
    assert refused.status_code == 422
    assert f"{ADDRESS} has ended these mails" in refused.content.decode()
    assert edit(row, lead, members=[str(viewer.pk)], addresses="").status_code == 422
    assert edit(row, lead, addresses="").status_code == 302, "without them"
    with scope.in_workspace(shop.pk):
        assert Recipient.objects.filter(left_at=None, removed_at=None).count() == 1


def test_the_next_mail_is_in_the_new_language(sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead, members=[])
    assert edit(row, lead, members=[], day="daily", hour="13", language="sv").status_code == 302
    made_due(row)
    assert run(row, NOW) == 1
    assert '<html lang="sv">' in str(mail.outbox[-1].alternatives[0][0])


def test_two_who_change_it_at_once_do_not_overwrite_each_other(sale: Goal, lead: Membership) -> None:
    row = make_schedule(lead)
    assert edit(row, lead).status_code == 302
    late = edit(row, lead, title="Late", revision=1)
    assert late.status_code == 409
    assert state_of(row).title == "The owners"


def test_what_is_told_of_who_was_taken_off_goes_in_time(sale: Goal, shop: Workspace, lead: Membership) -> None:
    row = make_schedule(lead)
    made_due(row)
    run(row, NOW)
    edit(row, lead, addresses="")
    due.purge(shop.pk, now=NOW + due.KEPT)
    with scope.in_workspace(shop.pk):
        assert Recipient.objects.count() == 2, "their mail is told of yet"
    due.purge(shop.pk, now=NOW + due.KEPT + timedelta(minutes=1))
    with scope.in_workspace(shop.pk):
        assert not Delivery.objects.exists()
        assert [each.member for each in Recipient.objects.all()] == [lead]


def test_one_of_another_workspace_is_not_there(sale: Goal, lead: Membership, outsider: Membership) -> None:
    row = make_schedule(lead)
    browser = Client()
    browser.force_login(outsider.user)
    assert browser.get(f"{LIST}{row.pk}/").status_code == 404
