"""Faults that people met in other products, each on a shop small enough to count by hand, through page or API.

What is named before each test is where it was reported. Two are tested where they belong: that a search after a
campaign is a search (matomo#20515) in tests/tracking/test_channels.py, and that purchase rates stay below all
(vibes.diy#2075) for conversion insights in tests/reports/insights/test_by_hand.py.
"""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goals.models import Goal, MappingRule
from reports import filling
from reports.attribution import blocks
from reports.goal_page import trigger
from tests.builders import make_token
from tests.reports.asks import drawn
from tests.reports.lake import NOW, Hit, hit, make_goal, store
from tests.reports.views.test_pages import make_kpi
from tracking.channels import touch_of
from tracking.event import COOKIELESS_PREFIX
from workspaces import scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

RANGE = {"from": "2026-11-02", "to": "2026-11-20"}
SALE = {"name": "purchase", "value": 100}
PRO, FREE = json.dumps({"plan": "pro"}), json.dumps({"plan": "free"})
Json = dict[str, Any]


@dataclass
class Doors:
    """A member's browser and a program with a token."""

    browser: Client
    program: Client

    def page(self, path: str, **params: str) -> str:
        answer = self.browser.get(f"/w/fjellsport/{path}", RANGE | params)
        assert answer.status_code == 200, path
        return answer.content.decode()

    def api(self, path: str, **params: str) -> Json:
        answer = self.program.get(f"/api/v1/reports/{path}", RANGE | params)
        assert answer.status_code == 200, answer.content.decode()
        found: Json = answer.json()
        return found

    def column(self, **params: str) -> dict[str, list[Json]]:
        """Ask an exploration of one level; give each row's values of the first segment, the total under ""."""
        told = self.api("explore", **params)
        rows = {row["path"][-1]: row["values"][0] for row in told["rows"] if row["kind"] == "value"}
        return rows | {"": told["total"][0]}


@pytest.fixture
def doors(lead: Membership, monkeypatch: pytest.MonkeyPatch) -> Doors:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    browser = Client()
    browser.force_login(lead.user)
    return Doors(browser, Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"}))


def fill(shop: Workspace, hits: list[Hit]) -> None:
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)
    blocks.kept.forget()


def credited(told: Json) -> dict[str, float]:
    """Give the conversions of each row that has any."""
    return {row["key"]: row["conversions"] for row in told["rows"] if row["conversions"]}


def bought(person: str, *, day: float = 0, value: int = 100, **came: Any) -> list[Hit]:
    """Give a visit that ends with a sale."""
    return [hit(person, days=day, **came), hit(person, days=day, minutes=5, **SALE | {"value": value})]


# umami#4013: a goal's rate was of 42,891 where the dashboard counted 50,710 visitors of the same days.
def test_the_visitors_of_a_rate_are_the_visitors_of_every_report(shop: Workspace, doors: Doors) -> None:
    make_goal(shop)
    make_goal(shop, "Sign-up", event="sign_up", level="micro", value_rule="none")
    lone = [hit(f"s{n}", days=2, minutes=n, name="sign_up") for n in range(3)]  # never looked at a page
    ads = [hit("ad", days=3, name="ad_impression", channel="display")]  # was shown something, and not there
    fill(shop, [*bought("a"), *bought("b", day=1), *bought("a", day=4), hit("c", days=1, channel="email"), *lone, *ads])
    whole = {
        "of the sale": doors.api("goals/sale")["totals"]["rate"]["denominator"],
        "of the sign-up": doors.api("goals/sign-up")["totals"]["rate"]["denominator"],
        "visitors of the goal's page": doors.api("goals/sale")["totals"]["visitors"],
        "of attribution": doors.api("attribution/sale")["totals"]["visitors"],
        "explored": doors.column(metrics="visitors", by="day")[""][0]["value"],
        "of an explored rate": doors.column(metrics="rate:sale", by="day")[""][0]["whole"],
        "of conversion insights": doors.api("insights", view="off", engagement="off")["activity"]["audience"],
    }
    assert set(whole.values()) == {6}, whole
    assert "2\u00a0/\u00a06" in doors.page("goals/sale/")


def test_a_kpi_s_rate_has_the_visitors_of_the_goal_s_page(shop: Workspace, doors: Doors) -> None:
    goal = make_goal(shop)
    make_kpi(goal, "Rate", measure="rate", per="visitors", target=0.5)
    fill(shop, [*bought("a"), *bought("b", day=1), hit("c", days=1), hit("d", days=30)])
    (kpi,) = doors.program.get("/api/v1/reports/kpis").json()["kpis"]
    told = doors.api("goals/sale", **{"from": kpi["since"], "to": "2026-11-21"})["totals"]["rate"]
    assert (kpi["numerator"], kpi["denominator"]) == (told["numerator"], told["denominator"]) == (2, 3)


# plausible#5563: with a filter by property the conversions were filtered and the visitors were not.
# vibes.diy#2075: a rate of 277 %, since numerator and denominator were of different things.
@pytest.mark.parametrize("condition", ["property:plan is pro", "page starts with /pro", "channel is email"])
def test_a_condition_chooses_numerator_and_denominator_alike(shop: Workspace, doors: Doors, condition: str) -> None:
    make_goal(shop)
    hits = []
    for n in range(8):
        is_pro = n % 2 == 0
        told = {"properties": PRO if is_pro else FREE, "path": "/pro/a" if is_pro else "/free/a"}
        came = {"channel": "email" if is_pro else "referral", **told}
        hits += bought(f"p{n}", day=n, **came) if n < 4 else [hit(f"p{n}", days=n, **came)]
        hits += bought(f"p{n}", day=n + 0.5, **came) if n < 2 else []
    fill(shop, hits)
    columns = "visitors,rate:sale,session_rate:sale,sessions"
    visitors, rate, session_rate, sessions = doors.column(metrics=columns, by="day", where=condition)[""]
    assert (rate["part"], rate["whole"], visitors["value"]) == (2, 4, 4)
    assert (session_rate["part"], session_rate["whole"], sessions["value"]) == (3, 5, 5)
    plain = doors.column(metrics="rate:sale", by="day")[""][0]
    assert (plain["part"], plain["whole"]) == (4, 8)


# matomo PR#25084: the graph of one goal was that of all goals together.
def test_a_goal_s_graph_is_of_that_goal_alone(shop: Workspace, doors: Doors) -> None:
    make_goal(shop)
    make_goal(shop, "Sign-up", event="sign_up", level="micro", value_rule="none")
    joined = [hit(f"p{n}", days=1, minutes=n, name="sign_up") for n in range(9)]
    fill(shop, [*bought("a"), *bought("b", day=4), *joined])
    told = {slug: doors.api(f"goals/{slug}", interval="day") for slug in ("sale", "sign-up")}
    by_day = {slug: [day["conversions"] for day in each["series"]][:5] for slug, each in told.items()}
    assert by_day == {"sale": [1, 0, 0, 0, 1], "sign-up": [0, 9, 0, 0, 0]}
    for slug, each in told.items():
        assert sum(day["conversions"] for day in each["series"]) == each["totals"]["conversions"], slug
        page = drawn(doors.page(f"goals/{slug}/", interval="day"))
        assert [row[1] for row in page[1:6]] == [str(n) for n in by_day[slug]]


# matomo#15510, matomo#18869: beside each other, segments had no goals any more, or those of all visits.
def test_segments_side_by_side_are_what_each_is_alone(shop: Workspace, doors: Doors) -> None:
    make_goal(shop)
    hits = []
    for n in range(9):
        came = {"device": ("mobile", "desktop", None)[n % 3], "channel": ("email", "referral")[n % 2]}
        hits += bought(f"p{n}", day=n, **came) if n % 4 else [hit(f"p{n}", days=n, **came)]
    fill(shop, hits)
    columns = "sessions,conversions:sale,rate:sale,value:sale"
    conditions = ("device is mobile", "device is not mobile")
    beside = doors.api("explore", metrics=columns, by="channel", segment1=conditions[0], segment2=conditions[1])
    for place, condition in enumerate(conditions, 1):  # behind all visits
        alone = doors.api("explore", metrics=columns, by="channel", where=condition)
        assert beside["total"][place] == alone["total"][0]
        assert alone["total"][0][1]["value"] > 0, "needs conversions"
        rows = {row["path"][0]: row["values"][0] for row in alone["rows"]}
        assert {row["path"][0]: row["values"][place] for row in beside["rows"] if row["path"][0] in rows} == rows


# umami#3535: a later visit's campaign took over what an earlier visit had brought.
def test_a_conversion_keeps_the_campaign_that_brought_it(shop: Workspace, doors: Doors) -> None:
    make_goal(shop)
    before = bought("a", channel="email", campaign="spring")
    fill(shop, before)
    first = doors.api("goals/sale", by="campaign")
    later = [hit("a", days=3, channel="display", campaign="summer"), *bought("a", day=6, channel="referral")]
    fill(shop, [*before, *later])
    assert credited(first) == {"spring": 1}
    assert credited(doors.api("goals/sale", by="campaign", to="2026-11-03")) == {"spring": 1}
    assert credited(doors.api("goals/sale", by="channel", model="last")) == {"email": 1, "referral": 1}


# umami#3264: paid search was told as direct, or as organic search.
def test_a_paid_click_is_told_as_paid_wherever_it_is_told(shop: Workspace, doors: Doors) -> None:
    for query in ("?gclid=abc", "?msclkid=abc", "?utm_source=google&utm_medium=cpc", "?gclid=a&utm_source=newsletter"):
        assert touch_of("https://shop.example/" + query, None).channel.paid, query
    assert touch_of("https://shop.example/?gclid=a", "https://www.google.com/").channel.key == "paid_search"
    make_goal(shop)
    fill(shop, [hit("a", channel="paid_search"), hit("a", days=2), hit("a", days=5), *bought("a", day=6)])
    assert credited(doors.api("goals/sale", by="channel")) == {"paid_search": 1}
    assert credited(doors.api("goals/sale", by="channel", model="last")) == {"paid_search": 1}
    told = doors.api("attribution/sale", models="last,first,linear")
    assert {row["key"] for row in told["rows"] if row["influenced"]} == {"paid_search"}
    parts = {part["key"]: part["conversions"] for part in doors.api("goals/sale")["paid_split"]}
    assert parts == {"paid_unassisted": 0, "paid_assisted": 1, "organic": 0, "(none)": 0}


# matomo#21020: an older campaign won over the search that came after it. The models say which of them wins, and why.
def test_the_latest_touch_that_is_not_direct_wins_whatever_it_is(shop: Workspace, doors: Doors) -> None:
    make_goal(shop)
    fill(shop, [hit("a", channel="email", campaign="spring"), *bought("a", day=3, channel="organic_search")])
    assert credited(doors.api("goals/sale", by="channel")) == {"organic_search": 1}
    assert credited(doors.api("goals/sale", by="channel", model="first")) == {"email": 1}
    assert "Credit is not cause" in doors.page("goals/sale/"), "the page says which model it is, and what it is not"


# matomo#18612: who came back from paying was told as sent by the payment provider.
@pytest.mark.parametrize(
    "referrer",
    ["https://checkout.stripe.com/c/pay", "https://www.paypal.com/", "https://pay.klarna.com/x", "https://vipps.no/"],
)
def test_a_payment_provider_brings_nobody(referrer: str) -> None:
    assert touch_of("https://shop.example/receipt", referrer).is_direct


# OpenPanel averages the rates of days; dgpulse#31 added returns on spend up.
def test_a_ratio_of_a_range_is_of_its_sums(shop: Workspace, doors: Doors) -> None:
    make_goal(shop)
    crowd = [hit(f"c{n}", days=3, minutes=n, channel="email") for n in range(8)]
    fill(shop, [*bought("a", value=900, channel="referral"), *bought("b", day=3, value=100, channel="email"), *crowd])
    told = doors.api("goals/sale", interval="day")
    assert [day["rate"]["value"] for day in told["series"] if day["visitors"]] == [1, 1 / 9]
    assert (told["totals"]["rate"]["value"], told["totals"]["average_micros"]) == (0.2, 500_000_000)
    rows = doors.column(metrics="rate:sale,session_rate:sale,average:sale", by="channel")
    expected = {"referral": (1, 900), "email": (1 / 9, 100), "": (0.2, 500)}
    assert {
        key: (rate["value"], session_rate["value"], [each["micros"] for each in average["amounts"]])
        for key, (rate, session_rate, average) in rows.items()
    } == {key: (rate, rate, [average * 1_000_000]) for key, (rate, average) in expected.items()}


# PostHog#74333: an explorer forgot the goal's conditions on properties, since it found conversions in its own way.
def test_every_report_asks_all_conditions_of_a_goal(shop: Workspace, doors: Doors) -> None:
    goal = make_goal(shop)
    narrow(goal)
    hits = []
    for n in range(6):
        told = {"properties": PRO if n % 3 == 0 else FREE}
        hits += [hit(f"p{n}", days=n, channel="email"), hit(f"p{n}", days=n, minutes=5, **SALE, **told)]
    fill(shop, hits)
    make_kpi(goal, "Sales")
    found = {
        "goal": doors.api("goals/sale")["totals"]["conversions"],
        "rows": sum(credited(doors.api("goals/sale", by="campaign")).values()),
        "attribution": doors.api("attribution/sale")["totals"]["conversions"],
        "explore": doors.column(metrics="conversions:sale", by="day")[""][0]["value"],
        "reached": doors.column(metrics="sessions", by="day", where="goal is sale")[""][0]["value"],
        "insights": doors.api("insights", view="off")["activity"]["bought"],
        "funnel": doors.api("funnel", step1="event page_view", step2="goal sale")["steps"][1]["persons"],
        "paths": doors.api("paths", point="goal sale")["begun"],
        "kpi": doors.program.get("/api/v1/reports/kpis").json()["kpis"][0]["actual"],
    }
    assert set(found.values()) == {2}, found


def narrow(goal: Goal) -> None:
    """Have the goal count sales of the plan "pro" alone."""
    with scope.in_workspace(goal.workspace_id):
        conditions = [
            {"field": "name", "operator": "is", "value": "purchase"},
            {"field": "property", "key": "plan", "operator": "is", "value": "pro"},
        ]
        MappingRule.objects.filter(goal=goal).update(conditions=conditions)


# openpanel#71: nobody understood what "Conversions" were.
def test_every_report_says_how_it_was_computed(shop: Workspace, doors: Doors) -> None:
    make_kpi(make_goal(shop), "Sales")
    fill(shop, [*bought("a", channel="email"), *bought("b", day=1)])
    paths = ("", "kpis/", "goals/sale/", "attribution/", "insights/", "funnels/", "paths/", "explore/", "evidence/")
    for path in paths:
        page = doors.page(path)
        assert "How is this computed?" in page, path
    assert "counted every time" in doors.page("goals/sale/"), "the goal's page says what it counts"


# matomo#7836: whoever may not define goals was asked to create one.
def test_who_may_not_define_goals_reads_their_definitions(shop: Workspace, viewer: Membership, client: Client) -> None:
    client.force_login(viewer.user)
    empty = client.get("/w/fjellsport/goals/").content.decode()
    assert "New goal" not in empty
    assert "goals/new" not in empty
    goal = make_goal(shop)
    fill(shop, bought("a"))
    page = client.get("/w/fjellsport/goals/sale/").content.decode()
    assert trigger(goal) in page
    assert "/edit/" not in page


# BuidlGuidl#209: without cookies, conversions of a later day went to direct without a word.
def test_what_cannot_be_followed_beyond_its_day_is_said(shop: Workspace, doors: Doors) -> None:
    make_goal(shop)
    lost = f"{COOKIELESS_PREFIX}tuesday"
    seen = [hit(f"{COOKIELESS_PREFIX}monday", channel="email"), *bought(lost, day=1)]
    fill(shop, [*seen, *bought("a", day=2, channel="email"), *bought("b", day=3, channel="email")])
    words = "1 of 3 conversions is by a visitor who is known for one day alone"
    assert doors.api("goals/sale")["known_for_a_day"] == 1
    assert doors.api("attribution/sale")["known_for_a_day"] == 1
    for path in ("goals/sale/", "attribution/", "insights/"):
        assert words in doors.page(path), path
    (notice,) = [each for each in doors.api("insights")["notices"] if each["kind"] == "of_a_day"]
    assert notice["words"].startswith(words)
    fill(shop, bought("a", day=2, channel="email"))
    for path in ("goals/sale/", "attribution/", "insights/"):
        assert "known for one day" not in doors.page(path), path
