"""The plan is alive: a goal whose events stop is broken within one look, told once, heals, and its charts say so."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from goals.models import Goal, Kpi, Outage, Target
from goals.watching import watch
from reports import boards
from reports.filling import fill
from reports.periods import Span
from reports.progress import board
from tests.goals.arriving import hourly, make_source
from tests.reports.lake import make_goal
from tests.reports.test_api import program_of
from tests.tracking.makers import make_event, us
from tracking import inbox
from tracking.derive import derive
from tracking.lake.writer import drain
from tracking.ledger import Origin
from tracking.models import Source
from workspaces import scope
from workspaces.models import Membership, Notification, Workspace
from workspaces.roles import Scope

STARTED = datetime(2026, 10, 1, 0, 0, tzinfo=UTC)
STOPPED = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)
RESUMED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LOOK = timedelta(minutes=5)


class Site:
    """A shop that sends a page view every half hour, and, while its tag works, a sign-up every hour."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def send(self, since: datetime, until: datetime, *, works: bool) -> None:
        """Let events come as they happened; take them from the door to the figures."""
        names = {"page_view": 30} | ({"signup": 60} if works else {})
        events = [
            make_event(f"{name} {at}", name=name, at=at, visitor=f"v{at:%d%H}", received_us=us(at))
            for name, minutes in names.items()
            for at in hourly(since, until, minutes=minutes)
        ]
        workspace_id = self.source.workspace_id
        with scope.in_workspace(workspace_id):
            inbox.append(
                Origin(workspace_id=workspace_id, source_id=self.source.pk), events, counts=Counter(), now=until
            )
        drain(workspace_id, until)
        derive(workspace_id, until)
        fill(workspace_id, now=until)
        watch(workspace_id, now=until)


@pytest.fixture
def goal(shop: Workspace, contributor: Membership) -> Goal:
    goal = make_goal(shop, "Sign-up", event="signup", value_rule="none", owner=contributor)
    with scope.in_workspace(shop.pk):
        kpi = Kpi.objects.create(workspace=shop, goal=goal, name="Sign-ups", slug="sign-ups", measure="count")
        quarter = {"starts_on": STARTED.date(), "ends_on": datetime(2026, 12, 31, tzinfo=UTC).date()}
        Target.objects.create(workspace=shop, kpi=kpi, slug="q4", value=4_000, **quarter)
    return goal


@pytest.fixture
def site(shop: Workspace, goal: Goal) -> Site:
    site = Site(make_source(shop))
    site.send(STARTED, STOPPED, works=True)
    return site


@pytest.fixture
def page(client: Client, viewer: Membership) -> Client:
    client.force_login(viewer.user)
    return client


def silent_looks(site: Site) -> Iterator[datetime]:
    """Let visitors come on and look every two hours, as time goes."""
    for hours in range(2, 50, 2):
        until = STOPPED + timedelta(hours=hours)
        site.send(until - timedelta(hours=2), until, works=False)
        yield until


def coverage(page: Client) -> str:
    text = page.get("/w/fjellsport/plan/coverage/", headers={"HX-Request": "true"}).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text[text.index('class="coverage"') :].split("</p>")[0]))


def shown(page: Client) -> str:
    answer = page.get("/w/fjellsport/goals/sign-up/?from=2026-11-10&to=2026-11-20")
    assert answer.status_code == 200
    return answer.content.decode()


def notices(member: Membership, kind: str) -> list[str]:
    with scope.in_workspace(member.workspace_id):
        return [each.text for each in Notification.objects.filter(membership=member, kind=kind)]


def test_a_goal_s_tracking_breaks_is_told_once_heals_and_stays_marked(
    site: Site, goal: Goal, page: Client, contributor: Membership, owner: Membership
) -> None:
    assert "1 of 1 goal tracked · 1 verified" in coverage(page)
    with scope.in_workspace(goal.workspace_id):
        goal.refresh_from_db()
        assert goal.watch.state == "verified"

    broke = next(now for now in silent_looks(site) if _state(goal) == "broken")
    assert timedelta(hours=12) < broke - STOPPED < timedelta(hours=24), "24 a day: broken within a day"
    assert "0 of 1 goal tracked · 1 broken since 18 November 2026" in coverage(page)
    assert len(notices(contributor, "tracking_broken")) == 1
    for n in range(10):
        watch(goal.workspace_id, now=broke + n * LOOK)
    assert len(notices(contributor, "tracking_broken")) == 1
    assert notices(owner, "tracking_broken") == [], "the goal has an owner"

    site.send(broke, RESUMED, works=False)
    site.send(RESUMED, RESUMED + timedelta(hours=1), works=True)
    assert _state(goal) == "verified"
    assert "1 of 1 goal tracked · 1 verified" in coverage(page)
    with scope.in_workspace(goal.workspace_id):
        outage = Outage.objects.get(goal=goal)
    assert outage.started_at == STOPPED - timedelta(minutes=53)
    assert outage.ended_at == RESUMED + timedelta(minutes=7)
    assert len(notices(contributor, "tracking_healed")) == 1

    body = shown(page)
    assert "No data 18 to 20\xa0Nov\xa02026: tracking was broken." in body.replace("18\xa0Nov to", "18 to")
    drawn = json.loads(re.findall(r"<mp-chart.*?<script[^>]*>(.*?)</script>", body, re.DOTALL)[0])
    shades = [layer for layer in drawn["layer"] if "tracking broken" in json.dumps(layer)]
    assert [layer["data"]["values"][0] for layer in shades] == [
        {"day": "2026-11-18", "until": "2026-11-21", "label": "tracking broken"}
    ]
    sheet = page.get("/w/fjellsport/goals/sign-up/trend.csv?from=2026-11-16&to=2026-11-20").content.decode()
    assert [row["Days without data"] for row in csv.DictReader(sheet.splitlines())] == ["0", "0", "1", "1", "1"]
    program = program_of(owner, Scope.READ)
    told = program.get("/api/v1/reports/goals/sign-up?from=2026-11-16&to=2026-11-20").json()
    assert [(each["since"], each["until"], each["silent_source"]) for each in told["outages"]] == [
        ("2026-11-18", "2026-11-21", "")
    ]
    assert [each["days_without_data"] for each in told["series"]] == [0, 0, 1, 1, 1]


def test_a_kpi_says_what_was_not_counted_and_its_forecast_forgets_those_days(site: Site, goal: Goal) -> None:
    now = RESUMED + timedelta(hours=3)
    site.send(STOPPED, RESUMED, works=False)
    site.send(RESUMED, now, works=True)
    marked = progress(goal, now=now)
    with scope.in_workspace(goal.workspace_id):
        Outage.objects.filter(goal=goal).delete()
    unmarked = progress(goal, now=now)
    assert [gap.since.isoformat() for gap in marked.outages] == ["2026-11-18"]
    assert unmarked.outages == ()
    assert marked.actual == unmarked.actual, "what came counts as come"
    still_to_come = (datetime(2026, 12, 31, 23, 0, tzinfo=UTC) - now) / timedelta(hours=1)  # one an hour
    errors = [abs(row.forecast[0] - row.actual - still_to_come) for row in (marked, unmarked)]
    assert errors[0] < 0.01 * still_to_come
    assert errors[1] > 0.05 * still_to_come, "needs an outage that misleads where nobody marks it"


def progress(goal: Goal, *, now: datetime) -> Any:  # a Progress whose figures are there
    with scope.in_workspace(goal.workspace_id):
        span = Span(STARTED.date(), now.date())
        (row,) = board(goal.workspace, boards.live_kpis(goal.workspace), fallback=span, now=now).rows
    return row


def _state(goal: Goal) -> str:
    with scope.in_workspace(goal.workspace_id):
        return Goal.objects.select_related("watch").get(pk=goal.pk).watch.state
