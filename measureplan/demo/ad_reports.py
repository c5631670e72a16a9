"""What the ad platforms report of the shop, as the CSV files that they export: clicks, costs, and what they claim.

Each platform claims every purchase within its own window of a click of its ads, on the day of the click, whoever else
was there too: together they claim more than was sold through them. One Google campaign's ads have no tags but the click
id, one of Microsoft's nobody came by, and Pinterest bills in euros.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class AdReport:
    """A file as it is exported."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Campaign:
    """A campaign, told by its utm_source and utm_campaign; `price` is a click's, in whole units."""

    name: str
    campaign_id: str
    sources: tuple[str, ...]
    tag: str
    price: float


@dataclass(frozen=True, slots=True)
class _Platform:
    """How a platform exports: its headers in the order of `_row`, and how many days back it claims."""

    file: str
    headers: tuple[str, ...]
    currency: str
    claims_days: int
    campaigns: tuple[_Campaign, ...]


UNTAGGED = "(click id alone)"
PLATFORMS = (
    _Platform(
        "google-ads.csv",
        ("Day", "Campaign", "Campaign ID", "Currency code", "Cost", "Impr.", "Clicks", "Conversions", "Conv. value"),
        "NOK",
        30,
        (
            _Campaign("Merke", "101", ("google",), "merke", 2.4),
            _Campaign("Turklær", "102", ("google",), "turklar", 6.1),
            _Campaign("Smart Shopping", "103", ("google",), UNTAGGED, 4.3),
            _Campaign("Shopping – alle", "110", ("google",), "shopping-alle", 3.7),
            _Campaign("Shopping – sko", "111", ("google",), "shopping-sko", 4.6),
            _Campaign("Performance Max", "120", ("google",), "cross-network-pmax", 5.2),
            _Campaign("Topptur-film", "401", ("youtube",), "topptur-film", 3.1),
        ),
    ),
    _Platform(
        "meta.csv",
        (
            "Day", "Campaign name", "Campaign ID", "Currency", "Amount spent", "Impressions", "Link clicks",
            "Purchases", "Purchases conversion value",
        ),
        "NOK",
        7,
        (
            _Campaign("Friluft", "201", ("facebook", "instagram"), "friluft", 5.4),
            _Campaign("Glemt kurv", "202", ("facebook", "instagram"), "kurv", 7.9),
        ),
    ),
    _Platform(
        "microsoft-advertising.csv",
        ("TimePeriod", "CampaignName", "CampaignId", "CurrencyCode", "Spend", "Impressions", "Clicks", "Conversions",
         "Revenue"),
        "NOK",
        30,
        (_Campaign("Merke", "501", ("bing",), "merke", 1.9), _Campaign("Hytte", "502", ("bing",), "hytte", 2.2)),
    ),
    _Platform(
        "pinterest.csv",
        (
            "Date", "Campaign name", "Campaign ID", "Currency", "Spend in account currency", "Impressions",
            "Outbound clicks", "Total checkouts (Click/Engagement/View)", "Total order value (Checkout)",
        ),
        "EUR",
        30,
        (_Campaign("Hytteliv", "301", ("pinterest",), "hytteliv", 0.31),),
    ),
)  # fmt: skip
CLICKS_OF_NOBODY = 2  # a day, of a campaign that nobody came by: its landing page lost the tags
IMPRESSIONS_A_CLICK = 37
KRONER_A_EURO = 11.5
MICROS = 1_000_000
Sums = tuple[int, int, int]  # clicks, claimed purchases, and their value in micros
# Every campaign's clicks by day, and the purchases that its platform claims, each by the last click on its ads.
_DAILY = """
with clicks as (
    select listed.file, listed.campaign_id, listed.claims_days, event.day, event.time, event.visitor_id
    from events as event
    join listed on listed.source = coalesce(event.utm_source, 'google')
        and listed.tag = coalesce(event.utm_campaign, $untagged)
    where not starts_with(event.name, 'ad_')
      and (event.utm_source is not null or event.click_id_type = 'gclid')
), claimed as (
    select click.file, click.campaign_id, click.day, sale.value_micros
    from events as sale
    join clicks as click on click.visitor_id = sale.visitor_id
        and click.time <= sale.time and click.time > sale.time - to_days(click.claims_days)
    where sale.name = 'purchase' and not sale.refund
    qualify row_number() over (partition by click.file, sale.event_id order by click.time desc) = 1
), told as (
    select file, campaign_id, day, 1 as click, 0 as sale, 0 as micros from clicks
    union all
    select file, campaign_id, day, 0, 1, coalesce(value_micros, 0) from claimed
)
select file, campaign_id, day, sum(click)::int as clicks, sum(sale)::int as sales, sum(micros)::bigint as micros
from told
group by all
"""


def ad_reports(events: pa.Table) -> list[AdReport]:
    """Give each platform's report of the days that the events are of."""
    days = sorted(set(events.column("day").to_pylist()))
    told = _daily(events)
    return [AdReport(platform.file, _csv(platform, days, told)) for platform in PLATFORMS]


def _daily(events: pa.Table) -> dict[tuple[str, str, date], Sums]:
    """Give clicks, claimed purchases and their value in micros by file, campaign's id and day."""
    listed = pa.Table.from_pylist(
        [
            {
                "file": platform.file, "claims_days": platform.claims_days, "campaign_id": campaign.campaign_id,
                "source": source, "tag": campaign.tag,
            }
            for platform in PLATFORMS
            for campaign in platform.campaigns
            for source in campaign.sources
        ]
    )  # fmt: skip
    with duckdb.connect() as connection:
        connection.register("events", events)
        connection.register("listed", listed)
        rows = connection.execute(_DAILY, {"untagged": UNTAGGED}).fetchall()
    return {(file, campaign, day): (clicks, sales, micros) for file, campaign, day, clicks, sales, micros in rows}


def _csv(platform: _Platform, days: list[date], told: dict[tuple[str, str, date], Sums]) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(platform.headers)
    for day in days:
        for campaign in platform.campaigns:
            nobody = (CLICKS_OF_NOBODY if campaign.tag == "hytte" else 0, 0, 0)
            sums = told.get((platform.file, campaign.campaign_id, day), nobody)
            if any(sums):
                rows.writerow(_row(platform, campaign, day, sums))
    return out.getvalue().encode()


def _row(platform: _Platform, campaign: _Campaign, day: date, sums: Sums) -> list[str]:
    clicks, sales, micros = sums
    mood = 0.9 + day.toordinal() % 11 / 50  # clicks are dearer on some days
    value = micros / MICROS / (KRONER_A_EURO if platform.currency == "EUR" else 1)
    cost = clicks * campaign.price * mood
    return [
        day.isoformat(), campaign.name, campaign.campaign_id, platform.currency, f"{cost:.2f}",
        str(clicks * IMPRESSIONS_A_CLICK + day.toordinal() % 29), str(clicks), f"{sales:.2f}", f"{value:.2f}",
    ]  # fmt: skip
