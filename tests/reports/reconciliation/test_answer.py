"""Claims beside credits: by hand, and against a slow reference on drawn shops."""

from decimal import Decimal

import pytest

from goals.models import Goal
from reports.asked import defaults_of
from reports.attribution import parts, question
from reports.reconciliation import reading
from reports.reconciliation.answer import Line, Money, Reconciled, answer, claiming_of
from reports.reconciliation.matching import OTHER, SEVERAL, Campaigns, Place
from tests.reports.attribution.asks import RANGE, filled
from tests.reports.lake import NOW, hit, make_goal
from tests.reports.reconciliation.ads import imported
from tests.reports.reconciliation.reference import REPORTS, drawn, slowly
from workspaces import scope
from workspaces.models import Workspace


def reconciled(shop: Workspace, goal: Goal, **params: str) -> Reconciled:
    with scope.in_workspace(shop.pk):
        asked = question.read(RANGE | params, defaults_of(shop, goal, now=NOW))
        found = answer(shop, goal, asked, now=NOW).found
    assert found is not None
    return found


def line(found: Reconciled, platform: str, label: str = "") -> Line:
    lines = found.lines[platform] if label else found.platforms
    return next(each for each in lines if each.platform == platform and each.label == label)


def test_claims_beside_credits_by_hand(shop: Workspace) -> None:
    goal = make_goal(shop)
    ad = {"channel": "paid_search", "source": "google", "campaign": "brand"}
    post = {"channel": "paid_social", "source": "facebook", "campaign": "winter"}
    hits = [
        hit("a", **ad), hit("a", days=1, name="purchase", value=100),  # Google alone
        hit("b", **ad), hit("b", days=1, **post), hit("b", days=2, name="purchase", value=50),  # both, Meta last
        hit("c", **post), hit("c", days=1, **ad), hit("c", days=2, name="purchase", value=30),  # both, Google last
        hit("d", days=1, name="purchase", value=5),  # direct
    ]  # fmt: skip
    filled(shop, hits)
    imported(
        shop,
        {"campaign": "Brand", "campaign_id": "1", "cost": 60, "claimed": 3, "worth": 180},
        {"campaign": "Gone", "cost": 7, "claimed": 2},
        {"platform": "meta", "campaign": "Winter", "cost": 20, "claimed": "2.5", "currency": "EUR"},
    )
    found = reconciled(shop, goal, models="last", base="last")
    brand, winter, gone = (
        line(found, "google_ads", "Brand"),
        line(found, "meta", "Winter"),
        line(found, "google_ads", "Gone"),
    )
    assert (brand.claimed, brand.credited, brand.also_claimed, brand.difference) == (Decimal(3), 2.0, 1.0, 1.0)
    assert (brand.value, brand.cost, brand.claimed_value) == (
        130_000_000, (Money("NOK", 60_000_000),), (Money("NOK", 180_000_000),),
    )  # fmt: skip
    assert (winter.claimed, winter.credited, winter.also_claimed, winter.claimed_value) == (
        Decimal("2.5"),
        1.0,
        1.0,
        (),
    )
    assert (gone.claimed, gone.credited, gone.has_touches, gone.difference) == (Decimal(2), 0.0, False, 2.0)
    assert (found.other.conversions, found.untouched.conversions, found.conversions) == (1.0, 0.0, 4.0)
    assert found.claimed == Decimal("7.5")
    google = line(found, "google_ads")
    assert (google.claimed, google.credited, google.also_claimed) == (Decimal(5), 2.0, 1.0)


def test_a_campaign_without_a_report_keeps_its_credit_and_claims_nothing(shop: Workspace) -> None:
    goal = make_goal(shop)
    filled(shop, [hit("a", channel="paid_search", source="bing", campaign="x"), hit("a", minutes=5, name="purchase")])
    found = reconciled(shop, goal)
    mine = line(found, "microsoft_ads", "x")
    assert (mine.is_reported, mine.claimed, mine.difference, mine.credited) == (False, None, None, 1.0)


def test_what_a_platform_without_claims_touched_is_claimed_by_the_other_one(shop: Workspace) -> None:
    goal = make_goal(shop)
    hits = [
        hit("a", channel="paid_search", source="google", campaign="brand"),
        hit("a", days=1, channel="paid_social", source="facebook", campaign="winter"),
        hit("a", days=1, minutes=5, name="purchase"),
    ]
    filled(shop, hits)
    imported(shop, {"campaign": "Brand", "claimed": 1}, {"platform": "meta", "campaign": "Winter"})
    found = reconciled(shop, goal, models="linear", base="linear")
    assert (line(found, "meta").also_claimed, line(found, "google_ads").also_claimed) == (0.5, 0.0)


def test_reports_without_any_conversion_are_all_shown(shop: Workspace) -> None:
    goal = make_goal(shop)
    filled(shop, [hit("a")])
    imported(shop, {"campaign": "Brand", "claimed": 4})
    found = reconciled(shop, goal)
    assert (found.claimed, found.conversions, line(found, "google_ads").difference) == (Decimal(4), 0, 4.0)


@pytest.mark.parametrize("model", ["last", "linear"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_credit_equals_the_slow_reference(
    shop: Workspace, seed: int, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal, hits = make_goal(shop), drawn(seed)
    filled(shop, hits)
    imported(shop, *REPORTS)
    monkeypatch.setattr(parts, "PART_ROWS", 7)  # many parts
    found = reconciled(shop, goal, models=model, base=model)
    with scope.in_workspace(shop.pk):
        asked = question.read(RANGE, defaults_of(shop, goal, now=NOW))
    told = reading.told(shop.pk, asked.span)
    claiming = set(claiming_of(told))
    assert claiming == {"google_ads", "meta"}
    slow = slowly(shop, hits, Campaigns(told), model=model, since=asked.since, until=asked.until, claiming=claiming)
    assert sum(row[2] for row in slow.values()) > 0, "the drawn shop has no conversion of two platforms"
    for mine in (each for lines in found.lines.values() for each in lines):
        place = Place(mine.platform, mine.key, mine.is_reported)
        wanted = slow.pop(place, [0.0, 0.0, 0.0])
        assert [mine.credited, mine.value, mine.also_claimed] == pytest.approx(wanted, abs=2), mine.label
        assert mine.credited == pytest.approx(wanted[0], abs=1e-9)
        assert mine.also_claimed == pytest.approx(wanted[2], abs=1e-9)
    for place, credit in ((SEVERAL, found.several), (OTHER, found.other), (None, found.untouched)):
        assert credit.conversions == pytest.approx(slow.pop(place, [0.0])[0], abs=1e-9), place
    assert not slow, "credit that the page leaves out"
    assert sum(row.claimed or 0 for row in found.platforms) == sum(row.conversions or 0 for row in told)
