"""Two planted truths: a micro goal that only goes along with who buys anyway, and one that truly goes before purchases.

Everything is in whole persons, so the ratios are exact: raw and within strata, in the answer and on the page.
"""

import pytest
from django.test import Client
from django.utils import timezone

from analysis.evidence.grading import Grade
from reports.evidence.design import Design
from tests.reports.asks import cells
from tests.reports.evidence.asks import at, make_goals, weighed
from tests.reports.lake import NOW, Hit
from workspaces.models import Membership, Workspace

DESIGN = Design(landmark_days=1, follow_days=7, past_days=90)
# Of each channel: persons with the micro goal, buyers among them, persons without, buyers among those.
CONFOUNDED = {"email": (300, 120, 100, 40), "paid_search": (100, 8, 300, 24)}
TRUE = {"email": (200, 90, 200, 60), "paid_search": (200, 24, 200, 16)}


def persons(truth: dict[str, tuple[int, int, int, int]]) -> list[Hit]:
    """Give each person a visit, some with the micro goal, and some a purchase three days later."""
    hits = []
    for channel, (with_it, bought_with, without, bought_without) in truth.items():
        for group, count, bought in (("with", with_it, bought_with), ("without", without, bought_without)):
            for n in range(count):
                person, day = f"{channel}-{group}-{n}", 10 + n % 60
                hits.append(Hit(person, at(day, 100), channel=channel))
                if group == "with":
                    hits.append(Hit(person, at(day, 105), name="guide"))
                if n < bought:
                    hits.append(Hit(person, at(day + 3, 100), name="purchase", value=100))
    return hits


@pytest.mark.parametrize(
    ("truth", "raw", "within", "explained"),
    [(CONFOUNDED, 2.0, 1.0, True), (TRUE, 1.5, 1.5, False)],
    ids=["confounded", "true"],
)
def test_a_raw_lift_is_held_against_the_one_within_strata(
    shop: Workspace,
    lead: Membership,
    monkeypatch: pytest.MonkeyPatch,
    truth: dict[str, tuple[int, int, int, int]],
    raw: float,
    within: float,
    explained: bool,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    (edge,) = weighed(shop, make_goals(shop, "guide"), persons(truth), DESIGN).edges
    told = edge.evidence
    assert told.raw is not None
    assert told.stratified is not None
    assert (told.raw.value, told.stratified.value) == pytest.approx((raw, within))
    assert told.raw.low > 1
    assert (told.stratified.low < 1 < told.stratified.high) is explained
    assert told.is_explained is explained
    assert told.grade is Grade.STRATIFIED

    browser = Client()
    browser.force_login(lead.user)
    params = {"goal": "sale", "landmark": "1", "follow": "7", "past": "90"}
    page = cells(browser.get("/w/fjellsport/evidence/", params).content.decode(), "evidence-table")
    assert f"{raw:.1f}" in " ".join(page[1]), page
    assert f"{within:.1f}" in " ".join(page[1]), page
