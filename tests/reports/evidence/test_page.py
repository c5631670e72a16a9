"""The evidence page, its file, the API and the form that sets a derived value: one answer everywhere."""

import re

import pytest
from django.test import Client

from analysis.evidence.grading import Grade
from goals.models import Goal
from reports import figures
from reports.evidence import keeping
from reports.evidence.design import Design
from reports.evidence.found import Found, rates_of
from reports.evidence.wording import interval_text, sentence, times
from reports.models import KeptEvidence
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows
from tests.reports.evidence.asks import at, computed, make_goals, weighed
from tests.reports.lake import NOW, Hit, make_goal, store
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

PAGE = "/w/fjellsport/evidence/"
FILE = "/w/fjellsport/evidence.csv"
ADDRESS = "/api/v1/reports/evidence/sale"
ASKED = {"landmark": "1", "follow": "7", "past": "90"}


def hits() -> list[Hit]:
    """Give 240 people: guide readers buy more often, and so do those who open the wish list, which no goal counts."""
    found = []
    for n in range(240):
        person, day = f"p{n}", n % 60
        found.append(Hit(person, at(day, n), channel="email" if n % 2 else ""))
        does = [name for name, every in (("guide", 3), ("filter", 4), ("wishlist", 2)) if n // 2 % every == 0]
        found += [Hit(person, at(day, n + 1), name=name) for name in does]
        if n % 17 < (9 if "wishlist" in does else 1) + (3 if "guide" in does else 0):
            found.append(Hit(person, at(day + 2, n), name="purchase", value=100 + n))
    return found


@pytest.fixture
def sale(shop: Workspace) -> Goal:
    return make_goals(shop, "guide", "filter")


@pytest.fixture
def found(shop: Workspace, sale: Goal) -> Found:
    return weighed(shop, sale, hits(), Design(1, 7, 90))


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


@pytest.fixture
def program(lead: Membership) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})


def test_page_file_and_api_hold_the_same_figures(found: Found, browser: Client, program: Client) -> None:
    told = program.get(ADDRESS, ASKED).json()
    page = browser.get(PAGE, ASKED).content.decode()
    rows, sheet = cells(page, "evidence-table")[1:], csv_rows(browser.get(FILE, ASKED).content)
    assert told["state"] == "ready"
    assert len(rows) == len(told["edges"]) == len(found.edges) == 2
    by_id = {edge.goal_id: edge for edge in found.edges}
    assert sorted(edge["evidence"]["with_it"] for edge in told["edges"]) == sorted(
        edge.evidence.with_it for edge in by_id.values()
    )
    for row, edge, line in zip(rows, told["edges"], sheet[1:3], strict=True):
        evidence = edge["evidence"]
        mine = next(each for each in found.edges if each.evidence.with_it == evidence["with_it"])
        assert row[0] == line[0] == edge["name"]
        both = (mine.evidence.raw, mine.evidence.stratified)
        assert row[5:7] == [times(ratio) + interval_text(ratio) for ratio in both]
        assert row[2] == figures.percent(evidence["reach"]).text
        assert [float(line[place]) for place in (3, 4, 5, 6, 7, 8, 9)] == [
            evidence[name]
            for name in ("reach", "with_it", "reached_with", "without", "reached_without", "rate_with", "rate_without")
        ]
        for place, name in ((10, "raw"), (13, "stratified")):
            assert [float(cell) for cell in line[place : place + 3]] == list(evidence[name].values())
        assert [float(line[17]), float(line[18])] == [edge["conversions"], edge["preceded"]]
        assert float(line[20]) == edge["median_seconds"]
        assert float(line[21]) == pytest.approx(edge["worth"]["value_micros"] / 1_000_000)
        with_it, _without = rates_of(mine.evidence)
        assert with_it is not None
        assert row[3].startswith(figures.percent(with_it.value).text)
    assert (told["people"], told["reached"]) == (found.persons, found.reached)
    assert [each["text"] for each in told["candidates"]] == [line[0].removeprefix("event: ") for line in sheet[3:]]


def test_what_stands_out_can_be_proposed_with_what_is_known_of_it(
    shop: Workspace, sale: Goal, found: Found, browser: Client
) -> None:
    page = browser.get(PAGE, ASKED).content.decode()
    rows = cells(page, "candidates-table")
    assert [row[0] for row in rows[1:]] == ["wishlist"]
    [link] = re.findall(r'href="([^"]*proposals/new/[^"]*)"', page)
    form = browser.get(link.replace("&amp;", "&")).content.decode()
    assert re.search(r'value="event:wishlist"[^>]*checked|checked[^>]*value="event:wishlist"', form)
    assert re.search(rf'name="supports"[^>]*value="{sale.pk}"[^>]*checked', form)
    assert 'value="Wishlist"' in form


def test_a_page_is_proposed_by_its_path(shop: Workspace, sale: Goal, found: Found, browser: Client) -> None:
    form = browser.get("/w/fjellsport/proposals/new/", {"page": "/sizes", "supports": "sale"}).content.decode()
    assert re.search(r'value="page:/sizes"[^>]*checked|checked[^>]*value="page:/sizes"', form)


def test_each_edge_is_said_in_one_sentence_that_claims_no_cause(found: Found, browser: Client) -> None:
    page = browser.get(PAGE, ASKED).content.decode()
    for edge in found.edges:
        name = cells(page, "evidence-table")
        assert name
        said = sentence("X", "Sale", edge.evidence, Design(1, 7, 90)).removeprefix("X")
        assert said in page.replace("&#x27;", "'")
    words = page.split('id="said"')[1].split("</section>")[0]
    assert "associated" in words
    assert "because" not in words


def test_the_views_sort_and_draw_the_ratio_that_they_name(found: Found, browser: Client) -> None:
    for view, name in (("raw", "raw"), ("stratified", "within strata")):
        page = browser.get(PAGE, ASKED | {"view": view}).content.decode()
        assert f"Times as often with it, {name}" in page
        column = 5 if view == "raw" else 6
        ratios = [float(row[column].split("\u00a0")[0]) for row in cells(page, "evidence-table")[1:]]
        assert ratios == sorted(ratios, reverse=True)


def test_a_first_look_has_it_computed_and_says_how_far_it_is(shop: Workspace, sale: Goal, browser: Client) -> None:
    weighed(shop, sale, hits(), Design(1, 7, 90))
    page = browser.get(PAGE, ASKED | {"follow": "14"}).content.decode()
    assert "The evidence is being computed" in page
    with scope.in_workspace(shop.pk):
        row = KeptEvidence.objects.get(follow_days=14)
        assert row.asked_at is not None
        KeptEvidence.objects.filter(pk=row.pk).update(steps=4, done=1)
    assert "1 of 4 steps done" in browser.get(PAGE, ASKED | {"follow": "14"}).content.decode()
    assert list(keeping.waiting()) == [shop.pk]
    assert keeping.compute_all(shop.pk, now=NOW) == 1
    assert list(keeping.waiting()) == []
    assert "Load again" not in browser.get(PAGE, ASKED | {"follow": "14"}).content.decode()


def test_newer_events_leave_what_is_kept_on_the_page_until_the_newer_is_there(
    shop: Workspace, sale: Goal, found: Found, program: Client
) -> None:
    before = program.get(ADDRESS, ASKED).json()
    assert before["complete"]
    store(shop, [*hits(), Hit("late", at(80), name="purchase", value=1)])
    told = program.get(ADDRESS, ASKED).json()
    assert not told["complete"]
    assert told["edges"] == before["edges"]


def test_a_changed_definition_is_never_answered_by_the_old_one(
    shop: Workspace, sale: Goal, found: Found, program: Client
) -> None:
    with scope.in_workspace(shop.pk):
        goal = shop.goals.get(slug="guide")
        goal.rules.update(conditions=[{"field": "name", "operator": "is", "value": "filter"}])
    assert program.get(ADDRESS, ASKED).json()["state"] == "computing"
    again = computed(shop, sale, Design(1, 7, 90))
    assert len({edge.evidence for edge in again.edges}) == 1


def test_a_lead_makes_the_derived_value_the_goal_s_own(
    shop: Workspace, sale: Goal, found: Found, browser: Client
) -> None:
    address = f"{PAGE}guide/value/"
    form = browser.get(address, ASKED).content.decode()
    with scope.in_workspace(shop.pk):
        guide = shop.goals.get(slug="guide")
    edge = next(edge for edge in found.edges if edge.goal_id == guide.pk)
    assert edge.worth is not None
    micros = round(edge.worth.value / 10_000) * 10_000
    assert figures.money(micros, "NOK", cents=True).exact in form
    token = re.findall(r'name="form_token"[^>]*value="([^"]*)"', form)[0]
    query = "&".join(f"{name}={value}" for name, value in ASKED.items())
    assert browser.post(f"{address}?{query}", {"form_token": token}).status_code == 302
    with scope.in_workspace(shop.pk):
        guide.refresh_from_db()
        assert AuditEntry.objects.filter(act="changed").exists()
        assert guide.versions.count() == 1
    assert (guide.value_rule, guide.value_micros, guide.currency, guide.version) == ("fixed", micros, "NOK", 2)


def test_what_the_address_gets_wrong_is_named_and_the_rest_holds(found: Found, browser: Client) -> None:
    response = browser.get(PAGE, ASKED | {"goal": "gone", "past": "91"})
    assert response.status_code == 400
    page = response.content.decode()
    assert "There is no such macro goal." in page
    assert "<code>past=91</code>" in page


@pytest.mark.parametrize(
    "params", [{"landmark": "2"}, {"follow": "x"}, {"view": "raw"}], ids=["no choice", "no number", "the page's"]
)
def test_what_means_nothing_to_the_api_is_refused(sale: Goal, program: Client, params: dict[str, str]) -> None:
    assert program.get(ADDRESS, params).status_code == 400


def test_reasons_for_no_figures(shop: Workspace, browser: Client, program: Client) -> None:
    assert "No macro goals yet" in browser.get(PAGE).content.decode()
    make_goal(shop)
    assert "Connect a source" in browser.get(PAGE).content.decode()
    found = weighed(shop, shop_sale(shop), hits())
    assert found.edges == ()
    with scope.in_workspace(shop.pk):
        shop.goals.get(slug="sale").rules.all().delete()
    assert "Say what counts" in browser.get(PAGE).content.decode()


def shop_sale(shop: Workspace) -> Goal:
    with scope.in_workspace(shop.pk):
        return shop.goals.select_related("workspace").get(slug="sale")


def test_markup_in_an_event_s_name_stays_text(shop: Workspace, sale: Goal, browser: Client) -> None:
    named = [Hit(each.person, each.at, name="<b>x</b>") if each.name == "wishlist" else each for each in hits()]
    weighed(shop, sale, named, Design(1, 7, 90))
    page = browser.get(PAGE, ASKED).content.decode()
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_too_few_people_is_an_opinion_that_says_how_many_more(shop: Workspace, sale: Goal, browser: Client) -> None:
    found = weighed(shop, sale, hits()[:150], Design(1, 7, 90))
    few = [edge for edge in found.edges if edge.evidence.grade is Grade.OPINION]
    assert few, "needs an edge with too little data"
    assert "it takes about" in browser.get(PAGE, ASKED).content.decode()
