"""The workbook beside each CSV: the same rows, as numbers, shares, days and text; and what was asked."""

import io
import math
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from reports.exports import Share, as_csv
from reports.goal_page import Fact
from reports.workbooks import as_xlsx
from tests.reports.asks import csv_rows
from tests.reports.lake import NOW
from tests.reports.sharing.asks import open_shop
from workspaces.models import Membership, Workspace

RANGE = "from=2026-11-02&to=2026-11-20"
FILES = {
    "kpis": "kpis",
    "breakdown": "goals/sale/breakdown",
    "trend": "goals/sale/trend",
    "attribution": "attribution",
    "costs": "attribution/costs",
    "claims": "attribution/claims",
    "funnel": "funnels",
    "funnel-trend": "funnels/trend",
    "funnel-next": "funnels/next",
    "paths": "paths",
    "path-moves": "paths/moves",
    "evidence": "evidence",
    "insights-figures": "insights/figures",
    "insights-split": "insights/split",
    "insights-trend": "insights/trend",
    "insights-activity": "insights/activity",
    "insights-content": "insights/content",
}
MANY = {
    "breakdown",
    "trend",
    "attribution",
    "claims",
    "funnel",
    "funnel-trend",
    "paths",
    "insights-figures",
    "insights-split",
    "insights-trend",
    "insights-content",
}  # of these the shop has several rows
QUERIES = {"breakdown": "&by=campaign", "attribution": "&goal=sale&by=campaign", "trend": "&metric=rate"}


@pytest.fixture
def browser(client: Client, shop: Workspace, lead: Membership, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(timezone, "now", lambda: NOW)  # what is expected to date grows between two requests
    open_shop(shop)
    client.force_login(lead.user)
    return client


def opened(body: bytes) -> Any:  # openpyxl's workbook
    return load_workbook(io.BytesIO(body))


def is_same(cell: Any, text: str) -> bool:
    """Say whether a cell holds what the CSV writes; openpyxl writes sixteen digits of a number."""
    value = cell.value
    if isinstance(value, datetime):
        return value.date().isoformat() == text
    if isinstance(value, int | float):
        return math.isclose(value, float(text), rel_tol=1e-15)
    return (value or "") == (text.removeprefix("'"))


def test_a_workbook_has_the_rows_of_its_csv(browser: Client) -> None:
    for name, path in FILES.items():
        address, query = f"/w/fjellsport/{path}", RANGE + QUERIES.get(name, "")
        plain, book = browser.get(f"{address}.csv?{query}"), browser.get(f"{address}.xlsx?{query}")
        assert plain.status_code == book.status_code == 200, name
        assert book["Content-Disposition"] == plain["Content-Disposition"].replace(".csv", ".xlsx"), name
        expected, figures = csv_rows(plain.content), opened(book.content).worksheets[0]
        assert len(expected) > (2 if name in MANY else 0), name
        assert (figures.max_row, figures.freeze_panes) == (len(expected), "B2"), name
        for line, row in zip(figures.iter_rows(), expected, strict=True):
            texts = [*row, *[""] * (len(line) - len(row))]
            wrong = [(cell.value, text) for cell, text in zip(line, texts, strict=True) if not is_same(cell, text)]
            assert not wrong, name


def test_cells_have_the_types_that_a_spreadsheet_has_for_them(browser: Client) -> None:
    rows = opened(browser.get(f"/w/fjellsport/goals/sale/breakdown.xlsx?{RANGE}").content).worksheets[0]
    formats = [cell.number_format for cell in rows[2]]
    assert formats[1:6] == [formats[1], "0.00%", "#,##0", "#,##0", "0.00%"]
    assert formats[1] in {"#,##0", "#,##0.00"}
    trend = opened(browser.get(f"/w/fjellsport/goals/sale/trend.xlsx?{RANGE}").content).worksheets[0]
    assert (trend["A2"].value, trend["A2"].number_format) == (datetime(2026, 11, 2), "yyyy-mm-dd")  # noqa: DTZ001
    board = opened(browser.get("/w/fjellsport/kpis.xlsx").content).worksheets[0]
    assert board["M2"].is_date


def test_the_second_sheet_says_what_was_asked(browser: Client) -> None:
    book = opened(browser.get(f"/w/fjellsport/goals/sale/breakdown.xlsx?{RANGE}&by=campaign&model=first").content)
    told = {row[0].value: row[1].value for row in book["About this table"].iter_rows()}
    assert told["Report"] == "Sale"
    assert "/w/fjellsport/goals/sale/?period=custom&from=2026-11-02&to=2026-11-20" in told["Address"]
    assert (told["by"], told["model"], told["click"]) == ("campaign", "first", "30")
    assert {"Computed through", "Data version", "Definition", "Windows", "Left out"} <= set(told)


def test_who_may_not_see_reports_gets_no_workbook(browser: Client, outsider: Membership) -> None:
    browser.force_login(outsider.user)
    assert browser.get("/w/fjellsport/goals/sale/breakdown.xlsx").status_code == 404


UNKIND = ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "a\x00\x0b_x0041_", "#REF!", "{=1}"]
cells = st.one_of(
    st.none(),
    st.sampled_from(UNKIND),
    st.integers(-(10**12), 10**12),
    st.floats(-1e12, 1e12).filter(lambda each: each == 0 or abs(each) > 1e-9),
    st.dates(date(1990, 1, 1), date(2200, 1, 1)),
    st.floats(0, 1).map(Share),
)


@settings(max_examples=30)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5))
def test_text_stays_text_and_numbers_stay_what_they_are(rows: list[list[Any]]) -> None:
    sheet = opened(as_xlsx(rows, [Fact("=1+1", "=2+2")])).worksheets[0]
    for line, row in zip(sheet.iter_rows(max_col=3), rows, strict=False):
        for cell, value in zip(line, row, strict=True):
            assert cell.data_type != "f", value
            if isinstance(value, str):
                assert cell.data_type == "s", value
            elif isinstance(value, date):
                assert cell.value.date() == value
            elif value is not None:
                assert math.isclose(cell.value, value, rel_tol=1e-15)
    assert as_csv(rows).startswith("\ufeff")


def test_what_is_told_stays_text() -> None:
    about = opened(as_xlsx([["Head"]], [Fact("=1+1", "=2+2")])).worksheets[1]
    assert [(cell.value, cell.data_type) for cell in about[1]] == [("=1+1", "s"), ("=2+2", "s")]
