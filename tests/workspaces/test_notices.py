"""Members are told what concerns them: once, not of their own acts, and as they chose."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.functional import lazy

from tests.builders import make_member, make_notice, make_workspace
from workspaces import hints, notices, scope
from workspaces.models import Membership, Notification
from workspaces.notices import KINDS, Choice, Mail, notify
from workspaces.roles import Role

PATH = "/w/fjellsport/plan/"


@pytest.fixture
def inside(shop: Any) -> Iterator[None]:
    with scope.in_workspace(shop.pk):
        yield


class Line:
    """A way to the broker that notes what is sent."""

    def __init__(self, sent: list[tuple[str, tuple[int, ...]]]) -> None:
        self.sent = sent

    def send(self, task: Any, args: tuple[int, ...], *_seconds: float) -> None:
        self.sent.append((task.name, args))


def tell(*members: Membership, now: datetime, **options: Any) -> list[Notification]:
    said = {"kind": "mention", "title": "Kari mentioned you", "text": "Look", "path": PATH}
    return notify(members, now=now, **said | options)


def test_each_is_told_once_and_nobody_of_their_own_act(
    lead: Membership, viewer: Membership, inside: None, now: datetime
) -> None:
    made = tell(lead, viewer, lead, viewer, by=viewer, now=now)
    assert [(notice.membership, notice.kind, notice.created_at) for notice in made] == [(lead, "mention", now)]
    assert list(Notification.objects.all()) == made


def test_the_same_key_tells_the_same_member_once(
    lead: Membership, viewer: Membership, inside: None, now: datetime
) -> None:
    first = tell(lead, key="goal 7 silent since Monday", now=now)
    again = tell(lead, viewer, key="goal 7 silent since Monday", now=now + timedelta(hours=1))
    other = tell(lead, key="goal 7 silent since Friday", now=now)
    assert [[notice.membership for notice in made] for made in (first, again, other)] == [[lead], [viewer], [lead]]
    assert Notification.objects.count() == 3


def test_without_a_key_the_same_may_be_said_again(lead: Membership, inside: None, now: datetime) -> None:
    assert len(tell(lead, now=now) + tell(lead, now=now)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_say_the_same_tell_it_once(transactional_db: None, now: datetime) -> None:
    member = make_member(make_workspace(), "lead@example.com")
    start, made = Barrier(2, timeout=60), []

    def work() -> None:
        with scope.in_workspace(member.workspace_id):
            start.wait()
            made.append(len(tell(member, key="once", now=now)))
        connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(made) == [0, 1]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(in_product=True, mail=Mail.OFF), (True, None)),
        (Choice(in_product=False, mail=Mail.AT_ONCE), (False, "2026-11-21T12:00:00+00:00")),
        (Choice(in_product=True, mail=Mail.DAILY), (True, "2026-11-22T06:00:00+00:00")),  # 7:00 in Oslo
        (Choice(in_product=False, mail=Mail.OFF), None),
    ],
    ids=["in the product", "by mail", "both", "neither"],
)
def test_a_notice_takes_the_ways_that_its_reader_chose(
    lead: Membership, inside: None, now: datetime, choice: Choice, expected: Any
) -> None:
    notices.choose(lead, {"mention": choice})
    made = tell(lead, now=now)
    due = [(notice.in_product, notice.mail_due_at and notice.mail_due_at.isoformat()) for notice in made]
    assert due == ([expected] if expected else [])


def test_who_chose_nothing_hears_as_the_kind_suggests(lead: Membership, inside: None) -> None:
    assert notices.choices_of(lead) == {key: kind.default for key, kind in KINDS.items()}
    assert KINDS["tracking_broken"].default.mail == Mail.AT_ONCE


def test_a_choice_is_one_members_own_and_replaces_the_one_before(
    lead: Membership, viewer: Membership, inside: None
) -> None:
    for mail in (Mail.OFF, Mail.DAILY):
        notices.choose(lead, {"mention": Choice(in_product=False, mail=mail)})
    assert notices.choices_of(lead)["mention"] == Choice(in_product=False, mail=Mail.DAILY)
    assert notices.choices_of(viewer)["mention"] == KINDS["mention"].default


def test_switching_mail_off_stops_what_still_waits(lead: Membership, inside: None, now: datetime) -> None:
    tell(lead, kind="comment", now=now)
    tell(lead, kind="mention", now=now)
    notices.choose(lead, {"comment": Choice(in_product=True, mail=Mail.OFF)})
    assert [notice.kind for notice in Notification.objects.exclude(mail_due_at=None)] == ["mention"]


@pytest.mark.parametrize(
    ("hour", "due"),
    [("05:59", "21T06:00"), ("06:00", "22T06:00"), ("23:30", "22T06:00")],
    ids=["before 7", "at 7", "past midnight in Oslo"],
)
def test_the_daily_mail_goes_at_the_next_7_oclock_of_the_workspace(
    lead: Membership, inside: None, hour: str, due: str
) -> None:
    (notice,) = tell(lead, kind="comment", now=datetime.fromisoformat(f"2026-11-21T{hour}:00+00:00"))
    assert notice.mail_due_at is not None
    assert notice.mail_due_at.isoformat().startswith(f"2026-11-{due}")


def test_a_notice_is_in_its_readers_language_not_in_the_actors(lead: Membership, inside: None, now: datetime) -> None:
    with translation.override("de"):  # the actor's
        (notice,) = tell(lead, title=lazy(lambda: f"read in {translation.get_language()}", str)(), now=now)
    assert notice.title == "read in en"


def test_a_long_title_is_cut_and_says_so(lead: Membership, inside: None, now: datetime) -> None:
    (notice,) = tell(lead, title="ø" * 300, now=now)
    assert notice.title == "ø" * 199 + "…"


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil", "plan/", ""]
)
def test_a_notice_leads_nowhere_outside(lead: Membership, inside: None, now: datetime, path: str) -> None:
    with pytest.raises(ValueError, match="leads outside"):
        tell(lead, path=path, now=now)


def test_members_of_two_workspaces_are_not_told_at_once(lead: Membership, outsider: Membership, now: datetime) -> None:
    with scope.in_workspace(lead.workspace_id), pytest.raises(ValueError, match="two workspaces"):
        tell(lead, outsider, now=now)


def test_a_closed_account_is_told_nothing(lead: Membership, inside: None, now: datetime) -> None:
    type(lead.user).objects.filter(pk=lead.user_id).update(is_active=False)
    assert tell(lead, now=now) == []


def test_fifty_are_told_with_as_many_queries_as_one(shop: Any, inside: None, now: datetime) -> None:
    asked = []
    for start in (0, 1):
        members = [make_member(shop, f"{start}.{n}@example.com", Role.VIEWER) for n in range(1 + 49 * start)]
        members = list(Membership.objects.filter(pk__in=[member.pk for member in members]))
        with CaptureQueriesContext(connection) as queries:
            assert len(tell(*members, key="all", now=now)) == len(members)
        asked.append([query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]])
    # 1 settings, 2 people, 3 workspace for its clock, 4 quiet hours, 5 the notices, 6 which of them are new
    assert [len(each) for each in asked] == [6, 6]


def test_a_mail_at_once_is_hinted_after_the_commit(
    lead: Membership, now: datetime, django_capture_on_commit_callbacks: Any, monkeypatch: Any
) -> None:
    sent: list[tuple[str, tuple[int, ...]]] = []
    monkeypatch.setattr(hints, "_LINE", Line(sent))
    for kind in ("mention", "comment", "tracking_healed"):
        with django_capture_on_commit_callbacks(execute=True):
            make_notice(lead, kind=kind)
            assert len(sent) == (kind != "mention"), "not before the commit"
    assert sent == [("workspaces.mail_notices", (lead.workspace_id,))], "the daily mail and none wait for the sweep"


def test_all_read_leaves_what_came_after_the_page_was_made(lead: Membership, inside: None, now: datetime) -> None:
    tell(lead, now=now)
    tell(lead, now=now + timedelta(minutes=5))
    assert notices.mark_all_read(lead, until=now, now=now + timedelta(minutes=6)) == 1
    assert [notice.created_at for notice in lead.notifications.unread()] == [now + timedelta(minutes=5)]


def test_the_count_stops_where_the_bell_does(lead: Membership, inside: None, now: datetime) -> None:
    Notification.objects.bulk_create(
        Notification(
            workspace=lead.workspace,
            membership=lead,
            kind="mention",
            title=str(number),
            path=PATH,
            in_product=True,
            mail=Mail.OFF,
            created_at=now,
        )
        for number in range(103)
    )
    assert notices.unread_count(lead) == 100


def test_the_reference_lists_every_kind_as_it_is() -> None:
    ways = {Mail.OFF: "no mail", Mail.AT_ONCE: "at once", Mail.DAILY: "once a day"}
    page = (Path(__file__).parents[2] / "docs/reference/notifications.md").read_text(encoding="utf-8")
    for kind in KINDS.values():
        shown = "yes" if kind.default.in_product else "no"
        says = str(kind.explanation).rstrip(".")
        line = f"| `{kind.key}` | {kind.label} | {says[0].lower()}{says[1:]} | {shown} | {ways[kind.default.mail]} |"
        assert line in page, line
