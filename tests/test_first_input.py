"""The first real inputs: what pages show of a log and of a table of events is what a person counts by hand."""

from collections import Counter
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from goals.conditions import parse
from goals.defining import GoalDraft, create_goal
from goals.definition import Definition
from goals.models import Counting, Goal, Level, Plan, ValueRule
from goals.planning import PlanDraft, create_plan
from measureplan.importing import Asked, import_file, wish
from tests import first_input as by_hand
from tests.first_input import Hit
from tests.reports.asks import cells
from workspaces import scope
from workspaces.models import Membership, Workspace

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
LOG = SHARED / "access_log" / "access.log.gz"
SNOWPLOW = SHARED / "snowplow_events" / "events.csv.gz"
SOURCES = SHARED / "channels" / "sources.csv"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SITE = "semicomplete.com"

needs_log = pytest.mark.skipif(not LOG.exists(), reason="needs the real log of ../shared/data/access_log")
needs_snowplow = pytest.mark.skipif(not SNOWPLOW.exists(), reason="needs ../shared/data/snowplow_events")


@pytest.fixture
def plan(shop: Workspace) -> Plan:
    draft = PlanDraft("The first plan", date(2026, 1, 1), date(2026, 12, 31))
    with scope.in_workspace(shop.pk):
        return create_plan(shop, draft, by="test", now=NOW)


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


def make_goal(plan: Plan, name: str, rule: list[dict[str, Any]], **defined: Any) -> Goal:
    supports = tuple(plan.goals.filter(level=Level.MACRO)) if defined.pop("is_micro", False) else ()
    level = Level.MICRO if supports else Level.MACRO
    draft = GoalDraft(name, level, Definition(parse([rule]), **defined), supports=supports)
    with scope.in_workspace(plan.workspace_id):
        return create_goal(plan, draft, by="test", now=NOW)


def imported(path: Path, *, hosts: tuple[str, ...] = (), mapped: tuple[str, ...] = ()) -> None:
    """Do what `measureplan import --apply` does."""
    asked = Asked(
        path=path,
        workspace="fjellsport",
        source="Site",
        format_name=None,
        wish=wish(mapped=list(mapped)),
        hosts=hosts,
        good_rows_only=False,
        applies=True,
    )
    assert import_file(asked, now=NOW).is_applied


def shown(browser: Client, goal: Goal, span: tuple[str, str], *, per: str = "visitors") -> dict[str, list[str]]:
    """Give the lines of the goal page's table by channel, the total's among them: conversions, rate and basis."""
    params = {"from": span[0], "to": span[1], "model": "last", "per": per}
    answer = browser.get(f"/w/fjellsport/goals/{goal.slug}/", params)
    assert answer.status_code == 200
    rows = cells(answer.content.decode(), "breakdown-table")
    return {row[0]: [row[1], row[3]] for row in rows[1:]}


LOG_GOALS = {
    "Logstash jar downloaded": ("/files/logstash/*.jar", Counting.EVERY),
    "Page of xdotool": ("/projects/xdotool/*", Counting.SESSION),
    "Article read": ("/articles/*", Counting.SESSION),
}


@pytest.mark.parametrize("name", LOG_GOALS)
@needs_log
def test_the_page_of_a_goal_on_the_real_log_shows_what_is_counted_by_hand(
    browser: Client, plan: Plan, name: str
) -> None:
    goals = {}
    for each, (pattern, counting) in LOG_GOALS.items():
        conditions = [{"field": "path", "operator": "matches", "value": pattern}]
        if counting is Counting.EVERY:
            conditions.insert(0, {"field": "name", "operator": "is", "value": "file_download"})
        goals[each] = make_goal(plan, each, conditions, counting=counting, is_micro=counting is Counting.SESSION)
    imported(LOG, hosts=(SITE,))

    channel_of = by_hand.channel_by(by_hand.Places(SOURCES), SITE)
    visits, touches = by_hand.visits_of(by_hand.hits_of_log(LOG), channel_of)
    pattern, counting = LOG_GOALS[name]
    reached = [[hit for hit in visit.hits if fnmatchcase(hit.path, pattern)] for visit in visits]
    counted = [hit for hits in reached for hit in (hits if counting is Counting.EVERY else hits[:1])]
    assert len(counted) > 20, "the case is empty"

    span = ("2015-05-16", "2015-05-22")
    of_visitors = shown(browser, goals[name], span)
    assert conversions(of_visitors) == {**by_hand.last_non_direct(counted, touches), "Total": len(counted)}
    people = {hit.visitor for visit in visits for hit in visit.hits}
    assert basis(of_visitors["Total"]) == f"{len({hit.visitor for hit in counted})} / {len(people):,}"
    touched = Counter(channel for _, channel in {(touch.visitor, touch.channel) for touch in touches})
    assert denominators(of_visitors) == {row: touched[row] for row in of_visitors if row != "Total"}

    of_sessions = shown(browser, goals[name], span, per="sessions")
    assert basis(of_sessions["Total"]) == f"{sum(1 for hits in reached if hits)} / {len(visits):,}"
    began = Counter(visit.channel for visit in visits)
    assert denominators(of_sessions) == {row: began[row] for row in of_sessions if row != "Total"}


@needs_snowplow
def test_the_page_of_the_orders_of_a_real_table_shows_what_is_counted_by_hand(browser: Client, plan: Plan) -> None:
    rule = [{"field": "value", "operator": "gt", "value": 0}]
    orders = make_goal(plan, "Order", rule, value_rule=ValueRule.EVENT)
    imported(SNOWPLOW, mapped=("currency==NOK",))

    visits, touches = by_hand.visits_of(
        by_hand.hits_of_snowplow(SNOWPLOW), by_hand.channel_by(by_hand.Places(SOURCES), "")
    )
    hits = [hit for visit in visits for hit in visit.hits]
    paid = [hit for hit in hits if hit.value]
    assert (len(paid), round(sum(hit.value for hit in paid), 2)) == (6, 500.92)

    span = ("2022-06-01", "2022-08-31")
    table = shown(browser, orders, span)
    assert conversions(table) == {**by_hand.last_non_direct(paid, touches), "Total": 6}
    assert basis(table["Total"]) == f"{people_of(paid)} / {people_of(hits)}"
    page = browser.get("/w/fjellsport/goals/order/", {"from": span[0], "to": span[1]}).content.decode()
    assert "500.92" in page


def people_of(hits: list[Hit]) -> int:
    return len({hit.visitor for hit in hits})


def conversions(table: dict[str, list[str]]) -> dict[str, int]:
    return {row: int(line[0].replace(",", "")) for row, line in table.items()}


def basis(line: list[str]) -> str:
    """Give "16 / 1,005" of "1.6 % 16 / 1,005"."""
    return line[1].replace("\N{NO-BREAK SPACE}", " ").partition("%")[2].partition("·")[0].strip()


def denominators(table: dict[str, list[str]]) -> dict[str, int]:
    return {row: int(basis(line).partition("/")[2].replace(",", "")) for row, line in table.items() if row != "Total"}
