"""A web shop: orders are what it lives on."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from goals.models import Direction, Measure
from goals.starters import usual
from goals.starters.shape import (
    CARE,
    FROM_EVENT,
    GUARDRAIL,
    LEADING,
    MACRO,
    NUMBER,
    PRIMARY,
    Aim,
    Asked,
    Card,
    Measured,
    Property,
    Starter,
    count,
    rate,
)

ORDER: Final = Card(
    "order",
    _("Order"),
    _("What the shop lives on."),
    _("The receipt of a paid order was shown."),
    "purchase",
    level=MACRO,
    objective="sales",
    also=("order", "order_completed", "transaction", "checkout_completed"),
    pages=("thank", "takk", "tack", "tak", "receipt", "kvittering", "order-confirmation", "confirmation"),
    value=FROM_EVENT,
    properties=(
        Property("transaction_id", is_required=True, about=_("The order's number: each counts once.")),
        Property("value", NUMBER, is_required=True),
        Property("currency", is_required=True),
        Property("items"),
        Property("coupon"),
        Property("shipping", NUMBER),
        Property("tax", NUMBER),
    ),
)
WISH: Final = Card(
    "wish",
    _("Put on the wish list"),
    _("Wanted and not bought yet: the warmest people to remind."),
    _("A product was put on a wish list."),
    "add_to_wishlist",
    kind=usual.FILTER.kind,
    stage=CARE,
    supports=("order",),
    objective="relation",
    also=("wishlist_add", "wishlist"),
    properties=(Property("currency"), Property("value", NUMBER), Property("items")),
)

WEB_SHOP: Final = Starter(
    "web-shop",
    _("Web shop"),
    _("Products are bought online; many people look long before they buy."),
    aims=(
        Aim(
            "sales",
            _("Grow profitable online sales"),
            _("Orders pay for everything else."),
            (
                Asked(
                    _("Which channels bring orders that pay?"), _("Marketing"), _("Where next quarter's budget goes.")
                ),
                Asked(_("Where on the way to the receipt do people leave?"), _("Product"), _("What is mended first.")),
            ),
        ),
        Aim(
            "relation",
            _("Build the relation before the purchase"),
            _("People look several times before they buy."),
            (Asked(_("What do buyers do that others never do?"), _("Marketing"), _("What visitors are led to.")),),
        ),
    ),
    cards=(
        ORDER,
        *usual.leading_to("order", objective="sales", cards=(usual.PRODUCT, usual.CART, usual.CHECKOUT)),
        *usual.leading_to(
            "order",
            objective="relation",
            cards=(usual.NEWSLETTER, usual.SEARCH, usual.FILTER, usual.STORE, usual.CONTACT, usual.ACCOUNT),
        ),
        WISH,
    ),
    kpis=(
        count("orders", _("Orders"), "order", weight=PRIMARY),
        Measured("revenue", _("Revenue"), "order", measure=Measure.VALUE.value, weight=PRIMARY),
        rate("order-rate", _("Order rate"), "order"),
        Measured(
            "order-value",
            _("Average order value"),
            "order",
            measure=Measure.AVERAGE.value,
            direction=Direction.OBSERVE.value,
            weight=GUARDRAIL,
        ),
        rate("cart-rate", _("Cart rate"), "cart", timing=LEADING),
        count("sign-ups", _("Newsletter sign-ups"), "newsletter", timing=LEADING),
    ),
)
