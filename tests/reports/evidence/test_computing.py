"""Evidence from a lake: against a slow reference, at the bounds, and where time or order would earn something."""

import math
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from analysis.evidence.grading import Grade
from reports.evidence.design import Design
from reports.evidence.found import Edge, Found
from tests.reports.evidence import reference
from tests.reports.evidence.asks import DESIGN, SINCE, UNTIL, at, histories, make_goals, weighed
from tests.reports.lake import NOW, Hit
from tracking.event import COOKIELESS_PREFIX
from workspaces import scope
from workspaces.models import Workspace


def edges(shop: Workspace, found: Found) -> dict[str, Edge]:
    with scope.in_workspace(shop.pk):
        names = dict(shop.goals.values_list("pk", "slug"))
    return {names[edge.goal_id]: edge for edge in found.edges}


def table(edge: Edge) -> tuple[int, int, int, int]:
    evidence = edge.evidence
    return evidence.reached_with, evidence.with_it, evidence.reached_without, evidence.without


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("design", [DESIGN, Design(7, 14, 90)], ids=["a day and a week", "a week and two"])
def test_every_figure_equals_a_slow_reference(shop: Workspace, seed: int, design: Design) -> None:
    sale = make_goals(shop, "guide", "filter")
    hits = histories(seed, 220)
    found = weighed(shop, sale, hits, design)
    expected = reference.told(
        hits, "purchase", ["guide", "filter"], since=SINCE, until=UNTIL,
        landmark=design.landmark_days, follow=design.follow_days,
    )  # fmt: skip
    assert (found.entered, found.early) == (expected.entered, expected.early)
    assert expected.early > 5
    assert found.persons > 100
    for name, edge in edges(shop, found).items():
        assert table(edge) == expected.tables[name]
        assert (edge.conversions, edge.preceded, edge.median_lag) == expected.preceded[name]
        assert edge.worth is not None
        assert (edge.worth.share.visits, edge.worth.share.conversions) == expected.followed[name]
        within = edge.evidence.stratified
        if within is not None:
            assert (within.value, within.low, within.high) == pytest.approx(reference.ratio(expected.strata[name]))


def test_who_is_known_for_one_day_alone_is_compared_with_nobody(shop: Workspace) -> None:
    sale = make_goals(shop, "guide", "filter")
    hits = histories(5, 160)
    lost = [replace(each, person=COOKIELESS_PREFIX + each.person) for each in histories(6, 90)]
    found = weighed(shop, sale, [*hits, *lost])
    assert found.of_a_day > 60
    # The mean value of a sale is that of all sales, whoever's they are.
    assert without_worth(weighed(shop, sale, hits)) == without_worth(replace(found, of_a_day=0))


def without_worth(found: Found) -> Found:
    """Take the values away."""
    return replace(found, edges=tuple(replace(edge, worth=None) for edge in found.edges))


def test_a_micro_goal_after_the_macro_goal_earns_nothing(shop: Workspace) -> None:
    sale = make_goals(shop, "guide")
    hits = []
    for n in range(100):
        buys = n % 2 == 0
        hits.append(Hit(f"p{n}", at(n % 60)))
        if buys:
            hits.append(Hit(f"p{n}", at(n % 60 + 3), name="purchase", value=100))
            hits.append(Hit(f"p{n}", at(n % 60 + 3, 1), name="guide"))
    edge = edges(shop, weighed(shop, sale, hits))["guide"]
    assert edge.conversions > 30, "nothing that could be preceded"
    assert (edge.preceded, edge.median_lag, edge.evidence.with_it) == (0, None, 0)
    assert edge.worth is not None
    assert edge.worth.share.conversions == 0


def test_at_one_instant_the_micro_goal_is_not_before_the_macro_goal(shop: Workspace) -> None:
    sale = make_goals(shop, "guide")
    both = [Hit("a", at(20, 5), name=name, value=100 if name == "purchase" else None) for name in ("guide", "purchase")]
    edge = edges(shop, weighed(shop, sale, [Hit("a", at(20)), *both]))["guide"]
    assert (edge.conversions, edge.preceded) == (1, 0)


@pytest.mark.parametrize(
    ("done_at", "bought_at", "expected"),
    [
        (timedelta(days=1) - timedelta(microseconds=1), timedelta(days=1), (1, 1, 0, 0)),
        (timedelta(days=1), timedelta(days=1), (0, 0, 1, 1)),
        (timedelta(0), timedelta(days=1) - timedelta(microseconds=1), (0, 0, 0, 0)),
        (timedelta(0), timedelta(days=8) - timedelta(microseconds=1), (1, 1, 0, 0)),
        (timedelta(0), timedelta(days=8), (0, 1, 0, 0)),
    ],
    ids=["the last instant of the day", "at the landmark", "bought before it", "the last that counts", "too late"],
)
def test_the_landmark_belongs_to_what_follows(
    shop: Workspace, done_at: timedelta, bought_at: timedelta, expected: tuple[int, ...]
) -> None:
    sale, entry = make_goals(shop, "guide"), at(20)
    hits = [
        Hit("a", entry - timedelta(minutes=1)), Hit("b", at(90)),  # who comes last cannot be followed
        Hit("a", entry - timedelta(minutes=1) + done_at, name="guide"),
        Hit("a", entry - timedelta(minutes=1) + bought_at, name="purchase", value=1),
    ]  # fmt: skip
    assert table(edges(shop, weighed(shop, sale, hits))["guide"]) == expected


def test_a_micro_goal_that_takes_nothing_but_time_goes_along_with_nothing(shop: Workspace) -> None:
    """People come back for weeks and are ever more likely to have read; who buys, and when, does not depend on it."""
    sale = make_goals(shop, "guide")
    chance = random.Random(5)  # test data
    hits = []
    for n in range(240):
        entry = at(chance.randrange(0, 3), chance.random() * 900)
        bought = chance.random() * 20 if n % 2 else math.inf
        hits.append(Hit(f"p{n}", entry))
        day = 0.0
        while (day := day + chance.expovariate(0.4)) < min(bought, 20):  # whoever has bought stays away
            hits.append(Hit(f"p{n}", entry + timedelta(days=day), name="guide" if chance.random() < 0.4 else "other"))
        if bought < 20:
            hits.append(Hit(f"p{n}", entry + timedelta(days=bought), name="purchase", value=100))
    edge = edges(shop, weighed(shop, sale, hits, Design(7, 14, 90)))["guide"]
    assert edge.evidence.raw is not None
    assert edge.evidence.raw.low < 1 < edge.evidence.raw.high
    assert 0.75 < edge.evidence.raw.value < 1.33
    # Who asks at any time before the purchase is told that reading keeps people from buying.
    ever, bought_ever = naive(hits)
    assert bought_ever / ever < 0.8


def naive(hits: list[Hit]) -> tuple[float, float]:
    """Give the share of buyers among those without the guide before any purchase, and among those with it."""
    bought = {hit.person: hit.at for hit in hits if hit.name == "purchase"}
    read = {h.person for h in hits if h.name == "guide" and (h.person not in bought or h.at < bought[h.person])}
    people = {hit.person for hit in hits}
    share = [len(group & set(bought)) / len(group) for group in (people - read, read)]
    return share[0], share[1]


def test_an_archived_micro_goal_is_no_edge_and_a_goal_s_events_are_no_candidates(shop: Workspace) -> None:
    sale = make_goals(shop, "guide", "filter")
    with scope.in_workspace(shop.pk):
        shop.goals.filter(slug="filter").update(archived_at=NOW)
    hits = [Hit(f"p{n}", at(n % 60)) for n in range(90)]
    hits += [Hit(f"p{n}", at(n % 60, 2), name=name) for n in range(45) for name in ("guide", "filter", "wishlist")]
    hits += [Hit(f"p{n}", at(n % 60 + 2), name="purchase", value=100) for n in range(15, 75)]
    found = weighed(shop, sale, hits)
    assert list(edges(shop, found)) == ["guide"]
    assert {candidate.text for candidate in found.candidates} == {"filter", "wishlist"}
    assert all(candidate.evidence.grade is Grade.STRATIFIED for candidate in found.candidates)


def test_a_value_is_the_probability_times_the_mean_after_refunds(shop: Workspace) -> None:
    sale = make_goals(shop, "guide")
    hits = [Hit(f"p{n}", at(20 + n)) for n in range(8)] + [Hit(f"p{n}", at(20 + n, 1), name="guide") for n in range(8)]
    for n, value in enumerate((100, 200, 300, 600)):
        sold = Hit(f"p{n}", at(22 + n), name="purchase", value=value, transaction=f"t{n}")
        hits.append(sold)
    hits.append(Hit("p3", at(30), name="refund", value=-200, transaction="t3", refund=True))
    worth = edges(shop, weighed(shop, sale, hits))["guide"].worth
    assert worth is not None
    assert (worth.share.value, worth.mean, worth.conversions) == (0.5, 250_000_000, 4)
    assert worth.value == 125_000_000
    assert worth.low < worth.value < worth.high


def test_without_a_value_of_the_macro_goal_there_is_none_to_derive(shop: Workspace) -> None:
    sale = make_goals(shop, "guide")
    with scope.in_workspace(shop.pk):
        shop.goals.filter(pk=sale.pk).update(value_rule="none")
    hits = [Hit("a", at(20)), Hit("a", at(20, 1), name="guide"), Hit("a", at(21), name="purchase", value=100)]
    assert edges(shop, weighed(shop, sale, hits))["guide"].worth is None
