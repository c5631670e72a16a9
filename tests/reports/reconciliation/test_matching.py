"""Which campaign of an ad platform a touch is of."""

from decimal import Decimal

import pytest

from reports.reconciliation.matching import OTHER, SEVERAL, Campaigns, Origin, Place, Told, platform_of


def told(platform: str, name: str = "", campaign_id: str = "", *, currency: str = "NOK", cost: int = 10) -> Told:
    return Told(
        platform=platform, name=name, campaign_id=campaign_id, currency=currency, cost_micros=cost,
        conversions=Decimal(1), value_micros=None,
    )  # fmt: skip


BRAND = Place("google_ads", "101", is_reported=True)
ALL = [told("google_ads", "Brand", "101"), told("meta", "Friluft", "201"), told("microsoft_ads", "Brand")]


@pytest.mark.parametrize(
    ("source", "platform"),
    [
        ("google", "google_ads"), ("l.facebook.com", "meta"), ("IG", "meta"), ("google-ads", "google_ads"),
        ("www.bing.com", "microsoft_ads"), ("TikTok", "tiktok"), ("nyhetsbrev", None), ("", None),
        ("googlish", None), ("bingo.example", None),
    ],
)  # fmt: skip
def test_a_source_names_its_platform(source: str, platform: str | None) -> None:
    assert platform_of(source) == platform


@pytest.mark.parametrize(
    ("origin", "place"),
    [
        (Origin("google", "brand", is_paid=True), BRAND),
        (Origin("google", "101", is_paid=True), BRAND),
        (Origin("bing", "BRAND", is_paid=True), Place("microsoft_ads", "Brand", is_reported=True)),
        (Origin("facebook", "friluft", is_paid=False), Place("meta", "201", is_reported=True)),
        (Origin("partner", "friluft", is_paid=True), Place("meta", "201", is_reported=True)),
        (Origin("partner", "brand", is_paid=True), SEVERAL),
        (Origin("nyhetsbrev", "friluft", is_paid=False), OTHER),
        (Origin("google", "friluft", is_paid=True), Place("google_ads", "friluft", is_reported=False)),
        (Origin("google", "", is_paid=True), Place("google_ads", "(not set)", is_reported=False)),
        (Origin("google", "", is_paid=False), OTHER),
        (Origin("partner", "unheard", is_paid=True), OTHER),
        (Origin("", "", is_paid=False), OTHER),
    ],
    ids=[
        "name", "id", "name of two platforms, source says which", "source and name, tagged as unpaid",
        "paid, other source, name of one", "paid, other source, name of two", "e-mail of the same name",
        "another platform's name", "paid without campaign", "unpaid search", "unheard of", "direct",
    ],
)  # fmt: skip
def test_a_touch_is_placed_by_source_and_campaign(origin: Origin, place: Place) -> None:
    assert Campaigns(ALL).place_of(origin) == place


def test_a_name_that_came_with_an_id_stands_for_it() -> None:
    found = Campaigns([told("google_ads", "Renamed", "101")], tags=[("autumn", "101")])
    assert found.place_of(Origin("google", "Autumn", is_paid=True)) == BRAND


def test_a_renamed_campaign_is_one_and_so_are_campaigns_of_one_name() -> None:
    rows = [
        told("meta", "Old", "1"), told("meta", "New", "1"), told("meta", "Other", "2"), told("meta", "Shared", "2"),
        told("meta", "Shared", "3"), told("linkedin", "Shared", "3"),
    ]  # fmt: skip
    found = [(campaign.platform, campaign.names, campaign.ids) for campaign in Campaigns(rows).all]
    assert found == [
        ("meta", ("Old", "New"), ("1",)),
        ("meta", ("Other", "Shared"), ("2", "3")),
        ("linkedin", ("Shared",), ("3",)),
    ]


def test_no_row_of_a_report_is_lost_whatever_it_says() -> None:
    rows = [told("meta"), told("meta", "A"), told("meta", "a", currency="EUR"), told("google_ads")]
    found = Campaigns(rows)
    assert sorted(id(row) for campaign in found.all for row in campaign.told) == sorted(map(id, rows))
    assert found.place_of(Origin("facebook", "", is_paid=True)).is_reported is False
