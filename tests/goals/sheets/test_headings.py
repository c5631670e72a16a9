"""Headings of two rows: merged cells say what belongs together, in workbooks as people draw them."""

from typing import Any

import pytest
from openpyxl import Workbook

from goals.sheets.book import Book
from goals.sheets.matching import headings_of, match_sheet
from goals.sheets.opening import read_file
from tests.goals.sheets.files import row, saved, workbook
from tests.goals.test_taking_in import received, taken_in
from workspaces import scope
from workspaces.models import Membership

TWO: list[list[Any]] = [
    ["Measurement plan of the shop"],
    ["Objective", "Macro goal", "KPI", "Target", None, None, "Responsible", None],
    [None, None, None, "Value", "From", "Until", "Department", "Owner"],
    ["Sell more", "Order", "Orders", 400, "2026-10-01", "2026-12-31", "Shop", None],
    [None, None, "Order rate", "3.4 %", "2026-10-01", "2026-11-30", "Shop", None],
]
MERGED = ("A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:H2", "A4:A5", "B4:B5")


def drawn(rows: list[list[Any]], *merged: str) -> Book:
    return read_file("plan.xlsx", content_of(rows, *merged))


def content_of(rows: list[list[Any]], *merged: str) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for cells in rows:
        sheet.append(cells)
    for each in merged:
        sheet.merge_cells(each)
    return saved(book)


def test_merged_headings_of_two_rows_are_read_as_one() -> None:
    (sheet,) = drawn(TWO, *MERGED).sheets
    match = match_sheet(sheet)
    assert (match.kind, match.heading) == ("outline", 3)
    assert [match.columns.get(column) for column in range(8)] == [
        "objective", "macro", "kpi", "target", "starts_on", "ends_on", "department", "owner",
    ]  # fmt: skip
    assert headings_of(sheet, match)[2:6] == ["KPI", "Target › Value", "Target › From", "Target › Until"]


def test_merged_cells_are_kept_with_the_file() -> None:
    book = drawn(TWO, *MERGED)
    assert Book.from_json(book.as_json()) == book


def test_a_plan_below_merged_headings_comes_in_whole(lead: Membership, plan: Any) -> None:
    file = received(lead, "plan.xlsx", content_of(TWO, *MERGED))
    assert file.result["rejects"] == []
    taken_in(file)
    with scope.in_workspace(lead.workspace_id):
        found = [(str(kpi), [str(each.ends_on) for each in kpi.targets.all()]) for kpi in lead.workspace.kpis.all()]
    assert sorted(found) == [("Order rate", ["2026-11-30"]), ("Orders", ["2026-12-31"])]


@pytest.mark.parametrize(
    ("rows", "merged", "heading"),
    [
        ([["A plan"], ["Objective", "KPI"], ["Sell", "Orders"]], ["A1:B1"], 2),
        ([["Objective", "KPI", "Owner", None], ["Sell", "Orders", "a@b.no", "c@d.no"]], ["C1:D1"], 1),
        ([["Objective", "KPI"], ["Sell", "Orders"], [None, "Sales"]], ["A2:A3"], 1),
        ([["Objective", "KPI"], ["Sell", "Orders"], ["Buy", "Costs"]], [], 1),
    ],
    ids=["a title across the table", "one heading over two columns", "merged values", "nothing merged"],
)
def test_other_merged_cells_join_no_headings(rows: list[list[Any]], merged: list[str], heading: int) -> None:
    (sheet,) = drawn(rows, *merged).sheets
    match = match_sheet(sheet)
    assert (match.heading, match.columns[0], match.columns[1]) == (heading, "objective", "kpi")


@pytest.mark.parametrize("merged", ["A1", "A0:B1", "B2:A1", "A1:ZZZ9999999", "", "x:y"])
def test_a_merge_that_cannot_be_is_left_alone(merged: str) -> None:
    cells = row(1, "KPI", "Target") + row(2, "Orders", "4")
    content = workbook(f'{cells}</sheetData><mergeCells><mergeCell ref="{merged}"/></mergeCells><sheetData>')
    (sheet,) = read_file("plan.xlsx", content).sheets
    assert match_sheet(sheet).columns == {0: "kpi", 1: "target"}
