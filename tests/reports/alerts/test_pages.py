"""Alerts: made and tried by members, told once to whoever hears of them, paused where nobody can be told."""

import html
import threading
from datetime import datetime, time

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from goals.models import Goal
from reports.alerts import setting, showing, watching
from reports.models import Alert, AlertEpisode
from tests.builders import make_member, make_workspace
from tests.reports.alerts.asks import DAY, FIRST, at, evening, make_alert, open_shop
from workspaces import mailing, notices, scope
from workspaces.models import AuditEntry, Membership, Notification, Workspace
from workspaces.quiet import Quiet
from workspaces.roles import Role

BASE = "/w/fjellsport/alerts"
LAST = FIRST + 59 * DAY  # the day that is filled last
EVIL = "<script>alert(1)</script>"
RATE = {"kind": "rate_falls", "per": "visitors", "width_days": "7", "fall_percent": "20", "stay_days": "3"}


def fallen(shop: Workspace) -> Goal:
    """Open a shop whose rate has fallen for some days, with an unkind name."""
    goal = open_shop(shop, lambda day: 3 if day >= LAST - 6 * DAY else 24, days=60, visitors=90)
    with scope.in_workspace(shop.pk):
        goal.name = f"Sale {EVIL}"
        goal.save()
    return goal


@pytest.fixture
def sale(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> Goal:
    monkeypatch.setattr(timezone, "now", lambda: evening(LAST))
    return fallen(shop)


def test_one_is_tried_made_fires_and_is_read(
    client: Client, shop: Workspace, sale: Goal, contributor: Membership, viewer: Membership
) -> None:
    client.force_login(contributor.user)
    sent = RATE | {"goal": sale.pk, "readers": [contributor.pk, viewer.pk]}
    tried = client.post(f"{BASE}/new/", sent | {"try": "1"}).content.decode()
    with scope.in_workspace(shop.pk):
        assert not Alert.objects.exists()
    assert "this would have fired once: " in tried
    made = client.post(f"{BASE}/new/", sent)
    assert made.status_code == 302, made.content.decode()
    watching.watch(shop.pk, now=evening(LAST))
    with scope.in_workspace(shop.pk):
        alert, episode = Alert.objects.get(), AlertEpisode.objects.get()
        told = list(Notification.objects.filter(kind="alert_fired"))
    assert {notice.membership_id for notice in told} == {contributor.pk, viewer.pk}
    day = f"{episode.began_on.day}\u00a0Oct" if episode.began_on.month == 10 else f"{episode.began_on.day}\u00a0Nov"
    assert f"would have fired once: {day}" in html.unescape(tried)
    client.force_login(viewer.user)
    for path in (f"{BASE}/", f"{BASE}/{alert.pk}/"):
        page = client.get(path).content.decode()
        assert EVIL not in page
        assert "Sale &lt;script&gt;" in page
        assert "Fired" in page
        assert f"{BASE}/new/" not in page
    assert "Tracking breaks" in client.get(f"{BASE}/").content.decode(), "always on"
    lead_to = client.get(f"/w/fjellsport/notifications/{told[0].pk}/")
    assert told[0].path.startswith("/w/fjellsport/goals/sale/?period=custom&from=")
    assert client.get(told[0].path).status_code == 200
    assert lead_to.status_code == 302


def test_pausing_muting_changing_and_removing(
    client: Client, shop: Workspace, sale: Goal, lead: Membership, viewer: Membership
) -> None:
    alert = make_alert(lead, sale, readers=[lead, viewer])
    path = f"{BASE}/{alert.pk}/"
    client.force_login(viewer.user)
    assert client.post(f"{path}mute/").status_code == 302
    assert client.post(f"{path}pause/").status_code == 403
    client.force_login(lead.user)
    client.post(f"{path}pause/")
    assert watching.watch(shop.pk, now=evening(LAST)) == 0
    assert "until somebody lets it go on" in client.get(f"{BASE}/").content.decode().lower()
    client.post(f"{path}pause/", {"on": "1"})
    assert watching.watch(shop.pk, now=evening(LAST)) == 1
    with scope.in_workspace(shop.pk):
        assert [notice.membership_id for notice in Notification.objects.all()] == [lead.pk], "the viewer muted it"
        alert.refresh_from_db()
    sent = RATE | {"goal": sale.pk, "readers": [lead.pk], "revision": alert.revision, "fall_percent": "99"}
    assert client.post(f"{path}edit/", sent).status_code == 302
    assert client.post(f"{path}edit/", sent | {"fall_percent": "98"}).status_code == 409
    assert watching.watch(shop.pk, now=evening(LAST)) == 0
    with scope.in_workspace(shop.pk):
        assert AlertEpisode.objects.get().ended_on is not None, "99 % did not fall"
    assert client.post(f"{path}remove/").status_code == 302
    with scope.in_workspace(shop.pk):
        acts = AuditEntry.objects.filter(subject_type="alert").order_by("pk").values_list("act", flat=True)
        assert list(acts) == ["created", "changed", "changed", "changed", "changed", "deleted"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"goal": ""}, "Choose what it is about."),
        ({"kind": "target_at_risk"}, "Choose what it is about."),
        ({"readers": []}, "Choose at least one person"),
        ({"fall_percent": "0"}, "greater than or equal to 1"),
        ({"fall_percent": "100"}, "less than or equal to 99"),
        ({"stay_days": "31"}, "less than or equal to 30"),
        ({"width_days": "5"}, "Select a valid choice"),
        ({"kind": "anything"}, "Select a valid choice"),
        ({"readers": ["999999"]}, "Select a valid choice"),
    ],
    ids=str,
)
@pytest.mark.parametrize("button", [{}, {"try": "1"}], ids=["save", "try"])
def test_what_cannot_be_meant_is_refused(
    client: Client,
    shop: Workspace,
    sale: Goal,
    lead: Membership,
    fields: dict[str, str],
    words: str,
    button: dict[str, str],
) -> None:
    client.force_login(lead.user)
    answer = client.post(f"{BASE}/new/", RATE | {"goal": sale.pk, "readers": [lead.pk]} | fields | button)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with scope.in_workspace(shop.pk):
        assert not Alert.objects.exists()


def test_one_without_figures_goal_or_readers_says_so_and_fires_nothing(
    client: Client, shop: Workspace, sale: Goal, lead: Membership, viewer: Membership
) -> None:
    gone, unheard = make_alert(lead, sale), make_alert(lead, sale, readers=[viewer])
    with scope.in_workspace(shop.pk):
        viewer.delete()
        lines = {line.alert.pk: line for line in showing.lines(shop, lead)}
        assert (lines[unheard.pk].state, lines[gone.pk].state) == ("paused", "watching")
        assert "nobody hears of it" in lines[unheard.pk].why
        sale.archived_at = at(FIRST)
        sale.save()
        assert [line.state for line in showing.lines(shop, lead)] == ["paused", "paused"]
    assert watching.watch(shop.pk, now=evening(LAST)) == 0
    with scope.in_workspace(shop.pk):
        assert not Notification.objects.exists()
        sale.delete()
        assert [line.why for line in showing.lines(shop, lead)] == ["what it is about was archived or deleted"] * 2
    client.force_login(lead.user)
    assert "archived or deleted" in client.get(f"{BASE}/{gone.pk}/").content.decode()
    other = make_workspace("Empty", slug="empty")
    boss = make_member(other, "boss@example.com", Role.LEAD)
    client.force_login(boss.user)
    assert client.get(f"/w/empty/alerts/{gone.pk}/").status_code == 404
    assert "Tracking breaks" in client.get("/w/empty/alerts/").content.decode()


def test_who_does_not_hear_of_it_has_nothing_to_mute(
    client: Client, sale: Goal, lead: Membership, viewer: Membership
) -> None:
    alert = make_alert(lead, sale)
    with scope.in_workspace(lead.workspace_id), pytest.raises(setting.NotYours):
        setting.mute(alert, is_muted=True, by=viewer, now=at(FIRST))
    client.force_login(viewer.user)
    page = client.post(f"{BASE}/{alert.pk}/mute/", follow=True).content.decode()
    assert "nothing to mute" in page


def test_a_mail_in_quiet_hours_waits_for_their_end_and_says_when_it_was_found(
    client: Client, shop: Workspace, sale: Goal, lead: Membership
) -> None:
    client.force_login(lead.user)
    settings = client.get("/w/fjellsport/notifications/settings/")
    sent = {name: str(value) for name, value in settings.context["form"].initial.items()}
    fields = settings.context["form"].fields
    sent |= {name: field.initial for name, field in fields.items() if name.endswith("-mail")}
    sent |= {f"{name.removesuffix('-mail')}-in_product": "on" for name in list(sent) if name.endswith("-mail")}
    wrong = client.post("/w/fjellsport/notifications/settings/", sent | {"quiet_from": "20:00"})
    assert (wrong.status_code, "Choose both times" in wrong.content.decode()) == (422, True)
    quiet = {"quiet_from": "20:00", "quiet_until": "07:00", "quiet_weekends": "on"}
    assert client.post("/w/fjellsport/notifications/settings/", sent | quiet).status_code == 302
    with scope.in_workspace(shop.pk):
        assert notices.quiet_of(lead) == Quiet(time(20), time(7), weekends=True)
    make_alert(lead, sale)
    found = evening(LAST)  # 22:00 or 21:00 in Oslo
    watching.watch(shop.pk, now=found)
    with scope.in_workspace(shop.pk):
        (notice,) = Notification.objects.filter(kind="alert_fired")
        assert notice.in_product
        assert notices.unread_count(lead) == 1, "the notice is there at once"
    due = notice.mail_due_at
    assert due is not None
    assert due.astimezone(shop.zone).time() == time(7)
    assert mailing.send_due(shop.pk, now=found + DAY / 24) == 0
    assert mailing.send_due(shop.pk, now=due) == 1
    (sent_mail,) = mail.outbox
    local = found.astimezone(shop.zone)
    assert f"Found on {local.day} " in sent_mail.body
    assert f"at {local:%H:%M}." in sent_mail.body
    assert EVIL not in str(sent_mail.alternatives[0][0])


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_once(transactional_db: None) -> None:
    shop = make_workspace()
    goal = fallen(shop)
    lead = make_member(shop, "lead@example.com", Role.LEAD)
    alert = make_alert(lead, goal)
    turns: list[int] = []
    gate = threading.Barrier(4)

    def work(now: datetime) -> None:
        gate.wait()
        turns.append(watching.watch(shop.pk, now=now))
        connection.close()

    workers = [threading.Thread(target=work, args=(evening(LAST),)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(turns) == 1
    with scope.in_workspace(shop.pk):
        assert alert.episodes.count() == 1
        assert Notification.objects.filter(kind="alert_fired").count() == 1


def test_the_list_asks_as_often_for_twenty_as_for_one(
    client: Client, sale: Goal, lead: Membership, viewer: Membership, django_assert_max_num_queries: object
) -> None:
    for _ in range(20):
        make_alert(lead, sale, readers=[lead, viewer])
    client.force_login(lead.user)
    # session, user, member, workspace's rows entered and left, alerts, readers, members, people, episodes, badges, bell
    with django_assert_max_num_queries(20):  # type: ignore[operator]  # pytest-django's own
        client.get(f"{BASE}/")
