"""A non-profit: gifts, members, volunteers."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from goals.models import Measure
from goals.starters import usual
from goals.starters.shape import (
    CARE,
    FROM_EVENT,
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

GIFT: Final = Card(
    "gift",
    _("Gift"),
    _("What the work is paid with."),
    _("The thanks for a gift were shown."),
    "donate",
    level=MACRO,
    objective="means",
    value=FROM_EVENT,
    also=("donation", "purchase", "donation_completed", "gift"),
    pages=("thank", "takk", "tack", "tak"),
    properties=(
        Property("transaction_id", is_required=True),
        Property("value", NUMBER, is_required=True),
        Property("currency", is_required=True),
        Property("campaign_name"),
        Property("frequency", about=_("once, monthly")),
    ),
)
MEMBER: Final = Card(
    "member",
    _("Membership"),
    _("Members give for years, and speak for you."),
    _("A membership was confirmed."),
    "join_group",
    level=MACRO,
    objective="people",
    also=("membership", "become_member", "member_joined"),
    pages=("member", "medlem"),
    properties=(Property("group_id"), Property("membership_type")),
)
VOLUNTEER: Final = Card(
    "volunteer",
    _("Volunteer signed up"),
    _("Hands that no money buys."),
    _("The form for volunteers was accepted."),
    "volunteer_sign_up",
    level=MACRO,
    objective="people",
    also=("volunteer", "volunteer_signup"),
    pages=("volunteer", "frivillig", "volontar"),
    properties=(Property("activity_name"), Property("region")),
)
GIFT_BEGUN: Final = Card(
    "gift-begun",
    _("Gift begun"),
    _("Who chooses an amount and does not pay met something in the way."),
    _("An amount was chosen."),
    "begin_checkout",
    kind=MILESTONE,
    supports=("gift",),
    objective="means",
    also=("donation_started", "donate_click"),
    pages=("donate", "gi", "stott", "stod"),
    properties=(Property("value", NUMBER), Property("currency")),
)
STORY: Final = Card(
    "story",
    _("Story read"),
    _("People give to people."),
    _("A story of the work was read to its end."),
    "story_read",
    kind=MILESTONE,
    stage=SEE,
    supports=("gift", "member", "volunteer"),
    objective="means",
    also=("article_read", "scroll"),
    pages=("stories", "historier", "news", "aktuelt"),
    properties=(Property("story_id"),),
)
PETITION: Final = Card(
    "petition",
    _("Petition signed"),
    _("The smallest step to take a side; many give later."),
    _("A signature was accepted."),
    "petition_signed",
    kind=SECONDARY,
    stage=THINK,
    supports=("gift", "member"),
    objective="people",
    also=("sign_petition", "petition"),
    properties=(Property("petition_name", is_required=True),),
)
SHARED: Final = Card(
    "appeal-shared",
    _("Appeal shared"),
    _("People who ask for you reach whom you do not."),
    _("A share button was pressed."),
    "share",
    kind=SECONDARY,
    stage=CARE,
    supports=("gift", "member"),
    objective="people",
    also=("social_share",),
    properties=(Property("method"), Property("item_id")),
)

NON_PROFIT: Final = Starter(
    "non-profit",
    _("Non-profit"),
    _("People give money, time or their voice."),
    aims=(
        Aim(
            "means",
            _("Raise the means for the work"),
            _("Gifts decide how much can be done."),
            (Asked(_("Which stories bring gifts?"), _("Fundraising"), _("What the next appeal tells.")),),
        ),
        Aim(
            "people",
            _("Win people who stand with us"),
            _("Members and volunteers carry the work for years."),
            (
                Asked(
                    _("What is the first step of those who later join?"),
                    _("Members"),
                    _("What newcomers are asked for."),
                ),
            ),
        ),
    ),
    cards=(
        GIFT,
        MEMBER,
        VOLUNTEER,
        GIFT_BEGUN,
        STORY,
        PETITION,
        SHARED,
        *usual.leading_to("gift", "member", objective="people", cards=(usual.NEWSLETTER, usual.VIDEO, usual.CONTACT)),
    ),
    kpis=(
        count("gifts", _("Gifts"), "gift", weight=PRIMARY),
        Measured("gift-sum", _("Sum of gifts"), "gift", measure=Measure.VALUE.value, weight=PRIMARY),
        rate("gift-rate", _("Gift rate"), "gift"),
        count("members", _("New members"), "member"),
        count("volunteers", _("New volunteers"), "volunteer"),
        rate("story-rate", _("Story readers"), "story", timing=LEADING),
    ),
)
