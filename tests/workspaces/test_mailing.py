"""Mails of notices: each once, with two workers, a kill in between, and a mail server that is away."""

from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Event, Thread
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import make_member, make_notice, make_workspace
from workspaces import mailing, scope
from workspaces.models import Membership, Notification, User


class Server(BaseEmailBackend):
    """A mail server of the test's own: it takes mails, and then, or before, what the test says happens."""

    taken: ClassVar[list[Any]] = []
    before: ClassVar[Any] = None
    after: ClassVar[Any] = None

    def send_messages(self, messages: Any) -> int:
        (message,) = messages
        for act, is_last in ((Server.before, False), (Server.after, True)):
            if is_last:
                Server.taken.append(message)
            if act is not None:
                act(message)
        return 1


@pytest.fixture
def server(settings: Any) -> type[Server]:
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.taken, Server.before, Server.after = [], None, None
    return Server


@pytest.fixture
def owner(transactional_db: None) -> Membership:
    """With commits of their own: what a killed worker leaves is what was committed."""
    return make_member(make_workspace(), "kari@example.com")


class Killed(BaseException):
    """Ends the worker where it stands; its transaction is never committed."""


def killed(_message: object) -> None:
    raise Killed


def send(member: Membership, at: datetime) -> int:
    return mailing.send_due(member.workspace_id, now=at)


def row(notice: Notification) -> Notification:
    with scope.in_workspace(notice.workspace_id):
        return Notification.objects.get(pk=notice.pk)


def test_a_mail_says_what_happened_and_where_as_text_and_html(owner: Membership, now: datetime) -> None:
    notice = make_notice(owner, "Ola <b>mentioned</b> you\n in \u201cOrder\u201d")
    assert (send(owner, now), send(owner, now)) == (1, 0)
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    link = f"http://127.0.0.1:8000/w/fjellsport/notifications/{notice.pk}/"
    chosen = "http://127.0.0.1:8000/w/fjellsport/notifications/settings/"
    html = str(sent.alternatives[0][0])
    assert (sent.to, sent.subject) == (["kari@example.com"], "Ola <b>mentioned</b> you in \u201cOrder\u201d")
    assert "Is this the right event?" in sent.body
    assert "Ola &lt;b&gt;mentioned" in html
    assert all(address in part for address in (link, chosen) for part in (str(sent.body), html))
    assert sent.extra_headers == {
        "Message-ID": f"<notice.{notice.pk}@127.0.0.1>",
        "List-Unsubscribe": f"<{chosen}>",
        "Auto-Submitted": "auto-generated",
    }
    assert (row(notice).mailed_at, row(notice).mail_due_at) == (now, None)


def test_the_days_notices_come_together_once_and_without_what_was_read(owner: Membership) -> None:
    read, first, second = (make_notice(owner, f"{title} comment", kind="comment") for title in ("Read", "One", "Two"))
    with scope.in_workspace(owner.workspace_id):
        Notification.objects.filter(pk=read.pk).update(read_at=read.created_at)
    morning = datetime.fromisoformat("2026-11-21T06:00:00+00:00")  # 7:00 in Oslo
    assert [send(owner, morning - timedelta(seconds=1)), send(owner, morning), send(owner, morning)] == [0, 1, 0]
    (sent,) = mail.outbox
    assert sent.subject == "2 notifications from Fjellsport"
    assert [title in str(sent.body) for title in ("Read comment", "One comment", "Two comment")] == [False, True, True]
    assert sent.extra_headers["Message-ID"] == f"<digest.{owner.pk}.2026-11-21@127.0.0.1>"
    assert [row(notice).mailed_at for notice in (read, first, second)] == [None, morning, morning]


def test_what_was_committed_after_the_days_mail_waits_for_the_next(owner: Membership) -> None:
    morning = datetime.fromisoformat("2026-11-21T06:00:00+00:00")
    make_notice(owner, kind="comment")
    send(owner, morning)
    late = make_notice(owner, "Late", kind="comment")  # made before the day's mail, seen after it
    noon = morning + timedelta(hours=5)
    assert [send(owner, noon), send(owner, morning + timedelta(days=1))] == [0, 1]
    assert row(late).mailed_at == morning + timedelta(days=1)
    with scope.in_workspace(owner.workspace_id):
        assert Membership.objects.get().digested_on == date(2026, 11, 22)


def test_two_workers_send_one_mail_and_nobody_waits(owner: Membership, server: Any, now: datetime) -> None:
    notice = make_notice(owner)
    inside, done, sent = Event(), Event(), []

    def hold(_message: object) -> None:
        inside.set()
        assert done.wait(20)

    def work() -> None:
        sent.append(send(owner, now))
        connection.close()

    server.before = hold
    worker = Thread(target=work)
    worker.start()
    assert inside.wait(20)
    assert send(owner, now) == 0, "the other is at it"
    with scope.in_workspace(owner.workspace_id):  # the reader does not wait for the mail server either
        assert Notification.objects.filter(pk=notice.pk).update(read_at=now) == 1
    done.set()
    worker.join(20)
    assert (sent, len(server.taken)) == ([1], 1)


def test_a_worker_killed_before_the_server_took_the_mail_leaves_it_to_the_next(
    owner: Membership, server: Any, now: datetime
) -> None:
    make_notice(owner)
    server.before = killed
    with pytest.raises(Killed):
        send(owner, now)
    server.before = None
    assert list(mailing.waiting(now=now)) == [owner.workspace_id]
    assert (send(owner, now), len(server.taken)) == (1, 1)


def test_a_worker_killed_after_the_server_took_the_mail_repeats_it_as_the_same(
    owner: Membership, server: Any, now: datetime
) -> None:
    make_notice(owner, "First")
    make_notice(owner, "Second")
    server.after = killed
    with pytest.raises(Killed):
        send(owner, now)
    server.after = None
    assert send(owner, now) == 2
    first, again, second = ((message.subject, message.extra_headers["Message-ID"]) for message in server.taken)
    assert first == again
    assert {first[0], second[0]} == {"First", "Second"}
    assert first[1] != second[1]


def test_a_server_that_is_away_ends_the_run_and_is_tried_later(owner: Membership, server: Any, now: datetime) -> None:
    other = make_member(owner.workspace, "ola@example.com")
    tried = []

    def away(message: Any) -> None:
        tried.append(message)
        raise SMTPServerDisconnected("gone")

    notices = [make_notice(each) for each in (owner, other)]
    server.before = away
    assert (send(owner, now), len(tried)) == (0, 1)
    assert [row(notice).mail_tries for notice in notices] == [1, 0]
    server.before = None
    assert [send(owner, now), send(owner, now + mailing.PAUSES[0])] == [1, 1]
    assert all(row(notice).mailed_at for notice in notices)


def test_a_refused_address_stops_nobody_elses_mail_and_is_given_up_in_the_end(
    owner: Membership, server: Any, now: datetime
) -> None:
    other = make_member(owner.workspace, "ola@example.com")
    notices = [make_notice(each) for each in (owner, other)]

    def picky(message: Any) -> None:
        if parseaddr(message.to[0])[1] == owner.user.email:
            raise SMTPRecipientsRefused({owner.user.email: (550, b"no such mailbox")})

    server.before = picky
    assert send(owner, now) == 1
    for pause in mailing.PAUSES:
        now += pause
        assert send(owner, now) == 0
    assert (row(notices[0]).mail_due_at, row(notices[0]).mailed_at) == (None, None)
    assert row(notices[0]).mail_tries == len(mailing.PAUSES) + 1
    assert list(mailing.waiting(now=now + timedelta(days=9))) == []


def test_an_account_that_was_closed_meanwhile_gets_no_mail(owner: Membership, now: datetime) -> None:
    notice = make_notice(owner)
    User.objects.update(is_active=False)
    assert (send(owner, now), mail.outbox) == (0, [])
    assert row(notice).mail_due_at is None


def test_a_digest_asks_as_often_for_one_notice_as_for_twenty(owner: Membership) -> None:
    asked = []
    for day, many in ((20, 1), (21, 20)):
        for number in range(many):
            make_notice(owner, f"Comment {number}", kind="comment")
        with CaptureQueriesContext(connection) as queries:
            assert send(owner, datetime(2026, 11, day, 6, tzinfo=UTC) + timedelta(days=1)) == 1
        asked.append(len(queries))
    assert asked[0] == asked[1]
