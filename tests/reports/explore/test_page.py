"""The page of explorations, its files and its API: one answer; what is saved, who may save it, and what stays text."""

from datetime import timedelta
from html import unescape
from io import BytesIO
from re import findall
from urllib.parse import parse_qsl

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reports import figures
from reports.explore.dimensions import EXPLORED
from reports.explore.metrics import OF_GOALS, OF_VISITS
from reports.explore.question import NAMES, Known, read, read_leniently
from reports.explore.ready_made import engagement
from reports.explore.rows import REST, flat
from reports.explore.usual import known_of
from reports.models import Exploration
from reports.question import BadQuestion, Fault
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows
from tests.reports.explore.asks import RANGE, answered, filled, histories
from tests.reports.explore.reference import on_plan
from tests.reports.lake import NOW, hit, make_goal
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

PAGE = "/w/fjellsport/explore/"
COLUMNS = "visitors,sessions,pages,bounce,duration,conversions:sale,rate:sale,value:sale"
ASKED = RANGE | {"by": "channel,page", "open": "email,direct", "metrics": COLUMNS, "top": "5"}


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
    """The shop with six weeks of histories, and a goal."""
    make_goal(shop)
    filled(shop, histories())
    return shop


def seen(client: Client, address: str = PAGE, **params: str) -> str:
    response = client.get(address, params)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("segments", [{}, {"segment1": "device is mobile", "segment2": "device is not mobile"}])
def test_page_files_and_api_say_the_same_in_every_cell(
    sold: Workspace, browser: Client, program: Client, segments: dict[str, str]
) -> None:
    asked = ASKED | segments
    result = answered(sold, **asked)
    rows = list(flat(result.rows))
    told = program.get("/api/v1/reports/explore", asked).json()
    sheet = csv_rows(browser.get("/w/fjellsport/explore.csv", asked).content)
    book = load_workbook(BytesIO(browser.get("/w/fjellsport/explore.xlsx", asked).content)).worksheets[0]
    shown = cells(seen(browser, **asked), "explore-table")
    assert len(rows) == len(told["rows"]) == len(sheet) - 2 == len(shown) - 2 > 9
    assert [[cell or "" for cell in row[:3]] for row in book.iter_rows(min_row=3, values_only=True)]
    every = [(result.total, told["total"], sheet[1], shown[-1])]
    every += [
        (row.values, one["values"], line, page)
        for row, one, line, page in zip(rows, told["rows"], sheet[2:], shown[1:-1], strict=True)
    ]
    for row, one in zip(rows, told["rows"], strict=True):
        assert (one["kind"], one["level"], tuple(one["path"]), one["count"]) == (
            row.kind,
            row.level,
            row.path,
            row.count,
        )
    for values, one, line, page in every:
        in_file = iter(line[3:])
        on_page = iter(page[1:])
        for place, column in enumerate(result.columns):
            for segment, given_values in enumerate(values):
                value, given_one = given_values[place], one[segment][place]
                text = next(on_page)
                if column.figure.unit == "money":
                    assert [(each["currency"], each["micros"]) for each in given_one["amounts"]] == list(value.amounts)
                    assert [float(next(in_file) or 0) for _ in ("NOK", "EUR")] == [
                        dict(value.amounts).get(code, 0) / 1_000_000 for code in column.goal.currencies
                    ]
                    assert all(figures.money(micros, code).text in text for code, micros in value.amounts)
                    continue
                number = next(in_file)
                assert given_one["value"] == value.number == (float(number) if number else None)
                if column.figure.unit == "share":
                    part, whole, low, high = (next(in_file) for _ in range(4))
                    assert (
                        (given_one["part"], given_one["whole"]) == (int(part), int(whole)) == (value.part, value.whole)
                    )
                    assert given_one["low"] == (float(low) if low else None)
                    assert given_one["high"] == (float(high) if high else None)
                    assert value.rate is None or figures.basis(value.part, value.whole) in text
                elif column.figure.unit == "count":
                    assert text == figures.number(value.number)
                elif column.figure.unit == "duration" and value.number is not None:
                    assert text == figures.duration(timedelta(seconds=value.number))


@pytest.mark.parametrize(
    "days", [RANGE, {"from": "2026-10-25", "to": "2026-10-25"}, {"from": "2026-11-01", "to": "2026-11-07"}]
)
def test_totals_are_those_of_the_goal_page(sold: Workspace, program: Client, days: dict[str, str]) -> None:
    keys = ("conversions", "converters", "rate", "session_rate", "value", "value_net", "average")
    metrics = ",".join(f"{key}:sale" for key in keys)
    for by in ("none", "channel", "page,device", "hour"):
        told = program.get("/api/v1/reports/explore", days | {"by": by, "metrics": metrics}).json()["total"][0]
        given_of = dict(zip(keys, told, strict=True))
        for per, key in (("visitors", "rate"), ("sessions", "session_rate")):
            goal = program.get("/api/v1/reports/goals/sale", days | {"per": per}).json()["totals"]
            rate = goal["rate"]
            assert given_of[key]["value"] == (rate["value"] if rate else None), (by, per)
            assert given_of["conversions"]["value"] == goal["conversions"]
            assert given_of["converters"]["value"] == goal["converters"]
            assert dict_of(given_of["value"]).get("NOK", 0) == goal["value_micros"]
            assert dict_of(given_of["value_net"]).get("NOK", 0) == goal["value_net_micros"]
            assert dict_of(given_of["average"]).get("NOK") == goal["average_micros"]


def dict_of(value: dict[str, list[dict[str, int]]]) -> dict[str, int]:
    return {each["currency"]: each["micros"] for each in value["amounts"]}  # type: ignore[misc]  # as the API gives it


def test_what_was_typed_is_read_again_from_the_address(sold: Workspace, browser: Client) -> None:
    asked = ASKED | {
        "where": r"page is /a\|b | /c & property:plan%20name is not pro",
        "segment2": "goal is sale",
        "sort": "name",
    }
    with scope.in_workspace(sold.pk):
        known = known_of(sold, now=NOW)
    question = read(asked, known)
    assert question.where[0].values == ("/a|b", "/c")
    assert question.where[1].dimension.name == "plan name"
    assert read(dict(parse_qsl(question.query(), keep_blank_values=True)), known).kept() == question.kept()
    page = unescape(seen(browser, **asked))
    assert "segment1=goal+is+sale" in page


WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from([*EXPLORED, *OF_VISITS, *(f"{each}:sale" for each in OF_GOALS), "*", "channel is", "goal is sale"]),
    st.builds(
        lambda key, operator, value: f"{key} {operator} {value}",
        st.sampled_from([*EXPLORED, "goal", "property:a", "property:%00", "nothing"]),
        st.sampled_from(["is", "is not", "contains", "starts with", "has"]),
        st.text(max_size=12),
    ),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from([*NAMES, "model"]), WORDS, max_size=6))
def test_any_address_is_a_question_or_a_refusal_in_words(known: Known, params: dict[str, str]) -> None:
    refused = refusal_of(params, known)
    asked, faults = read_leniently(params, known)
    assert all(fault.message for fault in (*refused, *faults))
    assert bool(refused) == bool(faults) or "model" in params
    again = read(dict(parse_qsl(asked.query(), keep_blank_values=True)), known)
    assert (again.kept(), again.opened, again.is_all) == (asked.kept(), asked.opened, asked.is_all)


def refusal_of(params: dict[str, str], known: Known) -> tuple[Fault, ...]:
    """Give what the API finds wrong with an address."""
    try:
        read(params, known, strict=True)
    except BadQuestion as refusal:
        return refusal.faults
    return ()


@pytest.fixture
def known(shop: Workspace) -> Known:
    make_goal(shop)
    with scope.in_workspace(shop.pk):
        return known_of(shop, now=NOW)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"by": "colour"}, "or up to three of"),
        ({"by": "day,week,month,hour"}, "at most 3 levels"),
        ({"metrics": "sessions,value:gone"}, "short name of a goal"),
        ({"metrics": ","}, "1 to 8 columns"),
        ({"where": "channel"}, "Write a condition such as"),
        ({"where": "colour is red"}, "Begin with one of"),
        ({"where": "goal contains sale"}, "reached or not"),
        ({"where": "goal is gone"}, "There is no goal"),
        ({"segment2": "channel is |"}, "1 to 50 values"),
        ({"where": " & ".join(["channel is a"] * 11)}, "at most 10 conditions"),
        ({"sort": "rate:sale"}, "Give one of"),
        ({"top": "7"}, "Give one of"),
        ({"open": ",".join(str(n) for n in range(51)), "by": "channel,device"}, "At most 50 rows"),
        ({"saved": "gone"}, "Give one of"),
    ],
    ids=[
        "by", "levels", "goal", "none", "form", "key", "operator", "slug", "values", "many", "sort", "top",
        "open", "saved",
    ],
)  # fmt: skip
def test_what_means_nothing_is_named_on_the_page_and_refused_by_the_api(
    sold: Workspace, browser: Client, program: Client, params: dict[str, str], said: str
) -> None:
    page = browser.get(PAGE, params)
    assert page.status_code == 400
    assert said in unescape(page.content.decode())
    answer = program.get("/api/v1/reports/explore", params)
    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_what_people_sent_stays_text(shop: Workspace, browser: Client) -> None:
    evil = "<script>alert(1)</script>"
    make_goal(shop)
    hits = [
        hit("a", name=evil, path=f"/{evil}", properties=on_plan("'); drop table visits; --")),
        hit("b", name="=sum(A1)", properties=on_plan("$since")),
    ]
    filled(shop, hits)
    for by in ("event", "page", "property:plan", f"property:{evil}".replace("/", "%2F")):
        page = seen(browser, **RANGE, by=by, where=f'event is {evil} | =sum(A1) & page is not "', open="*")
        assert evil not in page, by
    rows = csv_rows(browser.get("/w/fjellsport/explore.csv", RANGE | {"by": "event"}).content)
    assert "'=sum(A1)" in [row[1] for row in rows]
    only = [
        unescape(each) for each in findall(r'class="only" href="([^"]+)"', seen(browser, **RANGE, by="property:plan"))
    ]
    assert len(only) == 2
    for each in only:
        assert cells(seen(browser, PAGE + each), "explore-table")[-1][2] == "1"
    assert browser.get("/api/v1/reports/explore").status_code == 401


def test_rows_lead_on_to_what_is_below_them_and_to_their_sessions_alone(sold: Workspace, browser: Client) -> None:
    page = unescape(seen(browser, **RANGE, by="channel,device", metrics="sessions"))
    turn = next(each for each in findall(r'class="turn" href="([^"]+)"', page) if "email" in each)
    opened = cells(seen(browser, PAGE + turn), "explore-table")
    below = [int(row[1]) for row in opened[1:] if row[0].startswith(("Mobile", "Desktop", "(not set)"))]
    [whole] = [int(row[1]) for row in opened if row[0].startswith("E-mail")]
    assert sum(below) == whole > 0
    only = next(each for each in findall(r'class="only" href="([^"]+)"', page) if "email" in each)
    narrowed = seen(browser, PAGE + only)
    assert "Channel is E-mail" in narrowed
    assert cells(narrowed, "explore-table")[-1][1] == str(whole)


def test_a_goal_leads_to_what_its_sessions_are_like(sold: Workspace, browser: Client) -> None:
    page = unescape(seen(browser, "/w/fjellsport/goals/sale/"))
    [address] = findall(r'href="(/w/fjellsport/explore/\?[^"]+)"', page)
    assert dict(parse_qsl(address.partition("?")[2])).items() >= engagement("sale").items()
    result = answered(sold, **engagement("sale"))
    whole, reached, others = (
        {each.key: value for each, value in zip(result.columns, values, strict=True)} for values in result.total
    )
    assert reached["sessions"].number + others["sessions"].number == whole["sessions"].number
    assert reached["pages"].part + others["pages"].part == whole["pages"].part
    assert 0 < reached["sessions"].number < whole["sessions"].number
    assert "Goal is Sale" in unescape(seen(browser, PAGE, **RANGE, **engagement("sale")))


def test_explorations_are_saved_changed_and_removed_with_a_trace(
    sold: Workspace, browser: Client, program: Client
) -> None:
    saved = browser.post(f"{PAGE}new/?by=device,page&where=channel+is+email&open=mobile", {"name": "Mail on phones"})
    assert saved.headers["Location"] == f"{PAGE}?saved=mail-on-phones"
    [told] = program.get("/api/v1/explorations").json()["explorations"]
    assert (told["slug"], told["params"]["by"], told["params"]["where"]) == (
        "mail-on-phones",
        "device,page",
        "channel is email",
    )
    assert "open" not in told["params"]
    assert "Mail on phones" in seen(browser, saved="mail-on-phones", **RANGE)
    given_of = program.get("/api/v1/reports/explore", RANGE | {"saved": "mail-on-phones"}).json()
    assert given_of["rows"] == program.get("/api/v1/reports/explore", RANGE | told["params"]).json()["rows"]
    changed = browser.post(f"{PAGE}saved/mail-on-phones/?by=day", {"name": "By day", "revision": 1})
    assert changed.status_code == 302
    with scope.in_workspace(sold.pk):
        kept = Exploration.objects.get()
        assert (kept.name, kept.params["by"], kept.params["where"], kept.revision) == (
            "By day",
            "day",
            "channel is email",
            2,
        )
    assert browser.post(f"{PAGE}saved/mail-on-phones/remove/").status_code == 302
    with scope.in_workspace(sold.pk):
        assert not Exploration.objects.exists()
        acts = [entry.act for entry in AuditEntry.objects.filter(workspace=sold).order_by("pk")]
    assert acts[-3:] == ["created", "changed", "deleted"]


def test_a_saved_question_whose_goal_is_gone_says_so(sold: Workspace, browser: Client) -> None:
    with scope.in_workspace(sold.pk):
        Exploration.objects.create(workspace=sold, name="Old", slug="old", params={"metrics": "value:gone"})
    page = browser.get(PAGE, {"saved": "old"})
    assert page.status_code == 400
    assert "short name of a goal" in page.content.decode()


def test_who_does_not_edit_the_plan_asks_and_does_not_save(sold: Workspace, viewer: Membership) -> None:
    client = Client()
    client.force_login(viewer.user)
    assert "Save as a new question" not in seen(client, **ASKED)
    assert client.post(f"{PAGE}new/?by=day", {"name": "Mine"}).status_code == 403


@pytest.mark.parametrize("made", ["no events", "untracked", "computing", "nobody", "too many"])
def test_an_empty_page_says_why(shop: Workspace, browser: Client, made: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if made == "no events":
        assert "Connect a source" in seen(browser)
        return
    filled(shop, histories())
    goal = make_goal(shop)
    if made == "untracked":
        with scope.in_workspace(shop.pk):
            goal.rules.all().delete()
        assert "A goal can't be noticed yet" in unescape(seen(browser, metrics="value:sale"))
    elif made == "computing":
        assert "are being computed" in seen(browser, metrics="value:sale")
    elif made == "nobody":
        assert "Nobody was there" in seen(browser, **RANGE, where="channel is nowhere")
    else:
        monkeypatch.setattr("reports.explore.tallying.MOST_VALUES", 2)
        assert "more than can be counted at once" in seen(browser, **RANGE)


def test_what_is_not_shown_is_one_row_of_its_own(sold: Workspace) -> None:
    result = answered(sold, by="page", top="5", metrics="visitors,events", where="event is not nothing")
    *_shown, rest = result.rows
    assert (rest.kind, rest.count) == (REST, 2)
    assert sum(row.values[0][1].number for row in result.rows) == result.total[0][1].number
