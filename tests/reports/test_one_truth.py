"""Page, API and CSV give the same figures for the same question."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports import asking, figures, filling
from reports.dimensions import DIMENSIONS
from tests.reports.asks import cells, csv_rows
from tests.reports.lake import NOW, hit, make_goal, store
from workspaces import scope, tokens
from workspaces.models import Membership, Workspace
from workspaces.roles import Scope

CHANNELS = ["email", "paid_search", "organic_search", "", "display", "referral"]
MICROS = 1_000_000
questions = st.fixed_dictionaries(
    {
        "from": st.sampled_from(["2026-10-20", "2026-11-02", "2026-11-05"]),
        "to": st.sampled_from(["2026-11-06", "2026-11-20"]),
        "by": st.sampled_from(list(DIMENSIONS)),
        "model": st.sampled_from(list(asking.OFFERED_MODELS)),
        "click": st.sampled_from(["off", "1", "7", "30", "90"]),
        "view": st.sampled_from(["off", "1", "30"]),
        "keep_direct": st.sampled_from(["0", "1"]),
        "per": st.sampled_from(["visitors", "sessions"]),
        "metric": st.sampled_from(["conversions", "rate", "value", "average"]),
    }
)


@dataclass
class Doors:
    """The three ways to the figures of one goal."""

    browser: Client
    program: Client

    def page(self, **params: str) -> list[list[str]]:
        return cells(self.browser.get("/w/fjellsport/goals/sale/", params).content.decode(), "breakdown-table")

    def api(self, **params: str) -> dict[str, Any]:
        return self.program.get("/api/v1/reports/goals/sale", params).json()

    def csv(self, **params: str) -> list[list[str]]:
        return csv_rows(self.browser.get("/w/fjellsport/goals/sale/breakdown.csv", params).content)


@pytest.fixture
def doors(shop: Workspace, lead: Membership) -> Doors:
    make_goal(shop)
    hits = []
    for n in range(40):
        person = f"p{n % 23}"
        hits += [
            hit(person, days=n / 3, channel=CHANNELS[n % 6], campaign="=sum(A1)" if n % 5 == 0 else f"c{n % 3}"),
            hit(person, days=n / 3 + 0.3, name="ad_impression", channel="display"),
        ]
        if n % 3 == 0:
            hits.append(hit(person, days=n / 3, minutes=7, name="purchase", value=100 + n, transaction=f"t{n}"))
    hits.append(hit("p3", days=18, name="refund", value=-50, transaction="t3", refund=True))
    store(shop, hits)
    filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        _, secret = tokens.create(lead, name="reader", scopes=[Scope.READ], now=NOW)
    browser = Client()
    browser.force_login(lead.user)
    return Doors(browser, Client(headers={"Authorization": f"Bearer {secret}"}))


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(questions)
def test_page_api_and_csv_give_identical_figures(doors: Doors, params: dict[str, str]) -> None:
    found, sheet, shown = doors.api(**params), doors.csv(**params), doors.page(**params)
    assert found["totals"]["conversions"] == sum(part["conversions"] for part in found["paid_split"])
    rows = found["rows"]
    assert [row[0].lstrip("'") for row in sheet[1:-1]] == [row["label"] for row in rows]
    for row, line in zip(rows, sheet[1:-1], strict=True):
        numbers = [row["conversions"], row["share"], row["rate"]["numerator"], row["rate"]["denominator"],
                   row["rate"]["value"], row["rate"]["low"], row["rate"]["high"],
                   row["value_micros"] / MICROS, row["value_net_micros"] / MICROS]  # fmt: skip
        assert [float(cell) if cell else None for cell in line[1:]] == numbers, row["label"]
    total = sheet[-1]
    assert (int(total[1]), float(total[8])) == (
        found["totals"]["conversions"],
        found["totals"]["value_micros"] / MICROS,
    )
    if rows:
        assert [row[:2] for row in shown[1:]] == [
            *([row["label"], figures.count(row["conversions"]).exact] for row in rows),
            ["Total", str(found["totals"]["conversions"])],
        ]
        column = 3 if found["is_additive"] else 2
        for row, line in zip([*rows, found["totals"]], shown[1:], strict=True):
            rate = row["rate"]
            if rate["value"] is not None:
                assert line[column].startswith(figures.percent(rate["value"]).text), line
                assert figures.basis(rate["numerator"], rate["denominator"]) in line[column], line


def test_the_trend_s_file_adds_up_to_the_page_s_total(doors: Doors) -> None:
    params = {"from": "2026-11-02", "to": "2026-11-20", "interval": "day"}
    sheet = csv_rows(doors.browser.get("/w/fjellsport/goals/sale/trend.csv", params).content)
    total = doors.api(**params)["totals"]["conversions"]
    assert total > 0
    assert sum(int(row[2]) for row in sheet[1:]) == total


def test_no_cell_of_a_file_starts_a_formula(doors: Doors) -> None:
    sheet = doors.csv(by="campaign")
    labels = [row[0] for row in sheet]
    assert "'=sum(A1)" in labels
    assert not [cell for row in sheet for cell in row if cell.startswith(("=", "+", "@", "\t", "\r"))]
