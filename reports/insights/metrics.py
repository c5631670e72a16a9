"""METRICS: the ten figures of conversion insights, and what each is counted from."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analysis.windows import CLICK, ENGAGEMENT, VIEW

How = Literal["count", "value", "average", "persons"]
CHECKOUT, VISIT, CART = "checkout", "visit", "cart"
ADS = "ads"
ROLES: Mapping[str, Promise] = MappingProxyType(
    {CHECKOUT: _("Checkout goal"), VISIT: _("Page visit goal"), CART: _("Add to cart goal")}
)
EVENTS: Mapping[int, str] = MappingProxyType({VIEW: "ad_impression", ENGAGEMENT: "ad_engagement", CLICK: "ad_click"})
SAVES = ("save", "saved")  # what an ad_engagement's property `action` says of one that keeps the ad or post


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure.

    of        the role of the goal whose conversions it is counted from, or ADS: events about ads and posts
    how       count; value: their sum in micros; average: value divided by count; persons: different ones
    formula   in words, for "How is this computed?"
    kind      of ad events, the touch type
    is_save   of engagements, only those that keep the ad or post
    """

    label: Promise
    of: str
    how: How
    formula: Promise
    kind: int | None = None
    is_save: bool = False

    @property
    def unit(self) -> Literal["count", "money"]:
        """Say how it is written."""
        return "money" if self.how in {"value", "average"} else "count"

    @property
    def is_sum(self) -> bool:
        """Say whether its parts add up to it."""
        return self.how in {"count", "value"}


METRICS: Mapping[str, Metric] = MappingProxyType(
    {
        "revenue": Metric(
            _("Revenue"), CHECKOUT, "value", _("The value of the checkouts, before refunds, in one currency.")
        ),
        "checkouts": Metric(
            _("Checkouts"), CHECKOUT, "count", _("Conversions of the checkout goal with a touch in its window.")
        ),
        "aov": Metric(
            _("Average order value"), CHECKOUT, "average",
            _("Revenue divided by checkouts, both of the same rows: never a mean of means, never a sum."),
        ),
        "purchasers": Metric(
            _("Purchasers"), CHECKOUT, "persons", _("Different persons with such a checkout. They do not add up.")
        ),
        "visits": Metric(
            _("Page visits"), VISIT, "count", _("Conversions of the page visit goal with a touch in its window.")
        ),
        "carts": Metric(
            _("Added to cart"), CART, "count", _("Conversions of the add to cart goal with a touch in its window.")
        ),
        "impressions": Metric(
            _("Impressions"), ADS, "count", _("ad_impression events of these days."), VIEW,
        ),
        "engagements": Metric(
            _("Engagements"), ADS, "count", _("ad_engagement events of these days, saves among them."), ENGAGEMENT,
        ),
        "clicks": Metric(
            _("Link clicks"), ADS, "count",
            _("ad_click events of these days. Visits that ads brought are touches, and not counted here again."), CLICK,
        ),
        "saves": Metric(
            _("Saves"), ADS, "count", _("ad_engagement events of these days whose property action says save or saved."),
            ENGAGEMENT, is_save=True,
        ),
    }
)  # fmt: skip
NAMES = tuple(METRICS)
