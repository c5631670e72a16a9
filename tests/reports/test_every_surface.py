"""Whatever is asked of whatever history: page, API, CSV, workbook, link, snapshot, mail and PDF say one thing."""

import io
import random
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reports import asking, figures, filling
from reports.attribution import blocks
from reports.dimensions import DIMENSIONS
from reports.insights.exporting import TABLES
from reports.mailed import paper
from reports.mailed.edition import edition_of
from reports.snapshots.showing import text_of as written
from tests.builders import make_token
from tests.reports.asks import cells, csv_rows, drawn
from tests.reports.lake import NOW, Hit, hit, make_goal, store
from tests.reports.mailed.asks import html_of, make_schedule, tables_of, told_of, try_out
from tests.reports.sharing.asks import RANGE, make_link, read
from tests.reports.sharing.test_shared import without_ways
from tests.reports.snapshots.test_pages import take
from tests.reports.test_workbooks import is_same
from tests.reports.views.test_pages import make_kpi
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

PAGE = "/w/fjellsport/goals/sale"
CHANNELS = ("email", "paid_search", "organic_search", "", "display", "referral")
CAMPAIGNS = ("=sum(A1)", "<b>spring</b>", "høst", None)
MICROS = 1_000_000
questions = st.fixed_dictionaries(
    {
        "from": st.sampled_from(["2026-10-20", "2026-11-02", "2026-11-05"]),
        "to": st.sampled_from(["2026-11-06", "2026-11-20"]),
        "by": st.sampled_from(list(DIMENSIONS)),
        "model": st.sampled_from(list(asking.OFFERED_MODELS)),
        "click": st.sampled_from(["off", "1", "30", "90"]),
        "view": st.sampled_from(["off", "1", "30"]),
        "per": st.sampled_from(["visitors", "sessions"]),
        "metric": st.sampled_from(["conversions", "rate", "value", "average"]),
    }
)


def histories(seed: int) -> list[Hit]:
    """Give people who come, see ads, buy and are refunded, in any order."""
    dice = random.Random(seed)
    hits = [hit("always", days=-15)]  # from its day on all figures are made anew for every example
    hits += [hit("always", channel="email", campaign="høst"), hit("always", minutes=2, name="purchase", value=300)]
    for n in range(60):
        person, day = f"p{dice.randrange(20)}", dice.uniform(-14, 18)
        came = {"channel": dice.choice(CHANNELS), "campaign": dice.choice(CAMPAIGNS)}
        hits.append(hit(person, days=day, name=dice.choice(("page_view", "page_view", "ad_impression")), **came))
        if dice.random() < 0.4:
            value = dice.randrange(1, 900)
            hits.append(hit(person, days=day, minutes=9, name="purchase", value=value, transaction=f"t{n}"))
            if dice.random() < 0.3:
                hits.append(hit(person, days=day + 1, name="refund", value=-value, transaction=f"t{n}", refund=True))
    return hits


@pytest.fixture
def browser(shop: Workspace, lead: Membership, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    make_kpi(make_goal(shop), "Sales", measure="count", target=40)
    client = Client()
    client.force_login(lead.user)
    return client


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(params=questions, seed=st.integers(0, 2**20))
def test_every_surface_says_the_same_cell_by_cell(
    shop: Workspace, lead: Membership, browser: Client, params: dict[str, str], seed: int
) -> None:
    store(shop, histories(seed))
    filling.fill(shop.pk, now=NOW)
    blocks.kept.forget()
    params = {"period": "custom", **params}
    told = api(lead, params)
    rows, totals = told["rows"], told["totals"]
    sheets = [csv_rows(browser.get(f"{PAGE}/{name}.csv", params).content) for name in ("breakdown", "trend")]
    board = csv_rows(browser.get("/w/fjellsport/kpis.csv").content)
    page = browser.get(f"{PAGE}/", params).content.decode()
    shown = cells(page, "breakdown-table")

    # The API's numbers are those of the file, and the page shows them rounded.
    for row, line in zip([*rows, totals], sheets[0][1:], strict=True):
        assert numbers(line) == expected(row), line
    assert sum(int(line[2] or 0) for line in trend_of_conversions(browser, params)) == totals["conversions"]
    assert [row[:2] for row in shown[1:]] == (
        [
            *([row["label"], figures.count(row["conversions"]).exact] for row in rows),
            ["Total", figures.number(totals["conversions"])],
        ]
        if rows
        else []
    )

    # The workbook holds the file's cells.
    for name, sheet in zip(("breakdown", "trend"), sheets, strict=True):
        book = load_workbook(io.BytesIO(browser.get(f"{PAGE}/{name}.xlsx", params).content)).worksheets[0]
        for cells_of_row, line in zip(book.iter_rows(), sheet, strict=True):
            assert all(is_same(cell, text) for cell, text in zip(cells_of_row, line, strict=False)), line

    # Who has the link sees the page's tables; a snapshot keeps the files; a mail and its PDF say them.
    link = read(make_link(lead, "goal", params))
    assert cells(link, "breakdown-table") == shown
    assert drawn(link) == drawn(page)
    kept = take(lead, "goal", {"goal": "sale", **params})
    assert [csv_rows(browser.get(f"{kept}table-{n}.csv").content) for n in (1, 2, 3)] == [board, *sheets]
    check_mail(lead, "goal", params, [board, *sheets])


EXPLORED = {  # the page, those of its tables that links show as well, and its files in the order of its record
    "attribution": ("attribution", ["models-table"], ["attribution"]),
    "funnel": ("funnels", ["funnel-table"], ["funnels", "funnels/trend"]),
    "insights": ("insights", ["split-table", "content-table"], [f"insights/{name}" for name in TABLES]),
    "paths": ("paths", ["paths-table"], ["paths", "paths/moves"]),
    "cohorts": ("cohorts", ["cohorts-table"], ["cohorts"]),
    "explore": ("explore", ["explore-table"], ["explore"]),
}
CHOICES: dict[str, dict[str, list[str]]] = {
    "attribution": {
        "goal": ["sale"],
        "by": list(DIMENSIONS),
        "models": ["last,first,linear", "position,time_decay,same_touch"],
        "click": ["1", "30", "90"],
        "view": ["off", "30"],
        "direct": ["keep", "rule"],
    },
    "funnel": {
        "step1": ["event page_view", "event page_view or event ad_impression"],
        "step2": ["goal sale", "event purchase"],
        "step3": ["event refund"],
        "window": ["session", "7", "30"],
        "by": ["none", "channel", "device"],
        "order": ["sequential", "strict"],
    },
    "insights": {
        "content": ["all", "paid", "organic"],
        "metric": ["checkouts", "revenue", "aov", "purchasers"],
        "split": ["none", "part", "content"],
        "view": ["off", "30"],
    },
    "paths": {
        "direction": ["after", "before"],
        "show": ["pages", "events", "both"],
        "point": ["", "goal sale"],
        "top": ["5", "10"],
    },
    "cohorts": {
        "first": ["seen", "goal:sale"],
        "did": ["back", "goal:sale"],
        "every": ["day", "week", "month"],
        "count": ["within", "up_to"],
    },
    "explore": {
        "by": ["channel", "campaign,device", "day", "none"],
        "metrics": ["visitors,sessions,bounce", "conversions:sale,rate:sale,value:sale"],
        "open": ["", "*"],
        "segment1": ["", "channel is email"],
    },
}
explored = st.sampled_from(list(EXPLORED)).flatmap(
    lambda report: st.fixed_dictionaries(
        {"report": st.just(report), **{name: st.sampled_from(few) for name, few in CHOICES[report].items()}}
    )
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=explored, seed=st.integers(0, 2**20))
def test_what_is_explored_is_the_same_wherever_it_goes(
    shop: Workspace, lead: Membership, browser: Client, question: dict[str, str], seed: int
) -> None:
    store(shop, histories(seed))
    filling.fill(shop.pk, now=NOW)
    blocks.kept.forget()
    report, params = question["report"], {name: value for name, value in question.items() if name != "report"}
    params |= RANGE
    name, tables, files = EXPLORED[report]
    page = browser.get(f"/w/fjellsport/{name}/", params)
    assert page.status_code == 200, page.content.decode()
    sheets = [csv_rows(browser.get(f"/w/fjellsport/{file}.csv", params).content) for file in files]
    assert all(len(sheet) >= 2 for sheet in sheets[:1]), "needs rows"

    link = read(make_link(lead, report, params))
    for table in tables:
        shown = cells(link, table)
        assert len(shown) >= 2, "needs rows"
        assert shown == without_ways(cells(page.content.decode(), table)), table
    kept = take(lead, report, params)
    assert [csv_rows(browser.get(f"{kept}table-{n}.csv").content) for n in range(1, len(files) + 1)] == sheets
    check_mail(lead, report, params, sheets)


def check_mail(lead: Membership, report: str, params: dict[str, str], sheets: list[list[list[str]]]) -> None:
    """See that a mail, and its PDF, say the cells of the files in words; of long tables so many rows."""
    schedule = make_schedule(lead, report, params)
    mailed = tables_of(html_of(try_out(schedule, lead)))
    mail.outbox.clear()
    assert [set(table[0]) - set(sheet[0]) for table, sheet in zip(mailed, sheets, strict=True)] == [set()] * len(sheets)
    with translation.override("en"):
        edition = edition_of(schedule, "en", at=NOW, now=NOW)
        paper_tables = [[table["head"], *table["rows"]] for table in paper.told_of(edition)["tables"]]
    assert paper_tables == mailed
    for table, sheet in zip(mailed, edition.record.sheets, strict=True):
        places = [list(map(str, sheet.rows[0])).index(name) for name in table[0]]
        lines = [line for line in told_of(sheet.rows) if len(line) > 1]  # a row of one cell is a note below the table
        assert table[1:] == [[written(line[place]) for place in places] for line in lines]


def api(lead: Membership, params: dict[str, str]) -> dict[str, Any]:
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    answer = program.get("/api/v1/reports/goals/sale", params)
    assert answer.status_code == 200, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def numbers(line: list[str]) -> list[float | None]:
    return [float(cell) if cell else None for cell in line[1:]]


def expected(row: dict[str, Any]) -> list[float | None]:
    """Give a row of the API, or its total, as the file's line has it."""
    rate = row["rate"]
    return [
        row["conversions"], row.get("share"), rate["numerator"], rate["denominator"], rate["value"], rate["low"],
        rate["high"], row["value_micros"] / MICROS, row["value_net_micros"] / MICROS,
    ]  # fmt: skip


def trend_of_conversions(browser: Client, params: dict[str, str]) -> list[list[str]]:
    asked = params | {"metric": "conversions", "interval": "day"}
    return csv_rows(browser.get(f"{PAGE}/trend.csv", asked).content)[1:]
