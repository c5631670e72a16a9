"""What the demo shop plants: the numbers that a test, or a sceptic, may ask back from its events.

How a visit ends in a purchase
    risk = base x channel x device x (returning) x day x product of the micro goals in force

Every factor is a risk ratio, so strata of channel, device and new/returning give the micro goals' true
ratios back. A micro goal is in force from its use until `effect_lasts_days` later, for that visitor alone.
Given channel, device and new/returning, the uses of the micro goals are independent of each other and of
the purchase, but for the planted ratio. `file_download` has the ratio 1: people at a desktop, returning and
from the newsletter both download the catalogue and buy more, so it only looks useful.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Oslo")


@dataclass(frozen=True, slots=True)
class Channel:
    """How often a channel brings a visit, and how ready to buy its visits are.

    first_share, later_share   the share of first and of returning visits; each sums to 1 over CHANNELS
    risk_ratio                 purchase risk of its visits against organic search
    paid                       whether the shop pays for it
    """

    key: str
    first_share: float
    later_share: float
    risk_ratio: float
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Micro:
    """A micro goal: how often it is used in a visit, by whom, and what that does to buying.

    use                          probability in a first visit on a phone that did not come by e-mail
    desktop, returning, email    what that probability is multiplied by in such visits
    risk_ratio                   what the use does to the purchase risk, from then on
    """

    key: str
    use: float
    risk_ratio: float
    desktop: float = 1.0
    returning: float = 1.0
    email: float = 1.0


CHANNELS = (
    Channel("direct", 0.12, 0.26, 1.15),
    Channel("organic_search", 0.27, 0.22, 1.0),
    Channel("paid_search", 0.14, 0.10, 1.35, paid=True),
    Channel("paid_shopping", 0.09, 0.05, 1.5, paid=True),
    Channel("paid_social", 0.13, 0.06, 0.5, paid=True),
    Channel("organic_social", 0.05, 0.03, 0.45),
    Channel("email", 0.02, 0.14, 1.8),
    Channel("affiliates", 0.03, 0.03, 1.4),
    Channel("display", 0.05, 0.02, 0.3, paid=True),
    Channel("referral", 0.05, 0.04, 0.8),
    Channel("ai_assistant", 0.03, 0.03, 1.25),
    Channel("paid_video", 0.01, 0.01, 0.4, paid=True),
    Channel("cross_network", 0.01, 0.01, 0.9, paid=True),
)
CHANNEL_KEYS = tuple(channel.key for channel in CHANNELS)
DIRECT = CHANNEL_KEYS.index("direct")
EMAIL = CHANNEL_KEYS.index("email")

MICROS = (
    Micro("search", use=0.07, risk_ratio=1.5, desktop=1.3, returning=1.2),
    Micro("filter_used", use=0.07, risk_ratio=1.8, desktop=1.3, returning=1.1),
    Micro("size_guide_used", use=0.11, risk_ratio=1.6, desktop=0.9, returning=1.1),
    Micro("newsletter_signup", use=0.024, risk_ratio=1.7, desktop=1.2, returning=0.6, email=0.3),
    Micro("store_finder_used", use=0.022, risk_ratio=0.8, returning=1.1),  # they buy in the store instead
    Micro("contact", use=0.008, risk_ratio=1.2, returning=1.3),
    Micro("file_download", use=0.006, risk_ratio=1.0, desktop=12.0, returning=2.0, email=2.5),
    Micro("article_read", use=0.04, risk_ratio=1.15),  # besides visits that begin on an article
)
MICRO_KEYS = tuple(micro.key for micro in MICROS)

DEVICES = ("mobile", "desktop", "tablet")
DEVICE_SHARE = (0.60, 0.34, 0.06)
DEVICE_RISK_RATIO = (0.55, 2.4, 1.0)
RETURNING_RISK_RATIO = 1.5
BASE_RISK = 0.009  # makes 2 to 3 % of all visits buy

WEEKDAY_WEIGHTS = (1.04, 0.98, 0.95, 0.96, 0.86, 0.92, 1.29)  # Monday to Sunday, mean 1
TREND = 0.25  # visits grow by this share over the whole range
INITIATIVE_DAYS_AGO = 60
INITIATIVE_FACTOR = 1.4
OUTAGE_DAYS_AGO = 14
OUTAGE_DAYS = 3
REFUND_SHARE = 0.04
DUPLICATE_SHARE = 0.01
EFFECT_LASTS_DAYS = 30


@dataclass(frozen=True, slots=True)
class Initiative:
    """The size guide became prominent: used more often from `started_at` on, until today.

    factor          what the use of `micro` in a visit is multiplied by
    purchase_lift   what that does to purchases as a share, through `micro`'s risk ratio, in first visits on
                    phones: use (factor - 1) (ratio - 1) / (1 + use (ratio - 1))
    """

    micro: str
    started_at: datetime
    factor: float
    purchase_lift: float


@dataclass(frozen=True, slots=True)
class Outage:
    """No `event` was recorded in [since, until), though it happened."""

    event: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything planted in one shop. Days are Oslo's, instants are UTC, shares and ratios plain numbers."""

    seed: int
    since: date  # the first day with events
    until: date  # the last day with events
    initiative: Initiative
    outage: Outage
    channels: tuple[Channel, ...] = CHANNELS
    micros: tuple[Micro, ...] = MICROS
    confounded: str = "file_download"  # the micro goal that only looks useful
    effect_lasts_days: int = EFFECT_LASTS_DAYS
    device_share: dict[str, float] = field(default_factory=lambda: dict(zip(DEVICES, DEVICE_SHARE, strict=True)))
    device_risk_ratio: dict[str, float] = field(
        default_factory=lambda: dict(zip(DEVICES, DEVICE_RISK_RATIO, strict=True))
    )
    returning_risk_ratio: float = RETURNING_RISK_RATIO
    base_risk: float = BASE_RISK
    weekday_weights: tuple[float, ...] = WEEKDAY_WEIGHTS
    trend: float = TREND
    refund_share: float = REFUND_SHARE
    duplicate_share: float = DUPLICATE_SHARE


def midnight(day: date) -> datetime:
    """Give the instant, in UTC, at which an Oslo day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC)


def planted(*, seed: int, until: date, days: int) -> Truth:
    """Give what a shop of `days` days that ends with the day `until` has planted."""
    micro = MICROS[MICRO_KEYS.index("size_guide_used")]
    gain = micro.use * (micro.risk_ratio - 1)
    outage_day = until - timedelta(days=OUTAGE_DAYS_AGO)
    return Truth(
        seed=seed,
        since=until - timedelta(days=days - 1),
        until=until,
        initiative=Initiative(
            micro=micro.key,
            started_at=midnight(until - timedelta(days=INITIATIVE_DAYS_AGO)),
            factor=INITIATIVE_FACTOR,
            purchase_lift=gain * (INITIATIVE_FACTOR - 1) / (1 + gain),
        ),
        outage=Outage(
            event="begin_checkout",
            since=midnight(outage_day),
            until=midnight(outage_day + timedelta(days=OUTAGE_DAYS)),
        ),
    )
