"""A publisher: readers who come back, subscribe, and see advertisements."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from goals.models import Measure
from goals.starters import usual
from goals.starters.shape import (
    CARE,
    FROM_EVENT,
    INTEGER,
    LEADING,
    MACRO,
    MILESTONE,
    NUMBER,
    PRIMARY,
    SECONDARY,
    SEE,
    THINK,
    Aim,
    Asked,
    Card,
    Measured,
    Property,
    Starter,
    count,
    rate,
)

SUBSCRIBED: Final = Card(
    "subscribed",
    _("Subscription sold"),
    _("Readers who pay keep the newsroom."),
    _("The first payment went through."),
    "purchase",
    level=MACRO,
    objective="readers",
    value=FROM_EVENT,
    also=("subscribe", "subscription_started", "subscription_created"),
    pages=("thank", "takk", "welcome"),
    properties=(
        Property("transaction_id", is_required=True),
        Property("value", NUMBER, is_required=True),
        Property("currency", is_required=True),
        Property("subscription_type"),
    ),
)
AD: Final = Card(
    "ad",
    _("Advertisement clicked"),
    _("What advertisers pay for."),
    _("Somebody followed an advertisement."),
    "ad_click",
    level=MACRO,
    stage=SEE,
    objective="attention",
    also=("advert_click", "banner_click"),
    properties=(Property("ad_unit_name"), Property("ad_format")),
)
READ: Final = Card(
    "read",
    _("Article read to the end"),
    _("Reading is what brings people back; opening is not."),
    _("The end of an article was reached after at least thirty seconds."),
    "article_read",
    kind=MILESTONE,
    stage=SEE,
    supports=("subscribed", "ad"),
    objective="attention",
    also=("scroll", "read_complete", "article_complete"),
    properties=(Property("article_id", is_required=True), Property("section"), Property("word_count", INTEGER)),
)
WALL: Final = Card(
    "wall",
    _("Pay wall met"),
    _("Who meets it wants more than is free."),
    _("The offer stood in the way of an article."),
    "paywall_view",
    kind=MILESTONE,
    stage=THINK,
    supports=("subscribed",),
    objective="readers",
    also=("paywall", "paywall_shown", "view_promotion"),
    properties=(Property("article_id"), Property("wall_type")),
)
SHARED: Final = Card(
    "shared",
    _("Article shared"),
    _("Readers bring readers."),
    _("A share button was pressed."),
    "share",
    kind=SECONDARY,
    stage=CARE,
    supports=("subscribed", "ad"),
    objective="attention",
    also=("article_share", "social_share"),
    properties=(Property("method"), Property("content_type"), Property("item_id")),
)
COMMENT: Final = Card(
    "comment",
    _("Comment written"),
    _("People who speak stay."),
    _("A comment was sent."),
    "comment",
    kind=SECONDARY,
    stage=CARE,
    supports=("subscribed",),
    objective="readers",
    also=("comment_posted", "add_comment"),
    properties=(Property("article_id"),),
)

PUBLISHER: Final = Starter(
    "publisher",
    _("Publisher"),
    _("People read; some subscribe, and others see advertisements."),
    aims=(
        Aim(
            "readers",
            _("Win readers who pay"),
            _("Subscriptions carry the newsroom."),
            (Asked(_("What have people read before they subscribe?"), _("Newsroom"), _("What is written more of.")),),
        ),
        Aim(
            "attention",
            _("Hold people's attention"),
            _("Reading time pays for advertisements, and makes habits."),
            (Asked(_("Which sections bring people back?"), _("Newsroom"), _("What the front page shows.")),),
        ),
    ),
    cards=(
        SUBSCRIBED,
        AD,
        READ,
        WALL,
        SHARED,
        COMMENT,
        *usual.leading_to(
            "subscribed", objective="readers", cards=(usual.NEWSLETTER, usual.ACCOUNT, usual.SEARCH, usual.VIDEO)
        ),
    ),
    kpis=(
        count("new-subscriptions", _("Subscriptions sold"), "subscribed", weight=PRIMARY),
        Measured("subscription-revenue", _("Revenue of subscriptions"), "subscribed", measure=Measure.VALUE.value),
        count("reads", _("Articles read"), "read", weight=PRIMARY, timing=LEADING),
        rate("reading-rate", _("Reading rate"), "read", timing=LEADING),
        rate("wall-rate", _("Visitors who meet the pay wall"), "wall", timing=LEADING),
    ),
)
