"""What the demo's ad platforms report is what their exports look like, and says of the shop what is there."""

from collections import Counter
from datetime import date
from io import BytesIO

import pytest

from measureplan.demo import Shop, shop
from measureplan.demo.ad_reports import PLATFORMS, UNTAGGED, ad_reports
from tracking.ads import report as reports
from tracking.ads.report import Asked, Spend


@pytest.fixture(scope="module")
def made() -> Shop:
    return shop(until=date(2026, 11, 20), days=40, visitors=4_000)


def read(content: bytes) -> tuple[str, list[Spend]]:
    stream = BytesIO(content)
    found = reports.settle(stream, Asked(own={}))
    assert found.faults == ()
    outcomes = reports.read(stream, found)
    assert found.platform is not None
    return found.platform, [each for each in outcomes if isinstance(each, Spend)]


def test_every_report_is_known_by_its_headers_and_read_whole(made: Shop) -> None:
    found = [read(report.content) for report in ad_reports(made.events)]
    assert [platform for platform, _ in found] == ["google_ads", "meta", "microsoft_ads", "pinterest"]
    for report, (_, rows) in zip(ad_reports(made.events), found, strict=True):
        assert len(rows) == len(report.content.splitlines()) - 1, report.name
        assert all(row.conversions is not None and row.cost_micros > 0 for row in rows if row.clicks), report.name


def test_clicks_are_the_shop_s_and_platforms_claim_more_than_was_sold_through_them(made: Shop) -> None:
    events = made.events.to_pylist()
    google = next(platform for platform in PLATFORMS if platform.file == "google-ads.csv")
    tags = {campaign.tag: campaign.name for campaign in google.campaigns}
    wanted = Counter(
        tags[each["utm_campaign"] or UNTAGGED]
        for each in events
        if not each["name"].startswith("ad_") and each["utm_source"] in {"google", "youtube"}
    )
    wanted[tags[UNTAGGED]] = sum(each["click_id_type"] == "gclid" and not each["utm_source"] for each in events)
    _, rows = read(ad_reports(made.events)[0].content)
    told = Counter[str]()
    for row in rows:
        told[row.campaign] += row.clicks
    assert told == wanted
    bought = {
        each["event_id"]: each["visitor_id"] for each in events if each["name"] == "purchase" and not each["refund"]
    }
    claimed = sum(row.conversions or 0 for report in ad_reports(made.events) for row in read(report.content)[1])
    clicked = {
        each["visitor_id"] for each in events if each["utm_medium"] in {"cpc", "paid_social"} or each["click_id"]
    }
    assert 0 < claimed <= len(PLATFORMS) * sum(visitor in clicked for visitor in bought.values())
