"""Filling, asking and reading pages, as several tests of reports do it."""

import csv
import io
from datetime import date
from html.parser import HTMLParser

from goals.models import Goal
from reports import asking, filling
from reports.answer import Answer, answer
from reports.periods import Span
from reports.question import Defaults
from tests.reports.lake import NOW
from workspaces import scope
from workspaces.models import Workspace

PLAN = Span(date(2026, 10, 1), date(2027, 1, 1))
TODAY = date(2026, 11, 21)


def asked(shop: Workspace, goal: Goal, **params: str) -> Answer:
    """Fill what is stale, and answer; without parameters over the plan's period to date."""
    filling.fill(shop.pk, now=NOW)
    return answered(shop, goal, **params)


def answered(shop: Workspace, goal: Goal, **params: str) -> Answer:
    """Answer from what is published."""
    defaults = Defaults(goal.slug, TODAY, PLAN, goal.model, 1, 30, 30)
    question = asking.read({name.rstrip("_"): value for name, value in params.items()}, defaults)
    with scope.in_workspace(shop.pk):
        return answer(shop, goal, question, now=NOW)


class _Table(HTMLParser):
    """Collects the texts of the cells of the table with an id."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted, self.inside, self.in_cell = wanted, False, False
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.inside = dict(attrs).get("id") == self.wanted
        elif self.inside and tag == "tr":
            self.rows.append([])
        elif self.inside and tag in {"td", "th"}:
            self.in_cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.inside = False
        elif tag in {"td", "th"}:
            self.in_cell = False

    def handle_data(self, data: str) -> None:
        if self.inside and self.in_cell:
            self.rows[-1][-1] += data


def cells(page: str, table: str) -> list[list[str]]:
    """Give the texts of a table's cells, row by row, head first; spaces at the ends are taken off."""
    reader = _Table(table)
    reader.feed(page)
    return [
        [" ".join(cell.replace("\u00a0", "~").split()).replace("~", "\u00a0") for cell in row] for row in reader.rows
    ]


def drawn(page: str) -> list[list[str]]:
    """Give the rows of the table below the page's first chart, head first."""
    below = page[page.index('<details class="chart-table"') :]
    begin, end = below.index("<table"), below.index("</table>")
    return cells(f'<table id="drawn"{below[begin:end].removeprefix("<table")}</table>', "drawn")


def csv_rows(body: bytes) -> list[list[str]]:
    """Read a CSV file as a spreadsheet would."""
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
