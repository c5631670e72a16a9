"""Segments' pages, files and API: one answer, the same in explorations and funnels; who may save; what stays text."""

from html import unescape
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from analysis.differences import difference
from analysis.rates import rate
from reports import figures
from reports.models import Segment
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows
from tests.reports.explore.asks import answered as explored
from tests.reports.explore.asks import histories
from tests.reports.explore.reference import DAYS, Visit, expected
from tests.reports.funnels.asks import answered as followed
from tests.reports.lake import NOW, hit, make_goal
from tests.reports.segments.asks import RANGE, answered, filled, save, size_of
from tests.reports.segments.cases import CASES
from tests.reports.segments.reference import members, persons
from tests.reports.segments.test_persons import END
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/w/fjellsport/segments/"
LATELY = "did: event purchase\ndid not in the last 5 days: event purchase"
STEPS = {"step1": "page /*", "step2": "event view_item; or event search", "step3": "event purchase"}


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


@pytest.fixture
def program(lead: Membership) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})


@pytest.fixture
def sold(shop: Workspace) -> Workspace:
    """A shop with six weeks of histories, and a goal."""
    make_goal(shop)
    filled(shop)
    return shop


def seen(client: Client, address: str = PAGE, **params: str) -> str:
    response = client.get(address, params)
    assert response.status_code == 200, address
    return response.content.decode()


def theirs(shop: Workspace, text: str) -> set[str]:
    """Give who is in a segment by the slow reference."""
    everybody = persons(histories(), zone=shop.zone, as_of=END, through=NOW)
    return members(everybody, CASES[text])


def test_a_segment_stands_beside_everybody_else_as_the_reference_counts(sold: Workspace) -> None:
    segment, mine = save(sold, LATELY), theirs(sold, LATELY)
    result = answered(sold, segment)
    sides = [
        expected(sold.zone, histories(), [], keeps=lambda visit, want=want: (visit[0].person in mine) == want)[()]
        for want in (True, False)
    ]
    assert [result.inside, result.outside] == [each["visitors"] for each in sides]
    [goal] = result.goals
    rates = [rate(each.get("converters", 0), int(each["visitors"])) for each in sides]
    assert [goal.inside, goal.outside] == rates
    assert goal.difference == difference(*rates)
    days = [
        expected(sold.zone, histories(), ["day"], keeps=lambda visit, want=want: (visit[0].person in mine) == want)
        for want in (True, False)
    ]
    assert len(result.days) == (DAYS[1] - DAYS[0]).days
    for each in result.days:
        wanted = [side.get((str(each.day),), {}).get("visitors", 0) for side in days]
        assert [each.inside, each.outside] == wanted, each.day
    assert sum(each.inside for each in result.days) > result.inside > 0
    assert result.size is not None
    assert result.size.persons == len(mine)


def test_explorations_choose_a_segment_s_persons_for_numerator_and_denominator_alike(sold: Workspace) -> None:
    save(sold, LATELY)
    mine = theirs(sold, LATELY)

    def keeps(visit: Visit) -> bool:
        return visit[0].person in mine

    asked = {"by": "channel", "metrics": "visitors,sessions,conversions:sale,rate:sale", "top": "100"}
    beside = explored(sold, **asked, segment1="segment is buyers", segment2="segment is not buyers & device is mobile")
    alone = explored(sold, **asked, where="segment is buyers")
    wanted = expected(sold.zone, histories(), ["channel"], keeps=keeps)
    assert {row.path for row in alone.rows} == wanted.keys()
    for row in alone.rows:
        sums = wanted[row.path]
        numbers = [value.number for value in row.values[0]]
        counts = [sums.get(name, 0) for name in ("visitors", "sessions", "conversions")]
        assert numbers == [*counts, sums.get("converters", 0) / sums["visitors"]], row.path
        [same] = [each for each in beside.rows if each.path == row.path]
        assert same.values[1] == row.values[0]
    others = expected(sold.zone, histories(), [], keeps=lambda visit: not keeps(visit) and visit[0].device == "mobile")[
        ()
    ]
    assert beside.total[2][0].number == others["visitors"] > 0


def test_a_funnel_tells_a_segment_apart_or_follows_its_persons_alone(sold: Workspace) -> None:
    save(sold, LATELY)
    mine = theirs(sold, LATELY)
    whole = followed(sold, **STEPS, by="segment:buyers")
    rows = {each.key: each for each in whole.segments}
    assert rows["in"].label == "Buyers"
    assert [sum(n) for n in zip(*(each.persons for each in whole.segments), strict=True)] == [
        step.persons for step in whole.steps
    ]
    only = followed(sold, **STEPS, only="buyers", drop="1")
    assert [step.persons for step in only.steps] == list(rows["in"].persons)
    began = {each.person for each in histories() if each.name == "page_view" and each.path}
    assert only.steps[0].persons == len(began & mine) > 0
    assert sum(each.persons for each in only.following or ()) == only.steps[1].lost


def test_page_files_and_api_say_the_same(sold: Workspace, browser: Client, program: Client) -> None:
    segment = save(sold, LATELY)
    result = answered(sold, segment)
    size, [goal] = result.size, result.goals
    assert size is not None
    assert goal.inside is not None
    told = program.get("/api/v1/reports/segments/buyers", RANGE).json()
    assert (told["size"]["persons"], told["size"]["everybody"]) == (size.persons, size.everybody)
    assert told["goals"][0]["inside"]["value"] == goal.inside.value
    assert told["goals"][0]["difference"]["low"] == (goal.difference and goal.difference.low)
    assert [(each["day"], each["inside"]) for each in told["days"]] == [(str(d.day), d.inside) for d in result.days]
    sheet = csv_rows(browser.get(f"{PAGE}saved/buyers.csv", RANGE).content)
    assert [row[1] for row in sheet[1:4]] == [str(n) for n in (size.persons, size.persons_lately, result.inside)]
    assert float(sheet[-1][1]) == goal.inside.value
    book = load_workbook(BytesIO(browser.get(f"{PAGE}saved/buyers.xlsx", RANGE).content)).worksheets[0]
    assert book.cell(2, 2).value == size.persons
    page = seen(browser, f"{PAGE}saved/buyers/", **RANGE)
    [_head, row] = cells(page, "segment-goals")
    assert figures.percent(goal.inside.value).text in row[1]
    assert figures.basis(goal.inside.conversions, goal.inside.visits) in row[1]
    for body in (page, str(told), str(sheet)):
        assert not any(f"{name}'" in body or f">{name}<" in body for name in theirs(sold, LATELY)), "nobody is named"
    assert csv_rows(browser.get("/w/fjellsport/segments.csv").content)[1][:2] == ["Buyers", "buyers"]
    [listed] = program.get("/api/v1/person-segments").json()["segments"]
    assert listed["text"] == LATELY
    assert "Did not do in the last 5 days: <code>purchase</code>" in unescape(seen(browser))


FORM = {
    "name": "Yoga", "description": "Come back", "owner": "", "match": "all of", "lines-TOTAL_FORMS": "3",
    "lines-INITIAL_FORMS": "0", "lines-0-verb": "did", "lines-0-subject": "goal sale", "lines-0-bound": "at least",
    "lines-0-times": "2", "lines-0-when": "ever", "lines-1-verb": "did not", "lines-1-subject": "event purchase",
    "lines-1-when": "since", "lines-1-first": "2026-11-17", "lines-2-verb": "did", "lines-2-subject": "",
}  # fmt: skip


def test_segments_are_written_previewed_changed_and_removed_with_a_trace(sold: Workspace, browser: Client) -> None:
    preview = browser.post(f"{PAGE}preview/", FORM, headers={"HX-Request": "true"})
    text = "all of\ndid at least 2 times: goal sale\ndid not since 2026-11-17: event purchase"
    size = size_of(sold, text)
    assert f"{size.persons} of {size.everybody} persons" in unescape(preview.content.decode())
    made = browser.post(f"{PAGE}new/", FORM)
    assert made.headers["Location"] == f"{PAGE}saved/yoga/"
    with scope.in_workspace(sold.pk):
        assert Segment.objects.get().text == text
    edit = f"{PAGE}saved/yoga/edit/"
    assert 'value="goal sale"' in seen(browser, edit)
    changed = browser.post(edit, FORM | {"match": "any of", "revision": "1"})
    assert changed.status_code == 302
    stale = browser.post(edit, FORM | {"lines-1-first": "2026-11-18", "revision": "1"})
    assert stale.status_code == 409
    assert "any of" in unescape(stale.content.decode())
    assert browser.post(f"{PAGE}saved/yoga/remove/").status_code == 302
    with scope.in_workspace(sold.pk):
        assert not Segment.objects.exists()
        entries = list(AuditEntry.objects.filter(workspace=sold).order_by("pk"))[-3:]
        assert [entry.act for entry in entries] == ["created", "changed", "deleted"]
        assert entries[1].before == {"text": text}


def test_a_form_names_the_row_that_is_wrong_and_keeps_what_was_typed(sold: Workspace, browser: Client) -> None:
    wrong = FORM | {"lines-1-subject": "goal gone"}
    refused = browser.post(f"{PAGE}new/", wrong)
    assert refused.status_code == 422
    page = unescape(refused.content.decode())
    assert 'Row 2: There is no goal "gone".' in page
    assert 'value="goal gone"' in page
    for pressed, rows in (({"add": "1"}, 4), ({"remove": "0"}, 2), ({"preview": "1"}, 3)):
        again = unescape(browser.post(f"{PAGE}new/", FORM | pressed).content.decode())
        assert f'name="lines-TOTAL_FORMS" value="{rows}"' in again, pressed
        assert 'value="Yoga"' in again
    begun = unescape(seen(browser, f"{PAGE}new/", text="any of\ndid: goal gone"))
    assert 'There is no goal "gone"' in begun
    assert "Say in a row at least who is meant." in unescape(
        browser.post(f"{PAGE}preview/", {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}).content.decode()
    )
    with scope.in_workspace(sold.pk):
        assert not Segment.objects.exists()


def test_a_row_that_says_what_but_not_who_is_refused_by_its_number(
    sold: Workspace, lead: Membership, browser: Client
) -> None:
    answer = browser.post(f"{PAGE}new/", FORM | {"lines-2-verb": "", "lines-2-subject": "event view_item"})
    assert answer.status_code == 422
    assert "Row 3: Begin with one of did, " in unescape(answer.content.decode())
    assert not Segment.objects.exists()


def test_what_names_a_segment_that_is_gone_says_so_and_shows_nothing_false(
    sold: Workspace, browser: Client, program: Client
) -> None:
    gone = 'There is no segment "gone".'
    explored_page = unescape(seen(browser, "/w/fjellsport/explore/", **RANGE, where="segment is gone"))
    funnel_pages = [
        unescape(seen(browser, "/w/fjellsport/funnels/", **RANGE, **STEPS, **asked))
        for asked in ({"only": "gone"}, {"by": "segment:gone"})
    ]
    for page in (explored_page, *funnel_pages):
        assert gone in page
        assert 'id="explore-table"' not in page
        assert 'id="funnel-table"' not in page
    told = program.get("/api/v1/reports/explore", RANGE | {"where": "segment is gone"}).json()
    assert (told["state"], told["waiting"], told["rows"]) == ("missing", [gone], [])
    told = program.get("/api/v1/reports/funnel", RANGE | STEPS | {"only": "gone"}).json()
    assert (told["state"], told["waiting"], told["steps"]) == ("missing", [gone], [])
    save(sold, "did: goal gone")
    page = unescape(seen(browser, f"{PAGE}saved/buyers/"))
    assert 'Buyers: Line 1: There is no goal "gone".' in page
    assert 'There is no goal "gone"' in unescape(seen(browser))


@pytest.mark.parametrize("made", ["no events", "computing", "untracked"])
def test_a_segment_without_figures_says_why(shop: Workspace, browser: Client, made: str) -> None:
    save(shop, "did: goal sale" if made != "no events" else "visited")
    if made == "no events":
        assert "Connect a source" in seen(browser, f"{PAGE}saved/buyers/")
        return
    filled(shop)
    goal = make_goal(shop)
    if made == "computing":
        assert "are being computed" in seen(browser, f"{PAGE}saved/buyers/")
        return
    with scope.in_workspace(shop.pk):
        goal.rules.all().delete()
    assert "A goal can't be noticed yet" in unescape(seen(browser, f"{PAGE}saved/buyers/"))


def test_bad_ranges_and_parameters_are_named(sold: Workspace, browser: Client, program: Client) -> None:
    save(sold, LATELY)
    page = browser.get(f"{PAGE}saved/buyers/", {"from": "soon"})
    assert page.status_code == 400
    assert "Give a day as year-month-day" in page.content.decode()
    assert program.get("/api/v1/reports/segments/buyers", {"by": "page"}).status_code == 400
    assert program.get("/api/v1/reports/segments/gone").status_code == 404
    for asked in ({"where": "segment contains a"}, {"where": "segment is a b"}):
        assert program.get("/api/v1/reports/explore", asked).status_code == 400
    for asked in ({"only": "a b"}, {"by": "segment:"}):
        assert program.get("/api/v1/reports/funnel", asked).status_code == 400


def test_who_does_not_edit_the_plan_looks_and_does_not_save(sold: Workspace, viewer: Membership) -> None:
    save(sold, LATELY)
    client = Client()
    client.force_login(viewer.user)
    assert "New segment" not in seen(client)
    assert "segment-goals" in seen(client, f"{PAGE}saved/buyers/", **RANGE)
    for address in ("new/", "preview/", "saved/buyers/edit/", "saved/buyers/remove/"):
        assert client.post(f"{PAGE}{address}", FORM).status_code == 403, address


def test_what_people_sent_stays_text(shop: Workspace, browser: Client) -> None:
    evil = "<script>alert(1)</script>"
    filled(shop, [hit("a", name=evil, path=f"/{evil}"), hit("b", name="=sum(A1)")])
    with scope.in_workspace(shop.pk):
        Segment.objects.create(
            workspace=shop, name=f"={evil}", slug="evil", description=evil, text=f'did: event "{evil}"'
        )
    for address in ("", "saved/evil/", "saved/evil/edit/", "new/"):
        assert evil not in seen(browser, f"{PAGE}{address}"), address
    assert evil not in seen(browser, "/w/fjellsport/explore/", **RANGE, segment1="segment is evil")
    assert evil not in seen(browser, "/w/fjellsport/funnels/", **RANGE, **STEPS, by="segment:evil")
    assert csv_rows(browser.get("/w/fjellsport/segments.csv").content)[1][0].startswith("'=")
